"""What all that follows in the background has in common: one of a kind at a time, and its voice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import ipywidgets as w

from ecslab.model.errors import EcslabError
from ecslab.widgets.style import complaints


class Follows(Protocol):
    """Goes on in the background until it is stopped."""

    def stop(self) -> None:
        """Keep what is shown."""


Kind = TypeVar("Kind", bound=Follows)
Seen = TypeVar("Seen")


class OneAtATime(Generic[Kind]):
    """The one of its kind that was shown last; those before are stopped, so that one asks."""

    def __init__(self) -> None:
        self._last: Kind | None = None

    def show(self, shown: Kind) -> Kind:
        """The next one, given back."""
        if self._last is not None:
            self._last.stop()
        self._last = shown
        return shown


def seen_or_told(
    look: Callable[[], Seen], message: w.HTML, stop: Callable[[], object]
) -> Seen | None:
    """What `look` sees; None where it raised, which is then told in `message`.

    What was shown before stays: the last thing known is worth more than an empty place. An error
    of ours ends it by `stop`.
    """
    try:
        return look()
    except EcslabError as error:
        message.value = complaints([error])
    except Exception as error:  # noqa: BLE001  # a thread's error would be seen by nobody
        stop()
        message.value = complaints([f"{type(error).__name__}: {error}"])
    return None

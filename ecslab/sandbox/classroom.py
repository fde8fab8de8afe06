"""A sandbox for a class: its tokens, its door, and whom it listens to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ecslab.api.classroom import roster
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places
from ecslab.sandbox.process import Options

if TYPE_CHECKING:
    from ecslab.api.neighbours import Ec2Instance

_ = translator("sandbox")

LEARNER = "ecslab:learner"
"""The tag that says whose a machine is."""


@dataclass(frozen=True)
class Prepared:
    """A class that has its tokens."""

    learners: int
    handout: Path
    """A line a member: what to set."""


def prepare(options: Options, listed: str = "", learners: int | None = None) -> Prepared:
    """Make tokens for the learners of a file (`listed`) or for so many; those there are stay.

    Without either the class that the folder holds goes on. Raises EcslabError where there is none.
    """
    kept = _file(options)
    before = roster.read(kept)
    if listed or learners is not None:
        names = roster.names_in(Path(listed)) if listed else roster.numbered(learners or 0)
        before = before.with_names(names)
        before.write(kept)
    if not before.members:
        raise EcslabError(
            _("Nobody is in the class yet."),
            _("Name the learners: --class learners.txt (one a line), or --learners 30."),
        )
    handout = options.state / "handout.txt"
    roster.write_handout(handout, before.handout(_url(options)))
    return Prepared(len(before.members) - 1, handout)


def door(
    app: Any, options: Options, account: str, instances: Callable[[], Iterable[Ec2Instance]]
) -> Any:
    """The app behind the door of the class."""
    from ecslab.api.classroom.door import Door
    from ecslab.api.http import NEIGHBOUR_LIMIT

    def owner_of(instance_id: str) -> str:
        found = next((one for one in instances() if one.id == instance_id), None)
        return dict(found.tags).get(LEARNER, "") if found else ""

    members = roster.read(_file(options))
    return Door(app, members, account, owner_of, limit=NEIGHBOUR_LIMIT)


def accepts(options: Options) -> Callable[[str], bool] | None:
    """Which hosts requests may be for; None: this machine's own only.

    A name that an attacker makes point here (DNS rebinding) is none of them: addresses are, the
    name of this machine is.
    """
    if places.is_this_machine(options.host):
        return None
    names = {options.host, socket.gethostname(), "localhost"}

    def accepted(url: str) -> bool:
        try:
            host = urlsplit(url).hostname or ""
            return host in names or bool(ipaddress.ip_address(host))
        except ValueError:
            return False

    return accepted


def _file(options: Options) -> Path:
    return options.state / "class.json"


def _url(options: Options) -> str:
    everywhere = options.host in ("0.0.0.0", "::")
    return f"http://{socket.gethostname() if everywhere else options.host}:{options.port}"

"""A command in a container of ECS, over Session Manager's data channel: the line itself."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.channel import Message, Talk, opening, pack
from ecslab.steps.progress import Progress

_ = translator("steps")

Heard = tuple[str, int | None, bool]
"""What a command wrote; its exit code, if that is told; whether there was more than is kept."""

LOOK_EVERY = 1.0
"""Seconds of silence until what was not heard is said again, and the wish to stop is looked at."""


def converse(url: str, token: str, progress: Progress, timeout: float) -> Heard:
    """Open the session of an ExecuteCommand, and listen until its command ends.

    Raises EcslabError where that cannot be or takes longer than `timeout` seconds, and Stopped.
    """
    import websocket  # Jupyter's own server has it as well

    try:
        line = websocket.create_connection(url, timeout=LOOK_EVERY * 10)
    except (websocket.WebSocketException, OSError, ValueError) as error:
        raise _no_line(error) from error
    talk = Talk()
    try:
        line.send(opening(token))
        _listen(line, talk, progress, time.monotonic() + timeout)
        if talk.encrypted:
            raise _encrypted()
    except (websocket.WebSocketException, OSError, ValueError) as error:
        raise _no_line(error) from error
    finally:
        _hang_up(line, talk)
    if talk.complaint and not talk.output:
        raise EcslabError(_("The command cannot be run: {why}.", why=talk.complaint))
    return talk.output, talk.exit_code, talk.cut


def _listen(line: Any, talk: Talk, progress: Progress, end: float) -> None:
    import websocket

    line.settimeout(LOOK_EVERY)
    while not (talk.closed or talk.cut or talk.encrypted):
        progress.check()
        if time.monotonic() > end:
            raise too_long()
        try:
            data = line.recv()
        except websocket.WebSocketTimeoutException:
            _send(line, talk.again())
            continue
        except websocket.WebSocketConnectionClosedException:
            return
        if not data:
            return
        if isinstance(data, bytes):
            _send(line, talk.hear(data))


def _send(line: Any, messages: Iterable[Message]) -> None:
    for message in messages:
        line.send_binary(pack(message, int(time.time() * 1000)))


def _hang_up(line: Any, talk: Talk) -> None:
    """End the command too, where it did not end by itself."""
    import websocket

    try:
        if not talk.closed:
            _send(line, [talk.end()])
        line.close(timeout=1)
    except (websocket.WebSocketException, OSError):
        pass


def too_long() -> EcslabError:
    """The command did not end in its time."""
    return EcslabError(
        _("The command did not end in its time."),
        _("Give it more with timeout=SECONDS, or run one that ends by itself."),
    )


def _no_line(error: Exception) -> EcslabError:
    why: Text | str = str(error) or type(error).__name__
    return EcslabError(
        _("The line to the container failed: {why}.", why=why),
        _("Run it again; a firewall or proxy must let WebSockets to ssmmessages through."),
    )


def _encrypted() -> EcslabError:
    return EcslabError(
        _("This cluster encrypts sessions with a key of KMS, which this kit cannot."),
        _("Install AWS's session-manager-plugin and use `aws ecs execute-command`."),
    )

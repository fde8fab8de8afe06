"""ExecuteCommand: who opens the session it answered with brings the command to life.

On AWS the stream is a WebSocket that only Session Manager's plugin can speak. Here its URL is one
of the sandbox's own: POST to it runs the command once, to its end, and answers what it wrote.
"""

from __future__ import annotations

import shlex
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import AwsError, EcslabError
from ecslab.runtime.port import Key, Ran

_ = translator("sandbox")

KEPT = 100
"""Sessions nobody opened that are kept."""
PATH = "/_ecslab/session"

Execute = Callable[[Key, Sequence[str]], Ran]


@dataclass(frozen=True)
class Session:
    """A command that is still to be run."""

    token: str
    key: Key
    command: tuple[str, ...]


class Sessions:
    """Sessions by their id. `simulated`: no command can be run, and why."""

    def __init__(self, execute: Execute, url: str, simulated: bool) -> None:
        self._execute, self._url, self._simulated = execute, url, simulated
        self._waiting: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, params: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """The answer of an ExecuteCommand the control plane allowed, with its stream.

        Raises AwsError where the command cannot be read, or nothing runs that could run it.
        """
        if self._simulated:
            raise AwsError(
                "TargetNotConnectedException",
                "Containers are simulated here: no process runs in them, so no command can. "
                "Start the sandbox with Docker to run commands in containers.",
            )
        key = Key(answer["taskArn"], answer["containerName"])
        session = answer["session"]
        with self._lock:
            self._waiting[session["sessionId"]] = Session(
                session["tokenValue"], key, _words(params["command"])
            )
            while len(self._waiting) > KEPT:
                self._waiting.popitem(last=False)
        stream = f"{self._url}{PATH}?session={session['sessionId']}"
        return {**answer, "session": {**session, "streamUrl": stream}}

    def open(self, words: Mapping[str, str]) -> dict[str, Any]:
        """Run the command of a session: its exit code and its output.

        `words` are the query's: `session` and `token`. Raises EcslabError where there is none.
        """
        with self._lock:
            found = self._waiting.get(words.get("session", ""))
            if found is None or found.token != words.get("token"):
                raise EcslabError(
                    _("There is no such session, or it was opened already."),
                    _("Call ExecuteCommand again: each session runs its command once."),
                )
            del self._waiting[words["session"]]
        try:
            ran = self._execute(found.key, found.command)
        except LookupError as error:
            raise EcslabError(_("The command cannot be run: {why}.", why=error)) from error
        return {"exit_code": ran.exit_code, "output": ran.output}


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise AwsError(
            "InvalidParameterException", f"The command cannot be read: {error}."
        ) from error

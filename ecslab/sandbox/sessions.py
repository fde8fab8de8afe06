"""ExecuteCommand: who opens the session it answered with brings the command to life.

On AWS the stream is a WebSocket with messages of Session Manager's own. Here its URL is one of the
sandbox's own: POST to it runs the command once, to its end, and answers what it wrote.
"""

from __future__ import annotations

import shlex
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import AwsError, EcslabError
from ecslab.runtime.port import Key, Ran

_ = translator("sandbox")

KEPT = 100
"""Sessions nobody opened that are kept."""
PATH = "/_ecslab/session"
PATIENCE = 60.0
"""Seconds of wall time a command is waited for before who asked is told that it runs still."""

Execute = Callable[[Key, Sequence[str]], Ran]


@dataclass
class Session:
    """A command that is still to be run, or runs."""

    token: str
    key: Key
    command: tuple[str, ...]
    running: Future[Ran] | None = None


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
        """Run the command of a session, or wait for its end: its exit code and its output.

        `words` are the query's: `session`, `token` and the seconds to `wait`; where it runs longer,
        the answer says so, and who asks again goes on waiting. Raises EcslabError where there is no
        such session.
        """
        with self._lock:
            found = self._waiting.get(words.get("session", ""))
            if found is None or found.token != words.get("token"):
                raise EcslabError(
                    _("There is no such session, or it was opened already."),
                    _("Call ExecuteCommand again: each session runs its command once."),
                )
            running = found.running = found.running or self._start(found)
        try:
            ran = running.result(min(PATIENCE, float(words.get("wait", PATIENCE))))
        except FutureTimeout:
            return {"running": True}
        except LookupError as error:
            self._forget(words["session"])
            raise EcslabError(_("The command cannot be run: {why}.", why=error)) from error
        self._forget(words["session"])
        return {"exit_code": ran.exit_code, "output": ran.output, "cut": ran.cut}

    def _start(self, session: Session) -> Future[Ran]:
        """On a thread of its own: a command nobody waits for any more holds up no request."""
        running: Future[Ran] = Future()

        def run() -> None:
            try:
                running.set_result(self._execute(session.key, session.command))
            except Exception as error:  # noqa: BLE001 - who waits is told
                running.set_exception(error)

        threading.Thread(target=run, name="ecslab-session", daemon=True).start()
        return running

    def _forget(self, session_id: str) -> None:
        with self._lock:
            self._waiting.pop(session_id, None)


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        raise AwsError(
            "InvalidParameterException", f"The command cannot be read: {error}."
        ) from error

"""Each step a lab does is written into the learner's progress record, in this one place."""

from __future__ import annotations

import atexit
import functools
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeVar

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.checks import Checked
from ecslab.steps.clean import Cleaned
from ecslab.steps.progress import Stopped
from ecslab.steps.progress_record import Record
from ecslab.steps.record_keeping import OFF, Keeper, keeper
from ecslab.steps.said import sentence
from ecslab.steps.things import RunResult

if TYPE_CHECKING:
    from ecslab.lab.base import LabBase

_ = translator("lab")

PACES = 5
"""Pauses between two looks that lie between two writes: 20 s on AWS, whose Systems Manager takes
three PutParameter a second of a whole account."""
FLUSH = 3.0
"""Seconds a program's end waits for the last record."""
STEPS: dict[str, str] = {
    "create_cluster": "cluster",
    "register_task_definition": "task-definition",
    "run_task": "task",
    "wait": "wait",
    "url": "page",
    "create_service": "service",
    "update_service": "service",
    "autoscale": "autoscaling",
    "stop_task": "stop",
    "exec": "exec",
    "jump": "jump",
    "reset": "reset",
    "cleanup": "clean-up",
}
"""Methods of a lab that are steps, and what the record calls them; a check names its own."""

Kind = TypeVar("Kind", bound=type)


def setting() -> str:
    """``ECSLAB_PROGRESS``; without it "ssm" in a class on a shared sandbox, else "off"."""
    return os.environ.get("ECSLAB_PROGRESS") or ("ssm" if os.environ.get("ECSLAB_TOKEN") else OFF)


def notebook() -> str:
    """The notebook that this kernel runs, as Jupyter Server tells it; "" elsewhere."""
    return PurePath(os.environ.get("JPY_SESSION_NAME", "")).stem


def journal_for(lab: LabBase) -> Journal:
    """The journal that ``ECSLAB_PROGRESS`` asks for. Raises EcslabError where it names no place."""
    workshop = lab.names.workshop
    place = keeper(setting(), lab.client, workshop)
    return Journal(place, lab.names.prefix, workshop, lab.bench.pace * PACES)


class Journal:
    """One learner's record, written behind the learner's back: no step waits for it or fails of it.

    keeper: where to; None writes nothing. every: seconds between two writes; what changes in
    between is written with the last of it. A failure is said once.
    """

    def __init__(
        self,
        keeper: Keeper | None,
        learner: str,
        workshop: str,
        every: float,
        say: Callable[[str], object] = print,
    ) -> None:
        self.record = Record(learner, workshop)
        self._keeper, self._every, self._say = keeper, every, say
        self._lock = threading.Lock()
        self._due = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._hurry = threading.Event()
        self._writer: threading.Thread | None = None
        self._failed = False
        self._local = threading.local()

    def began(self, step: str) -> None:
        """The learner works on a step."""
        self._change(lambda now: self.record.began(step, notebook(), now))

    def succeeded(self) -> None:
        """It is done."""
        self._change(lambda now: self.record.succeeded(now))

    def failed(self, error: object) -> None:
        """It is not, and why."""
        self._change(lambda now: self.record.failed(error, now))

    def doing(self, step: str, work: Callable[[], Any]) -> Any:
        """Do the work and write down how it went. A step within a step is part of that one."""
        if self._keeper is None or getattr(self._local, "busy", False):
            return work()
        self._local.busy = True
        try:
            self.began(step)
            return self._judged(work)
        finally:
            self._local.busy = False

    def _judged(self, work: Callable[[], Any]) -> Any:
        try:
            result = work()
        except Stopped:
            raise  # the learner's own wish is no failure
        except Exception as error:
            self.failed(_why(error))
            raise
        problem = _problem(result)
        self.succeeded() if problem is None else self.failed(problem)
        return result

    def flush(self, seconds: float = FLUSH) -> bool:
        """Write the last change now rather than later; whether that is done in time."""
        self._hurry.set()
        return self._idle.wait(seconds)

    def _change(self, how: Callable[[float], Record]) -> None:
        if self._keeper is None:
            return
        with self._lock:
            self.record = how(time.time())
            self._idle.clear()
            self._due.set()
            if self._writer is None:
                self._writer = threading.Thread(
                    target=self._write, name="ecslab-record", daemon=True
                )
                self._writer.start()
                atexit.register(self.flush)

    def _write(self) -> None:
        # The first change is written at once; those of the next moments together.
        while self._due.wait(self._every) or not self._over():
            self._due.clear()
            self._put(self.record)
            with self._lock:
                if not self._due.is_set():
                    self._idle.set()
            self._hurry.wait(self._every)
            self._hurry.clear()

    def _over(self) -> bool:
        """Whether there is nothing more to write, and the thread ends."""
        with self._lock:
            if self._due.is_set():
                return False
            self._writer = None
            atexit.unregister(self.flush)
            return True

    def _put(self, record: Record) -> None:
        assert self._keeper is not None
        try:
            self._keeper.put(record)
        except Exception as error:  # noqa: BLE001  a record is never worth a step
            if not self._failed:
                self._failed = True
                self._say(str(_("Your progress cannot be written down for the board: {why} "
                                "Everything else goes on.", why=_why(error))))  # fmt: skip


def _why(error: Exception) -> str:
    if isinstance(error, EcslabError):
        return str(error.message)
    said = sentence(error)
    return str(said.message) if said else f"{type(error).__name__}: {error}"


def _problem(result: Any) -> object | None:
    """What a step's result says is missing; None where it is done."""
    if isinstance(result, Checked):
        return None if result else result.message
    if isinstance(result, RunResult):
        return None if result.tasks else result.headline()
    if isinstance(result, Cleaned):
        return result.left[0][1] if result.left else None
    return None


def recorded(steps: Mapping[str, str]) -> Callable[[Kind], Kind]:
    """A class whose methods of these names tell ``self.journal`` how they went."""

    def decorate(kind: Kind) -> Kind:
        for method, step in steps.items():
            if hasattr(kind, method):
                setattr(kind, method, _told(getattr(kind, method), _always(step)))
        kind.check = _told(kind.check, lambda args: str(args[0]))  # type: ignore[attr-defined]
        return kind

    return decorate


def _always(step: str) -> Callable[[tuple[Any, ...]], str]:
    return lambda _args: step


def _told(method: Callable[..., Any], name: Callable[[tuple[Any, ...]], str]) -> Any:
    @functools.wraps(method)
    def step(self: Any, *args: Any, **words: Any) -> Any:
        named = name(args or (words.get("step", ""),))
        return self.journal.doing(named, lambda: method(self, *args, **words))

    return step

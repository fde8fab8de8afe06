"""The server's own process: control plane, agents, runtime and the AWS face, bound together."""

from __future__ import annotations

import errno
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress.server import create_server

from ecslab import controlplane as cp
from ecslab import sandbox
from ecslab.api.dispatch import Call, Caller
from ecslab.api.http import NEIGHBOUR_LIMIT, make_app
from ecslab.api.neighbours import Neighbours
from ecslab.locale import LANGUAGES, Text, translator
from ecslab.model.agent_messages import SpotInterrupted
from ecslab.model.errors import EcslabError
from ecslab.runtime.port import Event
from ecslab.sandbox import balancing, classroom, control, places, runtimes
from ecslab.sandbox.clock import RunningClock
from ecslab.sandbox.discreet import speak
from ecslab.sandbox.factlog import FactLog
from ecslab.sandbox.ids import RandomIds
from ecslab.sandbox.interrupting import to_interrupt
from ecslab.sandbox.joining import memory_for_tasks
from ecslab.sandbox.kernel import Kernel, restore
from ecslab.sandbox.machines import SeenInstance, seen
from ecslab.sandbox.process import Options
from ecslab.sandbox.scaling import Scaler
from ecslab.sandbox.surroundings import Surroundings
from ecslab.sandbox.watcher import Watcher

_ = translator("sandbox")
log = logging.getLogger(__name__)

ACCOUNT = "123456789012"
THREADS = 16
"""Requests answered at the same time; a notebook, a browser and a test need a few each."""
CONNECTIONS = 2000
"""Connections held at the same time: each client of each learner of a class keeps one or more."""
WARM_AFTER = 1.0
"""Wall seconds until the neighbours are loaded, unless somebody asks for them before."""
APART = 97
"""Public addresses between two sandboxes on neighbouring ports."""
STOPPED_NOTE = "stopped"
"""A file left by an orderly stop: the containers were removed on purpose, not lost."""


class Server:
    """One sandbox: everything of it, bound.

    Raises `EcslabError` when the folder or the port is taken, or the runtime is not to be had.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.started = time.time()
        options.state.mkdir(parents=True, exist_ok=True)
        self._facts = FactLog(options.state)
        state, last = restore(self._facts)
        self.clock = RunningClock(options.speed, not_before=last)
        self.kernel = Kernel(self._facts, state, self.clock, RandomIds(), ACCOUNT, sandbox.REGION)
        self._hearers: list[Callable[[Event], None]] = [self.kernel.emit]
        self.runtime, self.note = runtimes.choose(options, self._emit, self.clock, self._capacity)
        self.balancers = balancing.load_balancers(
            self.clock,
            self.kernel.report,
            self.runtime.addresses,
            self._machines,
            self.kernel.task_host,
        )
        self.scaler = Scaler(
            options.state / "scaling.json",
            self.clock,
            self.runtime.usage,
            lambda: self.kernel.state,
            self.kernel.call,
            lambda: self.neighbours.scalable(),
        )
        self.neighbours = Neighbours(
            options.state / "neighbours" / "journal.jsonl",
            ecs=self._ecs_of_template,
            targets=balancing.Book(self.balancers),
            scaling=self.scaler,
            interfaces=lambda: cp.interfaces(self.kernel.state),
            account=ACCOUNT,
            progress_seconds=1.0 / options.speed,
            first_address=(options.port - places.DEFAULT_PORT) * APART,
        )
        self.surroundings = Surroundings(
            self.kernel,
            self.runtime,
            self.neighbours,
            self.clock.now,
            places.url_of(options.port),
        )
        self._hearers.insert(0, self.surroundings.hear)
        self.watcher = Watcher(self._machines, self.kernel, self.clock)
        self._ending = threading.Lock()
        self._ended = False
        self._http = self._listen()

    # -- life ------------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve on this thread until `stop` or a signal, then clear away what runs."""
        options = self.options
        places.Note(os.getpid(), options.port, self.started).write(options.state)
        stopped = options.state / STOPPED_NOTE
        forgets = self.runtime.simulated or stopped.exists()
        if not self.runtime.simulated:
            self.surroundings.meet(self.runtime.meet(), options.port)
        self.kernel.begin(
            self.runtime,
            self.balancers.obey,
            self.surroundings.prepare,
            self.neighbours,
            forgets=forgets,
        )
        self.surroundings.resume()
        stopped.unlink(missing_ok=True)
        # moto is heavy: its import waits until the first answers are out.
        warm = threading.Timer(WARM_AFTER, self._warm)
        warm.daemon = True
        warm.start()
        threading.Thread(target=self.watcher.run, name="ecslab-watcher", daemon=True).start()
        self.scaler.begin()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        log.info("serving on %s, containers: %s", places.url_of(options.port), self.runtime.name)
        try:
            self._http.run()
        finally:
            self.end()

    def end(self) -> None:
        """Remove the containers, close everything; the state stays. Harmless when done before."""
        with self._ending:
            if self._ended:
                return
            self._ended = True
            self.kernel.close()
            self.watcher.close()
            self.scaler.close()
            self.balancers.close()
            self.surroundings.close()
            self.clock.close()
            self.runtime.remove_all()
            self.runtime.close()
            self.neighbours.close()
            (self.options.state / STOPPED_NOTE).touch()
            places.Note.remove(self.options.state)
            self._facts.close()

    def reset(self) -> None:
        """Forget everything and go on."""
        self.kernel.reset()
        self.surroundings.forget()
        self.runtime.remove_all()
        self.neighbours.reset()
        self.balancers.reset()
        self.scaler.reset()
        self.watcher.poke()

    # -- binding ---------------------------------------------------------------------------------

    def _emit(self, event: Event) -> None:
        """What a runtime tells, for everybody whom it concerns."""
        for hear in self._hearers:
            hear(event)

    def _listen(self) -> Any:
        app = make_app(
            self._ecs,
            self._neighbour,
            operations=cp.OPERATIONS.keys(),
            routes=control.routes(
                asks={
                    "status": self._status,
                    "story": self._story,
                    "containers": self._containers,
                    "addresses": self._addresses,
                },
                acts={
                    "stop": self._stop,
                    "reset": self._reset,
                    "session": self.surroundings.open_session,
                    "interrupt": self._interrupt,
                },
            )
            | self.surroundings.routes(),
            record=_record,
            region=sandbox.REGION,
            accepts=classroom.accepts(self.options),
        )
        if self.options.in_class:
            app = classroom.door(app, self.options, ACCOUNT, self.neighbours.instances)
        try:
            return create_server(
                app,
                host=self.options.host,
                port=self.options.port,
                threads=THREADS,
                connection_limit=CONNECTIONS,
                asyncore_use_poll=True,  # select() knows no file number above 1,023
                ident="ecslab",
                max_request_body_size=NEIGHBOUR_LIMIT,
            )
        except OSError as error:
            self.balancers.close()
            self.surroundings.close()
            self.clock.close()
            self.runtime.close()
            self._facts.close()
            raise _cannot_listen(self.options.port, error) from error

    def _warm(self) -> None:
        """Load the neighbours, and what they remember of load balancers."""
        self.neighbours.warm().join()
        self.balancers.configure(self.neighbours.traffic())

    def _ecs(self, operation: str, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        answer = self.kernel.call(operation, params, caller.region)
        if operation == "ExecuteCommand":
            return self.surroundings.sessions.begin(params, answer)
        return answer

    def _ecs_of_template(
        self, operation: str, params: dict[str, Any], region: str
    ) -> dict[str, Any]:
        """An ECS call CloudFormation makes: what it did to EC2 just now is seen first."""
        self.watcher.look()
        return self.kernel.call(operation, params, region)

    def _neighbour(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        before = self.neighbours.generation
        answer = self.neighbours.wsgi(environ, start_response)
        if self.neighbours.generation != before:
            self.balancers.configure(self.neighbours.traffic())
            self.watcher.poke()
        return answer

    def _machines(self) -> list[SeenInstance]:
        return [seen(instance) for instance in self.neighbours.instances()]

    def _capacity(self, host_ip: str) -> tuple[int, int] | None:
        """What EC2 says the host has: the stub's ledger is its own, apart from the control plane's.

        CPU units and MiB.
        """
        for machine in self._machines():
            if machine.public_ip == host_ip:
                return machine.vcpus * 1024, memory_for_tasks(machine.memory)
        return None

    # -- the sandbox's own questions ---------------------------------------------------------------

    def _status(self, words: control.Words) -> dict[str, Any]:
        options = self.options
        return {
            "url": places.url_of(options.port),
            "port": options.port,
            "pid": os.getpid(),
            "runtime": self.runtime.name,
            "runtime_note": _said(self.note, words),
            "speed": options.speed,
            "state": str(options.state),
            "started": self.started,
            "region": sandbox.REGION,
            "account": ACCOUNT,
            "counts": _counts(self.kernel.state),
            "in_class": options.in_class,
        }

    def _story(self, words: control.Words) -> dict[str, Any]:
        told = self.kernel.story(words.get("task", ""))
        return {"story": [_said(line, words) for line in told]}

    def _addresses(self, words: control.Words) -> dict[str, Any]:
        moved = {**self.runtime.addresses(), **self.balancers.addresses()}
        return {"moved": [[*there, *here] for there, here in sorted(moved.items())]}

    def _interrupt(self, words: control.Words) -> dict[str, Any]:
        task = to_interrupt(self.kernel.state, words.get("task", ""))
        self.kernel.report(SpotInterrupted(task.arn, self.clock.now()))
        return {"task": task.arn}

    def _containers(self, words: control.Words) -> dict[str, Any]:
        """What the runtime holds now, from its own books."""
        return {"containers": [one._asdict() for one in self.runtime.held()]}

    def _stop(self, words: control.Words) -> dict[str, Any]:
        self.end()
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        return {"state": str(self.options.state)}

    def _reset(self, words: control.Words) -> dict[str, Any]:
        self.reset()
        return {}


def serve(options: Options) -> None:
    """Run a sandbox on this thread until it is stopped."""
    speak()
    Server(options).run()


def _leave(number: int, frame: object) -> None:
    """End waitress's loop: it takes this as its word to stop."""
    raise SystemExit(0)


def _record(call: Call) -> None:
    """One line for each ECS call. No parameters: they may hold secrets."""
    log.info("ecs %s %d %s%.1f ms", call.operation, call.status,
             f"{call.error} " if call.error else "", call.milliseconds)  # fmt: skip


def _said(text: Text | str, words: control.Words) -> str:
    """In the language that was asked for."""
    asked = words.get("lang")
    return text.render(asked if asked in LANGUAGES else None) if isinstance(text, Text) else text


def _counts(state: cp.State) -> dict[str, int]:
    tasks = [task.status for task in state.tasks.values()]
    return {
        "clusters": sum(1 for one in state.clusters.values() if one.status == "ACTIVE"),
        "container_instances": sum(len(one.arns) for one in state.index.rosters.values()),
        "running_tasks": tasks.count("RUNNING"),
        "stopped_tasks": tasks.count("STOPPED"),
    }


def _cannot_listen(port: int, error: OSError) -> EcslabError:
    if error.errno == errno.EADDRINUSE:
        why = _("Port {port} is used by another program.", port=port)
    else:
        why = _("Port {port} cannot be opened: {why}.", port=port, why=error.strerror)
    return EcslabError(why, _("Choose another port with --port or ECSLAB_PORT."))

"""What a task has around it: what it is given at its start, what it can ask, where its words go."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from waitress.server import create_server

from ecslab import controlplane as cp
from ecslab.api.neighbours import Neighbours
from ecslab.controlplane.ordering import order_to_run
from ecslab.runtime import port
from ecslab.runtime.metadata import Told
from ecslab.sandbox import intask
from ecslab.sandbox.kernel import Kernel
from ecslab.sandbox.providing import Provider
from ecslab.sandbox.providing.provider import definition_of
from ecslab.sandbox.providing.shipping import Shipper
from ecslab.sandbox.providing.streams import stream_of
from ecslab.sandbox.sessions import Sessions

log = logging.getLogger(__name__)

PREFIXES = ("/v2/credentials/", "/v3/", "/v4/")
"""Where the sandbox's own port answers as a task's surroundings do."""
THREADS = 4

Now = Callable[[], float]
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Surroundings:
    """Binds the control plane's tasks, the runtime and the neighbours where tasks meet them.

    `url` is the sandbox's own; `meeting` where real containers find the sandbox.
    """

    def __init__(
        self, kernel: Kernel, runtime: port.Runtime, neighbours: Neighbours, now: Now, url: str
    ) -> None:
        self._kernel, self._runtime, self._neighbours = kernel, runtime, neighbours
        self._url, self._trusted = url, True
        self._shipper = Shipper(runtime.lines, neighbours)
        self._provider = Provider(neighbours, kernel.emit, self._variables)
        self._server: Any = None
        self.sessions = Sessions(runtime.execute, url, runtime.simulated)
        self.app: App = intask.app(intask.Tasks(self.told, runtime.stats, now))

    # -- life ------------------------------------------------------------------------------------

    def meet(self, meeting: port.Meeting | None, number: int) -> None:
        """Answer containers at this address; without one they are told nothing of it."""
        if meeting is None:
            self._url = ""
            return
        # Loopback has the sandbox's own port taken already.
        at = number + 1 if meeting.bind == "127.0.0.1" else number
        try:
            self._server = create_server(self.app, host=meeting.bind, port=at, threads=THREADS)
        except OSError as error:
            log.warning(
                "containers will not find their metadata: %s:%d: %s", meeting.bind, at, error
            )
            self._url = ""
            return
        self._url, self._trusted = f"http://{meeting.host}:{at}", meeting.trusted
        threading.Thread(target=self._server.run, name="ecslab-in-task", daemon=True).start()

    def resume(self) -> None:
        """Follow what containers write that run since before a restart."""
        state = self._kernel.state
        for task in state.tasks.values():
            if task.status == "RUNNING" and task.definition_arn in state.definitions:
                order = order_to_run(state, task)
                for one in task.containers:
                    wanted = port.Prepare(port.Key(task.arn, one.name), order)
                    self._follow(wanted, one.runtime_id)

    def forget(self) -> None:
        """Everything is forgotten: follow nobody."""
        self._shipper.forget()

    def close(self) -> None:
        """Answer nobody any more."""
        self._provider.close()
        self._shipper.close()
        if self._server is not None:
            self._server.close()

    # -- tasks on their way ------------------------------------------------------------------------

    def prepare(self, wanted: port.Prepare) -> None:
        """Get a container what it needs from elsewhere; returns at once."""
        self._follow(wanted)
        self._provider.prepare(wanted)

    def hear(self, event: port.Event) -> None:
        """A runtime's event."""
        self._shipper.hear(event)

    def _follow(self, wanted: port.Prepare, runtime_id: str = "") -> None:
        stream = stream_of(definition_of(wanted), wanted.key.task_arn)
        if stream is not None:
            self._shipper.follow(wanted.key, stream, runtime_id)

    def _variables(self, wanted: port.Prepare) -> tuple[tuple[str, str], ...]:
        if not self._url:
            return ()
        return intask.variables(wanted, self._url, credentials=self._trusted)

    # -- what is asked about them ------------------------------------------------------------------

    def routes(self) -> dict[str, App]:
        """Paths of the sandbox's own port that answer as containers are answered."""
        return dict.fromkeys(PREFIXES, self.app)

    def open_session(self, words: Mapping[str, str]) -> dict[str, Any]:
        """Run the command of an ExecuteCommand."""
        return self.sessions.open(words)

    def told(self, task_id: str) -> Told | None:
        """All there is to tell of a task."""
        state = self._kernel.state
        end = f"/{task_id}"
        task = next((one for arn, one in state.tasks.items() if arn.endswith(end)), None)
        if task is None or task.definition_arn not in state.definitions:
            return None
        home = state.instances.get(task.instance_arn or "")
        subnet = self._subnet(task.interface.subnet_id) if task.interface else ""
        return Told(
            task=task,
            order=order_to_run(state, task),
            look=self._runtime.look,
            service=task.service_arn.rpartition("/")[2],
            vpc_id=(home.attribute.get("ecs.vpc-id") or "") if home else "",
            subnet_cidr=subnet,
            tags=_tags(state, task.arn),
            instance_tags=_tags(state, home.arn) if home else (),
        )

    def _subnet(self, subnet_id: str) -> str:
        found = self._neighbours.subnet(subnet_id)
        return found.cidr if found else ""


def _tags(state: cp.State, arn: str) -> tuple[tuple[str, str], ...]:
    return tuple((tag.key or "", tag.value or "") for tag in state.tags.get(arn, ()))

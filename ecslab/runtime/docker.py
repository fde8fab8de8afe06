"""Containers for real, by the Docker engine of this machine.

Networks: in bridge mode containers are on Docker's default bridge with their host ports published
at the instance's address. In awsvpc and host mode the containers of a task share a namespace kept
by a holder (a "pause" container, as the ECS agent has it). A host-mode task has a namespace of its
own whose declared ports are published at the instance's address: the machine's own namespace would
open them on every interface, and twice the same port on two instances could not be. So tasks
of one instance do not meet on its localhost, and undeclared ports stay shut.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ecslab.runtime import inside, making, meeting, port
from ecslab.runtime.client import Clients, api_error, not_found, publish_ip, words
from ecslab.runtime.lanes import Lanes
from ecslab.runtime.making import Place
from ecslab.runtime.port import (
    Address,
    ContainerSpec,
    Emit,
    Found,
    Held,
    Instruction,
    Key,
    Line,
    Look,
    Meeting,
    Ran,
    Usage,
)
from ecslab.runtime.pulling import PullBehaviour, PullError, digest_of, get_image
from ecslab.runtime.refusing import Leave, refusal
from ecslab.runtime.stub import Clock
from ecslab.runtime.watching import Watch

HOLDER_IMAGE = "busybox:stable"
HOLDER = "~internal~ecs~pause"
WORKERS = 16
PORT_PATIENCE = 3.0
"""Seconds a port may take to become free after the container that had it ended."""
HEALTH = {"healthy": "HEALTHY", "unhealthy": "UNHEALTHY"}


class DockerRuntime:
    """The hands of the agents on a Docker engine.

    `sandbox` names whose containers these are; only those are ever touched. `base_url` is as for
    ``docker.APIClient``, None for the environment's engine. Raises docker's error if none answers.
    """

    name = "docker"
    simulated = False

    def __init__(
        self,
        emit: Emit,
        clock: Clock,
        *,
        sandbox: str,
        allow_privileged: bool = False,
        allow_mounts: tuple[Path, ...] = (),
        pull_behaviour: PullBehaviour = "default",
        holder_image: str = HOLDER_IMAGE,
        base_url: str | None = None,
    ) -> None:
        self._emit_to = emit
        self._clock = clock
        self._sandbox = sandbox
        self._leave = Leave(allow_privileged, allow_mounts)
        self._pull_behaviour = pull_behaviour
        self._holder_image = holder_image
        self._clients = Clients(base_url)
        self._lock = threading.RLock()
        self._holding: dict[str, threading.Lock] = {}
        self._ids: dict[Key, str] = {}
        self._specs: dict[Key, ContainerSpec] = {}
        self._running: set[Key] = set()
        self._elsewhere: dict[Key, dict[Address, Address]] = {}
        self._closed = False
        self._meeting: Meeting | None = None
        self._log_drivers = tuple(self._api.info().get("Plugins", {}).get("Log") or ())
        self._lanes = Lanes(WORKERS)
        self._watch = Watch(
            self._clients.get,
            f"{making.SANDBOX}={sandbox}",
            hear=self._hear,
            caught_up=self._look_after,
            lost=self._lost,
            back=self._back,
        )
        self._watch.start()
        self._watch.listening.wait(5)

    @property
    def _api(self) -> Any:
        return self._clients.get()

    # -- Runtime -------------------------------------------------------------------------------

    def submit(self, instruction: Instruction) -> None:
        """Take an instruction; those for one container are done one after the other."""
        match instruction:
            case port.Pull(key=key, image=image):
                self._lanes.put(key, lambda: self._pull(key, image))
            case port.Create(key=key, spec=spec):
                self._lanes.put(key, lambda: self._create(key, spec))
            case port.Start(key=key):
                self._lanes.put(key, lambda: self._start(key))
            case port.Stop(key=key, timeout=timeout):
                self._lanes.put(key, lambda: self._stop(key, timeout))
            case port.Release(task_arn=task_arn):
                self._lanes.put(task_arn, lambda: self._clear(task_arn, kind="network"))
            case port.Remove(task_arn=task_arn):
                self._lanes.put(task_arn, lambda: self._clear(task_arn))

    def adopt(self) -> list[Found]:
        """What is left of an earlier run of this sandbox, found by its labels."""
        found = []
        for there in self._labelled(f"{making.KIND}=container"):
            with contextlib.suppress(not_found()):
                found.append(self._take_over(self._api.inspect_container(there["Id"])))
        return found

    def held(self) -> list[Held]:
        """Every container of this sandbox the engine knows."""
        return [inside.held(there) for there in self._labelled(f"{making.KIND}=container")]

    def addresses(self) -> dict[Address, Address]:
        """Ports that had to be opened elsewhere, for this machine lacks their address."""
        with self._lock:
            return {a: b for moved in self._elsewhere.values() for a, b in moved.items()}

    def logs(self, key: Key, tail: int = 200) -> str:
        """What the container wrote, the last `tail` lines; "" where there is none."""
        there = self._ids.get(key)
        if there is None:
            return ""
        try:
            return str(self._api.logs(there, tail=tail).decode("utf-8", "replace"))
        except api_error():
            return ""

    def meet(self) -> Meeting | None:
        """Let containers made from now on reach this machine; where. None where they cannot."""
        self._meeting = meeting.meet(self._api)
        return self._meeting

    def lines(self, key: Key, after: int) -> list[Line]:
        """What the container wrote after that moment."""
        there = self._ids.get(key)
        return inside.lines(self._api, there, after) if there else []

    def look(self, key: Key) -> Look | None:
        """What can be seen of it; None where it is not."""
        there = self._ids.get(key)
        return inside.look(self._api, there) if there else None

    def stats(self, key: Key) -> Mapping[str, Any] | None:
        """What it uses now; None where nothing runs."""
        there = self._ids.get(key)
        return inside.stats(self._api, there) if there and key in self._running else None

    def usage(self, key: Key) -> Usage | None:
        """What it has used so far; None where nothing runs."""
        there = self._ids.get(key)
        return inside.usage(self._api, there) if there and key in self._running else None

    def execute(self, key: Key, command: Sequence[str]) -> Ran:
        """Run a command in a running container and wait for its end."""
        there = self._ids.get(key)
        if there is None or key not in self._running:
            raise LookupError(f"the container {key.name} does not run")
        return inside.execute(self._api, there, command)

    def remove_all(self) -> None:
        """Remove every container and task volume of this sandbox, and touch nothing else."""
        for there in self._labelled():
            self._remove(there["Id"])
        self._remove_volumes(f"{making.SANDBOX}={self._sandbox}")
        with self._lock:
            self._running.clear()
            self._ids.clear()
            self._specs.clear()
            self._elsewhere.clear()

    def close(self) -> None:
        """End the threads; containers stay as they are."""
        self._closed = True
        if self._meeting:
            meeting.clear_away(self._api)
        self._watch.close()
        self._lanes.close()

    # -- instructions --------------------------------------------------------------------------

    def _pull(self, key: Key, image: str) -> None:
        try:
            digest = get_image(
                self._api,
                image,
                self._pull_behaviour,
                lambda text: self._emit(port.PullProgress(key, text)),
            )
        except PullError as error:
            self._emit(port.PullFailed(key, str(error)))
        except Exception as error:  # noqa: BLE001 - an instruction is always answered
            self._emit(port.PullFailed(key, words(error)))
        else:
            self._emit(port.Pulled(key, digest))

    def _create(self, key: Key, spec: ContainerSpec) -> None:
        try:
            why = refusal(spec, self._leave)
            made = "" if why else self._make(key, spec)
        except Exception as error:  # noqa: BLE001 - an instruction is always answered
            why, made = words(error), ""
        if why:
            self._emit(port.CreateFailed(key, why))
            return
        with self._lock:
            self._ids[key] = made
            self._specs[key] = spec
        self._emit(port.Created(key, made))

    def _make(self, key: Key, spec: ContainerSpec) -> str:
        place = Place(
            sandbox=self._sandbox,
            network=self._network(key, spec),
            peer=lambda name: self._peer(key, name),
            binds=tuple(self._binds(key, spec)),
            log_drivers=self._log_drivers,
            publish_ip=publish_ip(spec.open_at),
        )
        body = making.container_body(key, spec, place)
        made = self._api.create_container_from_config(body, making.name_of(key, spec))
        if self._meeting and place.network == "bridge":
            meeting.join(self._api, made["Id"])
        return str(made["Id"])

    def _peer(self, key: Key, name: str) -> str:
        """The id of another container of the task; never that of a stranger of this name."""
        there = self._ids.get(Key(key.task_arn, name))
        if there is None:
            raise LookupError(f"there is no container {name} in the task")
        return there

    def _start(self, key: Key) -> None:
        there = self._ids.get(key)
        try:
            if there is None:
                raise LookupError("no such container")
            self._start_patiently(there)
            with self._lock:
                self._running.add(key)
            self._note_addresses(key, there, self._specs[key])
        except Exception as error:  # noqa: BLE001 - an instruction is always answered
            self._emit(port.StartFailed(key, words(error)))
        else:
            self._emit(port.Started(key, self._specs[key].bindings))
            # It may have ended before anybody knew that it ran.
            self._lanes.put(key, lambda: self._check_end(key))

    def _start_patiently(self, there: str) -> None:
        """Start; a port that is just being given back is waited for."""
        until = time.monotonic() + PORT_PATIENCE
        while not self._started(there, last=time.monotonic() > until):
            time.sleep(0.1)

    def _started(self, there: str, *, last: bool) -> bool:
        try:
            self._api.start(there)
        except api_error() as error:
            if last or "port is already allocated" not in str(error):
                raise
            return False
        return True

    def _stop(self, key: Key, timeout: float) -> None:
        there = self._ids.get(key)
        if there is None or key not in self._running:
            return
        if timeout <= 0:
            self._kill(key, "SIGKILL")
            return
        try:
            signal = self._api.inspect_container(there)["Config"].get("StopSignal") or "SIGTERM"
        except Exception:  # noqa: BLE001 - the kill finds out what is wrong
            signal = "SIGTERM"
        self._kill(key, signal)
        # No thread waits: with many containers that would be many.
        self._clock.call_later(
            timeout, lambda: self._lanes.put(key, lambda: self._kill(key, "SIGKILL"))
        )

    def _kill(self, key: Key, signal: str) -> None:
        there = self._ids.get(key)
        if there is None or key not in self._running:
            return
        with contextlib.suppress(api_error()):  # ended meanwhile: that is looked up next
            self._api.kill(there, signal)
        self._check_end(key)

    def _clear(self, task_arn: str, kind: str = "") -> None:
        """Remove the task's holder, or all of the task."""
        labels = [f"{making.TASK}={task_arn}"] + ([f"{making.KIND}={kind}"] if kind else [])
        with contextlib.suppress(Exception):  # gone with the engine
            for there in self._labelled(*labels):
                self._remove(there["Id"])
            if not kind:
                self._remove_volumes(*labels)
        if not kind:
            self._forget(task_arn)

    def _forget(self, task_arn: str) -> None:
        with self._lock:
            self._holding.pop(task_arn, None)
            for key in [k for k in self._ids if k.task_arn == task_arn]:
                self._running.discard(key)
                self._elsewhere.pop(key, None)
                del self._ids[key]
                self._specs.pop(key, None)

    # -- networks, volumes, ports ----------------------------------------------------------------

    def _network(self, key: Key, spec: ContainerSpec) -> str:
        if spec.network_mode not in making.HELD:
            return "none" if spec.network_mode == "none" else "bridge"
        with self._lock:
            lock = self._holding.setdefault(key.task_arn, threading.Lock())
        with lock:
            return f"container:{self._holder(key, spec)}"

    def _holder(self, key: Key, spec: ContainerSpec) -> str:
        labels = (f"{making.TASK}={key.task_arn}", f"{making.KIND}=network")
        for there in self._labelled(*labels):
            return str(there["Id"])
        if not digest_of(self._api, self._holder_image):
            get_image(self._api, self._holder_image, "default", lambda _text: None)
        holder = Key(key.task_arn, HOLDER)
        place = Place(self._sandbox, "bridge", str, publish_ip=publish_ip(spec.open_at))
        body = making.holder_body(holder, spec, place, self._holder_image)
        made = str(self._api.create_container_from_config(body, making.name_of(holder, spec))["Id"])
        if self._meeting:
            meeting.join(self._api, made)
        try:
            self._start_patiently(made)
        except Exception:
            self._remove(made)
            raise
        return made

    def _binds(self, key: Key, spec: ContainerSpec) -> Iterator[str]:
        volumes = {v["name"]: v for v in spec.volumes}
        for mount in spec.definition.get("mountPoints") or ():
            source = self._source(key, dict(volumes[mount["sourceVolume"]]))
            mode = "ro" if mount.get("readOnly") else "rw"
            yield f"{source}:{mount['containerPath']}:{mode}"

    def _source(self, key: Key, volume: dict[str, Any]) -> str:
        """A host path as it is; else a Docker volume, shared ones kept when the task is gone."""
        path = (volume.get("host") or {}).get("sourcePath")
        if path:
            return str(Path(path).resolve())
        asked = volume.get("dockerVolumeConfiguration") or {}
        labels = {**(asked.get("labels") or {})}
        if asked.get("scope") == "shared":
            name = making.volume_name(self._sandbox, volume["name"])
        else:
            name = making.volume_name(key.task_arn.rpartition("/")[2], volume["name"])
            labels |= {making.SANDBOX: self._sandbox, making.TASK: key.task_arn}
        self._api.create_volume(
            name, driver=asked.get("driver"), driver_opts=asked.get("driverOpts"), labels=labels
        )
        return name

    def _note_addresses(self, key: Key, there: str, spec: ContainerSpec) -> None:
        if publish_ip(spec.open_at) is None or not spec.bindings:
            return
        if spec.network_mode in making.HELD:
            mode = self._api.inspect_container(there)["HostConfig"]["NetworkMode"]
            there = mode.partition(":")[2]
        ports = self._api.inspect_container(there)["NetworkSettings"]["Ports"] or {}
        moved = {}
        for b in spec.bindings:
            for where in ports.get(f"{b.container_port}/{b.protocol}") or ():
                moved[b.bind_ip, b.host_port] = (where["HostIp"], int(where["HostPort"]))
        with self._lock:
            self._elsewhere[key] = moved

    # -- what the engine tells -------------------------------------------------------------------

    def _hear(self, event: dict[str, Any]) -> None:
        labels = event.get("Actor", {}).get("Attributes", {})
        action = str(event.get("Action", ""))
        if labels.get(making.KIND) != "container":
            return
        key = Key(labels[making.TASK], labels[making.CONTAINER])
        if action == "die":
            code = int(labels.get("exitCode") or 0)
            self._lanes.put(key, lambda: self._check_end(key, code))
        elif action.startswith("health_status:"):
            health = HEALTH.get(action.partition(":")[2].strip())
            if health:
                self._emit(port.HealthChanged(key, health))  # type: ignore[arg-type]  # a HealthStatus

    def _check_end(self, key: Key, code: int | None = None) -> None:
        """Report the end of a container that does not run any more, once."""
        there = self._ids.get(key)
        if there is None or key not in self._running:
            return
        oom, reason = False, ""
        try:
            state = self._api.inspect_container(there)["State"]
        except not_found():
            reason = "The container was removed by somebody else"
        except Exception:  # noqa: BLE001 - an engine that does not answer is the watch's affair
            return
        else:
            if state["Running"]:
                return
            code, oom, reason = state["ExitCode"], bool(state["OOMKilled"]), state["Error"] or ""
        with self._lock:
            self._running.discard(key)
            self._elsewhere.pop(key, None)
        self._emit(port.Exited(key, code, oom, reason))

    def _look_after(self) -> None:
        """See what ended while nobody listened."""
        for key in list(self._running):
            self._lanes.put(key, lambda key=key: self._check_end(key))  # type: ignore[misc]  # bound

    def _lost(self, why: str) -> None:
        with self._lock:
            self._running.clear()
        self._emit(port.RuntimeLost(f"The Docker engine does not answer any more: {why}"))

    def _back(self) -> None:
        """The tasks of before were given up: what is left of them must not run on unseen."""
        for task_arn in {key.task_arn for key in list(self._ids)}:
            self._clear(task_arn)
        self._emit(port.RuntimeBack())

    def _take_over(self, there: dict[str, Any]) -> Found:
        labels, state = there["Config"]["Labels"], there["State"]
        key = Key(labels[making.TASK], labels[making.CONTAINER])
        bindings = making.bindings_in(labels)
        mode = there["HostConfig"]["NetworkMode"]
        host_ip = bindings[0].bind_ip if bindings else "127.0.0.1"
        spec = ContainerSpec(
            {"dockerLabels": labels},
            bindings,
            host_ip=host_ip,
            network_mode="host" if mode.startswith("container:") else mode,
        )
        with self._lock:
            self._ids[key] = there["Id"]
            self._specs[key] = spec
            if state["Running"]:
                self._running.add(key)
        if state["Running"]:
            self._note_addresses(key, there["Id"], spec)
        health = (state.get("Health") or {}).get("Status", "")
        begun = not str(state.get("StartedAt") or "0001").startswith("0001")
        return Found(
            key,
            there["Id"],
            running=bool(state["Running"]),
            exit_code=state["ExitCode"] if begun and not state["Running"] else None,
            bindings=bindings,
            health=HEALTH.get(health, "UNKNOWN"),  # type: ignore[arg-type]  # a HealthStatus
        )

    # -- small -----------------------------------------------------------------------------------

    def _emit(self, event: port.Event) -> None:
        if not self._closed:
            self._emit_to(event)

    def _labelled(self, *labels: str) -> list[dict[str, Any]]:
        wanted = [f"{making.SANDBOX}={self._sandbox}", *labels]
        return list(self._api.containers(all=True, filters={"label": wanted}))

    def _remove(self, there: str) -> None:
        with contextlib.suppress(api_error()):  # gone, or going already
            self._api.remove_container(there, force=True, v=True)

    def _remove_volumes(self, *labels: str) -> None:
        wanted = [f"{making.SANDBOX}={self._sandbox}", *labels]
        for volume in self._api.volumes(filters={"label": wanted}).get("Volumes") or ():
            with contextlib.suppress(api_error()):
                self._api.remove_volume(volume["Name"])

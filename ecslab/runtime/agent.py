"""The agent of a container instance: orders and events in, instructions and reports out.

A state machine for each task, as the real ECS agent has it. It knows no clock and no thread: the
moment is an argument, instructions go to `submit`, and what the control plane must know is
returned. Sources of the rules: the amazon-ecs-agent repository (dependency order, stop order,
timeouts) and API_ContainerDefinition (dependsOn, startTimeout, stopTimeout, restartPolicy).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ecslab.model.agent_messages import (
    ContainerHealthChange,
    ContainerStateChange,
    PullStateChange,
    Report,
    RunTask,
    TaskStateChange,
)
from ecslab.runtime import port
from ecslab.runtime.containers import Container, Need, containers_of, cycle_in
from ecslab.runtime.port import Event, Found, Instruction, Key

START_TIMEOUT = 180.0
"""Seconds a container may take to start (ECS_CONTAINER_START_TIMEOUT, 3 minutes)."""

CREATE_TIMEOUT = 240.0
"""Seconds the making of a container may take (ECS_CONTAINER_CREATE_TIMEOUT, 4 minutes)."""

STOP_PATIENCE = 60.0
"""Seconds after the kill until a container that does not answer counts as gone."""

ESSENTIAL_EXITED = "Essential container in task exited"


Prepare = Callable[[port.Prepare], None]


class TaskAgent:
    """One task on its way from order to end."""

    def __init__(
        self,
        order: RunTask,
        submit: Callable[[Instruction], None],
        prepare: Prepare | None = None,
        patience: float = 1.0,
    ) -> None:
        self.order = order
        self._patience = patience
        self._prepare = prepare
        self.containers: dict[str, Container] = containers_of(order)
        self.ended = False
        self._submit = submit
        self._stopping = False
        self._reported = ""
        self._stop: tuple[str, str] = ("", "")
        self._pulled = False
        self._quiet = order.resumed
        self.takes_up_at: float | None = None
        """When the agent turns to the task; None once it has."""

    # -- what comes in -------------------------------------------------------------------------

    def begin(self, now: float) -> list[Report]:
        """Accept the task: pull its images."""
        self.takes_up_at = None
        reports: list[Report] = []
        if not self._quiet:
            reports += [self._task("ACTIVATING", now), self._pull_state(False, now)]
        circle = cycle_in(self.containers.values())
        if circle:
            why = (
                "CannotStartContainerError: dependency graph: failed to resolve container "
                f"ordering dependency [{' -> '.join(circle)}]"
            )
            return reports + self._fail(circle[0], why, now) + self._advance(now)
        for container in self.containers.values():
            self._fetch(container)
        return reports

    def resume(self, found: Iterable[Found], now: float) -> list[Report]:
        """Take over containers that are there already; those that are not have vanished."""
        reports: list[Report] = []
        by_name = {f.key.name: f for f in found}
        self._pulled = self.order.resumed
        for container in self.containers.values():
            there = by_name.get(container.name)
            if not self.order.resumed and there is None:
                # The sandbox died before the task was up: its start goes on.
                self._fetch(container)
            elif not self.order.resumed and there and not there.running and there.exit_code is None:
                container.state = "CREATED"
                container.runtime_id = there.runtime_id
            elif there is not None and there.running:
                container.state = "RUNNING"
                container.runtime_id = there.runtime_id
                container.bindings = there.bindings
                container.health = there.health
                reports.append(self._container(container, now))
            else:
                reports += self._exited(
                    container,
                    there.exit_code if there else None,
                    now,
                    "" if there else "The container was gone when the sandbox came back",
                )
        return reports + self._advance(now)

    def stop(self, now: float) -> list[Report]:
        """Stop in the reverse order of the dependencies."""
        if self.ended:
            return []
        self._stopping = True
        self.takes_up_at = None
        return self._advance(now)

    def lose(self, reason: str, now: float) -> list[Report]:
        """The runtime is gone: nothing of the task runs any more."""
        reports: list[Report] = []
        self.takes_up_at = None
        self._end_with("InfrastructureHealth", reason)
        for container in self.containers.values():
            if container.state != "STOPPED":
                container.state = "STOPPED"
                container.reason = container.reason or reason
                reports.append(self._container(container, now))
        return reports + self._advance(now)

    def hear(self, event: Event, now: float) -> list[Report]:
        """Something happened to one of the containers."""
        container = self.containers.get(event.key.name)  # type: ignore[union-attr]  # has a key
        if container is None or self.ended or container.state == "STOPPED":
            return []  # of somebody else, or given up already
        return self._react(container, event, now) + self._advance(now)

    def wake(self, now: float) -> list[Report]:
        """See which waits are over."""
        if self.ended:
            return []
        if self.takes_up_at is not None and self.takes_up_at <= now:
            return self.begin(now)
        reports: list[Report] = []
        for container in self.containers.values():
            deadline = self._deadline(container)
            if deadline is not None and deadline <= now:
                reports += self._too_late(container, now)
        return reports + self._advance(now) if reports else []

    def next_wakeup(self) -> float | None:
        """When a wait is over, None where nothing is waited for."""
        if self.ended:
            return None
        if self.takes_up_at is not None:
            return self.takes_up_at
        moments = (self._deadline(c) for c in self.containers.values())
        return min((m for m in moments if m is not None), default=None)

    # -- inside --------------------------------------------------------------------------------

    def _react(self, container: Container, event: Event, now: float) -> list[Report]:
        match event:
            case port.Prepared(environment=more) if container.state == "PREPARING":
                environment = (*container.spec.environment, *more)
                container.spec = replace(container.spec, environment=environment)
                self._pull(container)
            case port.PrepareFailed(reason=reason):
                return self._fail(container.name, reason, now)
            case port.Pulled(digest=digest):
                container.digest = digest
                if container.state == "PULLING":
                    container.state = "PULLED"
            case port.PullFailed(reason=reason):
                return self._fail(container.name, f"CannotPullContainerError: {reason}", now)
            case port.Created(runtime_id=runtime_id) if container.state == "CREATING":
                container.runtime_id = runtime_id
                container.state = "CREATED"
                return [] if self._quiet else [self._container(container, now)]
            case port.CreateFailed(reason=reason) | port.StartFailed(reason=reason):
                word = "Create" if isinstance(event, port.CreateFailed) else "Start"
                return self._fail(container.name, f"Cannot{word}ContainerError: {reason}", now)
            case port.Started(bindings=bindings) if container.state == "STARTING":
                container.state = "RUNNING"
                container.since = now
                container.bindings = bindings
                return [self._container(container, now)]
            case port.HealthChanged(health=health):
                container.health = health
                return [ContainerHealthChange(self.order.task_arn, container.name, health, now)]
            case port.Exited(exit_code=code, out_of_memory=oom, reason=reason):
                if oom:
                    reason = "OutOfMemoryError: Container killed due to memory usage"
                return self._exited(container, code, now, reason)
            case _:
                pass
        return []

    def _fetch(self, container: Container) -> None:
        """Get what it needs from elsewhere, then its image."""
        if self._prepare is None:
            self._pull(container)
        else:
            container.state = "PREPARING"
            self._prepare(port.Prepare(self._key(container), self.order))

    def _pull(self, container: Container) -> None:
        container.state = "PULLING"
        self._submit(port.Pull(self._key(container), container.image, container.labels))

    def _exited(
        self, container: Container, code: int | None, now: float, reason: str = ""
    ) -> list[Report]:
        container.exit_code = code
        if not self._stopping and container.may_restart(code, now):
            container.state = "STARTING"
            container.since = now
            self._submit(port.Start(self._key(container)))
            return []
        container.state = "STOPPED"
        container.reason = container.reason or reason
        if container.essential and not self._stopping:
            self._end_with("EssentialContainerExited", ESSENTIAL_EXITED)
        return [self._container(container, now)]

    def _fail(self, name: str, why: str, now: float) -> list[Report]:
        """A container cannot be had: the task fails to start."""
        container = self.containers[name]
        container.reason = why
        container.state = "STOPPED"
        self._end_with("TaskFailedToStart", why)
        return [self._container(container, now)]

    def _deadline(self, container: Container) -> float | None:
        """When the patience with the container ends."""
        if container.state == "STARTING":
            return container.since + START_TIMEOUT * self._patience
        if container.state == "CREATING":
            return container.since + CREATE_TIMEOUT * self._patience
        if container.state == "STOPPING":
            return container.since + container.stop_timeout + STOP_PATIENCE * self._patience
        if container.state == "PULLED" and not self._stopping:
            waits = (self._wait_for(need) for need in container.needs)
            return min((w for w in waits if w is not None), default=None)
        return None

    def _wait_for(self, need: Need) -> float | None:
        """Until when `need` is waited for: the startTimeout of the container it names."""
        needed = self.containers[need.name]
        if needed.start_timeout is None or needed.state not in ("STARTING", "RUNNING"):
            return None
        return needed.since + needed.start_timeout if _fulfilled(need, needed) == "no" else None

    def _too_late(self, container: Container, now: float) -> list[Report]:
        if container.state == "STOPPING":
            return self._exited(container, None, now, "The container did not answer its stop")
        if container.state == "CREATING":
            why = (
                "ContainerRuntimeTimeoutError: could not create container within "
                f"{CREATE_TIMEOUT:.0f}s"
            )
        elif container.state == "STARTING":
            # It may come up yet; nobody wants it any more.
            self._submit(port.Stop(self._key(container), 0))
            why = (
                "ContainerRuntimeTimeoutError: could not start container within "
                f"{START_TIMEOUT:.0f}s"
            )
        else:
            why = (
                "CannotStartContainerError: dependency graph: a dependency was not there within "
                "its startTimeout"
            )
        return self._fail(container.name, why, now)

    def _end_with(self, code: str, reason: str) -> None:
        self._stopping = True
        if not self._stop[0]:
            self._stop = (code, reason)

    def _advance(self, now: float) -> list[Report]:
        """Do all that can be done now."""
        reports: list[Report] = []
        if not self._stopping:
            reports += self._go_on(now)
        if self._stopping and not self.ended:
            reports += self._wind_down(now)
        return reports

    def _go_on(self, now: float) -> list[Report]:
        reports: list[Report] = []
        if not self._pulled and all(
            c.state not in ("NONE", "PREPARING", "PULLING") for c in self.containers.values()
        ):
            self._pulled = True
            if not self._quiet:
                reports.append(self._pull_state(True, now))
        for container in self.containers.values():
            if container.state == "PULLED":
                reports += self._try_create(container, now)
            elif container.state == "CREATED":
                container.state = "STARTING"
                container.since = now
                self._submit(port.Start(self._key(container)))
        if not self._stopping and self._reported != "RUNNING" and self._all_up():
            reports.append(self._task("RUNNING", now))
            self._quiet = False
        return reports

    def _try_create(self, container: Container, now: float) -> list[Report]:
        ready = [_fulfilled(n, self.containers[n.name]) for n in container.needs]
        if "never" in ready:
            needed = container.needs[ready.index("never")]
            why = (
                "CannotStartContainerError: dependency graph: failed to resolve container "
                f"ordering dependency [{needed.name}] to be {needed.condition}"
            )
            return self._fail(container.name, why, now)
        if all(answer == "yes" for answer in ready):
            container.state = "CREATING"
            container.since = now
            self._submit(port.Create(self._key(container), container.spec))
        return []

    def _all_up(self) -> bool:
        """Every container ran, and the essential ones run."""
        return all(
            c.state == "RUNNING" or (c.state == "STOPPED" and not c.essential)
            for c in self.containers.values()
        )

    def _wind_down(self, now: float) -> list[Report]:
        reports: list[Report] = []
        if any(c.alive for c in self.containers.values()) and self._reported not in (
            "STOPPING",
            "STOPPED",
        ):
            reports.append(self._task("STOPPING", now))
        for container in self.containers.values():
            if container.state in ("NONE", "PREPARING", "PULLING", "PULLED", "CREATED"):
                container.state = "STOPPED"
                reports.append(self._container(container, now))
        for container in self.containers.values():
            if container.state == "RUNNING" and not self._dependents_alive(container):
                container.state = "STOPPING"
                container.since = now
                self._submit(port.Stop(self._key(container), container.stop_timeout))
        if all(c.state == "STOPPED" for c in self.containers.values()):
            self.ended = True
            self._submit(port.Release(self.order.task_arn))
            reports.append(self._task("STOPPED", now))
        return reports

    def _dependents_alive(self, container: Container) -> bool:
        return any(
            other.alive and any(n.name == container.name for n in other.needs)
            for other in self.containers.values()
        )

    # -- words for the control plane -------------------------------------------------------------

    def _key(self, container: Container) -> Key:
        return Key(self.order.task_arn, container.name)

    def _task(self, status: str, now: float) -> TaskStateChange:
        self._reported = status
        code, reason = self._stop if status in ("STOPPING", "STOPPED") else ("", "")
        return TaskStateChange(self.order.task_arn, status, now, reason, code)

    def _pull_state(self, finished: bool, now: float) -> PullStateChange:
        return PullStateChange(self.order.task_arn, finished, now)

    def _container(self, container: Container, now: float) -> ContainerStateChange:
        return ContainerStateChange(
            task_arn=self.order.task_arn,
            container=container.name,
            status=container.known_status,
            at=now,
            exit_code=container.exit_code if container.state == "STOPPED" else None,
            reason=container.reason,
            runtime_id=container.runtime_id,
            image_digest=container.digest,
            network_bindings=container.bindings,
        )


def _fulfilled(need: Need, needed: Container) -> str:
    """Whether what is waited for is there: yes, no (not yet), or never."""
    match need.condition:
        case "START":
            if needed.state == "STOPPED" and not needed.ran:
                return "never"
            return "yes" if needed.ran else "no"
        case "HEALTHY":
            if needed.state == "STOPPED":
                return "never"
            return "yes" if needed.state == "RUNNING" and needed.health == "HEALTHY" else "no"
        case "SUCCESS":
            if needed.state != "STOPPED":
                return "no"
            return "yes" if needed.exit_code == 0 else "never"
        case _:  # COMPLETE
            if needed.state != "STOPPED":
                return "no"
            return "yes" if needed.ran else "never"

"""The words and glyphs of the picture. A status is always both, never a colour alone."""

from __future__ import annotations

from ecslab.locale import LANGUAGES, Text, language, translator
from ecslab.model.snapshot import (
    ContainerView,
    DeploymentView,
    InstanceView,
    Snapshot,
    TaskView,
)

_ = translator("diagram")

# glyph, tone, meaning. Tone names a colour of the theme; the glyph says the same without it.
TASK_STATES: dict[str, tuple[str, str, Text]] = {
    "PROVISIONING": ("◔", "wait", _("its network is being prepared")),
    "PENDING": ("○", "wait", _("waiting for the agent of its instance")),
    "ACTIVATING": ("◑", "wait", _("images are pulled and containers made")),
    "RUNNING": ("●", "good", _("its containers run")),
    "DEACTIVATING": ("◐", "warn", _("it leaves the load balancer")),
    "STOPPING": ("◐", "warn", _("its containers are being stopped")),
    "DEPROVISIONING": ("◔", "warn", _("its network is being removed")),
    "STOPPED": ("■", "dim", _("it has ended")),
    "DELETED": ("□", "dim", _("it is forgotten")),
}
UNKNOWN_STATE = ("?", "dim", _("a state this picture does not know"))
WAITING = frozenset({"PROVISIONING", "PENDING", "ACTIVATING"})

SIDES: dict[str, Text] = {"old": _("old"), "new": _("new")}

UNHEALTHY = "unhealthy"
TARGET_STATES: dict[str, tuple[str, Text]] = {
    "healthy": ("✓", _("healthy")),
    "initial": ("○", _("initial")),
    "draining": ("◐", _("draining")),
    UNHEALTHY: ("✗", _("not healthy")),
}
ENDED_AS_ASKED = (0, 143)
"""Exit codes of a container that ended by itself, or by SIGTERM (128 + 15), as ECS stops it."""

STOP_CODES: dict[str, Text] = {
    "TaskFailedToStart": _("It could not start"),
    "EssentialContainerExited": _("An essential container ended"),
    "UserInitiated": _("Somebody stopped it"),
    "ServiceSchedulerInitiated": _("Its service stopped it"),
    "SpotInterruption": _("AWS took the Spot capacity back"),
    "TerminationNotice": _("Its instance is being terminated"),
    "InfrastructureHealth": _("What it ran on became unhealthy"),
}
_FAILED = frozenset({"TaskFailedToStart", "InfrastructureHealth"})


def chosen(lang: str | None) -> str:
    """`lang`, or the reader's; ValueError for a language the kit does not speak."""
    if lang is not None and lang not in LANGUAGES:
        raise ValueError(f"lang must be one of {', '.join(LANGUAGES)}, not {lang!r}")
    return lang or language()


def task_state(task: TaskView) -> tuple[str, str, Text]:
    """Glyph, tone and meaning of where a task is in its life."""
    if task.status == "STOPPED" and failed(task):
        return "✗", "bad", TASK_STATES["STOPPED"][2]
    return TASK_STATES.get(task.status, UNKNOWN_STATE)


def failed(task: TaskView) -> bool:
    """Whether a stopped task ended in a way nobody asked for."""
    return task.stop_code in _FAILED or (
        task.stop_code == "EssentialContainerExited"
        and any(c.exit_code not in (0, None) for c in task.containers)
    )


def instance_state(instance: InstanceView) -> tuple[str, str, str | Text]:
    """Glyph, tone and word for the state of a container instance."""
    if instance.status == "BOOTING":
        return "◌", "wait", _("BOOTING")
    if not instance.connected:
        return "⚠", "bad", _("agent disconnected")
    if instance.status == "DRAINING":
        return "◐", "warn", "DRAINING"
    if instance.status == "ACTIVE":
        return "●", "good", "ACTIVE"
    return "◔", "wait", instance.status


def container_state(container: ContainerView) -> tuple[str, str, str | Text]:
    """Glyph, tone and word for a container: its end, its health, or its status."""
    if container.exit_code is not None:
        tone = "dim" if container.exit_code in ENDED_AS_ASKED else "bad"
        return "■" if tone == "dim" else "✗", tone, _("exit {code}", code=container.exit_code)
    if container.status == "RUNNING" and container.health == "HEALTHY":
        return "✓", "good", "HEALTHY"
    if container.status == "RUNNING" and container.health == "UNHEALTHY":
        return "✗", "bad", "UNHEALTHY"
    glyph, tone, _meaning = TASK_STATES.get(container.status, ("○", "wait", UNKNOWN_STATE[2]))
    return glyph, tone, container.status


def rollout(deployment: DeploymentView) -> tuple[str, Text] | None:
    """Glyph and word for how a deployment goes; None for one that only waits to be replaced."""
    if deployment.rollout == "FAILED":
        return "✗", _("given up")
    if deployment.rollout == "IN_PROGRESS":
        return "◔", _("in progress")
    return None


def cluster_state(snapshot: Snapshot) -> tuple[str, str]:
    """Glyph and tone of a cluster's status, whose word is the status itself."""
    if snapshot.status == "ACTIVE":
        return "●", "good"
    if snapshot.status == "MISSING":
        return "?", "dim"
    return ("✗", "bad") if snapshot.status == "FAILED" else ("◔", "wait")


def summary(snapshot: Snapshot) -> Text:
    """One sentence that says what is to be seen; the picture's label for a screen reader."""
    if snapshot.status == "MISSING":
        return _("There is no cluster {name}.", name=snapshot.cluster)
    tasks = snapshot.tasks
    return _(
        "Cluster {name}, {status}: container instances {instances}, tasks running {running}, "
        "waiting {waiting}, stopping {stopping}, stopped {stopped}.",
        name=snapshot.cluster,
        status=snapshot.status,
        instances=len(snapshot.instances),
        running=sum(t.status == "RUNNING" for t in tasks),
        waiting=sum(t.status in WAITING for t in tasks),
        stopping=sum(t.status in ("DEACTIVATING", "STOPPING", "DEPROVISIONING") for t in tasks),
        stopped=sum(t.status == "STOPPED" for t in tasks),
    )


def empty_sentence(snapshot: Snapshot) -> Text | None:
    """Why there is nothing to see, and what makes it appear; None if there is something."""
    if snapshot.status == "MISSING":
        return _("There is no cluster of this name yet. Create one: lab.create_cluster()")
    booting = sum(i.status == "BOOTING" for i in snapshot.instances)
    if snapshot.tasks or any(service.desired for service in snapshot.services):
        return None
    if not snapshot.instances:
        return _("No container instances and no tasks. Fargate tasks need no instance to run.")
    if booting == len(snapshot.instances):
        if booting == 1:
            return _("One instance is booting. It joins the cluster when its agent starts.")
        return _(
            "{count} instances are booting. They join the cluster when their agents start.",
            count=booting,
        )
    return _("The instances wait for work. Run a task: lab.run_task(…)")

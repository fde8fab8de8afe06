"""One step of the state: what a fact makes of it. Pure, and the only way the state changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ecslab.controlplane import evolve_services as services
from ecslab.controlplane import facts as f
from ecslab.controlplane import index as ix
from ecslab.controlplane import watch
from ecslab.controlplane.changing import changed
from ecslab.controlplane.state import Definition, State, Token
from ecslab.model.container_instance import ContainerInstance
from ecslab.model.lifecycle import check_move
from ecslab.model.load_balancer import Target
from ecslab.model.task import Container, Task
from ecslab.model.task_definition import TaskDefinition
from ecslab.model.wire import from_wire

RESPONSE_ONLY = ("status", "revision", "taskDefinitionArn", "requiresAttributes", "compatibilities")
"""Members of a described task definition that RegisterTaskDefinition does not take."""


def evolve(state: State, fact: f.Fact) -> State:
    """The state after the fact. Raises `IllegalMoveError` for a step no task can take."""
    return _STEPS[type(fact)](state, fact)


# -- clusters, task definitions, labels and settings ----------------------------------------------


def _cluster_set(state: State, fact: f.ClusterCreated | f.ClusterChanged) -> State:
    cluster = fact.cluster
    return changed(state, clusters=state.clusters.set(cluster.arn, cluster))


def _cluster_deleted(state: State, fact: f.ClusterDeleted) -> State:
    gone = changed(state.clusters[fact.cluster_arn], status="INACTIVE")
    return changed(state, clusters=state.clusters.set(gone.arn, gone))


def _definition_registered(state: State, fact: f.DefinitionRegistered) -> State:
    wanted = {k: v for k, v in fact.document.items() if k not in RESPONSE_ONLY}
    definition = Definition(
        arn=fact.arn,
        family=fact.family,
        revision=fact.revision,
        value=from_wire(TaskDefinition, wanted),
        document=fact.document,
        registered_at=fact.at,
        registered_by=fact.registered_by,
    )
    return changed(
        state,
        definitions=state.definitions.set(fact.arn, definition),
        families=state.families.set(fact.arn.rpartition(":")[0], fact.revision),
    )


def _definition_deregistered(state: State, fact: f.DefinitionDeregistered) -> State:
    old = state.definitions[fact.arn]
    gone = replace(old, status="INACTIVE", deregistered_at=fact.at)
    return changed(state, definitions=state.definitions.set(fact.arn, gone))


def _definition_delete_requested(state: State, fact: f.DefinitionDeleteRequested) -> State:
    old = state.definitions[fact.arn]
    going = replace(old, status="DELETE_IN_PROGRESS", delete_requested_at=fact.at)
    return changed(
        state,
        definitions=state.definitions.set(fact.arn, going),
        deleting=state.deleting.set(fact.arn, True),
    )


def _definition_deleted(state: State, fact: f.DefinitionDeleted) -> State:
    tags = state.tags.delete(fact.arn) if fact.arn in state.tags else state.tags
    return changed(
        state,
        definitions=state.definitions.delete(fact.arn),
        deleting=state.deleting.delete(fact.arn),
        tags=tags,
    )


def _tags_set(state: State, fact: f.TagsSet) -> State:
    return changed(state, tags=state.tags.set(fact.resource_arn, fact.tags))


def _account_setting_set(state: State, fact: f.AccountSettingSet) -> State:
    key = (fact.name, fact.principal)
    return changed(state, settings=state.settings.set(key, fact.value))


def _account_setting_deleted(state: State, fact: f.AccountSettingDeleted) -> State:
    return changed(state, settings=state.settings.delete((fact.name, fact.principal)))


def _provider_set(state: State, fact: f.ProviderSet) -> State:
    return changed(state, providers=state.providers.set(fact.provider.arn, fact.provider))


# -- container instances --------------------------------------------------------------------------


def _instance_joined(state: State, fact: f.InstanceJoined) -> State:
    state = changed(
        state,
        instances=state.instances.set(fact.instance.arn, fact.instance),
        index=ix.instance_joined(state.index, fact.instance),
    )
    return watch.instances_changed(state, fact.instance.cluster_arn)


def _change_instance(state: State, arn: str, **changes: Any) -> State:
    old = state.instances[arn]
    new = replace(old, version=old.version + 1, **changes)
    state = changed(
        state,
        instances=state.instances.set(arn, new),
        index=ix.instance_changed(state.index, new) if new.status != "INACTIVE" else state.index,
    )
    state = watch.instance_status_changed(state, new, old.status)
    return watch.instances_changed(state, new.cluster_arn)


def _instance_connection(state: State, fact: f.InstanceConnectionChanged) -> State:
    return _change_instance(state, fact.instance_arn, connected=fact.connected)


def _instance_status(state: State, fact: f.InstanceStatusChanged) -> State:
    return _change_instance(state, fact.instance_arn, status=fact.status)


def _instance_attributes(state: State, fact: f.InstanceAttributesSet) -> State:
    return _change_instance(state, fact.instance_arn, attributes=fact.attributes)


def _instance_left(state: State, fact: f.InstanceLeft) -> State:
    old: ContainerInstance = state.instances[fact.instance_arn]
    registered = old.status != "INACTIVE"
    changes: dict[str, Any] = {"status": "INACTIVE", "terminated": fact.terminated}
    changes |= {"left_at": fact.at, "connected": old.connected and not fact.terminated}
    state = _change_instance(state, old.arn, **changes)
    return changed(
        state,
        index=ix.instance_left(state.index, old) if registered else state.index,
        left=state.left.push(fact.at, old.arn) if fact.terminated else state.left,
    )


def _instance_forgotten(state: State, fact: f.InstanceForgotten) -> State:
    old = state.instances[fact.instance_arn]
    return changed(
        state,
        instances=state.instances.delete(old.arn),
        tags=state.tags.delete(old.arn) if old.arn in state.tags else state.tags,
        index=ix.instance_forgotten(state.index, old),
        left=state.left.pop(),
    )


# -- tasks ----------------------------------------------------------------------------------------


def _task_created(state: State, fact: f.TaskCreated) -> State:
    task = fact.task
    state = changed(
        state,
        tasks=state.tasks.set(task.arn, task),
        tags=state.tags.set(task.arn, task.tags) if task.tags else state.tags,
        index=ix.task_entered(state.index, task),
    )
    state = watch.task_entered(state, task)
    return services.task_started(state, task) if task.service_arn else state


def _change_task(state: State, arn: str, **changes: Any) -> State:
    old = state.tasks[arn]
    new = changed(old, version=old.version + 1, **changes)
    proven = bool(new.service_arn) and not new.proven and new.fit
    if proven:
        new = replace(new, proven=True)
    state = changed(
        state,
        tasks=state.tasks.set(arn, new),
        index=ix.task_changed(state.index, old, new),
    )
    state = watch.task_changed(state, old, new)
    return services.task_proven(state, new) if proven else state


def _task_moved(state: State, fact: f.TaskMoved) -> State:
    task = state.tasks[fact.task_arn]
    check_move(task.status, fact.status)
    changes: dict[str, Any] = {"status": fact.status, "changed_at": fact.at}
    changes |= _moments(task, fact)
    if fact.status == "STOPPED":
        changes["containers"] = tuple(_ended(one) for one in task.containers)
        state = changed(state, stopped=state.stopped.push(fact.at, task.arn))
    state = _change_task(state, task.arn, **changes)
    if not task.service_arn:
        return state
    if fact.status == "STOPPED":
        return services.task_ended(state, task, fact.at)
    return services.task_runs(state, task) if fact.status == "RUNNING" else state


def _moments(task: Task, fact: f.TaskMoved) -> dict[str, float]:
    """The times a step sets."""
    moments: dict[str, float] = {}
    if task.connected_at is None and fact.status in ("ACTIVATING", "RUNNING"):
        moments["connected_at"] = fact.at
    if fact.status == "RUNNING":
        moments["started_at"] = fact.at
    if fact.status in ("DEPROVISIONING", "STOPPED") and task.execution_stopped_at is None:
        moments["execution_stopped_at"] = fact.at
    if fact.status == "STOPPED":
        moments["stopped_at"] = fact.at
    return moments


def _ended(container: Container) -> Container:
    return container if container.status == "STOPPED" else replace(container, status="STOPPED")


def _task_stop_requested(state: State, fact: f.TaskStopRequested) -> State:
    return _change_task(
        state,
        fact.task_arn,
        desired="STOPPED",
        stopping_at=fact.at,
        stop_code=fact.stop_code,
        stopped_reason=fact.reason,
    )


def _change_container(state: State, arn: str, name: str, **changes: Any) -> State:
    containers = tuple(
        replace(one, **changes) if one.name == name else one for one in state.tasks[arn].containers
    )
    return _change_task(state, arn, containers=containers)


def _container_changed(state: State, fact: f.ContainerChanged) -> State:
    changes: dict[str, Any] = {"status": fact.status}
    if fact.exit_code is not None:
        changes["exit_code"] = fact.exit_code
    for name in ("reason", "runtime_id", "image_digest", "bindings"):
        value = getattr(fact, name)
        if value:
            changes[name] = value
    return _change_container(state, fact.task_arn, fact.container, **changes)


def _health_changed(state: State, fact: f.HealthChanged) -> State:
    return _change_container(state, fact.task_arn, fact.container, health=fact.health)


def _pull_changed(state: State, fact: f.PullChanged) -> State:
    name = "pull_stopped_at" if fact.finished else "pull_started_at"
    return _change_task(state, fact.task_arn, **{name: fact.at})


def _target_registered(state: State, fact: f.TargetRegistered) -> State:
    kept = _other_targets(state, fact.task_arn, fact.target)
    return _change_task(state, fact.task_arn, targets=(*kept, fact.target))


def _target_deregistered(state: State, fact: f.TargetDeregistered) -> State:
    return _target_set(state, fact.task_arn, fact.target, {"state": "draining", "since": fact.at})


def _target_changed(state: State, fact: f.TargetChanged) -> State:
    if fact.state == "gone":
        kept = _other_targets(state, fact.task_arn, fact.target)
        return _change_task(state, fact.task_arn, targets=kept)
    said = {"reason": fact.reason, "description": fact.description, "since": fact.at}
    return _target_set(state, fact.task_arn, fact.target, {"state": fact.state, **said})


def _target_set(state: State, task_arn: str, target: Target, changes: dict[str, Any]) -> State:
    targets = tuple(
        replace(one, **changes) if one.key == target.key else one
        for one in state.tasks[task_arn].targets
    )
    return _change_task(state, task_arn, targets=targets)


def _other_targets(state: State, task_arn: str, target: Target) -> tuple[Target, ...]:
    return tuple(one for one in state.tasks[task_arn].targets if one.key != target.key)


def _task_forgotten(state: State, fact: f.TaskForgotten) -> State:
    task = state.tasks[fact.task_arn]
    return changed(
        state,
        tasks=state.tasks.delete(task.arn),
        tags=state.tags.delete(task.arn) if task.arn in state.tags else state.tags,
        stopped=state.stopped.pop(),
        index=ix.task_forgotten(state.index, task),
    )


def _task_settled(state: State, fact: f.TaskSettled) -> State:
    return _change_task(state, fact.task_arn, settled=True)


def _task_found_ill(state: State, fact: f.TaskFoundIll) -> State:
    return _change_task(state, fact.task_arn, ill=fact.reason)


def _task_protected(state: State, fact: f.TaskProtected) -> State:
    return _change_task(state, fact.task_arn, protected_until=fact.until)


def _token_used(state: State, fact: f.TokenUsed) -> State:
    key = (fact.cluster_arn, fact.token)
    token = Token(fact.at, fact.fingerprint, fact.task_arns, fact.failures)
    return changed(
        state,
        tokens=state.tokens.set(key, token),
        used_tokens=state.used_tokens.push(fact.at, "\n".join(key)),
    )


def _token_forgotten(state: State, fact: f.TokenForgotten) -> State:
    key = (fact.cluster_arn, fact.token)
    return changed(state, tokens=state.tokens.delete(key), used_tokens=state.used_tokens.pop())


_STEPS: dict[type[f.Fact], Callable[[State, Any], State]] = {
    f.ClusterCreated: _cluster_set,
    f.ClusterChanged: _cluster_set,
    f.ClusterDeleted: _cluster_deleted,
    f.DefinitionRegistered: _definition_registered,
    f.DefinitionDeregistered: _definition_deregistered,
    f.DefinitionDeleteRequested: _definition_delete_requested,
    f.DefinitionDeleted: _definition_deleted,
    f.TagsSet: _tags_set,
    f.AccountSettingSet: _account_setting_set,
    f.AccountSettingDeleted: _account_setting_deleted,
    f.ProviderSet: _provider_set,
    f.InstanceJoined: _instance_joined,
    f.InstanceConnectionChanged: _instance_connection,
    f.InstanceStatusChanged: _instance_status,
    f.InstanceAttributesSet: _instance_attributes,
    f.InstanceLeft: _instance_left,
    f.InstanceForgotten: _instance_forgotten,
    f.TaskCreated: _task_created,
    f.TaskMoved: _task_moved,
    f.TaskStopRequested: _task_stop_requested,
    f.ContainerChanged: _container_changed,
    f.HealthChanged: _health_changed,
    f.PullChanged: _pull_changed,
    f.TargetRegistered: _target_registered,
    f.TargetDeregistered: _target_deregistered,
    f.TargetChanged: _target_changed,
    f.TaskForgotten: _task_forgotten,
    f.TaskSettled: _task_settled,
    f.TaskFoundIll: _task_found_ill,
    f.TaskProtected: _task_protected,
    f.TokenUsed: _token_used,
    f.TokenForgotten: _token_forgotten,
    **services.STEPS,
}

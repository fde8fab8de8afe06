"""The life of a CloudFormation stack: made, seen to be made, deleted without a rest."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap

_log = logging.getLogger(__name__)
_SEEN_AS = {
    "CREATE_COMPLETE": "CREATE_IN_PROGRESS",
    "UPDATE_COMPLETE": "UPDATE_IN_PROGRESS",
    "DELETE_COMPLETE": "DELETE_IN_PROGRESS",
    "ROLLBACK_COMPLETE": "ROLLBACK_IN_PROGRESS",
}


def network_parts_can_be_deleted() -> None:
    """Route tables, their associations and internet gateways of a stack are never deleted, so
    neither can be its VPC.
    """
    from moto.ec2.models import internet_gateways, route_tables, subnets

    for owner, delete in (
        (route_tables.RouteTable, _delete_route_table),
        (subnets.SubnetRouteTableAssociation, _delete_association),
        (internet_gateways.InternetGateway, _delete_gateway),
    ):
        vars_of: Any = owner
        vars_of.delete = delete


def _delete_route_table(table: Any, account: str, region: str) -> None:
    for association in list(table._associations):
        table.ec2_backend.disassociate_route_table(association)
    table.ec2_backend.delete_route_table(table.id)


def _delete_association(association: Any, account: str, region: str) -> None:
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[account][region]
    table = backend.get_route_table(association.route_table_id)
    for at, subnet in list(table._associations.items()):
        if subnet == association.subnet_id:
            backend.disassociate_route_table(at)


def _delete_gateway(gateway: Any, account: str, region: str) -> None:
    if gateway.vpc:
        gateway.ec2_backend.detach_internet_gateway(gateway.id, gateway.vpc.id)
    gateway.ec2_backend.delete_internet_gateway(gateway.id)


def resources_are_deleted_last_made_first() -> None:
    """Resources are deleted in the order of a set, again and again until it works."""
    from moto.cloudformation.parsing import ResourceMap

    def delete(plain: Any, resources: Any) -> None:
        described = resources._resource_json_map
        for name in reversed(list(resources._parsed_resources)):
            made = resources._parsed_resources[name]
            if name in described and described[name].get("DeletionPolicy") != "Retain":
                with suppress(Exception):  # plain tries again, and raises what stays
                    if made is not None:
                        resources._delete_resource(made, described[name])
                    del resources._parsed_resources[name]
        plain(resources)

    wrap(ResourceMap, "delete", delete)


def failed_deletions_leave_the_stack() -> None:
    """A stack whose deletion fails is gone; on AWS it stays as DELETE_FAILED and says why."""
    from moto.cloudformation.models import CloudFormationBackend

    def delete(plain: Any, backend: Any, name_or_id: str) -> None:
        stacks = dict(backend.stacks)
        try:
            plain(backend, name_or_id)
        except Exception as error:  # noqa: BLE001  whatever a resource raised is the reason
            gone = [stack for at, stack in stacks.items() if at not in backend.stacks]
            for stack in gone:
                backend.stacks[stack.stack_id] = stack
                stack.status = "DELETE_FAILED"
                stack._add_stack_event("DELETE_FAILED", _words(error))

    wrap(CloudFormationBackend, "delete_stack", delete)


def nothing_is_made_by_looking() -> None:
    """Looking at the outputs or resources of a deleted stack makes them again."""
    from moto.cloudformation.models import Stack

    def delete(plain: Any, stack: Any) -> None:
        try:
            plain(stack)
        finally:
            _keep_what_is_there(stack)

    wrap(Stack, "delete", delete)


def _keep_what_is_there(stack: Any) -> None:
    resources = stack.resource_map
    made = resources._parsed_resources
    described = resources._resource_json_map
    resources._resource_json_map = {k: v for k, v in described.items() if k in made}
    stack.output_map._output_json_map = {}


def failed_creations_are_rolled_back() -> None:
    """A resource that cannot be made leaves its stack in progress for ever."""
    from moto.cloudformation.exceptions import ValidationError
    from moto.cloudformation.models import Stack, cloudformation_backends

    def create(plain: Any, stack: Any) -> None:
        try:
            plain(stack)
        except ValidationError:
            _take_back(stack)
            cloudformation_backends[stack.account_id][stack.region_name].stacks.pop(stack.stack_id)
            raise
        except Exception as error:  # noqa: BLE001  whatever a resource raised is the reason
            _log.info("stack %s is rolled back", stack.name, exc_info=error)
            stack._add_stack_event("ROLLBACK_IN_PROGRESS", _words(error))
            _take_back(stack)
            stack.status = "ROLLBACK_COMPLETE"
            stack._add_stack_event("ROLLBACK_COMPLETE")

    wrap(Stack, "create_resources", create)


def _take_back(stack: Any) -> None:
    with suppress(Exception):
        stack.resource_map.delete()
    _keep_what_is_there(stack)


def _words(error: Exception) -> str:
    return str(getattr(error, "message", "") or error or type(error).__name__)


def progress_is_seen() -> None:
    """A stack is complete in the answer that makes it: CREATE_IN_PROGRESS never appears."""
    from moto.cloudformation import models

    stack: Any = models.Stack
    stack.status = property(_seen_status, _set_status)
    wrap(models.CloudFormationBackend, "describe_stack_events", _events_so_far)
    wrap(models.CloudFormationBackend, "describe_stacks", _with_those_being_deleted)
    wrap(models.Stack, "mark_creation_complete", _tell_of_resources)


def _seen_status(stack: Any) -> str:
    status: str = vars(stack)["status"]
    since: float = vars(stack)["since"]
    return _SEEN_AS.get(status, status) if time.time() < since + _pace() else status


def _set_status(stack: Any, status: str) -> None:
    since = 0.0 if world.replaying else time.time()
    vars(stack).update(status=status, since=since)


def _pace() -> float:
    return world.progress_seconds


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)


def _events_so_far(plain: Any, backend: Any, stack_name: str) -> Any:
    now = _moment(world.time())
    return [event for event in plain(backend, stack_name) if event.timestamp <= now]


def _with_those_being_deleted(plain: Any, backend: Any, name: str) -> Any:
    try:
        return plain(backend, name)
    except Exception:
        for stack in reversed(list(backend.deleted_stacks.values())):
            if stack.name == name and stack.status == "DELETE_IN_PROGRESS":
                return [stack]
        raise


def _tell_of_resources(plain: Any, stack: Any) -> None:
    """The events of each resource, spread over the time the stack is seen in progress."""
    from moto.cloudformation.models import Event

    made = [(n, r) for n, r in stack.resource_map._parsed_resources.items() if _is_resource(r)]
    for number, (name, resource) in enumerate(made, 1):
        for status, share in (("CREATE_IN_PROGRESS", number - 1), ("CREATE_COMPLETE", number)):
            event = Event(
                stack_id=stack.stack_id,
                stack_name=stack.name,
                logical_resource_id=name,
                physical_resource_id=str(resource.physical_resource_id),
                resource_type=resource.cf_resource_type,
                resource_status=status,
                resource_status_reason=None,
                resource_properties=None,
            )
            event.timestamp += timedelta(seconds=_pace() * share / len(made))
            stack.events.append(event)
    plain(stack)
    stack.events[-1].timestamp += timedelta(seconds=_pace())


def _is_resource(value: Any) -> bool:
    return hasattr(value, "cf_resource_type")

"""The IAM roles a task or a service names: whether ECS may use them.

Sources: ECS API (RunTask, CreateService `role`); developer guide, "Amazon ECS task IAM role" and
"service-linked roles"; texts seen in public issues. The service-linked role itself needs no check:
on AWS as here ECS makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecslab.controlplane.context import Context
from ecslab.controlplane.find import invalid
from ecslab.model.service import Door
from ecslab.model.task_definition import TaskDefinition

_LINKED = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"


def not_for_tasks(
    definition: TaskDefinition, overrides: Mapping[str, Any], context: Context
) -> str:
    """What ECS says of the first role a task is to have and cannot get; "" where all is well."""
    if context.outside is None:
        return ""
    for name in (
        overrides.get("taskRoleArn") or definition.task_role_arn,
        overrides.get("executionRoleArn") or definition.execution_role_arn,
    ):
        arn = _arn(name, context) if name else ""
        if arn and not context.outside.tasks_may_assume(arn):
            return (
                f"ECS was unable to assume the role '{arn}' that was provided for this task. "
                "Please verify that the role being passed has the proper trust relationship and "
                "permissions and that your IAM user has permissions to pass this role."
            )
    return ""


def of_service(
    name: str | None, doors: Iterable[Door], definition: TaskDefinition, context: Context
) -> str:
    """The ARN of the role that registers a service's targets: the linked one, or the one named.

    "" where there is nothing to register. Raises AwsError where the role may not be named or
    cannot be assumed.
    """
    if not name:
        return _arn(_LINKED, context) if any(doors) else ""
    if (definition.network_mode or "bridge") == "awsvpc":
        raise invalid(
            "You cannot specify an IAM role for services that require a service linked role."
        )
    if not any(doors):
        raise invalid("A role is only for services that use load balancers: leave out role.")
    arn = _arn(name, context)
    linked = arn == _arn(_LINKED, context)
    if not linked and context.outside and not context.outside.ecs_may_assume(arn):
        raise invalid(
            "Unable to assume role and validate the specified targetGroupArn. Please verify that "
            "the ECS service role being passed has the proper permissions."
        )
    return arn


def _arn(name: str, context: Context) -> str:
    return name if name.startswith("arn:") else f"arn:aws:iam::{context.account}:role/{name}"

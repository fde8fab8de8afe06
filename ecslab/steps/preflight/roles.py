"""The roles that consoles and tutorials take for granted: there, or made with consent.

Sources: developer guide, "Amazon ECS container instance IAM role", "Amazon ECS task execution IAM
role", "Using service-linked roles for Amazon ECS".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.finding import Finding
from ecslab.steps.preflight import simulating
from ecslab.steps.preflight.asking import Answer, Asker
from ecslab.steps.preflight.table import INSTANCE_ROLE, LEARNER, LINKED, TASK_ROLE

_ = translator("steps")

ECS = "ecs.amazonaws.com"
LINKED_ROLE = LINKED[ECS]
MAKE = "ecslab doctor --target aws --make-roles"
_THERE = ("EntityAlreadyExists", "EntityAlreadyExistsException")
_TAKEN = "has been taken"


class Role(NamedTuple):
    """A role, who may take it on, and what it may do."""

    name: str
    trusted: str
    policy: str
    """The last part of the ARN of AWS's managed policy."""
    profile: bool
    """Whether instances take it on, by an instance profile of the same name."""


ROLES = (
    Role(INSTANCE_ROLE, "ec2", "service-role/AmazonEC2ContainerServiceforEC2Role", True),
    Role(TASK_ROLE, "ecs-tasks", "service-role/AmazonECSTaskExecutionRolePolicy", False),
)


def roles(asker: Asker) -> list[Finding]:
    """Whether each is there."""
    return [*(_default(asker, role) for role in ROLES), _linked(asker)]


def _default(asker: Asker, role: Role) -> Finding:
    found = asker.ask("iam", "get_role", RoleName=role.name)
    if found.error is None and role.profile:
        found = asker.ask("iam", "get_instance_profile", InstanceProfileName=role.name)
        listed = found.value["InstanceProfile"]["Roles"] if found.value else []
        if found.error is None and role.name not in [one["RoleName"] for one in listed]:
            return _lacking(asker, role.name, _("its instance profile does not hold it"))
    if found.error is None:
        return Finding(role.name, "ready", _("is there"))
    if found.code == "NoSuchEntity":
        return _lacking(
            asker,
            role.name,
            _("the notebooks do not need it, other tutorials do"),
        )
    return _untold(asker, role.name, found)


def _lacking(asker: Asker, name: str, detail: Text) -> Finding:
    remedy = _("`{make}{option}` makes it, and asks first.", make=MAKE, option=asker.option)
    return Finding(name, "optional", detail, remedy)


def _untold(asker: Asker, name: str, answer: Answer) -> Finding:
    assert answer.error is not None
    return Finding(
        name,
        "warning",
        _("not told: {why}", why=answer.error.message),
        _("Whoever may look: `aws iam get-role --role-name {name}{option}`.", name=name,
          option=asker.option),
    )  # fmt: skip


def _linked(asker: Asker) -> Finding:
    found = asker.ask("iam", "get_role", RoleName=LINKED_ROLE)
    if found.error is None:
        return Finding(LINKED_ROLE, "ready", _("is there"))
    if found.code == "NoSuchEntity":
        may = _may_be_made(asker)
        detail = (
            _("the first cluster makes it")
            if may
            else _("ECS cannot work without it, and you may not have it made")
        )
        remedy = _("To make it now: `aws iam create-service-linked-role --aws-service-name "
                   "{service}{option}`, or `{make}{option}`.",
                   service=ECS, make=MAKE, option=asker.option)  # fmt: skip
        return Finding(LINKED_ROLE, "optional" if may else "missing", detail, remedy)
    return _untold(asker, LINKED_ROLE, found)


def _may_be_made(asker: Asker) -> bool:
    """Whether IAM lets ECS make its role for this user; taken for granted where IAM is silent."""
    source = simulating.principal(asker)
    if not source:
        return True
    grant = next(one for one in LEARNER if one.sid == "RolesOfServices")
    answer = simulating.ask(asker, source, grant, ["iam:CreateServiceLinkedRole"])
    return answer.error is not None or all(map(simulating.allowed, answer.value))


def missing(asker: Asker) -> list[str]:
    """The names of those that are not there, to be shown before they are made."""
    return [str(one.name) for one in roles(asker) if one.state != "ready"]


def make(asker: Asker) -> Iterator[str]:
    """Make what is not there; yields the name of each role once it is. Raises EcslabError."""
    suffix = ".cn" if asker.partition == "aws-cn" else ""
    for role in ROLES:
        _make_role(asker, role, f"{role.trusted}.amazonaws.com{suffix}")
        yield role.name
    _done(asker.ask("iam", "create_service_linked_role", AWSServiceName=ECS))
    yield LINKED_ROLE


def _make_role(asker: Asker, role: Role, service: str) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    _done(asker.ask("iam", "create_role", RoleName=role.name, AssumeRolePolicyDocument=document))
    policy = f"arn:{asker.partition}:iam::aws:policy/{role.policy}"
    _done(asker.ask("iam", "attach_role_policy", RoleName=role.name, PolicyArn=policy))
    if role.profile:
        _make_profile(asker, role.name)


def _make_profile(asker: Asker, name: str) -> None:
    _done(asker.ask("iam", "create_instance_profile", InstanceProfileName=name))
    found = asker.ask("iam", "get_instance_profile", InstanceProfileName=name)
    _done(found)
    if not found.value["InstanceProfile"]["Roles"]:
        _done(
            asker.ask(
                "iam", "add_role_to_instance_profile", InstanceProfileName=name, RoleName=name
            )
        )


def _done(answer: Answer) -> None:
    """Raise what went wrong, unless it is there already."""
    if answer.error is None or answer.code in _THERE or _TAKEN in str(answer.error.message):
        return
    raise EcslabError(answer.error.message, answer.error.hint)

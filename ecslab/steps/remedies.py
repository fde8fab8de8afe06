"""What AWS refuses with, and what to do about it: a table.

Source of the codes: the "Common errors" of each API reference, and botocore's service models.
"""

from __future__ import annotations

import re

from ecslab.locale import Text, translator
from ecslab.steps.easing import SLOW_DOWN
from ecslab.steps.known import without_secrets

_ = translator("steps")

EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")
DENIED = (
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "UnauthorizedAccess",
    "AuthorizationError",
    "NotAuthorized",
)
UNKNOWN = (
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "InvalidAccessKeyId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
)
UNSIGNED = ("SignatureDoesNotMatch", "InvalidSignatureException")
CLOCK = ("RequestTimeTooSkewed", "RequestInTheFuture")
NOT_ENABLED = ("OptInRequired", "SubscriptionRequiredException", "OptInRequiredException")
POLICY = "iam/README.md"
"""Where the repository tells of the least policies that suffice."""

_ACTION = re.compile(r"perform: ([\w-]+:\w+)")
_CLOCK = re.compile(r"Signature (?:expired|not yet current)|is (?:now )?(?:earlier|later) than")
_LONGEST = 600
"""Characters of AWS's own words; the canonical string of a signature, say, tells nobody more."""


def scrubbed(text: str) -> str:
    """AWS's words on one line, without keys, tokens and passwords, shortened where it is endless.

    A signature that does not match is answered with all that was signed, the session token too.
    """
    line = without_secrets(" ".join(text.split()))
    return line if len(line) <= _LONGEST else line[:_LONGEST].rstrip() + " …"


def is_clock(code: str, text: str) -> bool:
    """Whether the request was refused since this machine's clock is wrong."""
    return code in CLOCK or bool(_CLOCK.search(text))


def is_identity(code: str) -> bool:
    """Whether the request was refused for who signed it and when."""
    return code in (*EXPIRED, *UNKNOWN, *UNSIGNED)


def denied_action(code: str, text: str, operation: str) -> str:
    """The action a policy has to allow, as far as it is told: ``ecs:CreateCluster``."""
    told = _ACTION.search(text)
    if told:
        return told[1]
    return f"ec2:{operation}" if code == "UnauthorizedOperation" else operation


def hint(code: str, text: str, operation: str = "") -> Text | None:
    """What to do about an answer of AWS with this error code and text; None if it says itself."""
    if code in DENIED:
        return _permission(denied_action(code, text, operation), text)
    if code in UNKNOWN:
        return _(
            "AWS does not know these credentials: check the profile and the region "
            "(one that has to be enabled first knows nobody before)."
        )
    if code in NOT_ENABLED:
        return _("Choose another region, or have this one enabled for the account.")
    if code in SLOW_DOWN:
        return _("Too many calls at once on this account: wait a moment and try again.")
    return remedy(f"{code}: {text}")


def _permission(action: str, text: str) -> Text:
    if "service control policy" in text:
        return _(
            "The account's organization forbids {action} (a service control policy): ask whoever "
            "runs it for another region or account.",
            action=action,
        )
    return _(
        "Your user or role lacks this permission: ask whoever runs the account for {action}. "
        "{policy} has all that the workshop needs.",
        action=action,
        policy=POLICY,
    )


def remedy(text: str) -> Text | None:
    """What to do about an error by its words; CloudFormation hands on those of other services."""
    return next((what for part, what in _REMEDIES.items() if part in text), None)


_VCPU = _(
    "The account may run no more vCPUs: stop instances, or ask for a higher quota "
    '(Service Quotas, EC2, "Running On-Demand Standard instances").'
)
_VPC = _(
    "The account has no VPC left (5 a region by default): lab.cleanup() removes yours; or ask for "
    "a higher quota (Service Quotas, VPC)."
)
_ADDRESS = _("The account has no public address left: clean up, or ask for a higher quota.")
_SERVICE_ROLE = _(
    "Make ECS's service-linked role once an account: "
    "`aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`."
)
_SHORT = _("AWS has no machine of this type free here now: try another type or region, or wait.")
_QUOTA = _("The account's quota is used up: clean up, or ask for a higher quota.")
_REGISTER = _("Register it first: lab.register_task_definition(...).")
_CONTACT = _("AWS has to clear this account first: look into its e-mail, or ask AWS Support.")

_REMEDIES: dict[str, Text] = {
    "VcpuLimitExceeded": _VCPU,
    "more vCPU capacity than your current vCPU limit": _VCPU,
    "VpcLimitExceeded": _VPC,
    "maximum number of VPCs has been reached": _VPC,
    "AddressLimitExceeded": _ADDRESS,
    "maximum number of addresses has been reached": _ADDRESS,
    "service linked role": _SERVICE_ROLE,
    "service-linked role": _SERVICE_ROLE,
    "InsufficientInstanceCapacity": _SHORT,
    "do not have sufficient": _SHORT,
    "PendingVerification": _CONTACT,
    "This account is currently blocked": _CONTACT,
    "ClusterNotFoundException": _(
        "Create the cluster first: lab.create_cluster(). Names are case sensitive."
    ),
    "No Container Instances were found": _(
        "The cluster has no machine: create it with template='EC2', or wait until the instances "
        "have joined."
    ),
    "TaskDefinition not found": _REGISTER,
    "Unable to describe task definition": _REGISTER,
    "TaskDefinition is inactive": _("It was deregistered: register it again."),
    "execute command was not enabled": _(
        "Run the task (or update its service) with enableExecuteCommand=True; a task that runs "
        "already cannot be changed."
    ),
    "Role is not valid": _("Leave the role out, or give the ARN of a role that exists."),
    "ClusterContainsTasksException": _("Stop its tasks first: lab.cleanup() does it in order."),
    "ClusterContainsContainerInstancesException": _("lab.cleanup() removes all in order."),
    "LimitExceeded": _QUOTA,
    "TooManyLoadBalancers": _QUOTA,
    "TooManyTargetGroups": _QUOTA,
    "ServiceQuotaExceeded": _QUOTA,
    "not authorized to perform": _(
        "Whoever made the stack lacks this permission: ask whoever runs the account. {policy} has "
        "all that the workshop needs.",
        policy=POLICY,
    ),
}

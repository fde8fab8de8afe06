"""An AWS that answers as a test says: real boto3 clients, answers checked against AWS's shapes."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader
from botocore.validate import ParamValidator

from tests.iam.evaluator import allows

ACCOUNT = "123456789012"
USER = f"arn:aws:iam::{ACCOUNT}:user/ken"
KEY, SECRET = "AKIAPREFLIGHT0000001", "planted"
_LOADER = Loader(include_default_search_paths=True)
"""It reads each service's model once for all sessions."""
ANY: dict[str, Any] = {
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
"""The policy of an administrator."""


class Refused(NamedTuple):
    """An answer that is an error."""

    code: str
    message: str = "no"
    status: int = 400


Answer = Mapping[str, Any] | Refused | Exception
Says = Answer | Callable[[Mapping[str, Any]], Answer]


def zones(*names: str, kind: str = "t2.micro") -> dict[str, Any]:
    """What DescribeInstanceTypeOfferings answers."""
    offers = [
        {"InstanceType": kind, "LocationType": "availability-zone", "Location": name}
        for name in names
    ]
    return {"InstanceTypeOfferings": offers}


def simulating(policy: Mapping[str, Any], **more: Any) -> Callable[[Mapping[str, Any]], Answer]:
    """IAM's word on a user with this policy; `more` goes into every result."""

    def simulated(asked: Mapping[str, Any]) -> Answer:
        context = {
            one["ContextKeyName"]: one["ContextKeyValues"][0] for one in asked["ContextEntries"]
        }
        results = []
        for action in asked["ActionNames"]:
            assert "*" not in action, "IAM simulates no wildcards"
            parts = [
                {
                    "EvalResourceName": arn,
                    "EvalResourceDecision": "allowed"
                    if allows(policy, action, arn, context)
                    else "implicitDeny",
                }
                for arn in asked["ResourceArns"]
            ]
            decision = parts[0]["EvalResourceDecision"]
            one = {"EvalActionName": action, "EvalDecision": decision, **more}
            results.append({**one, "ResourceSpecificResults": parts} if len(parts) > 1 else one)
        return {"EvaluationResults": results, "IsTruncated": False}

    return simulated


def roles_there(asked: Mapping[str, Any]) -> Answer:
    """GetRole where every role is there."""
    return {"Role": role(asked["RoleName"])}


def role(name: str, path: str = "/") -> dict[str, Any]:
    """A role as IAM gives it."""
    arn = f"arn:aws:iam::{ACCOUNT}:role{path}{name}"
    return {"Path": path, "RoleName": name, "RoleId": "A" * 16, "Arn": arn, "CreateDate": 0}


def profile(*names: str) -> dict[str, Any]:
    """An instance profile with these roles."""
    arn = f"arn:aws:iam::{ACCOUNT}:instance-profile/ecsInstanceRole"
    named = {"InstanceProfileName": "ecsInstanceRole", "InstanceProfileId": "A" * 16}
    held = [role(name) for name in names]
    found = {"Path": "/", "Arn": arn, "CreateDate": 0, "Roles": held}
    return {"InstanceProfile": {**named, **found}}


def quotas(**values: float) -> Callable[[Mapping[str, Any]], Answer]:
    """GetServiceQuota: 100 of everything but what is named (code without its dash)."""
    return lambda asked: {
        "Quota": {"Value": values.get(asked["QuotaCode"].replace("-", ""), 100.0)}
    }


def good() -> dict[str, Says]:
    """An account in which everything is as it should be."""
    return {
        "sts.GetCallerIdentity": {"UserId": "A", "Account": ACCOUNT, "Arn": USER},
        "iam.ListAccountAliases": {"AccountAliases": ["class"], "IsTruncated": False},
        "iam.SimulatePrincipalPolicy": simulating(ANY),
        "iam.GetRole": roles_there,
        "iam.GetInstanceProfile": profile("ecsInstanceRole"),
        "ec2.DescribeInstanceTypeOfferings": zones("us-east-1a", "us-east-1b", "us-east-1c"),
        "ec2.DescribeInstances": {"Reservations": []},
        "ec2.DescribeVpcs": {"Vpcs": []},
        "ec2.DescribeInternetGateways": {"InternetGateways": []},
        "ec2.DescribeAddresses": {"Addresses": []},
        "elasticloadbalancing.DescribeLoadBalancers": {"LoadBalancers": []},
        "servicequotas.GetServiceQuota": quotas(),
    }


class Aws:
    """The account: `says` is what it answers, `asked` what it was asked."""

    def __init__(self, region: str | None = "us-east-1") -> None:
        own = botocore.session.Session()
        own.register_component("data_loader", _LOADER)
        own.set_credentials(KEY, SECRET)
        self.session = boto3.Session(region_name=region, botocore_session=own)
        self.says = good()
        self.ahead = 0.0
        """Seconds this machine's clock is ahead of AWS's."""
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.session.events.register("provide-client-params", self._note)
        self.session.events.register("before-call", self._answer)

    def open(self) -> boto3.Session:
        """The session."""
        return self.session

    def _note(self, params: dict[str, Any], context: dict[str, Any], **_rest: Any) -> None:
        context["asked"] = params

    def _answer(self, model: Any, context: dict[str, Any], **_rest: Any) -> Any:
        name = f"{model.service_model.signing_name}.{model.name}"
        asked = context.get("asked", {})
        self.asked.append((name, asked))
        says = self.says.get(name, Refused("NotSaid", f"the test says nothing of {name}"))
        answer = says(asked) if callable(says) else says
        if isinstance(answer, Exception):
            raise answer
        moment = email.utils.formatdate(time.time() - self.ahead, usegmt=True)
        meta = {"HTTPHeaders": {"date": moment}, "HTTPStatusCode": 200, "RetryAttempts": 0}
        if isinstance(answer, Refused):
            error = {"Code": answer.code, "Message": answer.message}
            meta["HTTPStatusCode"] = answer.status
            return self._sent(answer.status), {"Error": error, "ResponseMetadata": meta}
        if model.output_shape is not None:
            wrong = ParamValidator().validate(answer, model.output_shape)
            assert not wrong.has_errors(), wrong.generate_report()
        return self._sent(200), {**answer, "ResponseMetadata": meta}

    @staticmethod
    def _sent(status: int) -> AWSResponse:
        return AWSResponse("https://aws", status, {}, None)

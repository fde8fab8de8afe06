"""Values of a container's `secrets`, from Parameter Store and Secrets Manager.

Source: developer guide, "Pass sensitive data to an Amazon ECS container": a parameter's name or
ARN, or a secret's ARN, which may end in ``:json-key:version-stage:version-id``.
"""

from __future__ import annotations

import json
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import Clients

_ = translator("steps")

_SECRET_PARTS = 7
"""Parts of a secret's own ARN; what comes behind says which of its values."""


def secret_value(session: Clients, value_from: str) -> str:
    """The value that `valueFrom` names. Raises EcslabError, without the value, where it cannot."""
    if value_from.startswith("arn:") and ":secretsmanager:" in value_from:
        return _secret(session, value_from)
    name = value_from
    if value_from.startswith("arn:"):
        path = value_from.partition(":parameter/")[2]
        name = f"/{path}" if "/" in path else path
    answer = session.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(answer["Parameter"]["Value"])


def _secret(session: Clients, value_from: str) -> str:
    parts = value_from.split(":")
    arn, rest = ":".join(parts[:_SECRET_PARTS]), (*parts[_SECRET_PARTS:], "", "", "")[:3]
    key, stage, version = rest
    asked: dict[str, Any] = {"SecretId": arn}
    asked |= {"VersionStage": stage} if stage else {}
    asked |= {"VersionId": version} if version else {}
    text = str(session.client("secretsmanager").get_secret_value(**asked)["SecretString"])
    return text if not key else _member(text, key, arn)


def _member(text: str, key: str, arn: str) -> str:
    try:
        found = json.loads(text)[key]
    except (ValueError, KeyError, TypeError, IndexError):
        raise EcslabError(
            _("The secret {arn} has no member {key!r}.", arn=arn, key=key),
            _("The last part of valueFrom names a key of the secret's JSON."),
        ) from None
    return found if isinstance(found, str) else json.dumps(found)

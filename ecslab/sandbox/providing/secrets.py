"""The secrets of a container, from Secrets Manager and the SSM Parameter Store.

Sources: developer guide, "Pass sensitive data to an Amazon ECS container" (the forms of
`valueFrom`); the texts are those of tasks that were stopped, as public issues show them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ecslab.model.errors import AwsError
from ecslab.sandbox.providing.asking import Neighbourhood, NotThereError

_FAILED = (
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
    "retrieval failed: unable to retrieve {what}: service call has been retried 1 time(s): {why}"
)


class Reference(NamedTuple):
    """What `valueFrom` names."""

    service: str
    """secretsmanager or ssm."""
    region: str
    """Empty for that of the task."""
    name: str
    """The secret's ARN; the parameter's name."""
    json_key: str = ""
    version_stage: str = ""
    version_id: str = ""


def reference(value_from: str) -> Reference:
    """Read a `valueFrom`: ``arn:…:secret:name[:key:stage:version]``, a parameter's ARN or name."""
    if not value_from.startswith("arn:"):
        return Reference("ssm", "", value_from)
    parts = value_from.split(":")
    service, region = parts[2], parts[3]
    if service == "secretsmanager":
        more = [*parts[7:10], "", "", ""][:3]
        return Reference(service, region, ":".join(parts[:7]), *more)
    path = ":".join(parts[5:]).removeprefix("parameter/")
    return Reference("ssm", region, f"/{path}" if "/" in path else path)


def fetch(secrets: Iterable[Mapping[str, Any]], ask: Neighbourhood, region: str) -> dict[str, str]:
    """Variable → value. Raises NotThereError."""
    return {one["name"]: _value(reference(one["valueFrom"]), ask, region) for one in secrets}


def _value(wanted: Reference, ask: Neighbourhood, region: str) -> str:
    where = wanted.region or region
    if wanted.service == "ssm":
        return _parameter(wanted.name, ask, where)
    return _secret(wanted, ask, where)


def _parameter(name: str, ask: Neighbourhood, region: str) -> str:
    params = {"Names": [name], "WithDecryption": True}
    try:
        told = ask.ask("ssm", "GetParameters", params, region)
    except AwsError as error:
        raise NotThereError(_FAILED.format(what="secrets from ssm", why=error)) from error
    if not told["Parameters"]:
        why = f"invalid ssm parameters: {name}"
        raise NotThereError(_FAILED.format(what="secrets from ssm", why=why))
    return str(told["Parameters"][0]["Value"])


def _secret(wanted: Reference, ask: Neighbourhood, region: str) -> str:
    params = {"SecretId": wanted.name}
    params |= {"VersionStage": wanted.version_stage} if wanted.version_stage else {}
    params |= {"VersionId": wanted.version_id} if wanted.version_id else {}
    try:
        text = str(ask.ask("secretsmanager", "GetSecretValue", params, region)["SecretString"])
        return _member(text, wanted.json_key) if wanted.json_key else text
    except AwsError as error:
        why = f"failed to fetch secret {wanted.name} from secrets manager: {error}"
    except KeyError:
        why = f"secret {wanted.name} has no SecretString"
    except ValueError as error:
        why = str(error)
    raise NotThereError(_FAILED.format(what="secret from asm", why=why))


def _member(text: str, key: str) -> str:
    try:
        members = json.loads(text)
    except ValueError:
        # Go's words; the text itself is a secret.
        raise ValueError("the secret is not JSON: invalid character in it") from None
    if not isinstance(members, dict) or key not in members:
        raise ValueError(f"retrieved secret from Secrets Manager did not contain json key {key}")
    value = members[key]
    return value if isinstance(value, str) else json.dumps(value)

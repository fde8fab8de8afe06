"""What ``ecslab local`` needs of AWS: definitions that are registered, and values of secrets.

It goes by the standard variables and profiles of AWS, like every command that faces it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import Bench
from ecslab.steps.said import plainly
from ecslab.steps.secrets import secret_value

_ = translator("lab")


def _bench() -> Bench:
    from ecslab.lab.aws_session import aws_session

    return Bench(aws_session())


def registered_definition(name: str) -> tuple[dict[str, Any], str]:
    """The task definition of ``family``, ``family:revision`` or an ARN, and its ARN."""
    with plainly():
        answer = _bench().client("ecs").describe_task_definition(taskDefinition=name)
    found = dict(answer["taskDefinition"])
    return found, str(found["taskDefinitionArn"])


def secret_values(sources: Mapping[str, str]) -> dict[str, str]:
    """Variable → value, for variable → ``valueFrom``. Nothing is asked where there are none."""
    if not sources:
        return {}
    bench = _bench()
    return {variable: _value(bench, source) for variable, source in sources.items()}


def _value(bench: Bench, source: str) -> str:
    try:
        with plainly():
            return secret_value(bench.session, source)
    except EcslabError as error:
        raise EcslabError(
            _("The secret {source} cannot be read: {why}", source=source, why=error.message),
            error.hint,
        ) from error

"""What a CloudFormation template says."""

from __future__ import annotations

import re
from typing import Any

from ecslab.api.neighbours.wrap import wrap

_reference = re.compile(r"\{\{resolve:ssm:([^}:]+)(?::\d+)?\}\}")
_OF_OURS = frozenset({"AWS::ECS::Cluster"})


def zones_of_a_region_are_listed() -> None:
    """`Fn::GetAZs` takes no function for its region and knows only us-east-1's empty string."""
    import moto.cloudformation.parsing as parsing
    from moto.ec2.models import ec2_backends

    def clean(plain: Any, value: Any, resources: Any) -> Any:
        if not isinstance(value, dict) or "Fn::GetAZs" not in value:
            return plain(value, resources)
        region = parsing.clean_json(value["Fn::GetAZs"], resources) or resources["AWS::Region"]
        backend = ec2_backends[resources["AWS::AccountId"]][region]
        return sorted(zone.name for zone in backend.describe_availability_zones())

    wrap(parsing, "clean_json", clean)


def ssm_references_are_resolved() -> None:
    """`{{resolve:ssm:name}}` in a text stays as it is."""
    import moto.cloudformation.parsing as parsing
    from moto.cloudformation.exceptions import ValidationError
    from moto.ssm.models import ssm_backends

    def clean(plain: Any, value: Any, resources: Any) -> Any:
        cleaned = plain(value, resources)
        if not isinstance(cleaned, str) or "{{resolve:ssm:" not in cleaned:
            return cleaned
        backend = ssm_backends[resources["AWS::AccountId"]][resources["AWS::Region"]]

        def found(match: re.Match[str]) -> str:
            parameter = backend.get_parameter(match[1])
            if parameter is None:
                raise ValidationError(
                    message=f"Unable to fetch parameters [{match[1]}] from parameter store."
                )
            return str(parameter.value)

        return _reference.sub(found, cleaned)

    wrap(parsing, "clean_json", clean)


def unknown_types_are_refused() -> None:
    """A resource of an unknown type is skipped in silence; AWS refuses the template."""
    from moto.cloudformation import models

    def parse(plain: Any, stack: Any) -> None:
        plain(stack)
        _refuse_unknown(stack.template_dict)

    wrap(models.Stack, "_parse_template", parse)
    wrap(models.ChangeSet, "_parse_template", parse)


def _refuse_unknown(template: Any) -> None:
    from moto.cloudformation.exceptions import ValidationError

    resources = template.get("Resources") if isinstance(template, dict) else None
    if not isinstance(resources, dict):
        raise ValidationError(
            message="Template format error: At least one Resources member must be defined."
        )
    types = {str(r.get("Type", "")) if isinstance(r, dict) else "" for r in resources.values()}
    if "" in types:
        raise ValidationError(message="Template format error: every resource needs a Type.")
    unknown = sorted(name for name in types if not _is_known(name))
    if unknown:
        listed = ", ".join(unknown)
        raise ValidationError(
            message=f"Template format error: Unrecognized resource types: [{listed}]"
        )


def _is_known(name: str) -> bool:
    from moto.cloudformation.parsing import NULL_MODELS, get_model_map

    if name.startswith("AWS::ECS::"):
        return name in _OF_OURS
    return name in get_model_map() or name in NULL_MODELS or name.startswith("Custom::")

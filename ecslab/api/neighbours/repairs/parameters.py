"""SSM parameters."""

from __future__ import annotations

import json
from typing import Any

from ecslab.api.neighbours.wrap import wrap


def recommended_images_are_json() -> None:
    """`/aws/service/ecs/optimized-ami/…/recommended` is a Python dict's text, not JSON."""
    import moto.ssm.models

    def convert(plain: Any, tree: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**param, "Value": _as_text(param["Value"])} for param in plain(tree)]

    wrap(moto.ssm.models, "convert_to_params", convert)


def _as_text(value: Any) -> Any:
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else value

"""One thing that is wrong with one field, and the check of a name."""

from __future__ import annotations

import re
from typing import NamedTuple

from ecslab.locale import Text, translator

_ = translator("steps")

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


class Problem(NamedTuple):
    """One thing that is wrong with one field, in one sentence."""

    field: str
    """Its name; a field of a container is ``containers.0.memory``."""
    message: Text


def check_name(name: str, field_name: str) -> list[Problem]:
    """What is wrong with a name as ECS takes it; `field_name` is where it was entered."""
    if _NAME.fullmatch(name):
        return []
    if not name:
        return [Problem(field_name, _("Enter a name."))]
    return [
        Problem(
            field_name,
            _("Up to 255 letters (a–z, A–Z), digits, hyphens and underscores are allowed."),
        )
    ]

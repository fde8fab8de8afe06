"""Names: the project's is the family's, a service's its container's (see `Trip.add`)."""

from __future__ import annotations

from typing import Any

from ecslab.compose.project import is_name, normal_name
from ecslab.convert.trip import Return, Trip

UNNAMED = "task"
"""The project's name where nothing of the family's makes one."""


def there(services: dict[str, Any], trip: Trip) -> None:
    """The family."""
    trip.put_task("family", trip.project.name, [("name",)])


def back(task: dict[str, Any], back: Return) -> None:
    """The project's name; Compose has lower-case letters only, ``x-ecs`` keeps the family."""
    family = task.get("family", "")
    back.name = family if is_name(family) else normal_name(family) or UNNAMED

"""``image`` and ``build``: ECS runs images and builds none."""

from __future__ import annotations

from typing import Any

from ecslab.convert.trip import Return, Trip
from ecslab.locale import translator

_ = translator("convert")


def there(service: dict[str, Any], trip: Trip) -> None:
    """The image; for a build without one, the name docker compose gives it."""
    image = service.get("image")
    trip.key = "image"
    if image is not None:
        trip.put("image", image)
    if "build" not in service:
        return
    trip.key = "build"
    if image is None:
        image = f"{trip.images}-{trip.service}"
        trip.put("image", image)
    trip.dropped(
        "build",
        _("ECS builds nothing: the image {image} has to be in a registry.", image=image),
        _("Run docker compose build and push, and write the registry's address under image."),
    )


def back(container: dict[str, Any], service: dict[str, Any], _back: Return) -> None:
    """The image."""
    if "image" in container:
        service["image"] = container["image"]

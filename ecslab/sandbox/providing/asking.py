"""Whom a provider asks: the neighbours of ECS, as far as containers need them."""

from __future__ import annotations

from typing import Any, Protocol


class Neighbourhood(Protocol):
    """Raises AwsError as the services would. A request may wait for others."""

    def ask(
        self, service: str, operation: str, params: dict[str, Any], region: str
    ) -> dict[str, Any]:
        """What a service of AWS's JSON protocol answers."""

    def read_object(self, bucket: str, key: str, region: str) -> bytes:
        """The bytes of an S3 object."""


class NotThereError(Exception):
    """Something a container needs is not to be had; the text is the whole reason, as ECS's."""

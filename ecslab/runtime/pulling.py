"""Getting an image: pulled with progress, or taken from the engine where that fails."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

PullBehaviour = Literal["default", "prefer-cached", "always"]
"""ECS_IMAGE_PULL_BEHAVIOR: pull, else what is there; what is there, else pull; pull or fail."""

BETWEEN = 0.5
"""Seconds between two words about the progress."""
UNREACHABLE = (
    "no such host",
    "dial tcp",
    "timeout",
    "connection refused",
    "network is unreachable",
)


class PullError(Exception):
    """The image cannot be had: why, in the engine's words."""


def get_image(
    client: Any, image: str, behaviour: PullBehaviour, tell: Callable[[str], None]
) -> str:
    """The image's digest, once it is on the engine. Raises `PullError`."""
    if behaviour == "prefer-cached":
        digest = digest_of(client, image)
        if digest:
            return digest
    try:
        _pull(client, image, tell)
    except PullError as error:
        digest = digest_of(client, image) if behaviour != "always" else ""
        if not digest:
            raise
        tell(f"{error}; the image that is on this engine already is used")
        return digest
    return digest_of(client, image)


def digest_of(client: Any, image: str) -> str:
    """Digest of an image on the engine, its id if no registry knows it; "" if it is not there."""
    from docker.errors import APIError, NotFound

    try:
        there = client.inspect_image(image)
    except (NotFound, APIError):
        return ""
    digests = there.get("RepoDigests") or []
    return str(digests[0].rpartition("@")[2] if digests else there.get("Id", ""))


def _pull(client: Any, image: str, tell: Callable[[str], None]) -> None:
    from docker.errors import APIError

    said = 0.0
    try:
        for line in client.pull(*split(image), stream=True, decode=True):
            if "error" in line:
                raise PullError(_worded(str(line["error"])))
            if time.monotonic() - said >= BETWEEN:
                said = time.monotonic()
                parts = (line.get("id"), line.get("status"), line.get("progress"))
                tell(" ".join(str(part) for part in parts if part))
    except APIError as error:
        raise PullError(_worded(str(error.explanation or error))) from error


def split(image: str) -> tuple[str, str]:
    """Repository and tag or digest; without a tag ``latest``, where Docker would pull all."""
    if "@" in image:
        repository, _, digest = image.partition("@")
        return repository, digest
    head, slash, last = image.rpartition("/")
    name, _, tag = last.partition(":")
    return head + slash + name, tag or "latest"


def _worded(text: str) -> str:
    if any(sign in text for sign in UNREACHABLE):
        return f"Error response from daemon: {text} (no registry is reachable from this machine)"
    return f"Error response from daemon: {text}"

"""The network of local tasks, and the container in it that stands for the ECS agent."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.runtime import meeting
from ecslab.runtime.client import words
from ecslab.runtime.local.engine import plainly
from ecslab.runtime.meeting import LABEL, NETWORK
from ecslab.runtime.pulling import PullError, get_image

_ = translator("runtime")

ADDRESS = "169.254.170.2"
"""Where containers ask for credentials and metadata; the SDKs know it by heart."""
IMAGE = "amazon/amazon-ecs-local-container-endpoints"
NAME = "amazon-ecs-local-container-endpoints"
HANDED_ON = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL")


def ensure_network(client: Any) -> None:
    """The network, made where it is missing."""
    with plainly():
        meeting.ensure_network(client)


def ensure_endpoints(client: Any, image: str = IMAGE) -> bool:
    """The endpoints container, running; whether it had to be started.

    Raises EcslabError where its image cannot be had.
    """
    there = _container(client)
    if there is not None:
        if there["State"]["Running"]:
            return False
        _remove(client)
    try:
        get_image(client, image, "prefer-cached", lambda _text: None)
    except PullError as error:
        raise EcslabError(
            _("The endpoints container's image {image} cannot be had: {why}", image=image,
              why=error),
            _("Leave it out with --no-endpoints, or name another with --endpoints-image."),
        ) from error  # fmt: skip
    with plainly():
        made = client.create_container_from_config(_body(image), NAME)
        client.start(made["Id"])
    return True


def _body(image: str) -> dict[str, Any]:
    binds = ["/var/run:/var/run"]
    if (Path.home() / ".aws").is_dir():
        binds.append(f"{Path.home() / '.aws'}:/home/.aws/:ro")
    handed = [f"{name}={os.environ[name]}" for name in HANDED_ON if os.environ.get(name)]
    return {
        "Image": image,
        "Env": ["HOME=/home", *handed],
        "Labels": {LABEL: "endpoints"},
        "HostConfig": {"Binds": binds},
        "NetworkingConfig": {
            "EndpointsConfig": {NETWORK: {"IPAMConfig": {"IPv4Address": ADDRESS}}}
        },
    }


def clear_away(client: Any) -> None:
    """Remove the endpoints container and the network; harmless where they are in use or gone."""
    _remove(client)
    with contextlib.suppress(Exception):  # the engine may be gone
        meeting.clear_away(client)


def _container(client: Any) -> dict[str, Any] | None:
    from docker.errors import NotFound

    try:
        found: dict[str, Any] = client.inspect_container(NAME)
    except NotFound:
        return None
    except Exception as error:
        raise EcslabError(words(error)) from error
    return found


def _remove(client: Any) -> None:
    with contextlib.suppress(Exception):  # gone already
        client.remove_container(NAME, force=True)

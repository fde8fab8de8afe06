"""A boto3 session for a real account: patient, and it knows an answer that is not AWS's."""

from __future__ import annotations

import os
import uuid
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from ecslab.model import version
from ecslab.steps.login import logged_in
from ecslab.steps.said import NotAwsError

ATTEMPTS = 8
"""How often a call is tried. Between two tries botocore waits up to 1, 2, 4, … 20 s (at random,
while AWS throttles), so that a call is given up after a minute at most, half of that mostly."""
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
"""Seconds; AWS answers each of our calls within a second or two. Botocore's own 60 s would let a
sleeping Wi-Fi look like a kernel that hangs."""


def aws_session(profile: str | None = None, region: str | None = None) -> boto3.Session:
    """A plain session whose clients have these retries and timeouts.

    "adaptive": after AWS throttled it a client keeps to the rate that AWS let it have (AWS SDKs and
    Tools reference guide, "Retry behavior").
    """
    own = botocore.session.Session(profile=profile)
    own.register_component("data_loader", _models())
    own.set_default_client_config(
        Config(
            retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            user_agent_extra=f"ecslab/{version.VERSION}",
        )
    )
    # The AWS CLI and other SDKs know AWS_REGION; boto3 looks at AWS_DEFAULT_REGION alone.
    chosen = region or os.environ.get("AWS_REGION") or None
    session = boto3.Session(botocore_session=own, region_name=chosen)
    logged_in(own)
    session.events.register("before-parse", _refuse_pages)
    for operation, token in TOKENS.items():
        session.events.register(f"before-parameter-build.{operation}", _tokens(token))
    return session


@cache
def _models() -> Any:
    """The APIs' models, read once a kernel: a cell that connects is run again and again."""
    return botocore.session.Session().get_component("data_loader")


TOKENS = {
    "ecs.CreateService": "clientToken",
    "cloudformation.CreateStack": "ClientRequestToken",
    "cloudformation.UpdateStack": "ClientRequestToken",
    "cloudformation.DeleteStack": "ClientRequestToken",
}
"""Calls that are told from a repetition by a token, which botocore does not add by itself.

When an answer is lost on its way, botocore calls again; with the token AWS answers as it did.
"""


def _tokens(member: str) -> Any:
    def add(params: dict[str, Any], **_rest: Any) -> None:
        params.setdefault(member, str(uuid.uuid4()))

    return add


def _refuse_pages(response_dict: Any, **_rest: Any) -> None:
    """A page where an API should answer: a proxy's, or that of a network that wants a login."""
    kind = response_dict.get("headers", {}).get("content-type", "")
    # AWS itself answers a page where a front of it is out of order: that is tried again.
    if kind.startswith("text/html") and response_dict["status_code"] < 500:
        raise NotAwsError

"""A boto3 session whose clients go to the sandbox."""

from __future__ import annotations

import os
from typing import Any

import boto3
import botocore.session


class SandboxSession(boto3.Session):
    """A plain session, except that a client goes to `endpoint` unless told otherwise."""

    def __init__(self, endpoint: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.endpoint = endpoint

    def client(self, *args: Any, **settings: Any) -> Any:
        """As ``boto3.Session.client``."""
        settings.setdefault("endpoint_url", self.endpoint)
        return super().client(*args, **settings)

    def resource(self, *args: Any, **settings: Any) -> Any:
        """As ``boto3.Session.resource``."""
        settings.setdefault("endpoint_url", self.endpoint)
        return super().resource(*args, **settings)


def session_at(endpoint: str, region: str, access_key: str, secret_key: str) -> SandboxSession:
    """A session for the sandbox at `endpoint`.

    The learner's own AWS profile and files are not read: a broken one must not break the sandbox,
    and no real key may go there.
    """
    nowhere = os.devnull
    own = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, nowhere, None),
            "credentials_file": (None, None, nowhere, None),
        }
    )
    return SandboxSession(
        endpoint,
        botocore_session=own,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
    )

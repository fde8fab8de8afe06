"""A learner on the sandbox of a class: who one is there is told by the token."""

from __future__ import annotations

import os
from typing import Any

from ecslab.lab.lease import my_lease
from ecslab.lab.names import DEFAULT_WORKSHOP, Names
from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places
from ecslab.steps.remedies import is_identity

_ = translator("lab")


def names_in_class(session: Any) -> Names | None:
    """The names of whose token it is (``ECSLAB_TOKEN``); None outside a class.

    Raises EcslabError where the class does not know the token.
    """
    from botocore.exceptions import ClientError

    if not os.environ.get("ECSLAB_TOKEN"):
        return None
    try:
        arn = session.client("sts").get_caller_identity()["Arn"]
    except ClientError as error:
        if not is_identity(error.response["Error"]["Code"]):
            raise
        raise EcslabError(
            _("The sandbox of the class does not know your token (ECSLAB_TOKEN)."),
            _("Copy the whole line again that your instructor gave you."),
        ) from error
    workshop = os.environ.get("ECSLAB_WORKSHOP") or DEFAULT_WORKSHOP
    return Names(arn.rpartition("/")[2], workshop, my_lease())


def far_away() -> Text | None:
    """What to know where the sandbox of the class is on another machine."""
    there = places.class_place()
    if there is None or places.is_this_machine(there[0]):
        return None
    return _(
        "pages of tasks (127.0.x.y) open on the machine of the class only, {host}", host=there[0]
    )

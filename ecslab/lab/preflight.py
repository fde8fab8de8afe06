"""The preflight of a real account, for the command and the notebooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ecslab.lab.aws_session import aws_session
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.model.finding import Finding
from ecslab.steps.said import plainly

_ = translator("lab")


def preflight(
    profile: str | None = None, region: str | None = None, learners: int = 1
) -> list[Finding]:
    """What is ready on the account and what is missing; nothing is changed, nothing raised."""
    from ecslab.steps.preflight import look

    return look(lambda: aws_session(profile, region), learners)


def make_roles(
    profile: str | None, region: str | None, agree: Callable[[Sequence[str]], bool]
) -> list[str]:
    """Make the default roles that are not there, if one agrees; their names.

    agree: is shown the names before anything is made. Raises EcslabError.
    """
    from ecslab.steps.preflight import connected, roles

    with plainly():
        session = aws_session(profile, region)
    asker, found = connected(session)
    if not asker.account:
        raise EcslabError(found[-1].detail, found[-1].remedy)
    names = roles.missing(asker)
    if not names or not agree(names):
        return []
    return [name for name in roles.make(asker) if name in names]

"""What the tests of the preflight share: what a look finds, by name."""

from __future__ import annotations

import re

from ecslab.model.finding import Finding
from ecslab.steps.preflight import look
from tests.steps.preflight.aws import (
    Aws,
    Refused,
)

COMMAND = re.compile(r"`(aws|ecslab|python3|curl|sudo|lab)[ .][^`]+`")
DENIED = Refused("AccessDenied", "User is not authorized to perform: that", 403)


def found(aws: Aws, learners: int = 1) -> dict[str, Finding]:
    """By their English names."""
    findings = look(aws.open, learners)
    for one in findings:
        said = f"{one.detail} {one.remedy}"
        assert "planted" not in said
        assert "{" not in said, "something was not filled in"
        if one.state != "ready":
            for lang in ("en", "ja"):
                remedy = one.remedy if isinstance(one.remedy, str) else one.remedy.render(lang)
                assert COMMAND.search(remedy), f"{one.name} names no command: {remedy}"
            assert re.search("[ぁ-ん]", remedy), f"{one.name} is not Japanese: {remedy}"
    return {(n if isinstance(n := one.name, str) else n.render("en")): one for one in findings}


def states(findings: dict[str, Finding]) -> dict[str, str]:
    return {name: one.state for name, one in findings.items() if one.state != "ready"}


def text(finding: Finding) -> str:
    return f"{finding.detail} {finding.remedy}"

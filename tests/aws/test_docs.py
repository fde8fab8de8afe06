"""The page on a real account says the numbers that the kit keeps to."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecslab.lab import aws_session, connecting
from ecslab.steps import easing, observe, progress
from ecslab.widgets import live

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("lang", "seconds", "times"), [("", "s", "times"), (".ja", "秒", "倍")])
def test_the_page_says_how_often_and_how_patiently_the_kit_asks(
    lang: str, seconds: str, times: str
) -> None:
    text = (DOCS / f"when-aws-says-no{lang}.md").read_text("utf-8")
    assert progress.JITTER == 0.25
    assert live.IDLE == 600
    for number in (connecting.AWS_PACE, connecting.OUTAGE, easing.CALM,
                   aws_session.CONNECT_TIMEOUT, aws_session.READ_TIMEOUT):  # fmt: skip
        assert f"{number:.0f} {seconds}" in text
    assert f"{easing.MOST:.0f} {times}" in text
    assert f"| {aws_session.ATTEMPTS}" in text
    assert f"| {observe.BATCH} |" in text

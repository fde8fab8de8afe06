"""The account that the tests of the preflight look at."""

from __future__ import annotations

import pytest

from ecslab.steps import login
from tests.steps.preflight.aws import (
    Aws,
)


@pytest.fixture(autouse=True)
def no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """How an earlier test was logged in is forgotten."""
    monkeypatch.setattr(login, "_now", login.Login("", "env"))


@pytest.fixture
def aws() -> Aws:
    """An account in which all is well."""
    return Aws()

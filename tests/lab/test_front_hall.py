"""The front hall is light and knows its rooms."""

import subprocess
import sys

import pytest

import ecslab

HEAVY = ("boto3", "botocore", "docker", "ipywidgets", "moto", "urllib.request", "socket")


def test_importing_ecslab_loads_nothing_that_reaches_out() -> None:
    script = f"import sys, ecslab; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ecslab.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(ecslab, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        ecslab.nonsense  # noqa: B018


def test_there_are_not_more_public_names_than_one_can_remember() -> None:
    assert len(ecslab.__all__) <= 20

"""The version stands in two places and is one."""

import re
from pathlib import Path

import ecslab


def test_the_version_is_the_one_of_pyproject():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert re.search(r'^version = "(.+)"$', text, re.M)[1] == ecslab.__version__

"""The files that say what is installed agree with pyproject.toml."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from tools import locks

ROOT = Path(__file__).parents[2]
PROJECT = locks.project(ROOT)
CONDA_NAMES = {
    "docker": "docker-py",
    "graphviz": "python-graphviz",
    "jupyterlab-language-pack-ja-JP": "jupyterlab-language-pack-ja-jp",
    "PyYAML": "pyyaml",
}


def test_the_locks_fulfil_pyproject():
    assert locks.problems(ROOT) == []


@pytest.fixture
def copy(tmp_path):
    for name in ("pyproject.toml", locks.RUN, locks.TEST, locks.GRAPHVIZ):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "before", "after", "found"),
    [
        ("pyproject.toml", "docker>=7.1", "docker>=99", "pyproject.toml wants docker>=99"),
        ("pyproject.toml", "docker>=7.1", "no-such>=1", "the lock has nothing"),
        (locks.RUN, "docker==", "docker==1.", "is another version than in"),
        (locks.RUN, "# Made by", "--index-url https://mirror.example/simple\n#", "names an index"),
        (locks.GRAPHVIZ, "    --hash=sha256:", "    #", "has no hash"),
    ],
)
def test_a_lock_that_does_not_fit_is_named(copy, file, before, after, found):
    text = (copy / file).read_text("utf-8")
    assert before in text
    (copy / file).write_text(text.replace(before, after), "utf-8")
    assert any(found in sentence for sentence in locks.problems(copy))


def test_conda_installs_what_pyproject_asks_for():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    listed = {one for one in environment["dependencies"] if isinstance(one, str)}
    wanted = {f"python{PROJECT['requires-python']}", "pip", "graphviz"}
    for text in PROJECT["dependencies"]:
        requirement = Requirement(text)
        name = CONDA_NAMES.get(requirement.name, requirement.name)
        wanted.add(f"{name}{requirement.specifier}")
    assert listed == wanted
    # The kit itself comes by pip, which also adds what moto's extras name.
    assert {"pip": ["-e ."]} in environment["dependencies"]


def test_no_lock_names_this_machine():
    for lock in ROOT.glob("*.lock"):
        assert not re.search(r"://|file:|/opt/|/root/|/home/", lock.read_text("utf-8"))

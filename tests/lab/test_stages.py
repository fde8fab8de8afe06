"""Coming late and beginning anew."""

from __future__ import annotations

from pathlib import Path

import pytest

import ecslab
from ecslab.lab import Lab
from ecslab.lab.stages import NEEDS, number_of
from ecslab.model.errors import EcslabError
from ecslab.sandbox import Status
from tools.notebooks.files import names

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def test_every_notebook_has_its_beginning() -> None:
    assert {name[:2] for name in names(NOTEBOOKS, "ja")} <= set(NEEDS)


@pytest.mark.parametrize("said", ["07", "7", 7, "07-services"])
def test_a_notebook_may_be_named_in_several_ways(said: str | int) -> None:
    assert number_of(said) == "07"


@pytest.mark.parametrize("said", ["11", "", "services", "-1"])
def test_a_notebook_there_is_not_is_named_with_those_there_are(said: str) -> None:
    with pytest.raises(EcslabError, match="00, 01"):
        number_of(said)


def test_who_comes_late_finds_what_the_notebook_begins_with(stub_sandbox: Status) -> None:
    lab = ecslab.connect("sandbox", lang="en")
    assert lab.names.cluster in str(lab.jump("07"))
    assert lab.check("cluster")
    before = lab.snapshot()
    lab.jump(7)
    assert [one.id for one in lab.snapshot().instances] == [one.id for one in before.instances]


def test_beginning_anew_leaves_nothing_but_what_the_notebook_begins_with(
    stub_sandbox: Status,
) -> None:
    lab = ecslab.connect("sandbox", lang="en")
    lab.jump("07")
    nginx = [{"name": "nginx", "image": "nginx:alpine", "memory": 128}]
    lab.run_task(lab.register_task_definition(containerDefinitions=nginx))
    lab.reset("03")
    assert not lab.cleanup(dry_run=True).found
    lab.reset("07")
    assert kinds(lab) == ["cluster", "stack"]


@pytest.mark.parametrize("notebook", [name[:2] for name in names(NOTEBOOKS, "ja")])
def test_each_notebook_can_be_jumped_to_and_begun_anew(notebook: str, stub_sandbox: Status) -> None:
    wanted = [] if notebook not in ("07", "08") else ["cluster", "stack"]
    lab = ecslab.connect("sandbox", lang="en")
    assert f"Notebook {notebook} can begin" in str(lab.jump(notebook))
    assert kinds(lab) == wanted
    lab.create_cluster(lab.names.cluster + "-more", template="FARGATE")
    lab.reset(notebook)
    assert kinds(lab) == wanted
    assert bool(lab.check("cluster", lab.names.cluster)) == bool(wanted)


def kinds(lab: Lab) -> list[str]:
    """What kinds of things the learner has."""
    return sorted(name.split()[0] for name in lab.cleanup(dry_run=True).found)

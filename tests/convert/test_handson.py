"""The hands-on's files: what they mean."""

from pathlib import Path

import ecslab

HANDSON = Path(__file__).parents[2] / "handson"


def converted(*names, **more):
    project = ecslab.compose.load([HANDSON / "2" / name for name in names], environment={}, **more)
    return ecslab.convert.to_task_definition(project)


def test_nothing_of_hands_on_2_is_lost():
    found = converted("docker-compose.yml")
    assert found.dropped == ()
    assert [said.code for said in found.diagnostics] == ["memory-default"] * 2


def test_with_limits_laid_over_it_there_is_nothing_to_say():
    found = converted("docker-compose.yml", "small.yml")
    assert found.diagnostics == ()
    assert [one["memory"] for one in found.value["containerDefinitions"]] == [128, 128]


def test_hands_on_3_is_the_same_task_with_its_files_in_the_commands():
    """As the converter makes it of hands-on 2, but for the folders of this machine."""
    data = (HANDSON / "3" / "task-definition.json").read_bytes()
    found = ecslab.convert.read_definition(data)
    made = converted("docker-compose.yml", "small.yml").value
    own = {"command", "mountPoints", "essential"}
    ours, theirs = (
        [{k: v for k, v in one.items() if k not in own} for one in task["containerDefinitions"]]
        for task in (found, made)
    )
    assert ours == theirs
    assert "volumes" not in found

"""Names collide with nobody's, and stay the same."""

import re

import pytest

from ecslab.lab.names import my_names, names_of


def test_the_same_learner_on_the_same_machine_has_the_same_names() -> None:
    assert names_of("yui", "host-a") == names_of("yui", "host-a")


def test_two_learners_of_one_name_on_two_machines_differ() -> None:
    assert names_of("jovyan", "host-a").cluster != names_of("jovyan", "host-b").cluster


@pytest.mark.parametrize("learner", ["yui", "Yui Sato", "結衣", "", "a" * 300, "-x-", "u@w"])
def test_names_are_what_ecs_iam_and_cloudformation_take(learner: str) -> None:
    names = names_of(learner, "host")
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,40}", names.cluster)
    assert re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", names.stack)
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,255}", names.family("nginx"))
    assert "--" not in names.cluster


def test_a_given_name_is_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECSLAB_LEARNER", "team-7")
    assert my_names() == names_of("team-7", "")


def test_everything_is_tagged_with_learner_and_workshop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECSLAB_LEARNER", "team-7")
    monkeypatch.setenv("ECSLAB_WORKSHOP", "autumn")
    names = my_names()
    assert names.tags == {"ecslab:learner": names.prefix, "ecslab:workshop": "autumn"}

"""Names collide with nobody's, and stay the same."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ecslab.lab.names import my_names, names_of
from ecslab.model.errors import EcslabError


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


def test_everything_is_tagged_with_learner_workshop_and_expiry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ECSLAB_LEARNER", "team-7")
    monkeypatch.setenv("ECSLAB_WORKSHOP", "autumn")
    monkeypatch.setenv("ECSLAB_SESSION_HOURS", "1.5")
    monkeypatch.setattr("time.time", lambda: 1_767_225_600.4)  # 2026-01-01, midnight
    names = my_names()
    assert names.tags == {
        "ecslab:learner": names.prefix,
        "ecslab:workshop": "autumn",
        "ecslab:expires": "2026-01-01T01:30:00Z",
    }


def test_the_expiry_stays_the_same_until_half_of_the_session_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1_767_225_600.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    monkeypatch.setenv("ECSLAB_LEARNER", "team-7")
    tags = my_names().tags
    first = tags["ecslab:expires"]
    now[0] += 1.4 * 3600
    assert tags["ecslab:expires"] == first == "2026-01-01T03:00:00Z"
    now[0] += 0.2 * 3600
    assert tags["ecslab:expires"] == "2026-01-01T04:36:00Z"


@pytest.mark.parametrize("text", ["soon", "0", "-1", "nan", "inf", "1e9"])
def test_a_session_of_no_length_is_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ECSLAB_LEARNER", "team-7")
    monkeypatch.setenv("ECSLAB_SESSION_HOURS", text)
    with pytest.raises(EcslabError, match="ECSLAB_SESSION_HOURS is"):
        my_names()


@pytest.fixture
def jovyan(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A container of an image that many have: one login, one host name."""
    monkeypatch.delenv("ECSLAB_LEARNER", raising=False)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", lambda: "jovyan")
    monkeypatch.setattr("platform.node", lambda: "jupyter")
    return monkeypatch


def test_two_people_of_one_login_on_machines_of_one_name_differ(
    jovyan: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = set()
    for home in ("a", "b", "a"):
        jovyan.setenv("ECSLAB_HOME", str(tmp_path / home))
        found.add(my_names().prefix)
    assert len(found) == 2


def test_the_mark_of_a_home_is_kept_for_its_owner_alone_even_when_drawn_by_many_at_once(
    jovyan: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    jovyan.setenv("ECSLAB_HOME", str(tmp_path / "new"))
    with ThreadPoolExecutor(8) as threads:
        prefixes = set(threads.map(lambda _number: my_names().prefix, range(16)))
    assert len(prefixes) == 1
    (kept,) = (tmp_path / "new").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_home_that_cannot_be_written_asks_for_a_name(
    jovyan: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    jovyan.setenv("ECSLAB_HOME", str(tmp_path / "file"))
    with pytest.raises(EcslabError, match="ECSLAB_LEARNER"):
        my_names()


def test_a_prefix_that_was_shown_elsewhere_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = names_of("Yui Sato", "some home").prefix
    monkeypatch.setenv("ECSLAB_LEARNER", shown)
    assert my_names().prefix == shown

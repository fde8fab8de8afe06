"""The environment: which commands make it, when it is made anew, what is said when that fails."""

import importlib.util
import sys

import pytest

from tools.set_up import environment
from tools.set_up.words import Trouble

LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-graphviz.lock")


@pytest.fixture
def root(tmp_path):
    """A clone, as far as the set-up looks at it."""
    for name in (*LOCKS, "pyproject.toml"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def machine(monkeypatch):
    """Which programs are on PATH, and the commands that would be run."""
    there = {"dot"}
    ran = []

    def run(command, say):
        ran.append(command)
        if "venv" in command:
            python = environment.python_of(type(root_of)(command[-1]))
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()

    root_of = environment.Path()
    monkeypatch.setattr(environment.shutil, "which", lambda name: name if name in there else None)
    monkeypatch.setattr(environment, "run", run)
    return there, ran


def silent(key, **args):
    pass


def told(commands):
    """Each command by the words that tell what it does."""
    return [" ".join(word for word in command[1:] if "/" not in word) for command in commands]


def test_with_uv_the_environment_is_made_and_synced_by_it(root, machine):
    there, ran = machine
    there.add("uv")
    environment.ensure(root, "run", silent)
    assert [command[0] for command in ran] == ["uv", "uv", "uv"]
    assert told(ran) == [
        "venv --quiet --python",
        "pip sync --python --require-hashes",
        "pip install --quiet --python --no-deps --no-build-isolation --editable",
    ]
    assert str(root / "requirements.lock") in ran[1]


def test_without_uv_venv_and_pip_do_it_with_hashes(root, machine):
    _, ran = machine
    environment.ensure(root, "test", silent)
    assert ran[0][:3] == [sys.executable, "-m", "venv"]
    assert ran[1][-3:] == ["--require-hashes", "-r", str(root / "requirements-test.lock")]
    assert ran[2][-4:] == ["--no-deps", "--no-build-isolation", "--editable", str(root)]


def test_without_dot_pygraphviz_is_added(root, machine):
    there, ran = machine
    there.discard("dot")
    said = []
    environment.ensure(root, "run", lambda key, **_: said.append(key))
    assert str(root / "requirements-graphviz.lock") in ran[1]
    assert said == ["making", "no dot"]


def test_a_second_run_does_nothing(root, machine):
    _, ran = machine
    environment.ensure(root, "run", silent)
    ran.clear()
    environment.ensure(root, "run", silent)
    assert ran == []


def test_the_tests_environment_is_good_for_running_but_not_the_other_way_round(root, machine):
    _, ran = machine
    environment.ensure(root, "test", silent)
    assert environment.is_ready(root, "run", False)
    environment.ensure(root, "run", silent)
    assert len(ran) == 3
    (root / ".venv" / environment.STAMP).unlink()
    environment.ensure(root, "run", silent)
    assert not environment.is_ready(root, "test", False)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_is_installed_into_the_same_environment(root, machine, name):
    _, ran = machine
    environment.ensure(root, "run", silent)
    ran.clear()
    (root / name).write_text("changed")
    environment.ensure(root, "run", silent)
    # pip is asked for in case uv, which needs none, made the environment.
    assert told(ran)[0] == "-m ensurepip"
    assert environment.is_ready(root, "run", False)


def test_a_clone_that_was_moved_is_set_up_anew(root, machine, tmp_path_factory):
    environment.ensure(root, "run", silent)
    moved = tmp_path_factory.mktemp("elsewhere") / "kit"
    root.rename(moved)
    assert not environment.is_ready(moved, "run", False)


def test_an_environment_whose_python_went_is_made_anew(root, machine):
    _, ran = machine
    environment.ensure(root, "run", silent)
    ran.clear()
    python = environment.python_of(root / ".venv")
    python.unlink()
    python.symlink_to(root / "no-such-python")
    environment.ensure(root, "run", silent)
    assert told(ran)[0] == "-m venv"


def test_what_ended_half_way_is_done_again(root, machine, monkeypatch):
    def interrupted(command, say):
        raise KeyboardInterrupt

    environment.ensure(root, "run", silent)
    (root / "requirements.lock").write_text("changed")
    with monkeypatch.context() as now:
        now.setattr(environment, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.ensure(root, "run", silent)
    (root / "requirements.lock").write_text("requirements.lock")
    assert not environment.is_ready(root, "run", False)


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_python_without_venv_says_which_package_brings_it(root, machine, monkeypatch, absent):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == absent else find(name)
    )
    with pytest.raises(Trouble) as trouble:
        environment.ensure(root, "run", silent)
    assert "apt-get install python3-venv" in trouble.value.in_both("en")


def test_with_uv_no_venv_is_needed(root, machine, monkeypatch):
    there, ran = machine
    there.add("uv")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    environment.ensure(root, "run", silent)
    assert ran


def test_a_missing_lock_file_is_named(root, machine):
    (root / "requirements.lock").unlink()
    with pytest.raises(Trouble) as trouble:
        environment.ensure(root, "run", silent)
    assert f"{root / 'requirements.lock'} is missing" in trouble.value.in_both("en")


def test_a_folder_that_cannot_be_made_is_a_sentence(root, machine):
    (root / ".venv").write_text("a file")
    with pytest.raises(Trouble) as trouble:
        environment.ensure(root, "run", silent)
    assert "cannot be written" in trouble.value.in_both("en")


def test_a_failed_command_shows_its_last_words_and_what_to_look_at():
    script = "import sys; [print(n) for n in range(30)]; sys.exit('no network')"
    with pytest.raises(Trouble) as trouble:
        environment.run([sys.executable, "-c", script], silent)
    said = trouble.value.in_both("en")
    assert "(status 1)" in said
    assert "    no network" in said
    assert "    29\n" in said
    assert "    5\n" not in said
    assert "HTTPS_PROXY" in said


def test_a_command_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(Trouble) as trouble:
        environment.run([str(tmp_path / "uv")], silent)
    assert "cannot be run: No such file or directory" in trouble.value.in_both("en")


def test_packages_are_counted_while_pip_fetches_them():
    said = []
    script = (
        "print('Collecting boto3==1.0 (from -r x)'); print('  Using'); print('Collecting moto')"
    )
    environment.run([sys.executable, "-c", script], lambda key, **args: said.append(args))
    assert [(one["count"], one["name"]) for one in said] == [(1, "boto3==1.0"), (2, "moto")]

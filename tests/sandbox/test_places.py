"""Where the sandbox lives, and what containers may see of this machine."""

from pathlib import Path

from ecslab.sandbox import places
from ecslab.sandbox.process import options


def test_the_workspace_is_the_folder_one_is_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert options().workspace == tmp_path


def test_from_among_the_notebooks_it_is_the_folder_that_holds_them(tmp_path, monkeypatch):
    folder = tmp_path / "notebooks" / "ja"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert places.workspace() == tmp_path


def test_a_folder_that_is_named_is_taken_as_it_is(tmp_path):
    folder = tmp_path / "notebooks" / "ja"
    assert places.workspace(folder) == Path(folder)


def test_a_file_of_ones_own_is_closed_to_others_even_if_it_was_open_before(tmp_path):
    path = tmp_path / "facts.jsonl"
    path.write_text("before\n")
    path.chmod(0o644)
    with places.own_file(path, "a") as file:
        file.write("after\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "before\nafter\n"

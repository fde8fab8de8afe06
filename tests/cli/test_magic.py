"""`%ecslab`: the command in a notebook."""

import pytest
from IPython.testing.globalipapp import start_ipython

import ecslab
from ecslab.locale import language, set_language


@pytest.fixture(scope="module")
def shell():
    return start_ipython()


@pytest.fixture
def notebook(shell, monkeypatch, tmp_path):
    """A shell in the folder of the Japanese notebooks, where the environment speaks English."""
    monkeypatch.setenv("ECSLAB_LANG", "en")
    folder = tmp_path / "notebooks" / "ja"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    set_language(None)
    ecslab.load_ipython_extension(shell)
    yield shell
    set_language(None)


def test_it_speaks_the_notebooks_language_even_outside_its_folder(
    notebook, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    notebook.run_line_magic("ecslab", "local create")
    assert "task-definition.json がありません" in capsys.readouterr().err
    assert language() == "ja"


def test_another_language_holds_for_one_command_only(notebook, capsys):
    notebook.run_line_magic("ecslab", "local create --lang en")
    assert "There is no file task-definition.json" in capsys.readouterr().err
    assert language() == "ja"


def test_load_ext_brings_it(shell):
    shell.run_line_magic("load_ext", "ecslab")
    assert shell.find_line_magic("ecslab") is not None


def test_help_does_not_end_the_kernel(notebook, capsys):
    notebook.run_line_magic("ecslab", "local --help")
    assert "create" in capsys.readouterr().out


def test_a_missing_quotation_mark_is_a_sentence(notebook, capsys):
    notebook.run_line_magic("ecslab", "local create -f 'a b.json")
    assert "a b.json" in capsys.readouterr().err


def test_variables_of_the_notebook_can_be_written_in_braces(notebook, capsys, tmp_path):
    notebook.user_ns["name"] = str(tmp_path / "nowhere.json")
    notebook.run_cell("%ecslab local create -f {name}")
    assert "nowhere.json" in capsys.readouterr().err

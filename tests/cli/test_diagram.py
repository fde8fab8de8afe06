"""`ecslab diagram`: a file by its name, SVG on stdout, clear sentences otherwise."""

import types

import pytest

from ecslab import cli
from ecslab.diagram.examples import shop


@pytest.fixture(autouse=True)
def asked(monkeypatch, tmp_path):
    """A lab that shows the shop, and the cluster names it was asked for."""
    import ecslab.cli.diagram as command

    monkeypatch.setenv("ECSLAB_LANG", "en")
    names = []
    lab = types.SimpleNamespace(snapshot=lambda name: names.append(name) or shop())
    monkeypatch.setattr(command, "connect", lambda **_given: lab)
    monkeypatch.chdir(tmp_path)
    return names


def test_without_a_file_svg_is_on_stdout(capsys):
    assert cli.main(["diagram"]) == 0
    assert capsys.readouterr().out.startswith("<svg ")


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<svg "), ("a.dot", b"digraph ")])
def test_the_file_has_the_form_its_name_says(tmp_path, asked, name, start):
    assert cli.main(["diagram", "--cluster", "shop", "-o", name]) == 0
    assert (tmp_path / name).read_bytes().startswith(start)
    assert asked == ["shop"]


@pytest.mark.parametrize("name", ["a.gif", "missing/a.svg"])
def test_what_cannot_be_written_is_one_sentence_and_status_1(capsys, name):
    assert cli.main(["diagram", "-o", name]) == 1
    assert name in capsys.readouterr().err

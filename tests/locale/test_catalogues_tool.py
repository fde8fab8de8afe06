"""``python tools/catalogues.py --check`` names what is wrong and changes nothing."""

import pytest

from tools import catalogues


@pytest.fixture
def translate(monkeypatch, tmp_path):
    """A package that says one thing, whose Japanese is to be written; gives the catalogue."""
    for folder in ("room", "ja", "controlplane"):
        (tmp_path / folder).mkdir()
    (tmp_path / "room" / "it.py").write_text('_("Port {port} is taken.", port=80)\n')
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path / "ja")
    catalogues.main(["room"])
    po = tmp_path / "ja" / "room.po"

    def translate(japanese):
        before, _, after = po.read_text("utf-8").rpartition('msgstr ""')
        po.write_text(f'{before}msgstr "{japanese}"{after}', "utf-8")
        return po

    return translate


@pytest.mark.parametrize(
    ("japanese", "found"),
    [("", "no Japanese for"), ("使用中のポートです。", "other parts to fill in than")],
)
def test_a_message_without_fit_japanese_is_named(translate, capsys, japanese, found):
    translate(japanese)
    assert catalogues.main(["room"]) == 1
    assert f"{found} 'Port {{port}} is taken.'" in capsys.readouterr().err


def test_a_catalogue_that_is_not_compiled_is_named_and_left_as_it_is(translate, capsys):
    mo = translate("ポート {port} は使用中です。").with_suffix(".mo")
    before = mo.read_bytes()
    assert catalogues.main(["--check", "room"]) == 1
    assert "room.mo is not current" in capsys.readouterr().err
    assert mo.read_bytes() == before
    assert catalogues.main(["room"]) == 0
    assert catalogues.main(["--check", "room"]) == 0

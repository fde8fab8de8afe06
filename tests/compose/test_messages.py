"""Every message of the room is there in Japanese, with the same parts filled in."""

import ast
import gettext
import string
from pathlib import Path

import pytest

import ecslab
from ecslab import compose
from ecslab.locale import set_language

ROOT = Path(ecslab.__file__).parent
JAPANESE = gettext.translation("compose", ROOT / "locale", ["ja"])


def messages():
    for path in sorted((ROOT / "compose").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
            if named and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, bool(node.keywords)


def parts(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize(("message", "filled"), sorted(set(messages())))
def test_a_message_has_its_japanese(message, filled):
    translated = JAPANESE.gettext(message)
    assert translated != message
    if filled:
        assert parts(translated) == parts(message)


def test_an_error_speaks_japanese():
    set_language("ja")
    try:
        with pytest.raises(compose.ComposeError) as error:
            compose.canonical({"services": {"web": {"imgae": "i"}}})
        assert str(error.value) == (
            "services.web に imgae というキーはありません。 image の間違いではありませんか。"
        )
    finally:
        set_language(None)

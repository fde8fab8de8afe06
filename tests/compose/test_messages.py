"""What the room says to a learner, in Japanese."""

import pytest

from ecslab import compose
from ecslab.locale import set_language


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

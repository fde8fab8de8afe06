"""A picture as a file: its name says which form it has."""

from __future__ import annotations

import pytest

from ecslab.diagram import file_bytes, render_dot, render_svg
from ecslab.diagram.examples import shop
from ecslab.model.errors import EcslabError


def test_an_svg_file_has_fixed_colours() -> None:
    assert file_bytes(shop(), "a.svg", lang="en").decode() == render_svg(
        shop(), lang="en", theme="light"
    )


def test_a_dot_file_is_the_dot_text() -> None:
    assert file_bytes(shop(), "A.DOT", lang="ja").decode() == render_dot(shop(), lang="ja")


@pytest.mark.dot
def test_a_png_file_is_a_png() -> None:
    assert file_bytes(shop(), "a.png").startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("name", ["a.gif", "a", ".svg/a"])
def test_another_suffix_is_one_clear_sentence(name: str) -> None:
    with pytest.raises(EcslabError, match=r"\.svg, \.png, \.dot"):
        file_bytes(shop(), name)

"""A cluster's picture as the bytes of a file: SVG, PNG or DOT by the file's name."""

from __future__ import annotations

from pathlib import PurePath

from ecslab.diagram.dot import render_dot
from ecslab.diagram.render import render
from ecslab.diagram.svg import render_svg
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.model.snapshot import Snapshot

_ = translator("diagram")

SUFFIXES = (".svg", ".png", ".dot")


def file_bytes(
    snapshot: Snapshot, name: str, *, lang: str | None = None, theme: str = "light"
) -> bytes:
    """What a file called `name` is to hold. PNG is Graphviz's drawing of the DOT text.

    Raises EcslabError for a suffix that is none of `SUFFIXES`, and for PNG without Graphviz.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix == ".svg":
        return render_svg(snapshot, lang=lang, theme=theme).encode()
    if suffix == ".dot":
        return render_dot(snapshot, lang=lang).encode()
    if suffix == ".png":
        return render(render_dot(snapshot, lang=lang), "png")
    raise EcslabError(
        _("A diagram cannot be written as {name}.", name=name),
        _("Give a name that ends in {suffixes}.", suffixes=", ".join(SUFFIXES)),
    )

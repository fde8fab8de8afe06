"""The one door to Graphviz: DOT text in, a picture out.

`dot` on PATH first, then pygraphviz, which carries Graphviz in the process.
"""

from __future__ import annotations

import shutil
import subprocess

from ecslab.locale import translator
from ecslab.model.errors import EcslabError

_ = translator("diagram")

FORMATS = ("svg", "png")
PYGRAPHVIZ = "pygraphviz"
LIMIT = 60.0  # seconds; a graph of ours takes a tenth of one


def render(source: str, form: str = "svg") -> bytes:
    """The picture of the DOT text `source` as "svg" or "png".

    Raises EcslabError where there is no Graphviz, or where it refuses the text.
    """
    if form not in FORMATS:
        raise ValueError(f"form must be one of {', '.join(FORMATS)}, not {form!r}")
    found = graphviz()
    return _in_process(source, form) if found == PYGRAPHVIZ else _by_dot(found, source, form)


def graphviz() -> str:
    """What draws graphs here: the path of `dot`, or `PYGRAPHVIZ`.

    Raises EcslabError where nothing does, with what to install.
    """
    binary = shutil.which("dot")
    if binary:
        return binary
    try:
        import pygraphviz  # noqa: F401  # whether it can be loaded is all we ask
    except ModuleNotFoundError as error:
        raise EcslabError(
            _("Graphviz is not installed, so graphs are shown as text (DOT)."),
            _("Install graphviz (apt, brew, winget), or `pip install pygraphviz`."),
        ) from error
    except ImportError as error:  # the wheel takes some libraries from the system
        raise EcslabError(
            _("pygraphviz does not load here, so graphs are shown as text (DOT): {why}", why=error),
            _("Install graphviz itself (apt, brew, winget): then its `dot` is used."),
        ) from error
    return PYGRAPHVIZ


def _by_dot(binary: str, source: str, form: str) -> bytes:
    try:
        done = subprocess.run(
            [binary, f"-T{form}"], input=source.encode(), capture_output=True, timeout=LIMIT
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refusal(str(error)) from error
    if done.returncode:
        raise _refusal(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _in_process(source: str, form: str) -> bytes:
    import pygraphviz

    try:
        with pygraphviz.AGraph(string=source) as graph:
            drawn: bytes = graph.draw(format=form, prog="dot")
    except (ValueError, OSError) as error:
        raise _refusal(str(error)) from error
    return drawn


def _refusal(why: str) -> EcslabError:
    return EcslabError(
        _("Graphviz could not draw the graph: {why}", why=why),
        _("`dot -V` says whether Graphviz itself works."),
    )

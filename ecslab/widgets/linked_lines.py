"""Two texts beside each other whose lines light up together, as HTML.

Without a script: each line is the label of a radio button, and a style rule for each piece says
which lines light up while one of them is hovered (lightly) or chosen. So it needs no kernel, and
arrow keys go through the lines.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ecslab.convert.beside import Beside, Piece
from ecslab.locale import Text, translator

_ = translator("widgets")

SIGNS: dict[str, tuple[str, Text]] = {
    "exact": ("✓", _("kept")),
    "adapted": ("≈", _("changed")),
    "dropped": ("✗", _("lost")),
}
"""How a fidelity is shown: never by colour alone."""

CSS = """
.ecslab-beside{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,6fr);gap:10px;
  font-size:13px;line-height:1.5;margin-right:4px}
.ecslab-beside .pane{border:1px solid var(--jp-border-color2,#c8ccd0);border-radius:6px;
  overflow:auto;max-height:640px;background:var(--jp-layout-color0,#fff)}
.ecslab-beside .head{font-weight:600;padding:4px 10px;position:sticky;top:0;
  background:var(--jp-layout-color2,#f3f4f6)}
.ecslab-beside .text{font-family:var(--jp-code-font-family,monospace);font-size:12px;
  line-height:18px;padding-bottom:4px}
.ecslab-beside .l{display:block;white-space:pre-wrap;overflow-wrap:anywhere;position:relative;
  padding:0 10px 0 5ch;text-indent:-5ch}
.ecslab-beside .n,.ecslab-beside .s{text-indent:0}
.ecslab-beside label.l{cursor:pointer}
.ecslab-beside input{position:absolute;opacity:0;width:1px;height:1px;margin:0}
.ecslab-beside .l:focus-within{outline:2px solid var(--jp-brand-color1,#2a6fb0);outline-offset:-2px}
.ecslab-beside .n{display:inline-block;width:3ch;text-align:right;user-select:none;
  color:var(--jp-ui-font-color2,#5f6b7a)}
.ecslab-beside .s{display:inline-block;width:2ch;text-align:center;user-select:none}
.ecslab-beside .told{border-left:3px solid var(--jp-brand-color1,#2a6fb0);padding:2px 10px;
  margin-top:10px;min-height:6em}
.ecslab-beside .told .d{display:none}
.ecslab-beside .told .path{font-family:var(--jp-code-font-family,monospace);font-size:12px;
  overflow-wrap:anywhere;font-weight:600}
.ecslab-beside .told pre{margin:4px 0;padding:4px 8px;overflow:auto;font-size:12px;line-height:16px;
  max-height:160px;background:var(--jp-layout-color2,#f3f4f6);border-radius:4px}
.ecslab-beside .was{color:var(--jp-ui-font-color2,#5f6b7a)}
.ecslab-beside .none{cursor:pointer;color:var(--jp-content-link-color,#2a6fb0);display:inline-block}
"""


class Names(NamedTuple):
    """What the two panes are called."""

    source: str
    result: str


def linked(shown: Beside, names: Names, key: str, was: Text) -> str:
    """The HTML; `key` is its id, another for each on a page; `was` begins what ecs-cli did."""
    signs = _signs(shown)
    left = _pane(shown.source, _mine(shown), names.source, key, signs, shown.pieces)
    right = _pane(shown.result, _theirs(shown), names.result, key, {}, shown.pieces)
    told = "".join(_told(number, one, shown, was) for number, one in enumerate(shown.pieces))
    hint = html.escape(str(_("Point at a line, or click it, and see what it becomes.")))
    nothing = html.escape(str(_("choose nothing")))
    none = f'<label class="none"><input type="radio" name="{key}" checked> {nothing}</label>'
    return (
        f"<style>{CSS}{_rules(key, len(shown.pieces))}</style>"
        f'<div id="{key}" class="ecslab-beside" data-lm-suppress-shortcuts="true">'
        f'<div>{left}<div class="told" role="status"><div class="e">{hint}</div>{told}'
        f"{none}</div></div>{right}</div>"
    )


def _rules(key: str, count: int) -> str:
    lines = [f"#{key}:has(.h:hover) :where(.d,.e){{display:none!important}}"]
    for number in range(count):
        chosen, hovered = f"#{key}:has(.h{number} input:checked)", f"#{key}:has(.h{number}:hover)"
        lines += [
            f"{chosen} .i{number}{{background:rgba(255,176,32,.3)}}",
            f"{chosen} .d{number}{{display:block}}{chosen} .e{{display:none}}",
            f"{hovered} .i{number}{{background:rgba(33,150,243,.22)}}",
            f"{hovered} .d{number}{{display:block!important}}",
        ]
    return "\n".join(lines)


def _mine(shown: Beside) -> dict[int, list[int]]:
    """Line of the source → the pieces it is part of, the smallest first."""
    return _by_line((number, one.here) for number, one in enumerate(shown.pieces))


def _theirs(shown: Beside) -> dict[int, list[int]]:
    pairs = ((n, lines) for n, one in enumerate(shown.pieces) for lines in one.there)
    return _by_line(pairs)


def _by_line(pairs: Iterable[tuple[int, range]]) -> dict[int, list[int]]:
    sizes: dict[int, dict[int, int]] = {}
    for number, lines in pairs:
        for line in lines:
            sizes.setdefault(line, {})[number] = len(lines)
    # Of two that are of the same lines, the later one is within the other.
    return {
        line: sorted(found, key=lambda number: (found[number], -number))
        for line, found in sizes.items()
    }


def _signs(shown: Beside) -> dict[int, str]:
    """Line → the worst that happened to it."""
    order = list(SIGNS)
    worst: dict[int, str] = {}
    for line, said in shown.diagnostics:
        if order.index(said.fidelity) >= order.index(worst.get(line, "exact")):
            worst[line] = said.fidelity
    return worst


def _pane(
    lines: Sequence[str],
    pieces_of: Mapping[int, list[int]],
    name: str,
    key: str,
    signs: Mapping[int, str],
    pieces: Sequence[Piece],
) -> str:
    drawn = "".join(
        _line(number, text, pieces_of.get(number, []), key, signs.get(number), pieces)
        for number, text in enumerate(lines, 1)
    )
    label = html.escape(name, quote=True)
    return (
        f'<div class="pane" role="group" aria-label="{label}"><div class="head">{label}</div>'
        f'<div class="text">{drawn}</div></div>'
    )


def _line(
    number: int,
    text: str,
    within: list[int],
    key: str,
    fidelity: str | None,
    pieces: Sequence[Piece],
) -> str:
    sign, word = SIGNS[fidelity] if fidelity and fidelity != "exact" else ("", "")
    marked = f'<span class="s" title="{html.escape(str(word), quote=True)}">{sign}</span>'
    body = f'<span class="n">{number}</span>{marked}{html.escape(text)}'
    inside = "".join(f" i{one}" for one in within)
    if not within:
        return f'<span class="l">{body}</span>'
    own = within[0]
    told = html.escape(f"{number}: {_short(pieces[own])}", quote=True)
    button = f'<input type="radio" name="{key}" aria-label="{told}">'
    return f'<label class="l h h{own}{inside}">{button}{body}</label>'


def _short(piece: Piece) -> str:
    return f"{piece.source} → {', '.join(piece.targets) or '✗'}"


def _told(number: int, piece: Piece, shown: Beside, was: Text) -> str:
    """What is told of a piece: the paths, the lines it became, the rule, what ecs-cli did."""
    targets = ", ".join(piece.targets) or str(_("nothing: it is lost"))
    parts = [f'<div class="path">{html.escape(piece.source)} → {html.escape(targets)}</div>']
    for lines in piece.there:
        text = "\n".join(shown.result[line - 1] for line in lines)
        parts.append(f"<pre>{html.escape(_dedented(text))}</pre>")
    parts += [f"<div>{html.escape(str(line))}</div>" for line in _why(piece)]
    if piece.row is not None and piece.row.before is not None:
        parts.append(f'<div class="was">{html.escape(f"{was} {piece.row.before}")}</div>')
    return f'<div class="d d{number}">{"".join(parts)}</div>'


def _why(piece: Piece) -> Iterator[Text]:
    if piece.row is not None:
        yield piece.row.why


def _dedented(text: str) -> str:
    import textwrap

    return textwrap.dedent(text)

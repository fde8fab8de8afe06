"""The life of a task as SVG, drawn from the table `model.lifecycle.TASK_MOVES`.

The states stand in a column, with the usual way from one to the next. Short ways run through lanes
beside it, one lane for each state they lead to: a dot joins a state to a lane, an arrow leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ecslab.diagram.measure import width
from ecslab.diagram.paint import Words, n, text
from ecslab.diagram.theme import css
from ecslab.diagram.words import TASK_STATES, _, chosen
from ecslab.diagram.xml import escape
from ecslab.model.lifecycle import MAIN_LINE, TASK_MOVES, Move

BOX_W, BOX_H, STEP, LANE, EDGE = 164.0, 32.0, 70.0, 26.0, 12.0
OUT, IN = -6.0, 7.0
"""How far above its middle a state is left, and below it reached."""

_ROWS: dict[str, int] = {state: row for row, state in enumerate(MAIN_LINE)}

# What model.lifecycle says of each move, so that the catalogue has it.
SPOKEN = (
    _("its network interface is there"),
    _("the agent accepted it: images are pulled, containers made"),
    _("its containers run"),
    _("it is to stop: load balancer targets are drained"),
    _("the targets are drained"),
    _("its containers ended: its network interface goes"),
    _("nothing of it is left"),
    _("it is forgotten after a while"),
    _("stopped before it got its network interface"),
    _("its network interface could not be made"),
    _("the agent reported it running"),
    _("stopped while it was waiting"),
    _("it failed to start, or was stopped before it did"),
    _("stopped while it was starting"),
    _("it failed to start"),
    _("it is to stop: containers get SIGTERM, then SIGKILL"),
    _("an essential container exited"),
    _("an essential container exited, or its instance was lost"),
    _("its containers ended meanwhile"),
    _("its containers ended meanwhile, or its instance was lost"),
    _("its containers ended"),
)


def render_life(lang: str | None = None, theme: str = "auto") -> str:
    """The picture as SVG text; `lang` and `theme` as for `render_svg`."""
    return "\n".join(_picture(Words(chosen(lang)), css(theme))) + "\n"


def _middle(state: str) -> float:
    """How far down the middle of a state's box is."""
    return EDGE + BOX_H / 2 + STEP * _ROWS[state]


def _picture(say: Words, sheet: str) -> Iterator[str]:
    usual = [move for move in TASK_MOVES if (move.before, move.after) in set(pairwise(MAIN_LINE))]
    short = [move for move in TASK_MOVES if move not in usual]
    first_lane = EDGE + BOX_W / 2 + 40 + max(width(say(_(m.why)), 11) for m in usual)
    targets = [state for state in MAIN_LINE if any(move.after == state for move in short)]
    lanes = {state: first_lane + LANE * at for at, state in enumerate(targets)}
    wide, high = max(lanes.values()) + EDGE + 8, _middle(MAIN_LINE[-1]) + BOX_H / 2 + EDGE
    label = say(_("The life of an ECS task, from its table."))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ecslab-diagram" role="img" '
        f'lang="{say.lang}" aria-label="{escape(label)}" viewBox="0 0 {n(wide)} {n(high)}" '
        f'width="{n(wide)}" height="{n(high)}" style="max-width:100%;height:auto">'
    )
    yield f"<style>{sheet}</style>"
    yield f'<rect class="page" width="{n(wide)}" height="{n(high)}" rx="8"/>'
    for state, lane in lanes.items():
        yield from _lane(state, lane, [move for move in short if move.after == state])
    for state in MAIN_LINE:
        yield from _ways_out(state, [lanes[m.after] for m in short if m.before == state])
    for move in short:
        yield _joint(lanes[move.after], move, say)
    for move in usual:
        yield from _usual(move, say)
    for state in MAIN_LINE:
        yield _state(state, say)
    yield "</svg>"


def _state(state: str, say: Words) -> str:
    glyph, tone, meaning = TASK_STATES[state]
    x, y = EDGE, _middle(state)
    kind = "pill" if state == "RUNNING" else "card"
    words = f'<tspan class="{tone}">{glyph}</tspan> {state}'
    return (
        f'<g id="state-{state}"><title>{escape(say(meaning))}</title><rect class="{kind}" '
        f'x="{n(x)}" y="{n(y - BOX_H / 2)}" width="{n(BOX_W)}" height="{n(BOX_H)}" rx="8"/>'
        f'<text class="b c" x="{n(x + BOX_W / 2)}" y="{n(y + 4)}">{words}</text></g>'
    )


def _usual(move: Move, say: Words) -> Iterator[str]:
    x, start, end = EDGE + BOX_W / 2, _middle(move.before), _middle(move.after)
    top, tip = start + BOX_H / 2, end - BOX_H / 2
    yield (
        f'<g id="{_name(move)}"><path class="wire" d="M{n(x)} {n(top)}V{n(tip - 7)}"/>'
        f'<path class="used" d="M{n(x)} {n(tip)}l-5 -8h10z"/>'
        + text(x + 14, (top + tip) / 2 + 4, say(_(move.why)), "s")
        + "</g>"
    )


def _lane(state: str, x: float, moves: Sequence[Move]) -> Iterator[str]:
    """The lane that leads to a state, from the topmost one it can be reached from."""
    top = min(_middle(move.before) for move in moves) + OUT
    down, right = _middle(state) + IN, EDGE + BOX_W
    yield (
        f'<path class="lane" d="M{n(x)} {n(top)}V{n(down - 6)}q0 6 -6 6H{n(right + 7)}"/>'
        f'<path class="used" d="M{n(right)} {n(down)}l9 -4.5v9z"/>'
    )


def _ways_out(state: str, lanes: Sequence[float]) -> Iterator[str]:
    if lanes:
        y = _middle(state) + OUT
        yield f'<path class="lane" d="M{n(EDGE + BOX_W)} {n(y)}H{n(max(lanes))}"/>'


def _joint(x: float, move: Move, say: Words) -> str:
    words = f"{move.before} → {move.after}: {say(_(move.why))}"
    y = _middle(move.before) + OUT
    return (
        f'<g id="{_name(move)}"><title>{escape(words)}</title>'
        f'<circle class="used" cx="{n(x)}" cy="{n(y)}" r="4"/></g>'
    )


def _name(move: Move) -> str:
    return f"move-{move.before}-{move.after}"

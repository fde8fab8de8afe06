"""Task cards, tiles and ghosts as SVG text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ecslab.diagram.cards import (
    CHIP,
    CHIPS,
    HEAD,
    LINE,
    REASON_LINES,
    STATE,
    TILE_H,
    TILE_W,
    chips_shown,
)
from ecslab.diagram.measure import BOLD, fit, fit_end, width, wrap
from ecslab.diagram.paint import Words, n, status, text
from ecslab.diagram.scene import GhostBox, TaskBox
from ecslab.diagram.theme import HUES, hue_glyph
from ecslab.diagram.words import SIDES, STOP_CODES, WAITING, _, container_state, task_state
from ecslab.diagram.xml import escape, identifier, link
from ecslab.model.snapshot import ContainerView


def task(box: TaskBox, say: Words) -> str:
    """A task's card, or its tile in a crowd."""
    return _tile(box, say) if box.tile else "".join(_card(box, say))


def _title(box: TaskBox, say: Words) -> str:
    seen = box.task
    glyph, _tone, meaning = task_state(seen)
    return (
        f"<title>{escape(seen.definition)} {escape(seen.id[:8])}: {glyph} {escape(seen.status)} – "
        f"{escape(say(meaning))}</title>"
    )


def _tile(box: TaskBox, say: Words) -> str:
    (x, y, _w, _h), seen, hue, _is_tile, side = box
    glyph, tone, _meaning = task_state(seen)
    return (
        f'<g id="{identifier("task", seen.id)}" transform="translate({x:.1f} {y:.1f})">'
        f"{_title(box, say)}{_tile_face(hue, tone, glyph, side == 'old')}</g>"
    )


@lru_cache(maxsize=256)
def _tile_face(hue: int, tone: str, glyph: str, old: bool) -> str:
    """What is the same in all tiles of a service and a state."""
    kind, ink = ("card", tone) if hue < 0 or old else (f"h{hue % len(HUES)}", "w")
    edge = f' style="stroke:{HUES[hue % len(HUES)]};stroke-width:2"' if old else ""
    return (
        f'<rect class="{kind}"{edge} width="{TILE_W:.0f}" height="{TILE_H:.0f}" rx="4"/>'
        f'<text class="c {ink}" x="{TILE_W / 2:.0f}" y="14">{glyph}</text>'
    )


def _card(box: TaskBox, say: Words) -> Iterator[str]:
    x, y, w, h = box.frame
    seen = box.task
    glyph, tone, _meaning = task_state(seen)
    soft = ' class="breathe"' if seen.status in WAITING else ""
    yield f'<g id="{identifier("task", seen.id)}">{_title(box, say)}'
    yield f'<rect class="card" x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="6"/>'
    yield _header(box, say)
    y += HEAD + 16
    yield f"<g{soft}>" + status(x + 9, y, glyph, tone, seen.status, "b") + "</g>"
    yield text(x + w - 9, y, _beside(box, say), "s e")
    y += STATE - 16
    if seen.launch_type == "FARGATE":
        yield text(x + 9, y + 10, fit(_size(box), 11, w - 18), "s")
        y += LINE
    for container in seen.containers[: chips_shown(seen)]:
        yield from _chip(container, x + 6, y, w - 12, seen.url, say)
        y += CHIP
    if len(seen.containers) > CHIPS:
        more = say(_("and {count} more containers", count=len(seen.containers) - CHIPS))
        yield text(x + 9, y + 10, more, "s")
        y += LINE
    if seen.status == "STOPPED":
        yield from _reason(box, y + 10, say)
    yield "</g>"


def _header(box: TaskBox, say: Words) -> str:
    """Glyph and name on the service's colour; the colour is but an outline for an old deployment's.

    While its service rolls, the word stands there too.
    """
    x, y, w, _h = box.frame
    mark = "" if box.hue < 0 else hue_glyph(box.hue) + " "
    word = say(SIDES[box.side]) if box.side else ""
    room = w - 18 - width(mark, 12, BOLD) - (width(word, 12, BOLD) + 8 if word else 0)
    name = mark + fit_end(box.task.definition, 12, room, BOLD)
    ink = "b" if box.hue < 0 or box.side == "old" else "w"
    beside = text(x + w - 9, y + 16, word, f"{ink} e") if word else ""
    return _header_shape(box) + text(x + 9, y + 16, name, ink) + beside


def _header_shape(box: TaskBox) -> str:
    x, y, w, _h = box.frame
    kind, edge = "head" if box.hue < 0 else f"h{box.hue % len(HUES)}", ""
    if box.side == "old":
        kind, edge = "chip", f' style="stroke:{HUES[box.hue % len(HUES)]};stroke-width:1.5"'
    shape = f"M{n(x)} {n(y + HEAD)}v-18a6 6 0 0 1 6-6h{n(w - 12)}a6 6 0 0 1 6 6v18z"
    return f'<path class="{kind}"{edge} d="{shape}"/>'


def _beside(box: TaskBox, say: Words) -> str:
    """What stands right of the status: that it is to stop, its health, or its id."""
    seen = box.task
    room = box.frame.w - 40 - width(seen.status, 12.5)
    if seen.desired == "STOPPED" and seen.status == "RUNNING":
        return fit("→ " + say(_("to stop")), 11, room)
    return fit(seen.id[:8], 11, room)


def _size(box: TaskBox) -> str:
    seen = box.task
    size = f"{seen.cpu / 1024:g} vCPU · {seen.memory} MiB"
    return f"{size} · {seen.address}" if seen.address else size


def _chip(
    container: ContainerView, x: float, y: float, w: float, url: str, say: Words
) -> Iterator[str]:
    glyph, tone, word = container_state(container)
    yield f'<rect class="chip" x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(CHIP - 4)}" rx="4"/>'
    name = fit(container.name, 11.5, w * 0.5)
    yield text(x + 7, y + 14, name, "b", 11.5)
    room = w - 20 - width(name, 12.2)
    yield text(x + w - 7, y + 14, fit(container.image.rsplit("/", 1)[-1], 11, room), "s e")
    said = fit(say(word), 11, w * 0.55)
    yield status(x + 7, y + 28, glyph, tone, said, "s")
    ports = fit(", ".join(container.ports), 11, w - 34 - width(said, 11))
    shown = text(x + w - 7, y + 28, ports, "s e") if ports else ""
    target = link(url) if ports and url else None
    yield f'<a href="{target}" target="_blank" rel="noopener">{shown}</a>' if target else shown


def _reason(box: TaskBox, y: float, say: Words) -> Iterator[str]:
    """Why it stopped: the code in words, then what AWS says."""
    seen, room = box.task, box.frame.w - 18
    words = STOP_CODES.get(seen.stop_code)
    lines = [fit(say(words), 11, room)] if words else []
    told = seen.stopped_reason or next((c.reason for c in seen.containers if c.reason), "")
    if told:
        lines += wrap(told, 11, room, REASON_LINES - len(lines))
    for number, line in enumerate(lines or [say(_("No reason was given."))]):
        yield text(box.frame.x + 9, y + LINE * number, line, "s")


def ghost(box: GhostBox, say: Words) -> str:
    """A task that a service wants and that is not there yet."""
    x, y, w, h = box.frame
    name = fit(f"{hue_glyph(box.hue)} {box.service.name}", 12, w - 18)
    words = "◌ " + say(_("missing"))
    if box.stands_for > 1:
        words = "◌ " + say(_("{count} missing", count=box.stands_for))
    key = identifier("missing", f"{box.service.name}_{box.number}")
    return (
        f'<g id="{key}"><title>{escape(name)}: {escape(words)}</title>'
        f'<rect class="ghost" x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="6"/>'
        + text(x + 9, y + 17, name, "b")
        + text(x + 9, y + 36, words, "s")
        + "</g>"
    )

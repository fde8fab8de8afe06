"""Services as SVG text: their line in the legend, and their deployments side by side."""

from __future__ import annotations

from collections.abc import Iterator

from ecslab.diagram.measure import BOLD, fit, width
from ecslab.diagram.paint import Words, n, text
from ecslab.diagram.scene import DeploymentBox, LegendEntry
from ecslab.diagram.theme import HUES, hue_glyph
from ecslab.diagram.words import SIDES, _, rollout
from ecslab.diagram.xml import escape, identifier


def legend_entry(entry: LegendEntry, say: Words) -> str:
    """What colour and glyph a service has, and how many of its tasks run."""
    frame, seen = entry.frame, entry.service
    counts = say(_("{running} of {desired} running", running=seen.running, desired=seen.desired))
    name = fit(seen.name, 12, frame.w - 44 - width(counts, 11))
    x, y = frame.x + 24, frame.y + 14
    title = say(_("service {name}", name=seen.name))
    return (
        f'<g id="{identifier("service", seen.name)}"><title>{escape(f"{title}: {counts}")}</title>'
        f'<rect class="h{entry.hue % len(HUES)}" x="{n(frame.x)}" y="{n(frame.y)}" '
        f'width="18" height="18" rx="4"/>'
        + text(frame.x + 9, y, hue_glyph(entry.hue), "w c")
        + text(x, y, name, "b")
        + text(x + width(name, 12, BOLD) + 8, y, counts, "s")
        + "</g>"
    )


def deployment(box: DeploymentBox, say: Words) -> Iterator[str]:
    """A deployment: old or new, its task definition, its tasks and how it goes."""
    x, y, w, h = box.frame
    seen, new = box.deployment, box.side == "new"
    hue = HUES[box.hue % len(HUES)]
    word, counts = say(SIDES[box.side]), _tasks(box, say)
    key = identifier("deployment", f"{box.service.name}_{seen.id}")
    yield f'<g id="{key}"><title>{escape(f"{word} {seen.definition}: {counts}")}</title>'
    kind = f"h{box.hue % len(HUES)}" if new else "chip"
    yield (
        f'<rect class="{kind}" style="stroke:{hue};stroke-width:1.5" x="{n(x)}" y="{n(y)}" '
        f'width="{n(w)}" height="{n(h)}" rx="6"/>'
    )
    ink = "w" if new else "b"
    name = fit(f"{hue_glyph(box.hue)} {seen.definition}", 12, w - 30 - width(word, 12, BOLD))
    yield text(x + 10, y + 17, name, ink) + text(x + w - 10, y + 17, word, f"{ink} e")
    yield text(x + 10, y + 34, fit(counts, 11, w - 20), "w" if new else "", 11)
    if not new:
        yield text(x + w + 13, y + 26, "→", "c", 16)
    yield "</g>"


def _tasks(box: DeploymentBox, say: Words) -> str:
    seen = box.deployment
    parts = [_("{running} of {desired} running", running=seen.running, desired=seen.desired)]
    if box.side == "old":
        parts = [_("{count} running", count=seen.running)]
    if seen.failed:
        parts.append(_("{count} failed", count=seen.failed))
    said = " · ".join(say(part) for part in parts)
    state = rollout(seen)
    return f"{state[0]} {say(state[1])} · {said}" if state else said

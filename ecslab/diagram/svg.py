"""Scene → SVG text: the frame, the places and what stands beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ecslab.diagram.layout import lay_out
from ecslab.diagram.measure import BOLD, MONO, fit, width
from ecslab.diagram.paint import Words, n, status, text
from ecslab.diagram.scene import Frame, InstanceBox, Lane, Pill, Scene, Wire
from ecslab.diagram.svg_services import deployment, legend_entry
from ecslab.diagram.svg_tasks import ghost, task
from ecslab.diagram.theme import css
from ecslab.diagram.words import (
    TARGET_STATES,
    TASK_STATES,
    UNHEALTHY,
    UNKNOWN_STATE,
    _,
    chosen,
    cluster_state,
    empty_sentence,
    instance_state,
    summary,
)
from ecslab.diagram.xml import escape, identifier, link
from ecslab.locale import Text
from ecslab.model.snapshot import Snapshot

_LANES: dict[str, tuple[str | Text, Text]] = {
    "fargate": ("AWS Fargate", _("no instance to look after")),
    "waiting": (_("Waiting"), _("not on an instance yet")),
    "elsewhere": (_("Elsewhere"), _("on an instance that is not in this picture")),
    "stopped": (_("Stopped"), _("shown for ten minutes")),
}


def render_svg(snapshot: Snapshot, *, lang: str | None = None, theme: str = "auto") -> str:
    """The picture of a cluster as SVG text.

    `lang` is "ja" or "en" (default: the reader's); `theme` is "auto" (follows JupyterLab), "light"
    or "dark" (fixed colours, for a file). Equal snapshots give equal text; `Snapshot.at` shows only
    in how long stopped tasks stay. Raises ValueError for another language or theme.
    """
    return paint(lay_out(snapshot), lang=lang, theme=theme)


def paint(scene: Scene, *, lang: str | None = None, theme: str = "auto") -> str:
    """The SVG text of a scene."""
    return "\n".join(_picture(scene, Words(chosen(lang)), css(theme))) + "\n"


def _picture(scene: Scene, say: Words, sheet: str) -> Iterator[str]:
    wide, high = n(scene.width), n(scene.height)
    label = say(summary(scene.snapshot))
    if scene.snapshot.simulated:
        label += " " + say(_("The containers are simulated."))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ecslab-diagram" role="img" '
        f'lang="{say.lang}" aria-label="{escape(label)}" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" style="max-width:100%;height:auto">'
    )
    yield f"<style>{sheet}</style>"
    yield f'<rect class="page" width="{wide}" height="{high}" rx="8"/>'
    missing = scene.snapshot.status == "MISSING"
    yield _rect(scene.cluster, "cluster dash" if missing else "cluster", 12)
    for place in scene.instances:
        yield _frame(place)
    for lane in scene.lanes:
        yield from _lane(lane, say)
    for wire in scene.wires:
        yield _wire(wire)
    yield from _cluster(scene, say)
    for place in scene.instances:
        yield from _instance(place, say)
    for box in scene.tasks:
        yield task(box, say)
    for absent in scene.ghosts:
        yield ghost(absent, say)
    for pill in scene.pills:
        yield from _pill(pill, say)
    for entry in scene.legend:
        yield legend_entry(entry, say)
    for stage in scene.deployments:
        yield from deployment(stage, say)
    yield "</svg>"


def _rect(frame: Frame, name: str, radius: int = 8) -> str:
    x, y, w, h = frame
    return (
        f'<rect class="{name}" x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="{radius}"/>'
    )


def _cluster(scene: Scene, say: Words) -> Iterator[str]:
    frame, seen = scene.cluster, scene.snapshot
    glyph, tone = cluster_state(seen)
    yield f'<g id="{identifier("cluster", seen.cluster)}" class="halo">'
    x, y = frame.x + 28, frame.y + 30
    name = fit(seen.cluster, 17, 380)
    yield text(x, y, name, "big")
    yield status(x + width(name, 17, BOLD) + 12, y - 1, glyph, tone, seen.status)
    yield _counts(scene)
    place = " · ".join(part for part in (seen.region, seen.account) if part)
    right = frame.x + frame.w - 14
    if seen.simulated:
        words = "◇ " + say(_("simulated"))
        wide = width(words, 12) + 20
        yield _rect(Frame(right - wide, y - 17, wide, 24), "ghost", 12)
        yield text(right - wide / 2, y, words, "c")
        right -= wide + 12
    yield text(right, y, place, "s e")
    yield "</g>"
    sentence = empty_sentence(seen)
    if scene.note and sentence is not None:
        yield _rect(scene.note, "note")
        yield text(scene.note.x + scene.note.w / 2, scene.note.y + 25, say(sentence), "c")


def _counts(scene: Scene) -> str:
    """How many tasks are in which state: with glyph and word, the key to the tiles of a crowd."""
    count = Counter(box.task.status for box in scene.tasks if box.task.status != "STOPPED")
    parts = []
    for state in (*TASK_STATES, *sorted(count.keys() - TASK_STATES.keys())):
        if count[state]:
            glyph, tone, _meaning = TASK_STATES.get(state, UNKNOWN_STATE)
            parts.append(f'<tspan class="{tone}">{glyph}</tspan> {count[state]} {escape(state)}')
    x, y = scene.cluster.x + 28, scene.cluster.y + 48
    return f'<text class="s" x="{n(x)}" y="{n(y)}">{" · ".join(parts)}</text>' if parts else ""


def _frame(place: InstanceBox) -> str:
    booting = " dash" if place.instance.status == "BOOTING" else ""
    return _rect(place.frame, "instance" + booting)


def _instance(place: InstanceBox, say: Words) -> Iterator[str]:
    frame, seen = place.frame, place.instance
    glyph, tone, word = instance_state(seen)
    x, y, right = frame.x + 14, frame.y + 23, frame.x + frame.w - 14
    shown = say(word)
    label_w = width(shown, 12) + 22
    kind = "on breathe" if tone == "wait" else "on"
    yield f'<g id="{identifier("instance", seen.ec2_id or seen.id)}" class="{kind}">'
    yield f"<title>{escape(f'{seen.ec2_id} {glyph} {shown}')}</title>"
    size = 10.5 if place.tile else 12.5
    name = fit(seen.ec2_id or seen.id, size, frame.w - 28 - label_w, MONO)
    yield text(x, y, name, "m b", size)
    yield status(right - label_w + 4, y, glyph, tone, shown)
    if place.tile:
        yield from _tile_head(place, say)
    elif seen.status == "BOOTING":
        yield text(x, y + 18, _whereabouts(place), "s")
        yield text(x, y + 40, say(_("It joins the cluster when its agent starts.")), "s")
    else:
        yield text(x, y + 18, _whereabouts(place), "s")
        yield from _resources(place, say)
    yield "</g>"


def _whereabouts(place: InstanceBox) -> str:
    seen = place.instance
    parts = (seen.instance_type, seen.availability_zone, seen.public_ip)
    return fit(" · ".join(part for part in parts if part), 11, place.frame.w - 28)


def _tile_head(place: InstanceBox, say: Words) -> Iterator[str]:
    frame, seen = place.frame, place.instance
    half = (frame.w - 28) / 2
    for shift, name, total, free in (
        (0.0, "CPU", seen.cpu, seen.cpu_free),
        (half, "MEM", seen.memory, seen.memory_free),
    ):
        words = f"{name} {total - free}/{total}"
        yield text(frame.x + 14 + shift, frame.y + 40, words, "s", 9.5)
        yield _bar(frame.x + 14 + shift, frame.y + 46, half - 10, total - free, total)


def _resources(place: InstanceBox, say: Words) -> Iterator[str]:
    """Bars of what tasks reserve, and the host ports they take."""
    frame, seen = place.frame, place.instance
    half = (frame.w - 28 + 14) / 2
    y = frame.y + 58
    for shift, name, total, free, unit in (
        (0.0, "CPU", seen.cpu, seen.cpu_free, ""),
        (half, "MEM", seen.memory, seen.memory_free, " MiB"),
    ):
        x, used = frame.x + 14 + shift, total - free
        yield text(x, y, name, "s")
        yield text(x + half - 14, y, f"{used} / {total}{unit}", "s e")
        yield _bar(x, y + 5, half - 14, used, total)
    ports = ", ".join(str(port) for port in seen.ports)
    words = _("Fixed host ports: {ports}", ports=ports) if ports else _("No fixed host ports")
    yield text(frame.x + 14, y + 27, fit(say(words), 11, frame.w - 28), "s")
    if not place.tasks:
        yield text(frame.x + 14, y + 51, say(_("No task runs here.")), "s")


def _bar(x: float, y: float, wide: float, used: int, total: int) -> str:
    share = min(max(used / total, 0.0), 1.0) if total > 0 else 0.0
    full = _rect(Frame(x, y, wide, 6), "track", 3)
    return full + (_rect(Frame(x, y, max(wide * share, 4), 6), "used", 3) if share else "")


def _lane(lane: Lane, say: Words) -> Iterator[str]:
    title, why = _LANES[lane.kind]
    dots = {"fargate": " dot", "waiting": " dash"}.get(lane.kind, "")
    x, y = lane.frame.x + 14, lane.frame.y + 21
    name = say(title)
    yield f'<g id="lane-{lane.kind}">' + _rect(lane.frame, "lane" + dots)
    yield text(x, y, name, "b")
    words = say(why)
    if lane.left_out:
        words += " – " + say(_("{count} more are not shown", count=lane.left_out))
    yield text(x + width(name, 12, BOLD) + 12, y, words, "s") + "</g>"


def _wire(wire: Wire) -> str:
    first, *rest = wire.points
    ways = " ".join(f"L{n(x)} {n(y)}" for x, y in rest)
    name = identifier("wire", f"{wire.balancer}_{wire.task}")
    return f'<path id="{name}" class="wire" d="M{n(first[0])} {n(first[1])} {ways}"/>'


def _health(pill: Pill, say: Words) -> str:
    """How many targets are in which state; a target that leaves in order is no failure."""
    count = Counter(
        one.state if one.state in TARGET_STATES else UNHEALTHY for one in pill.balancer.targets
    )
    return " · ".join(
        f"{glyph} {count[state]} {say(word)}"
        for state, (glyph, word) in TARGET_STATES.items()
        if count[state] or state == "healthy"
    )


def _pill(pill: Pill, say: Words) -> Iterator[str]:
    frame, seen = pill.frame, pill.balancer
    middle = frame.x + frame.w / 2
    words = _health(pill, say)
    yield f'<g id="{identifier("load-balancer", seen.name)}">'
    yield f"<title>{escape(f'{seen.dns or seen.name}: {words}')}</title>" + _rect(frame, "pill", 23)
    name = text(middle, frame.y + 20, "⇄ " + fit(seen.name, 12, frame.w - 60), "b c")
    target = link(seen.url)
    yield f'<a href="{target}" target="_blank" rel="noopener">{name}</a>' if target else name
    yield text(middle, frame.y + 36, fit(words, 11, frame.w - 14), "s c") + "</g>"

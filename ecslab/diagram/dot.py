"""Snapshot → DOT text, for who wants the structure in their own tools (and for PNG)."""

from __future__ import annotations

import graphviz

from ecslab.diagram.sorting import missing, sort
from ecslab.diagram.words import _, chosen, instance_state, summary, task_state
from ecslab.locale import Text
from ecslab.model.snapshot import Snapshot, TaskView

_FONT = "sans-serif"


def render_dot(snapshot: Snapshot, *, lang: str | None = None) -> str:
    """The cluster as DOT: clusters nest as placement does. Equal snapshots give equal text."""
    tongue = chosen(lang)
    graph = graphviz.Digraph("cluster", graph_attr={"rankdir": "TB", "fontname": _FONT})
    graph.attr("node", shape="box", style="rounded", fontname=_FONT, fontsize="11")
    graph.attr("graph", tooltip=plain(summary(snapshot).render(tongue)))
    places = sort(snapshot)
    with graph.subgraph(name="cluster_all") as inside:
        title = f"{snapshot.cluster} · {snapshot.status}"
        if snapshot.simulated:
            title += f" · {_('simulated').render(tongue)}"
        inside.attr(label=plain(title), style="rounded")
        for one in sorted(snapshot.instances, key=lambda i: (i.availability_zone, i.ec2_id)):
            glyph, _tone, word = instance_state(one)
            said = word.render(tongue) if isinstance(word, Text) else word
            label = f"{one.ec2_id}\n{one.instance_type}  {glyph} {said}"
            style = "dashed" if one.status == "BOOTING" else "rounded"
            _box(inside, one.ec2_id or one.id, label, style, places.placed.get(one.id, []))
        for name, title_, style, tasks in (
            ("fargate", "AWS Fargate", "dotted", places.fargate),
            ("waiting", _("Waiting").render(tongue), "dashed", places.waiting),
            ("elsewhere", _("Elsewhere").render(tongue), "dashed", places.elsewhere),
            ("stopped", _("Stopped").render(tongue), "rounded", places.stopped),
        ):
            if tasks:
                _box(inside, f"lane {name}", title_, style, tasks)
        for service in sorted(snapshot.services, key=lambda s: s.name):
            gone = missing(service, snapshot)
            if gone:
                words = _("{count} missing", count=gone).render(tongue)
                label = f"{service.name}\n◌ {words}"
                inside.node(_key("missing", service.name), plain(label), style="dashed")
    _balancers(graph, snapshot)
    return str(graph.source)


def _box(
    parent: graphviz.Digraph, name: str, label: str, style: str, tasks: list[TaskView]
) -> None:
    with parent.subgraph(name=f"cluster_{_key('box', name)}") as box:
        box.attr(label=plain(label), style=style)
        # Graphviz leaves out a cluster without nodes.
        if not tasks:
            box.node(_key("empty", name), "", shape="point", style="invis")
        for task in tasks:
            glyph, _tone, _meaning = task_state(task)
            owner = f"\n{task.service}" if task.service else ""
            label = f"{task.definition}{owner}\n{glyph} {task.status}\n{task.id[:8]}"
            box.node(_key("task", task.id), plain(label))


def _balancers(graph: graphviz.Digraph, snapshot: Snapshot) -> None:
    drawn = {task.id for task in snapshot.tasks if task.status != "STOPPED"}
    for one in sorted(snapshot.load_balancers, key=lambda balancer: balancer.name):
        graph.node(_key("balancer", one.name), plain(f"⇄ {one.name}"), shape="ellipse")
        for target in one.targets:
            if target.state == "healthy" and target.task in drawn:
                graph.edge(_key("balancer", one.name), _key("task", target.task))


def _key(kind: str, name: str) -> str:
    """A node's name: no colon, which DOT takes for a port."""
    return f"{kind} {name}".replace("%", "%25").replace(":", "%3A").replace("\\", "%5C")


def plain(label: str) -> str:
    """`label` as plain text: no HTML, no escapes; line breaks stay."""
    safe = "".join(c if c >= " " or c == "\n" else "\ufffd" for c in label)
    safe = safe.encode(errors="replace").decode()
    lines = [graphviz.escape(line) for line in safe.split("\n")]
    return str(graphviz.nohtml("\\n".join(lines)))

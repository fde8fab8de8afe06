"""Explanatory graphs, one function each: what ECS is made of and how its parts live.

Each gives a `Graph` (or, for `structure` and `lifecycle`, a `Drawing`), which shows itself in a
notebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphviz

from ecslab.diagram import examples
from ecslab.diagram.dot import plain
from ecslab.diagram.life import render_life
from ecslab.diagram.shown import Drawing, Graph
from ecslab.diagram.svg import render_svg
from ecslab.diagram.words import _, chosen
from ecslab.locale import Text

TEXT, SOFT, LINE, BOX, STRONG = "#1b2430", "#586472", "#c3cad3", "#f4f6f8", "#2563a8"
_FONT = "sans-serif"


class _Sketch:
    """A graph in the house's style, with words in one language."""

    def __init__(self, name: str, label: Text, lang: str | None, direction: str = "LR") -> None:
        self.lang = chosen(lang)
        self.label = label.render(self.lang)
        self.dot = graphviz.Digraph(name)
        self.dot.attr(
            "graph", rankdir=direction, bgcolor="transparent", fontname=_FONT, fontsize="13",
            fontcolor=TEXT, nodesep="0.35", ranksep="0.55",
        )  # fmt: skip
        self.dot.attr(
            "node", shape="box", style="rounded,filled", fillcolor=BOX, color=LINE,
            fontname=_FONT, fontsize="12", fontcolor=TEXT, margin="0.18,0.1",
        )  # fmt: skip
        self.dot.attr(
            "edge", color=SOFT, fontname=_FONT, fontsize="10", fontcolor=SOFT, arrowsize="0.7"
        )

    def say(self, *lines: Text | str) -> str:
        """A label of several lines."""
        said = [part if isinstance(part, str) else part.render(self.lang) for part in lines]
        return plain("\n".join(said))

    def node(self, name: str, *lines: Text | str, **style: str) -> None:
        self.dot.node(name, self.say(*lines), **style)

    def edge(self, start: str, end: str, words: Text | str = "", **style: str) -> None:
        self.dot.edge(start, end, label=f"  {self.say(words)}  " if words else None, **style)

    def group(self, name: str, *lines: Text | str, **style: str) -> Any:
        """A box around what is added to it."""
        given = {"color": LINE, "style": "rounded", **style}
        return self.dot.subgraph(
            name=f"cluster_{name}", graph_attr={"label": self.say(*lines), **given}
        )

    def graph(self) -> Graph:
        return Graph(str(self.dot.source), self.label)


def parts(lang: str | None = None) -> Graph:
    """Task definition, task, service and cluster, and what each has to do with the others."""
    s = _Sketch(
        "parts", _("The parts of ECS: task definition, task, service, cluster."), lang, "TB"
    )
    s.node("definition", _("Task definition"), _("which containers, how large"))
    s.node("service", _("Service"), _("keeps this many tasks running"))
    with s.group("cluster", _("Cluster: where tasks run")) as cluster:
        cluster.node("task", s.say(_("Task"), _("running containers")), color=STRONG, penwidth="2")
        cluster.node("home", s.say(_("EC2 instance or Fargate")))
    s.edge("definition", "task", _("is run as"))
    s.edge("definition", "service", _("is named by"))
    s.edge("service", "task", _("starts and replaces"))
    s.edge("task", "home", _("is placed on"))
    return s.graph()


def lifecycle(lang: str | None = None) -> Drawing:
    """The life of a task, drawn from the table `model.lifecycle.TASK_MOVES`."""
    return Drawing(render_life(chosen(lang)))


def ecs_and_eks(lang: str | None = None) -> Graph:
    """ECS against EKS: the same containers, two ways to lead them."""
    s = _Sketch("ecs_and_eks", _("ECS and EKS: two ways to run containers on AWS."), lang, "TB")
    s.node("you", _("Your containers"), color=STRONG, penwidth="2")
    with s.group("ecs", "Amazon ECS") as ecs:
        ecs.node("ecs_words", s.say(_("AWS's own words: task, service, cluster")))
        ecs.node("ecs_plane", s.say(_("control plane: no charge")))
        ecs.node("ecs_good", s.say(_("little to learn, bound to AWS")))
    with s.group("eks", "Amazon EKS") as eks:
        eks.node("eks_words", s.say(_("Kubernetes: pod, deployment, cluster")))
        eks.node("eks_plane", s.say(_("control plane: paid per cluster and hour")))
        eks.node("eks_good", s.say(_("more to learn, runs elsewhere too")))
    for kind in ("ecs", "eks"):
        s.edge("you", f"{kind}_words")
        s.edge(f"{kind}_words", f"{kind}_plane", arrowhead="none")
        s.edge(f"{kind}_plane", f"{kind}_good", arrowhead="none")
    return s.graph()


def fargate_and_ec2(lang: str | None = None) -> Graph:
    """Fargate against EC2: who looks after the machine."""
    s = _Sketch("fargate_and_ec2", _("Who looks after what: EC2 and Fargate."), lang, "TB")
    layers = (_("containers"), _("ECS agent"), _("operating system"), _("hardware"))
    for kind, title, yours in (("ec2", "EC2", 3), ("fargate", "AWS Fargate", 1)):
        with s.group(kind, title, style="rounded" if kind == "ec2" else "dotted") as box:
            for number, layer in enumerate(layers):
                owner = _("yours") if number < yours else _("AWS's")
                mark = "● " if number < yours else "○ "
                style = {"color": STRONG, "penwidth": "2"} if number < yours else {}
                label = s.say(layer, mark + owner.render(s.lang))
                box.node(f"{kind}{number}", label, **style)
                if number:
                    box.edge(f"{kind}{number - 1}", f"{kind}{number}", arrowhead="none")
    return s.graph()


def depends_on(task_definition: Mapping[str, Any], lang: str | None = None) -> Graph:
    """The order in which a task's containers start: who waits for whom, and for what.

    `task_definition` is one in ECS's own form (RegisterTaskDefinition's input, camelCase).
    """
    s = _Sketch("depends_on", _("The order in which the containers of a task start."), lang)
    containers = task_definition.get("containerDefinitions") or ()
    keys = {one.get("name", ""): f"c{number}" for number, one in enumerate(containers)}
    for one in containers:
        essential = one.get("essential", True)
        lines = (one.get("name", ""), one.get("image", ""))
        s.node(keys[one.get("name", "")], *lines, style="rounded,filled" if essential else "dashed")
    for one in containers:
        for need in one.get("dependsOn") or ():
            first = need.get("containerName", "")
            if first not in keys:
                keys[first] = f"c{len(keys)}"
                s.node(keys[first], first, _("is not in this task definition"), style="dashed")
            s.edge(keys[first], keys[one.get("name", "")], need.get("condition", ""))
    return s.graph()


def endpoints(lang: str | None = None) -> Graph:
    """What a container asks on ECS, and who answers it on one's own machine."""
    s = _Sketch("endpoints", _("What containers ask, and who answers on your machine."), lang)
    s.node("task", _("your container"), _("same program as on ECS"), color=STRONG, penwidth="2")
    with s.group("network", "ecs-local-network 169.254.170.0/24") as network:
        network.node("endpoints", s.say(_("endpoints container"), "169.254.170.2"))
    s.node("yours", _("your AWS credentials"), "~/.aws")
    s.node("docker", _("Docker engine"), "docker.sock")
    s.edge("task", "endpoints", "/creds")
    s.edge("task", "endpoints", "/v3, /v3/task")
    s.edge("endpoints", "yours", _("lends them, for a while"))
    s.edge("endpoints", "docker", _("asks about containers"))
    return s.graph()


def structure(lang: str | None = None) -> Drawing:
    """Two instances, four tasks, a service and a load balancer, as the live diagram draws them."""
    return Drawing(render_svg(examples.structure(), lang=chosen(lang)))

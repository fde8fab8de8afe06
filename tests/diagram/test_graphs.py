"""The explanatory graphs as DOT text, and the door to Graphviz."""

from __future__ import annotations

import shutil
import sys
import types
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from ecslab.diagram import examples, graphs, life, render, render_dot
from ecslab.diagram.shown import Graph
from ecslab.diagram.xml import escape
from ecslab.model.errors import EcslabError
from ecslab.model.lifecycle import MAIN_LINE, TASK_MOVES
from ecslab.model.snapshot import Snapshot

ALL = (graphs.parts, graphs.ecs_and_eks, graphs.fargate_and_ec2, graphs.endpoints)


@pytest.mark.parametrize("graph", ALL)
def test_a_graph_speaks_both_languages(graph) -> None:  # type: ignore[no-untyped-def]  # three alike
    english, japanese = graph("en"), graph("ja")
    assert english.source.isascii() or graph is graphs.fargate_and_ec2
    assert any("぀" <= character <= "ヿ" for character in japanese.source)
    assert english.label != japanese.label


def ids(svg: str) -> list[str]:
    return [element.get("id", "") for element in ET.fromstring(svg).iter()]


def test_the_lifecycle_has_each_state_and_each_move_of_the_table_once_and_no_other() -> None:
    found = [name for name in ids(graphs.lifecycle("en").svg) if name.startswith("move-")]
    assert sorted(found) == sorted(f"move-{move.before}-{move.after}" for move in TASK_MOVES)
    states = [name for name in ids(graphs.lifecycle("en").svg) if name.startswith("state-")]
    assert states == [f"state-{state}" for state in MAIN_LINE]


def test_the_lifecycle_says_why_in_both_languages() -> None:
    english, japanese = graphs.lifecycle("en").svg, graphs.lifecycle("ja").svg
    for move in TASK_MOVES:
        assert escape(move.why) in english
        assert escape(move.why) not in japanese


def test_every_reason_of_the_lifecycle_is_in_the_catalogue() -> None:
    spoken = {text.msgid for text in life.SPOKEN}
    assert spoken == {move.why for move in TASK_MOVES}
    assert all(text.render("ja") != text.msgid for text in life.SPOKEN)


def test_depends_on_shows_who_waits_for_what() -> None:
    source = graphs.depends_on(
        {
            "containerDefinitions": [
                {"name": "db", "image": "postgres"},
                {"name": "web", "dependsOn": [{"containerName": "db", "condition": "HEALTHY"}]},
            ]
        },
        "en",
    ).source
    assert "c0 -> c1" in source
    assert "HEALTHY" in source


def test_depends_on_names_a_container_that_is_not_there() -> None:
    broken = {"containerDefinitions": [{"name": "a", "dependsOn": [{"containerName": "ghost"}]}]}
    assert "is not in this task definition" in graphs.depends_on(broken, "en").source


def test_the_structure_picture_has_what_the_hands_on_shows() -> None:
    ids = [e.get("id", "") for e in ET.fromstring(graphs.structure("ja").svg).iter()]
    for kind, count in (("instance-", 2), ("task-", 4), ("service-", 1), ("load-balancer-", 1)):
        assert sum(name.startswith(kind) for name in ids) == count
    assert sum(name.startswith("wire-") for name in ids) == 4


def test_without_graphviz_the_dot_text_is_shown_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    shown = Graph("digraph { a -> b }", "two")._repr_html_()
    assert "<pre>digraph { a -&gt; b }</pre>" in shown
    assert "Graphviz is not installed" in shown


def test_a_pygraphviz_that_lacks_a_library_of_the_system_is_told_of_beside_the_dot_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its wheel leaves some to the system, and a small image of a system lacks them."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.delitem(sys.modules, "pygraphviz", raising=False)
    (tmp_path / "pygraphviz.py").write_text(
        "raise ImportError('libgobject-2.0.so.0: no such file')"
    )
    monkeypatch.syspath_prepend(tmp_path)
    shown = Graph("digraph { a -> b }", "two")._repr_html_()
    assert "<pre>digraph { a -&gt; b }</pre>" in shown
    assert "libgobject-2.0.so.0" in shown
    assert "Install graphviz itself" in shown


def test_without_dot_pygraphviz_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    class AGraph:
        def __init__(self, string: str) -> None:
            self.string = string

        def __enter__(self) -> AGraph:
            return self

        def __exit__(self, *_error: object) -> None:
            return None

        def draw(self, format: str, prog: str) -> bytes:
            return f"{prog} {format} {self.string}".encode()

    module = types.ModuleType("pygraphviz")
    module.AGraph = AGraph  # type: ignore[attr-defined]  # a module made by hand
    monkeypatch.setitem(sys.modules, "pygraphviz", module)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert render.render("digraph {}", "png") == b"dot png digraph {}"


@pytest.mark.dot
@pytest.mark.parametrize("graph", ALL)
def test_graphviz_draws_every_graph(graph) -> None:  # type: ignore[no-untyped-def]  # three alike
    picture = ET.fromstring(graph("ja").svg())
    assert picture.get("role") == "img"
    assert picture.get("aria-label")
    assert "var(--jp-" in graph("ja")._repr_html_()


@pytest.mark.dot
def test_graphviz_says_what_it_does_not_understand() -> None:
    with pytest.raises(EcslabError, match="syntax error"):
        render.render("digraph {")


@pytest.mark.dot
def test_a_cluster_as_dot_is_drawn_even_with_hostile_names() -> None:
    hostile = '<b>"\\N\n:}{&'
    seen = examples.shop()
    tasks = tuple(replace(task, definition=hostile, id=hostile + task.id) for task in seen.tasks)
    instances = tuple(replace(one, ec2_id=hostile + one.ec2_id) for one in seen.instances)
    render.render(render_dot(replace(seen, cluster=hostile, tasks=tasks, instances=instances)))


def test_a_cluster_as_dot_nests_as_placement_does() -> None:
    source = render_dot(examples.shop(), lang="en")
    assert source.count("subgraph") == 5  # the cluster, two instances, waiting, stopped
    assert "● RUNNING" in source
    assert "simulated" in source


def test_an_empty_cluster_as_dot_is_still_a_graph() -> None:
    assert "demo" in render_dot(Snapshot("demo"), lang="ja")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_endpoints_shows_what_is_asked_and_who_answers(lang: str) -> None:
    source = graphs.endpoints(lang).source
    assert "169.254.170.2" in source
    assert '"  /creds  "' in source

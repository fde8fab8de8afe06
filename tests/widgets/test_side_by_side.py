"""Compose and task definition beside each other: texts in, linked lines out."""

import html
import re

import pytest

import ecslab
from ecslab.model.errors import EcslabError

COMPOSE = """\
services:
  web:
    image: nginx:alpine
    ports:
      - 8080:80
    restart: always
    container_name: web
"""
DEFINITION = """\
{
  "family": "web",
  "containerDefinitions": [
    {"name": "web", "image": "nginx", "memory": 128, "essential": false}
  ]
}
"""


@pytest.fixture
def compose_file(tmp_path):
    path = tmp_path / "compose.yml"
    path.write_text(COMPOSE)
    return path


@pytest.fixture
def shown(compose_file):
    return ecslab.side_by_side(compose_file, project_name="shop")


def lines_of(shown, text):
    """The class words of each line that holds `text`."""
    found = re.findall(r'<label class="([^"]*)">(.*?)</label>', shown.panes.value)
    return [words.split() for words, body in found if text in html.unescape(body)]


def test_a_compose_file_is_shown_with_its_definition(shown):
    assert shown.value["family"] == "shop"
    assert shown.value["containerDefinitions"][0]["name"] == "web"


def test_a_task_definition_is_shown_with_its_compose_file(tmp_path):
    path = tmp_path / "task-definition.json"
    path.write_text(DEFINITION)
    shown = ecslab.side_by_side(path)
    assert shown.value["services"]["web"]["x-ecs"] == {"essential": False}
    assert "kept" in shown.said.value


def test_a_line_and_what_it_became_light_up_together(shown):
    (left,) = lines_of(shown, "- 8080:80")
    (right,) = lines_of(shown, '"hostPort": 8080')
    own = next(word for word in left if re.fullmatch(r"h\d+", word))
    assert own in right
    assert own.replace("h", "i") in right
    key = re.search(r'id="(ecslab-[0-9a-f]+)"', shown.panes.value)[1]
    assert f"#{key}:has(.{own}:hover) .i{own[1:]}" in shown.panes.value


def test_a_piece_tells_how_it_is_mapped_and_what_ecs_cli_did(shown):
    told = html.unescape(shown.panes.value)
    assert "services.web.restart → containerDefinitions[0].restartPolicy" in told
    assert "ecs-cli of 2019: Skipped with a warning." in told


def test_what_is_lost_is_named_in_the_table_with_its_line(shown):
    row = next(row for row in shown.said.value.split("<tr>") if "names containers itself" in row)
    assert row.startswith("<td>7</td><td>✗ lost</td>")


def test_a_changed_text_is_converted_at_once(shown):
    shown.change(COMPOSE.replace("8080:80", "9090:80"))
    assert shown.value["containerDefinitions"][0]["portMappings"][0]["hostPort"] == 9090
    shown.back.click()
    assert shown.value["containerDefinitions"][0]["portMappings"][0]["hostPort"] == 8080


def test_a_mistake_is_told_with_its_line_and_the_last_good_result_stays(shown):
    before = shown.panes.value
    shown.change(COMPOSE.replace("ports", "prots"))
    assert "✗ 4:5: services.web has no key prots. Did you mean ports?" in shown.problems.value
    assert shown.panes.value == before
    shown.change(COMPOSE)
    assert shown.problems.value == ""


def test_the_launch_type_changes_what_is_made(shown):
    shown.launch_type.value = "FARGATE"
    assert shown.value["requiresCompatibilities"] == ["FARGATE"]
    assert shown.value["networkMode"] == "awsvpc"


def test_neighbouring_files_are_read_beside_the_unsaved_text(shown, compose_file):
    (compose_file.parent / "web.env").write_text("GREETING=hello\n")
    shown.change(COMPOSE + "    env_file: web.env\n")
    assert shown.value["containerDefinitions"][0]["environment"] == [
        {"name": "GREETING", "value": "hello"}
    ]


def test_two_on_one_page_do_not_light_up_each_other(shown, compose_file):
    assert shown._key != ecslab.side_by_side(compose_file)._key


def test_what_is_written_never_becomes_html(shown):
    shown.change(COMPOSE.replace("nginx:alpine", '"<img src=x onerror=alert(1)>"'))
    assert "<img" not in shown.panes.value + shown.said.value + shown.problems.value


def test_a_missing_file_is_a_sentence():
    with pytest.raises(EcslabError, match=r"There is no file nowhere\.yml"):
        ecslab.side_by_side("nowhere.yml")


def test_a_file_that_cannot_be_converted_at_all_is_a_sentence(tmp_path):
    (tmp_path / "compose.yml").write_text("services:\n  web: {}\n")
    with pytest.raises(EcslabError, match="web"):
        ecslab.side_by_side(tmp_path / "compose.yml")

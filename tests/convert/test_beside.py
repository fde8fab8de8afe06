"""Source and result beside each other: which lines became which, and which row says so."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from ecslab import compose, convert
from ecslab.convert.beside import Beside, Piece, beside
from ecslab.convert.owner import compose_row, ecs_row
from tests.convert.definitions import task_definitions

FILE = "/shop/compose.yml"
TEXT = """\
# a shop
services:
  web:
    image: nginx:alpine
    ports:
    - "8080:80"
    - 81

    # who is waited for
    depends_on:
      db: {condition: service_healthy}
    container_name: web-1
  db:
    image: postgres
    networks: [back]
    volumes:
      - ./data:/data
networks:
  back:
"""


class Files:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> bytes | None:
        return self.text.encode() if path == FILE else None


def shown(text: str) -> Beside:
    project = compose.load(FILE, loader=Files(text), environment={})
    return beside(text, FILE, convert.to_task_definition(project))


def piece(found: Beside, source: str) -> Piece:
    return next(one for one in found.pieces if one.source == source)


def texts(lines: tuple[str, ...], reach: range) -> list[str]:
    return [lines[number - 1].strip() for number in reach]


@pytest.fixture(scope="module")
def shop() -> Beside:
    return shown(TEXT)


def test_a_line_leads_to_the_lines_it_became(shop: Beside) -> None:
    found = piece(shop, "services.web.ports[0]")
    assert texts(shop.source, found.here) == ['- "8080:80"']
    (there,) = found.there
    assert texts(shop.result, there) == ["{", '"containerPort": 80,', '"hostPort": 8080', "},"]


def test_a_key_reaches_to_its_last_item_and_not_over_the_comment_behind_it(shop: Beside) -> None:
    found = piece(shop, "services.web.ports")
    assert texts(shop.source, found.here) == ["ports:", '- "8080:80"', "- 81"]


def test_a_service_reaches_to_its_last_line(shop: Beside) -> None:
    assert texts(shop.source, piece(shop, "services.web").here)[-1] == "container_name: web-1"
    assert texts(shop.source, piece(shop, "services.db").here)[-1] == "- ./data:/data"


def test_what_became_two_things_leads_to_both(shop: Beside) -> None:
    found = piece(shop, "services.db.volumes[0]")
    assert found.targets == ("containerDefinitions[1].mountPoints[0]", "volumes[0]")
    assert [texts(shop.result, lines)[1] for lines in found.there] == [
        '"sourceVolume": "volume-1",',
        '"name": "volume-1",',
    ]


def test_what_was_lost_is_a_piece_that_leads_nowhere(shop: Beside) -> None:
    found = piece(shop, "services.db.networks")
    assert (found.targets, found.there) == ((), ())
    assert texts(shop.source, found.here) == ["networks: [back]"]
    assert found.row is not None
    assert found.row.code == "networks"


def test_the_name_nobody_wrote_has_no_line(shop: Beside) -> None:
    assert "name" not in {one.source for one in shop.pieces}


def test_diagnostics_have_the_line_they_are_about(shop: Beside) -> None:
    said = {one.code: line for line, one in shop.diagnostics}
    assert said["container-name"] == 12


def test_windows_line_ends_change_nothing() -> None:
    assert shown(TEXT.replace("\n", "\r\n")).pieces == shown(TEXT).pieces


@given(task_definitions())
def test_any_definition_leads_to_lines_that_are_there(task: dict[str, object]) -> None:
    text = json.dumps(task, ensure_ascii=False, indent=2) + "\n"
    made = convert.to_compose(convert.read_definition(text.encode(), "a.json"))
    found = beside(text, "a.json", made)
    for one in found.pieces:
        assert len(one.there) == len(one.targets), one
        for path, lines in zip(one.targets, one.there, strict=True):
            _names_it(path, found.result[lines.start - 1])
        _names_it(one.source, found.source[one.here.start - 1])
        assert one.here.stop <= len(found.source) + 1


def _names_it(path: str, line: str) -> None:
    """A line that begins with the last word of the path; items have no word of their own."""
    last = path.rpartition(".")[2]
    if not last.endswith("]"):
        assert line.strip().lstrip("-").strip().startswith((last, f'"{last}')), (path, line)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("services.web", "names"),
        ("services.web.ports[0]", "ports"),
        ("services.a.b.depends_on.db", "depends-on"),
        ("services.web.deploy.resources.limits.memory", "memory"),
        ("services.web.deploy.labels", "deploy-labels"),
        ("volumes.db.driver", "volumes"),
        ("version", "version"),
        ("services.web.x-ecs.essential", None),
    ],
)
def test_a_place_of_a_compose_file_is_owned_by_one_row(path: str, code: str | None) -> None:
    row = compose_row(path)
    assert (row.code if row else None) == code


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("family", "names"),
        ("containerDefinitions[0]", "names"),
        ("containerDefinitions[0].portMappings[1].hostPort", "ports"),
        ("containerDefinitions[1].essential", "essential"),
        ("volumes[0].efsVolumeConfiguration.authorizationConfig.iam", "efs"),
        ("volumes[0].host.sourcePath", "volumes"),
        ("nonsense", None),
    ],
)
def test_a_member_of_a_definition_is_owned_by_one_row(path: str, code: str | None) -> None:
    row = ecs_row(path)
    assert (row.code if row else None) == code

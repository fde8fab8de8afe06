"""Notebooks 04 and 05 as a learner clicks through them, on simulated containers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.jupyter import SLOW, Notebook, Server, beside_a_sandbox

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab in Japanese beside a sandbox; no Docker engine is in sight."""
    home = tmp_path_factory.mktemp("converter")
    words = ("--runtime", "stub", "--speed", "10")
    nowhere = "unix:///nonexistent.sock"
    with beside_a_sandbox(home, "ja", *words, DOCKER_HOST=nowhere) as server:
        yield server


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    made = chromium.new_page(viewport={"width": 1300, "height": 1000})
    yield made
    made.close()


def chosen_line(view: Any, text: str) -> str:
    """Click the line with this text; what is told of it."""
    view.locator("label.l", has_text=text).first.click()
    told = view.locator(".told .d:visible")
    told.first.wait_for(timeout=SLOW)
    return str(told.first.inner_text())


def test_04_a_line_shows_what_it_became_and_the_definition_runs(server: Server, page: Any) -> None:
    book = Notebook(page, server, "04-compose-to-task-definition")
    book.run("setup")
    book.run("side-by-side")
    view = book.output("side-by-side").locator(".ecslab-beside")
    view.wait_for(timeout=SLOW)
    assert "portMappings" in chosen_line(view, "9090:80")
    assert "dependsOn" in chosen_line(view, "depends_on")
    assert "512" in book.output("side-by-side").locator(".ecslab-said").inner_text()
    book.run("register-definition")
    book.check("check-definition")
    for cell in ("cluster", "run-definition", "small", "run-small"):
        book.run(cell, timeout=2 * SLOW)
    assert "RESOURCE:MEMORY" in book.output("run-definition").inner_text()
    book.check("check-task")
    book.run("stop")


def test_05_the_files_are_made_and_without_an_engine_that_is_said(
    server: Server, page: Any
) -> None:
    book = Notebook(page, server, "05-task-definition-to-compose")
    book.run("setup")
    book.run("side-by-side")
    view = book.output("side-by-side").locator(".ecslab-beside")
    view.wait_for(timeout=SLOW)
    assert "ports" in chosen_line(view, '"hostPort": 9090')
    book.run("local-create")
    assert "docker-compose.ecs-local.yml" in book.output("local-create").inner_text()
    book.run("show-override")
    assert "json-file" in book.output("show-override").inner_text()
    book.run("and-back")
    assert "True" in book.output("and-back").inner_text()
    book.run("local-up")
    said = book.output("local-up").inner_text()
    assert "Docker" in said
    assert "Traceback" not in said

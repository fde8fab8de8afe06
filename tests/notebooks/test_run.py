"""Every notebook runs from top to bottom, in both languages, simulated and on real containers.

The code is the same in both languages, to the byte; so on real containers, which take their time,
every run has the Japanese ones and the nightly run both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.iam import holding
from tests.notebooks import running
from tests.notebooks.recorder import Recorded
from tools.notebooks.files import LANGUAGES, names

ALL = names(running.NOTEBOOKS, "ja")
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
PLACES = [
    *(pytest.param((lang, "stub", 30), id=f"{lang}-stub") for lang in LANGUAGES),
    *(
        pytest.param((lang, "docker", 10), id=f"{lang}-docker", marks=pytest.mark.docker)
        for lang in (LANGUAGES if NIGHTLY else ("ja",))
    ),
]
"""Language, what runs the containers, how many times faster time passes."""
NO_ENGINE = "unix:///nowhere/docker.sock"
SHOWN: dict[str, dict[str, dict[str, str]]] = {
    "stub": {
        "05-task-definition-to-compose": {"local-up": "Docker", "open": "✗ http://localhost:9090"},
        "09-arn-and-endpoints": {"show-remote": "value: arn:aws:ecs:"},
    },
    "docker": {
        "04-compose-to-task-definition": {"page": "\ntest"},
        "05-task-definition-to-compose": {
            "local-ps": "nginx:alpine",
            "open": "\ntest",
            "open-again": "\nhello",
            "local-down": "✓",
        },
        "09-arn-and-endpoints": {"what-it-read": "http://169.254.170.2/v3/task {"},
    },
}
"""What cells show: without an engine a sentence, with one what real containers answer."""


@pytest.fixture(scope="module", params=PLACES)
def place(request: pytest.FixtureRequest) -> tuple[str, str, int]:
    """Where a notebook runs; its images are there."""
    found: tuple[str, str, int] = request.param
    if found[1] == "docker":
        request.getfixturevalue("web_images")
        request.getfixturevalue("endpoints_image")
    return found


@pytest.fixture(scope="module")
def lang(place: tuple[str, str, int]) -> str:
    return place[0]


@pytest.fixture(scope="module")
def runtime(place: tuple[str, str, int]) -> tuple[str, int]:
    return place[1:]


@pytest.fixture(scope="module")
def notebooks(
    runtime: tuple[str, int], lang: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The notebooks in a copy of the kit."""
    return running.kit(tmp_path_factory.mktemp(f"kit-{lang}-{runtime[0]}"))


@pytest.fixture(scope="module")
def server(
    runtime: tuple[str, int], lang: str, notebooks: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Recorded]:
    """A sandbox for each language and runtime; the notebooks follow one another on it."""
    home = tmp_path_factory.mktemp(f"{lang}-{runtime[0]}")
    words = ("--runtime", runtime[0], "--speed", str(runtime[1]))
    served = Recorded(Path(home) / "sandbox", *words, "--workspace", str(notebooks.parent))
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def environment(runtime: tuple[str, int], lang: str, server: Recorded) -> dict[str, str]:
    """What points the notebooks at it."""
    # The language comes from the notebook's folder, whatever the environment speaks.
    other = LANGUAGES[1 - LANGUAGES.index(lang)]
    return {
        "ECSLAB_PORT": str(server.port),
        "ECSLAB_HOME": str(server.state.parent),
        "ECSLAB_LANG": other,
        "ECSLAB_LEARNER": "test",
        **({"DOCKER_HOST": NO_ENGINE} if runtime[0] == "stub" else {}),
    }


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_runs_from_top_to_bottom(
    name: str,
    lang: str,
    runtime: tuple[str, int],
    notebooks: Path,
    environment: dict[str, str],
    server: Recorded,
) -> None:
    before = server.calls()
    book = running.run(lang, name, notebooks, environment)
    assert list(running.faults(book)) == []
    shown = {cell.id: running.text(cell) for cell in book.cells if cell.cell_type == "code"}
    for cell, words in SHOWN[runtime[0]].get(name, {}).items():
        assert words in shown[cell], f"cell {cell} shows:\n{shown[cell]}"
    if runtime[0] == "stub":
        made = holding.asked(server.calls()[len(before) :], before)
        assert list(holding.complaints(name, made)) == []

"""Every notebook runs from top to bottom, in both languages, simulated and on real containers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notebooks import running
from tests.sandbox.serving import Served
from tools.notebooks.files import LANGUAGES, names

ALL = names(running.NOTEBOOKS, "ja")
RUNTIMES = [
    pytest.param(("stub", 30), id="stub"),
    pytest.param(("docker", 5), id="docker", marks=pytest.mark.docker),
]


@pytest.fixture(scope="module", params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> tuple[str, int]:
    """What runs the containers, and how many times faster time passes."""
    found: tuple[str, int] = request.param
    if found[0] == "docker":
        request.getfixturevalue("web_images")
    return found


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def environment(
    runtime: tuple[str, int], lang: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A sandbox for each language and runtime; the notebooks follow one another on it."""
    home = tmp_path_factory.mktemp(f"{lang}-{runtime[0]}")
    server = Served(Path(home) / "sandbox", "--runtime", runtime[0], "--speed", str(runtime[1]))
    server.start()
    # The language comes from the notebook's folder, whatever the environment speaks.
    other = LANGUAGES[1 - LANGUAGES.index(lang)]
    yield {
        "ECSLAB_PORT": str(server.port),
        "ECSLAB_HOME": str(home),
        "ECSLAB_LANG": other,
        "ECSLAB_LEARNER": "test",
    }
    server.stop()


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_runs_from_top_to_bottom(
    name: str, lang: str, environment: dict[str, str]
) -> None:
    book = running.run(lang, name, **environment)
    assert list(running.faults(book)) == []

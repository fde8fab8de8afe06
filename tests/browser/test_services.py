"""07 and 08 clicked through: services live, and eight things that break and are mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.browser.jupyter import SLOW, Notebook, Server, beside_a_sandbox

pytestmark = pytest.mark.browser

OPENED = {"07-services": "ja", "08-when-things-break": "en"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab beside simulated containers that are twenty times faster than life."""
    home = tmp_path_factory.mktemp("services")
    with beside_a_sandbox(home, "ja", "--runtime", "stub", "--speed", "20") as server:
        yield server


@pytest.fixture(params=OPENED)
def book(request: pytest.FixtureRequest, server: Server, chromium: Any) -> Iterator[Notebook]:
    """The notebook in a browser; what its language is comes from its folder."""
    server.lang = OPENED[request.param]
    page = chromium.new_page(viewport={"width": 1300, "height": 1000})
    yield Notebook(page, server, request.param)
    page.close()


class Picture:
    """The live diagram, as it is seen."""

    def __init__(self, book: Notebook) -> None:
        self.svg = book.output("live").locator(".ecslab-svg svg")
        self.log = book.output("live").get_by_role("log")

    def parts(self, kind: str) -> Any:
        """What has an id that begins so: cards, pills, lines, deployments, services."""
        return self.svg.locator(f'[id^="{kind}-"]')

    def settles_on(self, lines: int) -> None:
        """Wait until as many lines lead from the load balancer, each to a task that runs."""
        self.parts("wire").nth(lines - 1).wait_for(state="attached", timeout=SLOW)
        self.parts("wire").nth(lines).wait_for(state="detached", timeout=SLOW)
        assert f"✓ {lines} " in self.parts("load-balancer").text_content()
        ends = self.svg.evaluate('s => [...s.querySelectorAll("[id^=wire-]")].map(w => w.id)')
        for end in ends:
            card = self.svg.locator(f'[id="task-{end.rpartition("_")[2]}"]')
            assert "RUNNING" in card.text_content()


class Counter:
    """The counter of visits, which may only go up and never tell of a failure."""

    def __init__(self, book: Notebook) -> None:
        self.shown = book.output("visitors-come")
        self.before = 0

    def went_on(self) -> None:
        """More came since the last time, and all were answered."""
        verdict = self.shown.get_by_role("status").inner_text()
        found = re.fullmatch(r"✓ 訪問 (\d+) 回、失敗なし", verdict)
        assert found, verdict
        assert int(found[1]) > self.before
        self.before = int(found[1])


@pytest.mark.parametrize("book", ["07-services"], indirect=True)
def test_07_a_service_heals_rolls_and_scales_while_visitors_come(book: Notebook) -> None:
    for cell in ("setup", "jump-here", "definition", "live", "create-service"):
        book.run(cell, timeout=2 * SLOW)
    book.check("check-service")
    seen = Picture(book)
    seen.settles_on(2)
    assert "2 個中 2 個が実行中" in seen.parts("service").text_content()
    assert seen.svg.get_by_text("◆").count() == 3  # in the legend and on two cards
    assert "has reached a steady state" in seen.log.inner_text()
    assert len(answers(book, 4)) == 2
    book.check("check-balancer")

    book.run("visitors-come")
    counter = Counter(book)
    for cell in ("stop-one", "wait-healed", "healed"):
        book.run(cell, timeout=2 * SLOW)
    assert "has started 1 tasks" in book.output("healed").inner_text()
    counter.went_on()

    book.run("version-two")
    book.start("update")
    stages = seen.parts("deployment")
    stages.nth(1).wait_for(timeout=SLOW)
    assert [("旧" in text, "新" in text) for text in stages.all_text_contents()] == [
        (True, False),
        (False, True),
    ]
    book.ended("update", timeout=2 * SLOW)
    stages.first.wait_for(state="detached", timeout=SLOW)
    book.output("visitors-come").get_by_text("web:2 ").first.wait_for(timeout=SLOW)
    counter.went_on()

    book.run("scale-out", timeout=2 * SLOW)
    seen.settles_on(5)
    book.run("scale-in", timeout=2 * SLOW)
    book.check("check-scale")
    seen.settles_on(2)
    counter.went_on()
    book.run("visitors-go")
    assert "失敗なし" in book.output("visitors-go").inner_text()
    book.run("load-button")  # what is closed at the end
    book.run("delete", timeout=2 * SLOW)
    book.nothing_broke()


def answers(book: Notebook, times: int) -> set[str]:
    """Who answers at the service's link when it is opened and loaded again."""
    book.run("url")
    with book.page.context.expect_page() as opened:
        book.output("url").get_by_role("link").click()
    page, found = opened.value, set()
    for _time in range(times):
        page.wait_for_load_state()
        found.add(page.locator("body").inner_text())
        page.reload()
    page.close()
    return found


class Drill(NamedTuple):
    """One failure: the cells that break it, where which reason is read, what mends it."""

    broken: tuple[str, ...]
    read: str
    reason: str
    mended: tuple[str, ...]
    check: str
    clean: tuple[str, ...] = ()


DRILLS = (
    Drill(("port-break",), "port-break", "RESOURCE:PORTS", ("port-mend",), "port-check",
          ("port-clean",)),
    Drill(("memory-break",), "memory-break", "RESOURCE:MEMORY", ("memory-mend",), "memory-check",
          ("memory-clean",)),
    Drill(("role-register", "role-break"), "role-break", "unable to assume the role",
          ("role-mend",), "role-check", ("role-clean",)),
    Drill(("image-break", "image-wait", "image-story"), "image-story", "CannotPullContainerError",
          ("image-mend",), "image-check", ("image-clean",)),
    Drill(("crash-service", "crash-definition", "crash-break", "crash-events"), "crash-events",
          "deployment failed: tasks failed to start", (), "crash-check"),
    Drill(("health-definition", "health-break"), "health-break", "failed container health checks",
          (), "health-check"),
    Drill(("lost-which", "lost-break"), "live", "Host EC2 .* terminated", ("lost-mend",),
          "lost-check"),
    Drill(("fargate-break",), "fargate-break", "No Fargate configuration exists",
          ("fargate-mend",), "fargate-check"),
)  # fmt: skip


@pytest.mark.parametrize("book", ["08-when-things-break"], indirect=True)
def test_08_each_of_eight_failures_shows_its_reason_and_is_mended(book: Notebook) -> None:
    for cell in ("setup", "material", "live"):
        book.run(cell, timeout=2 * SLOW)
    for drill in DRILLS:
        for cell in drill.broken:
            book.run(cell, timeout=2 * SLOW)
        reason = book.output(drill.read).get_by_text(re.compile(drill.reason)).first
        reason.wait_for(timeout=SLOW)
        for cell in drill.mended:
            book.run(cell, timeout=2 * SLOW)
        book.check(drill.check)
        for cell in drill.clean:
            book.run(cell, timeout=2 * SLOW)
    book.run("delete", timeout=2 * SLOW)
    book.nothing_broke()

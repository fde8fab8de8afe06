"""Hands-on 1 as a learner walks it: forms filled, buttons clicked, the diagram watched, a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.jupyter import SLOW, Notebook, beside_a_sandbox

pytestmark = pytest.mark.browser

WORDS = {
    "ja": {
        "create": "作成",
        "add": "追加",
        "run": "タスクの実行",
        "stop": "中止",
        "name": "クラスター名",
        "type": "EC2 インスタンスタイプ",
        "count": "インスタンス数",
        "role": "コンテナインスタンス IAM ロール",
        "container": "コンテナ名",
        "image": "イメージ",
        "hard": "ハード制限 (MiB)",
        "host": "ホストポート",
        "inside": "コンテナポート",
        "wrong": "名前を入力してください",
        "windows": "EC2 Windows はこの教材では扱いません",
        "stopped": "中止しました",
    },
    "en": {
        "create": "Create",
        "add": "Add",
        "run": "Run task",
        "stop": "Stop",
        "name": "Cluster name",
        "type": "EC2 instance type",
        "count": "Number of instances",
        "role": "Container instance IAM role",
        "container": "Container name",
        "image": "Image",
        "hard": "Hard limit (MiB)",
        "host": "Host port",
        "inside": "Container port",
        "wrong": "Enter a name",
        "windows": "EC2 Windows is left out",
        "stopped": "Stopped.",
    },
}
PAGES = {"stub": re.compile("nginx.*simulated"), "docker": re.compile("Welcome to nginx!")}


class Walk:
    """A learner with the notebook open."""

    def __init__(self, notebook: Notebook, lang: str) -> None:
        self.notebook = notebook
        self.words = WORDS[lang]

    def form(self, cell: str) -> Any:
        """The form below a cell."""
        return self.notebook.output(cell).locator(".ecslab-form")

    def press(self, form: Any, word: str) -> None:
        """Click a button of the form."""
        self.button(form, word).click()

    def button(self, form: Any, word: str) -> Any:
        """A button by its label; the icon before it is a letter of a font of icons."""
        label = re.compile(rf"^[\uE000-\uF8FF\s]*{re.escape(self.words[word])}$")
        return form.get_by_role("button", name=label)

    def values(self, form: Any, *words: str) -> list[str]:
        """What stands in the fields with these labels."""
        fields = [form.get_by_label(self.words[word], exact=True) for word in words]
        return [field.input_value() for field in fields]


@pytest.fixture(params=["stub", pytest.param("docker", marks=pytest.mark.docker)])
def runtime(request: pytest.FixtureRequest) -> str:
    if request.param == "docker":
        request.getfixturevalue("web_images")
    return str(request.param)


@pytest.fixture
def lang() -> str:
    return "ja"


@pytest.fixture
def walk(runtime: str, lang: str, chromium: Any, tmp_path: Path) -> Iterator[Walk]:
    """JupyterLab on 03-console, beside a sandbox whose time goes slowly enough to be watched."""
    page = chromium.new_page(viewport={"width": 1300, "height": 1000})
    with beside_a_sandbox(tmp_path, lang, "--runtime", runtime) as server:
        yield Walk(Notebook(page, server, "03-console"), lang)
        page.close()


def test_a_learner_walks_through_the_console(walk: Walk, runtime: str) -> None:
    book = walk.notebook
    book.run("setup")

    look_at_the_templates(walk)
    form = walk.form("cluster-form")
    assert walk.values(form, "type", "count", "role") == ["t2.micro", "2", "ecsInstanceRole"]
    walk.press(form, "create")
    book.run("submit-cluster", timeout=2 * SLOW)
    walk.notebook.check("check-cluster")
    book.run("live")

    book.run("definition-form")
    form = walk.form("definition-form")
    nginx = ["nginx", "nginx:alpine", "128", "80", "80"]
    assert walk.values(form, "container", "image", "hard", "host", "inside") == nginx
    walk.press(form, "add")
    form.get_by_text("nginx – nginx:alpine · 128 MiB · 80→80/tcp").wait_for()
    walk.press(form, "create")
    book.run("submit-definition")
    walk.notebook.check("check-definition")

    book.run("run-form")
    walk.press(walk.form("run-form"), "run")
    picture = book.output("live").locator(".ecslab-svg svg")
    picture.get_by_text("PENDING").first.wait_for(timeout=SLOW)
    picture.get_by_text("RUNNING").first.wait_for(timeout=2 * SLOW)
    log = book.output("live").get_by_role("log")
    assert re.search(r"→ RUNNING(.|\n)*: PENDING$", log.inner_text(), re.M)  # the newest is above
    book.run("submit-run", timeout=2 * SLOW)
    walk.notebook.check("check-task")

    book.run("url")
    with book.page.context.expect_page() as opened:
        book.output("url").get_by_role("link").click()
    opened.value.wait_for_load_state()
    assert PAGES[runtime].search(opened.value.title())
    opened.value.close()
    walk.notebook.check("check-page")

    walk.press(walk.form("run-form"), "run")
    walk.form("run-form").get_by_text("✓ 1").wait_for()
    walk.press(walk.form("run-form"), "run")
    walk.form("run-form").get_by_text("RESOURCE:PORTS").first.wait_for(timeout=SLOW)
    assert walk.form("run-form").get_by_text("RESOURCE:PORTS").count() == 2

    book.nothing_broke()


def look_at_the_templates(walk: Walk) -> None:
    """Fargate asks for a name, Windows says why not, a wrong name is told at its field."""
    walk.notebook.run("cluster-form")
    form = walk.form("cluster-form")
    fields = form.locator(".ecslab-field:visible input")
    assert fields.count() == 4
    form.get_by_role("button", name="Fargate").click()
    form.get_by_label(walk.words["role"], exact=True).wait_for(state="hidden")
    assert fields.count() == 1
    form.get_by_role("button", name="EC2 Windows").click()
    form.get_by_text(walk.words["windows"]).wait_for()
    form.get_by_role("button", name="EC2 Linux").click()
    name = form.get_by_label(walk.words["name"], exact=True)
    mine = name.input_value()
    name.fill("")
    form.get_by_text(walk.words["wrong"]).wait_for()
    assert walk.button(form, "create").is_disabled()
    name.fill(mine)
    form.get_by_text(walk.words["wrong"]).wait_for(state="hidden")


@pytest.mark.parametrize("runtime", ["stub"], indirect=True)
@pytest.mark.parametrize("lang", ["en"])
def test_stop_stops_and_the_same_button_takes_it_up(walk: Walk) -> None:
    book = walk.notebook
    book.run("setup")
    book.run("cluster-form")
    form = walk.form("cluster-form")
    walk.press(form, "create")
    walk.press(form, "stop")
    form.get_by_text(walk.words["stopped"]).wait_for(timeout=SLOW)
    # A cell that waits is stopped by the kernel's interrupt.
    book.start("submit-cluster")
    form.get_by_text("■ in the toolbar").wait_for()
    book.page.locator('[data-command="notebook:interrupt-kernel"]').click()
    book.ended("submit-cluster")
    assert "✗ Stopped." in book.output("submit-cluster").inner_text()
    book.run("submit-cluster", timeout=2 * SLOW)
    walk.notebook.check("check-cluster")

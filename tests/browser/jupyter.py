"""JupyterLab as a learner has it, and the learner's hands and eyes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.sandbox.serving import Served, free_port

ROOT = Path(__file__).parents[2]
TOKEN = "learner"
SLOW = 90_000
"""Milliseconds a page may take before something is wrong."""
_LATE = re.compile("Server Connection Error|サーバー接続のエラー")
_NUMBERED = re.compile(r"\[\d+\]:")
_PLUGINS = {
    # Cells out of sight stay in the page, so that they can be counted and found.
    "notebook-extension/tracker": {"windowingMode": "none"},
}


class Server:
    """`ecslab lab` on a copy of the notebooks, so that what a test types stays out of the kit."""

    def __init__(
        self, folder: Path, lang: str, port: int, theme: str = "light", **env: str
    ) -> None:
        self.folder = folder
        self.lang = lang
        self.port = port
        self.environment = {**os.environ, **env, "JUPYTER_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
        self.log = folder / "jupyter.log"
        self._settings = Path(self.environment["ECSLAB_HOME"]) / "jupyterlab" / "@jupyterlab"
        plugins = {
            **_PLUGINS,
            "apputils-extension/themes": {"theme": f"JupyterLab {theme.title()}"},
        }
        for name, settings in plugins.items():
            path = self._settings / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(settings), "utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        for part in ("notebooks", "handson"):
            if not (self.folder / part).exists():
                shutil.copytree(ROOT / part, self.folder / part)
        line = [sys.executable, "-m", "ecslab", "lab", "--no-browser", "--lang", self.lang]
        self._process = subprocess.Popen(
            [*line, "--port", str(self.port)],
            cwd=self.folder,
            env=self.environment,
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.2)
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process is not None
        # The whole session: kernels are children of the server.
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            # JupyterLab waits long for a busy kernel, which goes by itself when its parent is gone.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(20)

    def url(self, notebook: str) -> str:
        """The address of a notebook of this language."""
        path = f"notebooks/{self.lang}/{notebook}.ipynb"
        return f"http://127.0.0.1:{self.port}/lab/tree/{path}?reset&token={TOKEN}"

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api?token={TOKEN}"):
                return True
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def beside_a_sandbox(home: Path, lang: str, *words: str, **env: str) -> Iterator[Server]:
    """JupyterLab in a language, beside a sandbox of its own; `words` are for `sandbox serve`."""
    sandbox = Served(home / "home" / "sandbox", *words)
    sandbox.state.parent.mkdir()
    sandbox.start()
    (home / "kit").mkdir()
    here = {"ECSLAB_PORT": str(sandbox.port), "ECSLAB_HOME": str(home / "home"), **env}
    try:
        with Server(home / "kit", lang, free_port(), **here) as server:
            yield server
    finally:
        sandbox.stop()


class Notebook:
    """An open notebook: cells by their id, run one by one or all at once."""

    def __init__(self, page: Any, server: Server, name: str) -> None:
        self.page = page
        path = server.folder / "notebooks" / server.lang / f"{name}.ipynb"
        self._ids = [cell["id"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
        page.goto(server.url(name))
        page.locator(".jp-Notebook .jp-Cell").nth(len(self._ids) - 1).wait_for(
            state="attached", timeout=SLOW
        )
        # Who runs a cell before the kernel is there is asked which one to take.
        page.locator(".jp-NotebookPanel .jp-KernelName", has_text="Python 3").wait_for(timeout=SLOW)
        page.locator('.jp-NotebookPanel [data-status="idle"]').first.wait_for(
            state="attached", timeout=SLOW
        )

    def cell(self, name: str) -> Any:
        """The cell of this id."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self._ids.index(name))

    def output(self, name: str) -> Any:
        """What a cell shows."""
        return self.cell(name).locator(".jp-OutputArea")

    def start(self, name: str) -> None:
        """Run a cell with Shift+Enter and do not wait for its end."""
        prompt = self.cell(name).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _attempt in range(5):
            dialog = self.page.locator("dialog.jp-Dialog")
            # A machine under load answers late; JupyterLab tries on by itself. Where the server is
            # really gone, the cell never starts.
            if (late := dialog.filter(has_text=_LATE)).count():
                late.locator(".jp-Dialog-footer button").last.click()
                late.wait_for(state="detached")
            assert dialog.count() == 0, f"JupyterLab asks: {dialog.first.inner_text()}"
            prompt.click()
            self.page.keyboard.press("Shift+Enter")
            # JupyterLab loses keys while it still builds the page; a learner presses them again.
            for _look in range(20):
                if prompt.inner_text() != before:
                    return
                self.page.wait_for_timeout(100)
        raise AssertionError(f"the cell {name} does not start")

    def ended(self, name: str, timeout: float = SLOW) -> None:
        """Wait for a cell's end."""
        self.cell(name).locator(".jp-InputPrompt", has_text=_NUMBERED).wait_for(timeout=timeout)

    def run(self, name: str, timeout: float = SLOW) -> None:
        """Run a cell and wait for its end."""
        self.start(name)
        self.ended(name, timeout)

    def check(self, name: str) -> None:
        """Run the cell of a check, which finds everything done."""
        self.run(name)
        said = self.output(name).get_by_role("status").inner_text()
        assert said.startswith("✓"), f"{name}: {said}"

    def nothing_broke(self) -> None:
        """No cell shows a traceback, no widget failed to appear."""
        shown = self.page.locator(".jp-Notebook").inner_text()
        assert "Traceback" not in shown
        assert "Error displaying widget" not in shown

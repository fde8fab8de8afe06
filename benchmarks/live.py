"""What a browser sees of 1,000 tasks: ``python benchmarks/live.py`` fails below a frame a second.

A service of 1,000 simulated tasks on 50 instances, of which some are stopped all the time, so that
each look shows something new; JupyterLab in Chromium with `lab.live()` in a cell. A frame is a
picture that was replaced in the page. CPU is of the kernel and of the sandbox (Linux alone).
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests import needs
from tests.browser.jupyter import Notebook, Server
from tests.sandbox.serving import Served, free_port, launch, until
from tools.notebooks.files import path_of, write
from tools.notebooks.side_by_side import packed

TASKS, INSTANCES = 1000, 50
SECONDS = 20.0
FRAMES_A_SECOND = 1.0
CLUSTER = "crowd"
USER_DATA = f"#!/bin/bash\necho ECS_CLUSTER={CLUSTER} >> /etc/ecs/ecs.config\n"
CELLS = {
    "setup": f"import os\nimport ecslab\nlab = ecslab.connect()\nlab.cluster = '{CLUSTER}'",
    "pid": "os.getpid()",
    "live": "live = lab.live()\nlive",
}
COUNT_FRAMES = """panel => {
  window.frames_at = [];
  new MutationObserver(() => window.frames_at.push(performance.now()))
    .observe(panel, {childList: true, subtree: true});
}"""


class Seen(NamedTuple):
    """What was measured while the picture followed."""

    frames: int
    longest: float
    """Seconds between two frames, at most."""
    kernel: float
    """Seconds of CPU; the sandbox's likewise."""
    sandbox: float


def fill(served: Served) -> None:
    """The cluster with its instances and its service, all of whose tasks run."""
    ecs = served.client()
    ecs.create_cluster(clusterName=CLUSTER)
    launch(served, INSTANCES, USER_DATA)
    until(lambda: _cluster(ecs)["registeredContainerInstancesCount"] == INSTANCES, 120)
    web = {"name": "web", "image": "nginx:alpine", "memory": 16}
    ecs.register_task_definition(family="web", containerDefinitions=[web])
    ecs.create_service(cluster=CLUSTER, serviceName="web", taskDefinition="web", desiredCount=TASKS)
    until(lambda: _cluster(ecs)["runningTasksCount"] == TASKS, 120)


def _cluster(ecs: Any) -> dict[str, Any]:
    found: dict[str, Any] = ecs.describe_clusters(clusters=[CLUSTER])["clusters"][0]
    return found


@contextmanager
def unrest(served: Served) -> Iterator[None]:
    """Tasks are stopped, three a second, and the service replaces them."""
    ecs, ended = served.client(), threading.Event()

    def stop_some() -> None:
        while not ended.wait(1 / 3):
            arn = ecs.list_tasks(cluster=CLUSTER, maxResults=1)["taskArns"][0]
            ecs.stop_task(cluster=CLUSTER, task=arn)

    thread = threading.Thread(target=stop_some)
    thread.start()
    yield
    ended.set()
    thread.join()


def cpu(pid: int) -> float:
    """Seconds of CPU a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def watch(book: Notebook, served: Served) -> Seen:
    """Let the picture follow for a while, and count."""
    for cell in CELLS:
        book.run(cell)
    picture = book.output("live").locator(".ecslab-svg")
    picture.locator("svg").wait_for()
    assert served.process is not None
    pids = int(book.output("pid").inner_text().split()[-1]), served.process.pid
    with unrest(served):
        book.page.wait_for_timeout(2000)
        picture.evaluate(COUNT_FRAMES)
        before = [cpu(pid) for pid in pids]
        book.page.wait_for_timeout(SECONDS * 1000)
        used = [cpu(pid) - then for pid, then in zip(pids, before, strict=True)]
        at = book.page.evaluate("window.frames_at")
    # What the browser does for one replacement comes within a few milliseconds.
    frames = [one for last, one in zip([-1e9, *at], at, strict=False) if one - last > 50]
    gaps = [later - sooner for sooner, later in pairwise(frames)]
    return Seen(len(frames), max(gaps, default=SECONDS * 1000) / 1000, *used)


def _notebook() -> Any:
    text = "".join(f"%% {name} code\n{source}\n" for name, source in CELLS.items())
    return packed(text, None)[1]


def measure(home: Path) -> Seen:
    """Everything, from an empty folder."""
    from playwright.sync_api import sync_playwright

    served = Served(home / "sandbox", "--runtime", "stub", "--speed", "10")
    served.start()
    (home / "kit").mkdir()
    here = {"ECSLAB_PORT": str(served.port), "ECSLAB_HOME": str(home)}
    try:
        fill(served)
        with (
            sync_playwright() as playwright,
            Server(home / "kit", "en", free_port(), **here) as server,
        ):
            write(path_of(home / "kit" / "notebooks", "en", "00-live"), _notebook())
            browser = playwright.chromium.launch(
                executable_path=needs.chromium(), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1300, "height": 1000})
            seen = watch(Notebook(page, server, "00-live"), served)
            browser.close()
            return seen
    finally:
        served.stop()


def main() -> int:
    """Print the frames and the CPU; 1 if the picture falls behind."""
    with tempfile.TemporaryDirectory() as folder:
        seen = measure(Path(folder))
    rate = seen.frames / SECONDS
    print(f"{TASKS} tasks on {INSTANCES} instances, {SECONDS:.0f} s in the browser:")
    print(f"  {rate:.2f} frames a second, {seen.longest:.2f} s between two at most")
    print(f"  CPU: kernel {seen.kernel / SECONDS:.0%}, sandbox {seen.sandbox / SECONDS:.0%}")
    if rate < FRAMES_A_SECOND:
        print(f"Less than {FRAMES_A_SECOND:g} frame a second.", file=sys.stderr)
    return int(rate < FRAMES_A_SECOND)


if __name__ == "__main__":
    raise SystemExit(main())

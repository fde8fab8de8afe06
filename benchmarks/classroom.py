"""A class on one sandbox: ``python benchmarks/classroom.py [LEARNERS]`` (30) does notebook 03.

All learners begin at the same moment, each with an own token, and do what the notebook does: a
cluster of two machines, tasks, the page of nginx, a refusal, dynamic ports, the end. It fails when
two collide, one sees what is another's, a page is not answered, the board lacks somebody, or it
takes longer than the limits below. Containers are simulated, time runs 50 times faster: in a real
class the same requests spread over an hour.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import ecslab  # noqa: E402  found by the line above
from ecslab import sandbox  # noqa: E402
from ecslab.lab import Lab  # noqa: E402
from ecslab.steps.board import Board  # noqa: E402
from ecslab.steps.progress import Progress  # noqa: E402

WALL = 120.0
"""Seconds 30 learners may take on two cores."""
P95_MS = 4000.0
"""Thirty clusters are made at the same moment, and the neighbours of ECS are asked one by one."""
PACE = 0.3
"""Seconds between two looks, as on a sandbox in real time."""
_LINE = re.compile(r"ECSLAB_TOKEN=(\S+)")
NGINX = {"name": "nginx", "image": "nginx:alpine", "memory": 128}


@dataclass
class Result:
    """What one learner saw."""

    learner: str
    names: set[str] = field(default_factory=set)
    """Clusters, families and stacks that this learner could list at the end."""
    tasks: set[str] = field(default_factory=set)
    pages: list[str] = field(default_factory=list)
    refused: bool = False
    milliseconds: list[float] = field(default_factory=list)
    """Of each request."""
    error: str = ""


@dataclass(frozen=True)
class Outcome:
    """How the class went."""

    results: list[Result]
    board: Board
    seconds: float

    @property
    def requests(self) -> list[int]:
        """How many each learner made, sorted."""
        return sorted(len(one.milliseconds) for one in self.results)

    @property
    def p95(self) -> float:
        """Milliseconds in which 95 of 100 requests were answered."""
        times = sorted(ms for one in self.results for ms in one.milliseconds)
        return times[int(len(times) * 0.95)] if times else 0.0

    def faults(self) -> list[str]:
        """What should not be, a sentence each."""
        said = [f"{one.learner}: {one.error}" for one in self.results if one.error]
        for one in self.results:
            foreign = {name for name in one.names if one.learner not in name}
            said += [f"{one.learner} sees {name}" for name in sorted(foreign)]
            said += [] if one.refused else [f"{one.learner} was not refused the third task"]
            fair = len(one.pages) == 5 and all("nginx" in page.lower() for page in one.pages)
            said += [] if fair else [f"{one.learner} saw {len(one.pages)} pages of nginx, not 5"]
        everything = [name for one in self.results for name in (*one.names, *one.tasks)]
        said += [
            f"{name} is there twice" for name in {n for n in everything if everything.count(n) > 1}
        ]
        missing = {one.learner for one in self.results} - {one.learner for one in self.board.lines}
        said += [f"{one} is not on the board" for one in sorted(missing)]
        return said


def tokens(handout: Path) -> list[str]:
    """All tokens of a class, the instructor's first."""
    return _LINE.findall(handout.read_text("utf-8"))


def attend(url: str, handout: Path) -> Outcome:
    """Let the class of this handout, on the sandbox at `url`, do notebook 03 at the same time."""
    first, *others = tokens(handout)
    labs = [connected(url, token) for token in others]
    results = [Result(lab.names.prefix) for lab in labs]
    # The first request to the neighbours of ECS loads them; no class begins within that second.
    labs[0].client("ec2").describe_vpcs()
    together = threading.Barrier(len(labs))
    threads = [
        threading.Thread(target=_learner, args=(lab, result, together))
        for lab, result in zip(labs, results, strict=True)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    instructor = connected(url, first)
    return Outcome(results, instructor.board(live=False), seconds)


def connected(url: str, token: str) -> Lab:
    """A lab with this token, as a notebook has it."""
    os.environ.update(ECSLAB_URL=url, ECSLAB_TOKEN=token, ECSLAB_LANG="en")
    try:
        return ecslab.connect("sandbox", lang="en")
    finally:
        for name in ("ECSLAB_URL", "ECSLAB_TOKEN"):
            del os.environ[name]


def _learner(lab: Lab, result: Result, together: threading.Barrier) -> None:
    _listen(lab, result)
    together.wait()
    try:
        notebook(lab, result)
    except Exception as error:  # noqa: BLE001  told at the end, with everybody's
        result.error = f"{type(error).__name__}: {error}"
    lab.journal.flush(20)


def notebook(lab: Lab, result: Result) -> None:
    """What notebook 03 does, without the pictures."""

    def quiet() -> Progress:
        return Progress(lambda _line: None, pace=PACE)

    lab.create_cluster(progress=quiet())
    _must(lab.check("cluster"))
    fixed = {**NGINX, "portMappings": [{"containerPort": 80, "hostPort": 80}]}
    definition = lab.register_task_definition(containerDefinitions=[fixed], progress=quiet())
    _must(lab.check("task-definition"))
    first = lab.wait(lab.run_task(definition, progress=quiet()), progress=quiet())
    _must(lab.check("task"))
    lab.story(first[0])
    _must(lab.check("page"))
    second = lab.wait(lab.run_task(definition, progress=quiet()), progress=quiet())
    lab.snapshot()
    result.refused = lab.run_task(definition, progress=quiet()).refused
    loose = {**NGINX, "portMappings": [{"containerPort": 80, "hostPort": 0}]}
    dynamic = lab.register_task_definition(containerDefinitions=[loose], progress=quiet())
    many = lab.wait(lab.run_task(dynamic, count=3, progress=quiet()), progress=quiet())
    tasks = [*first, *second, *many]
    result.tasks = {task.arn for task in tasks}
    for task in tasks:
        with urllib.request.urlopen(str(lab.url(task)), timeout=30) as page:
            result.pages.append(page.read().decode("utf-8", "replace"))
    result.names = listed(lab)
    lab.stop_task(tasks, progress=quiet())
    lab.cleanup(dry_run=True)


def listed(lab: Lab) -> set[str]:
    """Everything with a name that this learner can list."""
    ecs, stacks = lab.client("ecs"), lab.client("cloudformation")
    return {
        *ecs.list_clusters()["clusterArns"],
        *ecs.list_task_definitions()["taskDefinitionArns"],
        *(one["StackName"] for one in stacks.describe_stacks()["Stacks"]),
    }


def _must(checked: Any) -> None:
    if not checked:
        raise AssertionError(str(checked))


def _listen(lab: Lab, result: Result) -> None:
    def before(context: dict[str, Any], **_rest: Any) -> None:
        context["began"] = time.perf_counter()

    def after(context: dict[str, Any], **_rest: Any) -> None:
        result.milliseconds.append((time.perf_counter() - context["began"]) * 1000)

    lab.session.events.register("before-call", before)
    lab.session.events.register("after-call", after)


def main(arguments: Sequence[str] = ()) -> int:
    """Start a sandbox, let the class begin, print how it went; 1 where something is wrong."""
    count = int(arguments[0]) if arguments else 30
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ECSLAB_HOME"] = folder
        state = Path(folder) / "sandbox"
        port = int(os.environ.get("ECSLAB_PORT", "5449"))
        line = ["sandbox", "start", "--runtime", "stub", "--speed", "50", "--port", str(port)]
        words = [*line, "--state", str(state), "--learners", str(count)]
        subprocess.run([sys.executable, "-m", "ecslab", *words], cwd=ROOT, check=True)
        url = f"http://127.0.0.1:{port}"
        try:
            outcome = attend(url, state / "handout.txt")
        finally:
            os.environ.update(ECSLAB_URL=url, ECSLAB_TOKEN=tokens(state / "handout.txt")[0])
            sandbox.stop(port)
    return report(outcome)


def report(outcome: Outcome) -> int:
    """Print it; 1 where something is wrong."""
    requests = outcome.requests
    print(f"{len(outcome.results)} learners, notebook 03: {outcome.seconds:.1f} s")
    print(
        f"requests a learner: median {statistics.median(requests):.0f}, "
        f"least {requests[0]}, most {requests[-1]}; all {sum(requests)}"
    )
    print(f"answered in: p95 {outcome.p95:.0f} ms")
    print(outcome.board.headline())
    said = outcome.faults()
    if outcome.seconds > WALL or outcome.p95 > P95_MS:
        said.append(f"slower than {WALL:.0f} s, or than {P95_MS:.0f} ms (p95)")
    print("\n".join(said), end="\n" if said else "", file=sys.stderr)
    return int(bool(said))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

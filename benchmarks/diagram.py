"""How long a frame takes: ``python benchmarks/diagram.py`` fails above 20 ms for 1,000 tasks."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ecslab.diagram import render_svg
from ecslab.diagram.examples import crowd
from ecslab.model.snapshot import Snapshot

LIMIT_MS = 20.0
ROUNDS = 15


def milliseconds(snapshot: Snapshot) -> tuple[float, list[float]]:
    """The time of the first frame, which fills the caches, and of those after it, sorted."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        render_svg(snapshot, lang="ja")
        times.append((time.perf_counter() - start) * 1000)
    return times[0], sorted(times[1:])


def main() -> int:
    """Print best and median for several sizes; 1 if 1,000 tasks take too long."""
    slow = False
    # The first size meets cold caches; what is only loaded once is not its frame's.
    render_svg(crowd(1, 1))
    for tasks in (1000, 20, 100, 500, 5000):
        first, times = milliseconds(crowd(tasks, max(2, tasks // 20)))
        median = times[len(times) // 2]
        row = f"median {median:6.1f} ms, best {times[0]:6.1f} ms, first {first:6.1f} ms"
        print(f"{tasks:5} tasks: {row}")
        slow = slow or (tasks == 1000 and median > LIMIT_MS)
    if slow:
        print(f"1,000 tasks take longer than {LIMIT_MS:.0f} ms.", file=sys.stderr)
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())

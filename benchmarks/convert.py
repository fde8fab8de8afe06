"""What converting costs: ``python benchmarks/convert.py`` fails above the limits below.

All is measured in one run, since only ratios hold from machine to machine. Times of processes are
the CPU's (user and system), which other programs on the machine disturb least.

- a cold ``ecslab compose convert`` of the hands-on's file, against ``python -c "import yaml"``
- its memory at most
- a file of 30 KB with 40 services in one process: read, converted, written
- time for up to 1,000 services, which has to grow in a straight line
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ecslab import compose, convert

ROOT = Path(__file__).parents[1]
RATIO = 2.0
"""Cold start at most this many times that of ``import yaml``; 1.5 is the aim."""
MEMORY_MIB = 40
WARM_MS = 30.0
GROWTH = 1.6
"""A service among 1,000 costs at most this many times one among 100."""
ROUNDS = 25
HANDSON = ROOT / "handson/2/docker-compose.yml"
SERVICE = """\
  service-{n}:
    image: registry.example.com/team/service-{n}:1.{n}
    restart: unless-stopped
    command: ["serve", "--port", "{port}", "--name", "service-{n}"]
    ports: ["{port}:8080", "127.0.0.1:{debug}:9229"]
    environment:
      NAME: service-{n}
      LOG_LEVEL: info
      DATABASE_URL: postgres://user:$${{PASSWORD}}@db:5432/service_{n}
      FEATURES: "search,export,audit"
    volumes: ["./config/{n}:/etc/service:ro", "data:/var/lib/service"]
    healthcheck:
      test: curl -f http://localhost:8080/health || exit 1
      interval: 30s
      timeout: 5s
      retries: 3
    deploy: {{resources: {{limits: {{cpus: "0.5", memory: 256M}}, reservations: {{memory: 128M}}}}}}
    logging: {{driver: awslogs, options: {{awslogs-group: /ecs/all, awslogs-region: us-east-1}}}}
    labels: {{com.example.team: core, com.example.number: "{n}"}}
    depends_on: [service-0]
"""


class OneFile:
    """A loader over one text."""

    def __init__(self, text: str) -> None:
        self.data = text.encode()

    def read(self, path: str) -> bytes | None:
        """The text, whatever it is called but ``.env``."""
        return None if path.endswith(".env") else self.data


def many(services: int) -> str:
    """A Compose file of so many services."""
    written = "".join(
        SERVICE.format(n=n, port=10_000 + n, debug=30_000 + n) for n in range(services)
    )
    first = written.replace("    depends_on: [service-0]\n", "", 1)
    return f"services:\n{first}volumes: {{data: }}\n"


def converted(text: str) -> str:
    """The task definition's text."""
    project = compose.load("/p/compose.yaml", loader=OneFile(text), environment={})
    return convert.to_task_definition(project).text()


def milliseconds(text: str, rounds: int) -> list[float]:
    """Times of whole conversions, sorted."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        converted(text)
        times.append((time.process_time() - start) * 1000)
    return sorted(times)


def cpu(command: Sequence[str], env: dict[str, str]) -> tuple[float, int]:
    """CPU milliseconds and KiB of memory of a process."""
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss


def cold() -> list[str]:
    """Print the cold start; what is too much."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PYTHONDONT"))}
    env["PYTHONPATH"] = str(ROOT)
    yaml = [sys.executable, "-c", "import yaml"]
    ours = [sys.executable, "-m", "ecslab", "compose", "convert", "-f", str(HANDSON)]
    runs = [(cpu(yaml, env), cpu(ours, env)) for _ in range(ROUNDS + 1)][1:]
    base = statistics.median(one[0][0] for one in runs)
    mine = statistics.median(one[1][0] for one in runs)
    mib = max(one[1][1] for one in runs) / 1024
    print(f"import yaml            {base:7.1f} ms")
    print(f"compose convert, cold  {mine:7.1f} ms = {mine / base:.2f} × import yaml, {mib:.0f} MiB")
    too_much = []
    if mine / base > RATIO:
        too_much.append(f"A cold start takes more than {RATIO} times import yaml.")
    if mib > MEMORY_MIB:
        too_much.append(f"A cold start needs more than {MEMORY_MIB} MiB.")
    return too_much


def warm() -> list[str]:
    """Print the time of 40 services; what is too much."""
    text = many(40)
    times = milliseconds(text, ROUNDS)
    median = statistics.median(times)
    print(f"40 services, {len(text) / 1024:.0f} KB    {median:7.1f} ms, best {times[0]:.1f} ms")
    return [f"40 services take longer than {WARM_MS:.0f} ms."] if median > WARM_MS else []


def growth() -> list[str]:
    """Print the time of more and more services; what is too much."""
    each = {}
    for services in (100, 200, 500, 1000):
        best = milliseconds(many(services), 5)[0]
        each[services] = best / services
        print(f"{services:5} services         {best:7.1f} ms = {each[services]:.3f} ms each")
    tracemalloc.start()
    converted(many(1000))
    peak = tracemalloc.get_traced_memory()[1] / (1 << 20)
    tracemalloc.stop()
    print(f" 1000 services         {peak:7.1f} MiB at most")
    ratio = each[1000] / each[100]
    return [f"1,000 services cost {ratio:.1f} times as much each."] if ratio > GROWTH else []


def main() -> int:
    """0 if all is within its limits."""
    too_much = [*cold(), *warm(), *growth()]
    for sentence in too_much:
        print(sentence, file=sys.stderr)
    return int(bool(too_much))


if __name__ == "__main__":
    raise SystemExit(main())

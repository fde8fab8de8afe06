"""Writes ``iam/calls.json``: notebook → what it asks IAM for. ``python tools/policy.py --record``.

Each notebook runs on an empty sandbox, so that it makes all it needs itself; the last, which cleans
up, runs after the one with the load balancer.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from ecslab import sandbox
from tests.iam.holding import ROOT, asked
from tests.notebooks import running
from tests.notebooks.recorder import Recorded
from tools.notebooks.files import names

LANG = "ja"
"""The code of both languages is the same."""


def main() -> int:
    """0 when all notebooks ran well and the file is written."""
    found: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        kit = running.kit(home / "kit")
        server = Recorded(
            home / "sandbox", "--runtime", "stub", "--speed", "30", "--workspace", str(kit.parent)
        )
        server.start()
        try:
            for name in _order():
                if not name.startswith("10-"):
                    sandbox.reset(server.port)
                before = server.calls()
                book = running.run(LANG, name, kit, _environment(server, home))
                if wrong := list(running.faults(book)):
                    print(f"{name} does not run:", *wrong, sep="\n", file=sys.stderr)
                    return 1
                made = asked(server.calls()[len(before) :], before)
                found[name] = sorted({one.action for one in made})
                print(f"{name}: {len(found[name])} actions", flush=True)
        finally:
            server.stop()
    text = json.dumps(dict(sorted(found.items())), indent=2) + "\n"
    (ROOT / "iam/calls.json").write_text(text, "utf-8", newline="\n")
    return 0


def _order() -> list[str]:
    all_of_them = names(running.NOTEBOOKS, LANG)
    late = [name for number in ("07-", "10-") for name in all_of_them if name.startswith(number)]
    return [name for name in all_of_them if name not in late] + late


def _environment(server: Recorded, home: Path) -> dict[str, str]:
    return {
        "ECSLAB_PORT": str(server.port),
        "ECSLAB_HOME": str(home),
        "ECSLAB_LEARNER": "test",
        "DOCKER_HOST": "unix:///nowhere/docker.sock",
    }


if __name__ == "__main__":
    raise SystemExit(main())

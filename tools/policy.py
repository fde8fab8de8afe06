"""iam/*.json: ``python tools/policy.py`` makes them, ``--check`` says if one is old.

They are made of the table in ``ecslab/steps/preflight/table.py`` and of ``iam/calls.json``, the
calls that each notebook makes; ``--record`` runs the notebooks and writes that one anew (a minute
or two). ``--prefix ecslab-ken-`` prints a learner's policies for things of that name alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from ecslab.steps.preflight.table import LEARNER, STACKS  # noqa: E402  found by the line above
from tools.iam import policies  # noqa: E402  found by the line above

CALLS = "iam/calls.json"


def main(arguments: list[str] | None = None) -> int:
    """Write, check, record or print; 1 where a file is not current or an action is not granted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")
    parser.add_argument("--record", action="store_true", help="run the notebooks first")
    parser.add_argument("--prefix", metavar="PREFIX", help="print one learner's")
    given = parser.parse_args(arguments)
    if given.prefix:
        for grants in (LEARNER, STACKS):
            print(policies.text(policies.document(grants, given.prefix)), end="")
        return 0
    if given.record and subprocess.call([sys.executable, "-m", "tests.iam.record"], cwd=ROOT):
        return 1
    calls = json.loads((ROOT / CALLS).read_text("utf-8"))
    said = [_ungranted(action) for action in policies.needs(calls) if not policies.granted(action)]
    for name, text in policies.files(calls).items():
        path = ROOT / name
        if not given.check:
            path.write_text(text, "utf-8", newline="\n")
        elif not path.is_file() or path.read_text("utf-8") != text:
            said.append(f"{name} is not current. Run: python tools/policy.py")
    print("\n".join(said), end="\n" if said else "", file=sys.stderr)
    return int(bool(said))


def _ungranted(action: str) -> str:
    return (
        f"A notebook calls {action}, which no statement grants: add it to the table in "
        "ecslab/steps/preflight/table.py, then run: python tools/policy.py"
    )


if __name__ == "__main__":
    raise SystemExit(main())

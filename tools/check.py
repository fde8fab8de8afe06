"""Every check that is no test, in one command: ``python3 start.py check``, or this file.

Lint, format, types, architecture, notebooks, catalogues, generated files. Each line is a check
with its time; what it found follows it. The exit status is 1 if any found something.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Check(NamedTuple):
    """A name, and the arguments of this Python that run it."""

    name: str
    command: tuple[str, ...]


class Result(NamedTuple):
    """How a check ended."""

    check: Check
    passed: bool
    output: str
    seconds: float


def checks(root: Path = ROOT) -> list[Check]:
    """All of them; the slow ones first, since they run side by side."""
    notebooks = tuple(str(path) for path in sorted((root / "notebooks").glob("*/*.ipynb")))
    tidy = [
        Check("notebooks hold no output", ("-m", "nbstripout", "--verify", "--keep-id", *notebooks))
    ]
    return [
        Check("types of the package", ("-m", "mypy", "--strict")),
        Check("types of the tools", ("-m", "mypy", "--strict", "-p", "tools")),
        Check(
            "who imports whom",
            ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
        ),
        Check("lint", ("-m", "ruff", "check", ".")),
        Check("format", ("-m", "ruff", "format", "--check", ".")),
        *(tidy if notebooks else []),
        Check("notebooks in both languages", ("tools/notebooks", "check")),
        Check("catalogues", ("tools/catalogues.py", "--check")),
        Check("pictures", ("tools/images.py", "--check")),
        Check("policies", ("tools/policy.py", "--check")),
        Check("reference of the conversion", ("tools/conversion.py", "--check")),
        Check("tables of the READMEs", ("tools/readme.py", "--check")),
        Check("lock files", ("tools/locks.py", "--check")),
    ]


def run(check: Check) -> Result:
    """Run one check to its end."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *check.command],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Result(check, done.returncode == 0, done.stdout, time.monotonic() - began)


def main() -> int:
    """0 if nothing was found."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as side_by_side:
        results = []
        for result in side_by_side.map(run, checks()):
            results.append(result)
            glyph = "✔" if result.passed else "✘"
            print(f"{glyph} {result.check.name} ({result.seconds:.1f} s)", flush=True)
            if not result.passed:
                print(result.output.rstrip(), flush=True)
    failed = [result.check.name for result in results if not result.passed]
    print(f"{len(results) - len(failed)} checks passed, {len(failed)} failed", flush=True)
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())

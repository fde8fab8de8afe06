"""The lock files: ``python tools/locks.py`` makes them, ``--check`` says if they do not fit.

They hold every package of pyproject.toml with the hashes of its files, for all systems and all
Pythons from 3.10. Making them needs uv and PyPI; checking needs neither. What is locked already
stays as it is; ``--upgrade`` takes the newest of everything. ``--lowest`` prints what the lower
bounds of pyproject.toml come to, for a run of the tests with the oldest versions allowed.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
TEST, RUN, GRAPHVIZ = "requirements-test.lock", "requirements.lock", "requirements-graphviz.lock"
HEADER = "# Made by `python tools/locks.py` from pyproject.toml; not edited by hand."
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def make(upgrade: bool) -> None:
    """Write the three files: the tests' first, for awscli holds botocore to one version."""
    more = ["--upgrade"] if upgrade else []
    groups = ["pyproject.toml", "--group", "build"]
    _compile([*groups, "--group", "test", *more], TEST)
    _compile([*groups, "-c", TEST, *more], RUN)
    _compile(["-", *more], GRAPHVIZ, "\n".join(project()["optional-dependencies"]["graphviz"]))


def lowest() -> int:
    """Print the oldest versions that pyproject.toml allows, for Python 3.10."""
    options = ["--resolution", "lowest-direct", "--python-version", "3.10", "--no-header"]
    groups = ["--group", "build", "--group", "test", "--no-annotate", "--quiet"]
    return subprocess.call(["uv", "pip", "compile", "pyproject.toml", *groups, *options], cwd=ROOT)


def _compile(what: list[str], output: str, given: str | None = None) -> None:
    options = ["--universal", "--python-version", "3.10", "--generate-hashes", "--no-header"]
    command = ["uv", "pip", "compile", "--quiet", *what, *options, "-o", output]
    subprocess.run(command, cwd=ROOT, check=True, input=given, text=True, stdout=subprocess.DEVNULL)
    made = (ROOT / output).read_text("utf-8")
    (ROOT / output).write_text(f"{HEADER}\n{made}", "utf-8", newline="\n")


def problems(root: Path) -> list[str]:
    """A sentence for each requirement that a lock does not fulfil, and each lock that differs."""
    package, groups = project(root), _pyproject(root)["dependency-groups"]
    always = [*package["dependencies"], *groups["build"]]
    found = [
        *_unmet(root, RUN, always),
        *_unmet(root, TEST, [*always, *groups["test"]]),
        *_unmet(root, GRAPHVIZ, package["optional-dependencies"]["graphviz"]),
    ]
    tested = pins(root / TEST)
    for name, versions in pins(root / RUN).items():
        if not versions <= tested.get(name, set()):
            found.append(f"{RUN}: {name} is another version than in {TEST}.")
    for lock in (RUN, TEST, GRAPHVIZ):
        found += _strange(root / lock)
    return found


def pins(lock: Path) -> dict[str, set[str]]:
    """Each package of a lock file and the version, or versions by marker, it is held to."""
    held: dict[str, set[str]] = {}
    for name, version in PINNED.findall(lock.read_text("utf-8")):
        held.setdefault(canonicalize_name(name), set()).add(version)
    return held


def _unmet(root: Path, lock: str, wanted: list[str]) -> list[str]:
    held = pins(root / lock)
    found = []
    for text in wanted:
        requirement = Requirement(text)
        versions = held.get(canonicalize_name(requirement.name), set())
        fit = [requirement.specifier.contains(one) for one in versions]
        # With a marker it is about some Pythons only, and so about one of the versions.
        if not (any(fit) if requirement.marker else fit and all(fit)):
            has = ", ".join(sorted(versions)) or "nothing"
            found.append(f"{lock}: pyproject.toml wants {requirement}, the lock has {has}.")
    return found


def _strange(lock: Path) -> list[str]:
    """Packages without hashes, and addresses of an index: those are of one machine."""
    text = lock.read_text("utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    found = [
        f"{lock.name}: {entry.splitlines()[0].strip()} has no hash."
        for entry in entries
        if "==" in entry and "--hash=sha256:" not in entry
    ]
    if re.search(r"https?://|file:|^--|^\s*-i\b", text, re.MULTILINE):
        found.append(f"{lock.name}: it names an index or an address.")
    return found


def _pyproject(root: Path = ROOT) -> dict[str, Any]:
    return dict(tomllib.loads((root / "pyproject.toml").read_text("utf-8")))


def project(root: Path = ROOT) -> dict[str, Any]:
    """What pyproject.toml says of the package."""
    return dict(_pyproject(root)["project"])


def main() -> int:
    """0 if all is made or fits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    parser.add_argument("--upgrade", action="store_true", help="take the newest of everything")
    parser.add_argument("--lowest", action="store_true", help="print the oldest versions allowed")
    given = parser.parse_args()
    if given.lowest:
        return lowest()
    if not given.check:
        make(given.upgrade)
    found = problems(ROOT)
    for sentence in found:
        print(f"{sentence} Run: python tools/locks.py", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())

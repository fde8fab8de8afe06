"""Compose files as the old program, docker-compose 1, takes them.

It knows neither a top-level ``name`` nor ``x-`` keys within a mount or a port, and wants published
ports as numbers. None of this changes what is run: the name goes with ``-p``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ecslab.compose import to_yaml
from ecslab.compose.problems import Report
from ecslab.compose.yaml import documents


@contextmanager
def rewritten(files: Sequence[Path]) -> Iterator[list[Path]]:
    """Copies of `files` that the old program reads; variables in them stay variables."""
    with TemporaryDirectory(prefix="ecslab-local-") as folder:
        made = []
        for number, file in enumerate(files):
            copy = Path(folder) / f"{number}.yml"
            copy.write_text(to_yaml(_plainer(file)), encoding="utf-8")
            made.append(copy)
        yield made


def _plainer(file: Path) -> dict[str, Any]:
    report = Report()
    (document,) = documents(file.read_bytes(), str(file), report)
    report.stop()
    made = {key: value for key, value in document.items() if key != "name"}
    services = made.get("services") or {}
    made["services"] = {name: _service(value or {}) for name, value in services.items()}
    return made


def _service(written: dict[str, Any]) -> dict[str, Any]:
    made = dict(written)
    for key in ("volumes", "ports"):
        if isinstance(made.get(key), list):
            made[key] = [_item(one) for one in made[key]]
    return made


def _item(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    kept = {key: value for key, value in one.items() if not key.startswith("x-")}
    kept.pop("name", None)
    kept.pop("app_protocol", None)
    if str(kept.get("published", "")).isdecimal():
        kept["published"] = int(kept["published"])
    return kept

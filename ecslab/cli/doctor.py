"""``ecslab doctor``: what is ready, what is missing, how to get it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from ecslab.cli import findings
from ecslab.cli.findings import Finding
from ecslab.cli.parser import Parser, examples
from ecslab.locale import translator

_ = translator("cli")

CHECKS: tuple[Callable[[], Finding], ...] = (
    findings.python,
    findings.jupyterlab,
    findings.language_pack,
    findings.docker,
    findings.compose,
    findings.dot,
    findings.fonts,
    findings.ports,
    findings.the_sandbox,
)

_GLYPHS = {"ready": "✔", "missing": "✘", "optional": "–"}


def configure(parser: Parser) -> None:
    """Add the arguments of ``ecslab doctor``."""
    parser.epilog = examples("ecslab doctor\necslab doctor --json")
    parser.add_argument("--json", action="store_true", help=str(_("for programs")))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Say what was found; status 1 when something is missing that is needed."""
    found = [check() for check in CHECKS]
    if arguments.json:
        print(json.dumps([_as_json(one) for one in found], indent=2, ensure_ascii=False))
    else:
        for one in found:
            _show(one)
    return 1 if any(one.state == "missing" for one in found) else 0


def _as_json(one: Finding) -> dict[str, str]:
    words = {"detail": str(one.detail), "remedy": str(one.remedy)}
    return {"name": one.name, "state": one.state, **words}


def _show(one: Finding) -> None:
    words = {"ready": _("ready"), "missing": _("missing"), "optional": _("not there")}
    print(f"{_GLYPHS[one.state]} {one.name}: {words[one.state]} – {one.detail}")
    if one.remedy:
        print(f"    {one.remedy}")

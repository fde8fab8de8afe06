"""``ecslab doctor``: what is ready, what is missing, how to get it."""

from __future__ import annotations

import argparse
import html
import json
from collections.abc import Callable
from dataclasses import dataclass

from ecslab.cli import findings
from ecslab.cli.findings import Finding
from ecslab.cli.parser import Parser, examples
from ecslab.locale import Text, translator

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

_GLYPHS = {"ready": "✓", "missing": "✗", "optional": "–"}
_WORDS = {"ready": _("ready"), "missing": _("missing"), "optional": _("not there")}


@dataclass(frozen=True)
class Diagnosis:
    """All that was found; shows itself in a notebook and as plain text."""

    findings: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return all(one.state != "missing" for one in self.findings)

    def headline(self) -> Text:
        """One sentence on all of it."""
        if not self:
            return _("Something that is needed is missing: see below.")
        return _("Everything that is needed is here.")

    def __str__(self) -> str:
        return "\n".join(map(_line, self.findings))

    def __repr__(self) -> str:
        return f"{_GLYPHS['ready' if self else 'missing']} {self.headline()}\n{self}"

    def _repr_html_(self) -> str:
        glyph = _GLYPHS["ready" if self else "missing"]
        rows = "".join(map(_row, self.findings))
        return f"<p>{glyph} {html.escape(str(self.headline()))}</p><table>{rows}</table>"


def doctor() -> Diagnosis:
    """Look at everything the kit uses: what is ready, what is missing, how to get it."""
    return Diagnosis(tuple(check() for check in CHECKS))


def configure(parser: Parser) -> None:
    """Add the arguments of ``ecslab doctor``."""
    parser.epilog = examples("ecslab doctor\necslab doctor --json")
    parser.add_argument("--json", action="store_true", help=str(_("for programs")))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Say what was found; status 1 when something is missing that is needed."""
    found = doctor()
    if arguments.json:
        listed = [_as_json(one) for one in found.findings]
        print(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        print(found)
    return 0 if found else 1


def _as_json(one: Finding) -> dict[str, str]:
    words = {"detail": str(one.detail), "remedy": str(one.remedy)}
    return {"name": one.name, "state": one.state, **words}


def _line(one: Finding) -> str:
    line = f"{_GLYPHS[one.state]} {one.name}: {_WORDS[one.state]} – {one.detail}"
    return f"{line}\n    {one.remedy}" if one.remedy else line


def _row(one: Finding) -> str:
    state = f"{_GLYPHS[one.state]} {_WORDS[one.state]}"
    remedy = f"<br>{html.escape(str(one.remedy))}" if one.remedy else ""
    detail = html.escape(str(one.detail)) + remedy
    cells = (html.escape(one.name), html.escape(state), detail)
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"

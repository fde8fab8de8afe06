"""``ecslab doctor``: what is ready, what is missing, how to get it."""

from __future__ import annotations

import argparse
import html
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ecslab.cli import findings
from ecslab.cli.asking import yes
from ecslab.cli.parser import Parser, examples
from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.finding import Finding

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
OF_SANDBOX = (findings.ports, findings.the_sandbox)
"""What a real account does without."""
TARGETS = ("sandbox", "aws")

_GLYPHS = {"ready": "✓", "missing": "✗", "warning": "!", "optional": "–"}
_WORDS = {
    "ready": _("ready"),
    "missing": _("missing"),
    "warning": _("take care"),
    "optional": _("not there"),
}


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


def doctor(
    target: str | None = None,
    *,
    profile: str | None = None,
    region: str | None = None,
    learners: int = 1,
) -> Diagnosis:
    """Look at everything the kit uses: what is ready, what is missing, how to get it.

    target:   "sandbox" or "aws"; default ``ECSLAB_TARGET``, else the sandbox
    profile:  the AWS profile; region: the AWS region; as in `ecslab.connect`
    learners: for how many the account is to be large enough
    """
    chosen = target or os.environ.get("ECSLAB_TARGET") or "sandbox"
    if chosen not in TARGETS:
        raise EcslabError(
            _("There is no target {target!r}.", target=chosen), _('Use "sandbox" or "aws".')
        )
    if chosen == "sandbox":
        return Diagnosis(tuple(check() for check in CHECKS))
    here = [check() for check in CHECKS if check not in OF_SANDBOX]
    from ecslab.lab.preflight import preflight

    return Diagnosis((*here, *preflight(profile, region, learners)))


def configure(parser: Parser) -> None:
    """Add the arguments of ``ecslab doctor``."""
    parser.epilog = examples(
        "ecslab doctor\necslab doctor --json\n"
        "ecslab doctor --target aws --profile workshop --learners 20"
    )
    parser.add_argument("--json", action="store_true", help=str(_("for programs")))
    parser.add_argument(
        "--target", choices=TARGETS, help=str(_("what the notebooks are to work on"))
    )
    parser.add_argument("--profile", metavar="NAME", help=str(_("the AWS profile")))
    parser.add_argument("--region", help=str(_("the AWS region")))
    parser.add_argument(
        "--learners",
        type=_count,
        default=1,
        metavar="N",
        help=str(_("how many the account is for; default: 1")),
    )
    parser.add_argument(
        "--make-roles",
        action="store_true",
        help=str(_("make the default roles that are not there; asks first")),
    )
    parser.add_argument("--yes", action="store_true", help=str(_("do not ask")))
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(str(_("{given} is no number of learners.", given=text)))
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Say what was found; status 1 when something is missing that is needed."""
    if arguments.make_roles:
        _make_roles(arguments)
    found = doctor(
        arguments.target,
        profile=arguments.profile,
        region=arguments.region,
        learners=arguments.learners,
    )
    if arguments.json:
        listed = [_as_json(one) for one in found.findings]
        print(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        print(found)
    return 0 if found else 1


def _make_roles(arguments: argparse.Namespace) -> None:
    from ecslab.lab.preflight import make_roles

    def agree(names: Sequence[str]) -> bool:
        told = _("To be made in this account: {names}.", names=", ".join(names))
        print(told, file=sys.stderr)
        return arguments.yes or yes(_("Make them? [y/N] "))

    for name in make_roles(arguments.profile, arguments.region, agree):
        print(_("✓ Made {name}.", name=name), file=sys.stderr)


def _as_json(one: Finding) -> dict[str, str]:
    words = {"detail": str(one.detail), "remedy": str(one.remedy)}
    return {"name": str(one.name), "state": one.state, **words}


def _line(one: Finding) -> str:
    line = f"{_GLYPHS[one.state]} {one.name}: {_WORDS[one.state]} – {one.detail}"
    return f"{line}\n    {one.remedy}" if one.remedy else line


def _row(one: Finding) -> str:
    state = f"{_GLYPHS[one.state]} {_WORDS[one.state]}"
    remedy = f"<br>{html.escape(str(one.remedy))}" if one.remedy else ""
    detail = html.escape(str(one.detail)) + remedy
    cells = (html.escape(str(one.name)), html.escape(state), detail)
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"

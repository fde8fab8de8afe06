"""``ecslab cleanup``: remove everything of this learner's, and nothing else."""

from __future__ import annotations

import argparse
import sys

from ecslab.cli.parser import Parser, examples
from ecslab.lab import connect
from ecslab.locale import language, translator
from ecslab.model.errors import EcslabError

_ = translator("cli")


def configure(parser: Parser) -> None:
    """Add the arguments of ``ecslab cleanup``."""
    parser.epilog = examples("ecslab cleanup --dry-run\necslab cleanup --yes")
    parser.add_argument(
        "--dry-run", action="store_true", help=str(_("say what would be removed, remove nothing"))
    )
    parser.add_argument("--yes", action="store_true", help=str(_("do not ask")))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show what is there, ask, remove; EcslabError where something could not be removed."""
    lab = connect(lang=language(), consent=arguments.yes or arguments.dry_run)
    planned = lab.cleanup(dry_run=True)
    print(planned)
    if arguments.dry_run or not planned.found:
        return 0
    if not arguments.yes:
        _ask()
    done = lab.cleanup()
    if done.left:
        raise EcslabError(str(done))
    return 0


def _ask() -> None:
    """Go on, or raise EcslabError."""
    try:
        answer = input(str(_("Remove all this? [y/N] ")))
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes", "はい", "ｙ"):
        print(file=sys.stderr)
        raise EcslabError(_("Nothing was removed."), _("`ecslab cleanup --yes` does not ask."))

"""``ecslab cleanup``: remove all that is this learner's (or all learners'), nothing else."""

from __future__ import annotations

import argparse

from ecslab.cli.asking import yes
from ecslab.cli.parser import Parser, examples
from ecslab.lab import connect
from ecslab.locale import language, translator
from ecslab.model.errors import EcslabError

_ = translator("cli")


def configure(parser: Parser) -> None:
    """Add the arguments of ``ecslab cleanup``."""
    parser.epilog = examples(
        "ecslab cleanup --dry-run\necslab cleanup --yes\n"
        "ecslab cleanup --all-learners --expired --dry-run"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=str(_("say what would be removed, remove nothing"))
    )
    parser.add_argument(
        "--all-learners",
        action="store_true",
        help=str(_("for the instructor: of everybody in this workshop (ECSLAB_WORKSHOP)")),
    )
    parser.add_argument(
        "--expired", action="store_true", help=str(_("only what is past the end of its session"))
    )
    parser.add_argument("--yes", action="store_true", help=str(_("do not ask")))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show what is there, ask, remove; EcslabError where something could not be removed."""
    lab = connect(lang=language(), consent=arguments.yes or arguments.dry_run)
    wanted = {"all_learners": arguments.all_learners, "expired": arguments.expired}
    if not arguments.all_learners or arguments.dry_run or arguments.yes:
        planned = lab.cleanup(dry_run=True, **wanted)
        print(planned)
        if arguments.dry_run or not (planned.found or planned.left):
            return 0
        if not arguments.yes and not yes(_("Remove all this? [y/N] ")):
            raise EcslabError(_("Nothing was removed."), _("`ecslab cleanup --yes` does not ask."))
    done = lab.cleanup(**wanted, yes=arguments.yes)
    if done.left:
        raise EcslabError(str(done))
    return 0

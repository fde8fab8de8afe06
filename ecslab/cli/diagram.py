"""``ecslab diagram``: a picture of a cluster as a file, or as SVG on stdout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ecslab.cli.parser import Parser, examples
from ecslab.diagram import file_bytes
from ecslab.lab import connect
from ecslab.locale import language, translator
from ecslab.model.errors import EcslabError

_ = translator("cli")


def configure(parser: Parser) -> None:
    """Add the arguments of ``ecslab diagram``."""
    parser.epilog = examples(
        "ecslab diagram -o cluster.svg\necslab diagram --cluster demo -o a.png"
    )
    parser.add_argument(
        "--cluster", metavar="NAME", help=str(_("the cluster to draw; default: your own"))
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=str(_("FILE.svg, FILE.png or FILE.dot; default: SVG on stdout")),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draw the cluster as it is now."""
    lang = language()
    lab = connect(lang=lang)
    drawn = file_bytes(lab.snapshot(arguments.cluster), arguments.output or "-.svg", lang=lang)
    if arguments.output is None:
        sys.stdout.write(drawn.decode())
        return 0
    try:
        Path(arguments.output).write_bytes(drawn)
    except OSError as error:
        raise EcslabError(
            _("{file} cannot be written: {why}.", file=arguments.output, why=error.strerror),
            _("Give another name with -o, in a folder you may write to."),
        ) from error
    return 0

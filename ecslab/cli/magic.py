"""``%ecslab …`` in a notebook: the command as in a terminal, in the notebook's language.

``%load_ext ecslab`` brings it. It runs in the kernel, so it is there wherever the kit is, whatever
is on PATH; what cannot be done is a sentence, and the cells below go on.
"""

from __future__ import annotations

import shlex
import sys
from typing import Any

from ecslab.cli import USAGE, main
from ecslab.locale import language, set_language, translator

_ = translator("cli")


def load(shell: Any) -> None:
    """Give an IPython shell the magic."""
    # ``%cd`` may leave the notebook's folder, which says the language: it is kept from here on.
    set_language(language())
    shell.register_magic_function(run_line, magic_kind="line", magic_name="ecslab")


def run_line(line: str) -> None:
    """Run the words of one line; the language stays as it is."""
    spoken = language()
    try:
        run(line)
    finally:
        set_language(spoken)


def run(line: str) -> int:
    """The exit status of the command."""
    try:
        return main(shlex.split(line))
    except ValueError:
        print(_("ecslab: a quotation mark is missing in: {line}", line=line), file=sys.stderr)
        return USAGE
    except SystemExit as end:  # argparse ends so after --help
        return int(end.code or 0)

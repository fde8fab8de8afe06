"""The `ecslab` command: a thin shell.

A command's room is imported only when that command runs, so that each starts as fast as what it
does. Exit status: 0 done, 1 it could not be done (the reason is on stderr), 2 wrong usage.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from ecslab.cli.parser import Parser, UsageError, take_language, top_parser
from ecslab.locale import set_language
from ecslab.model.errors import EcslabError

DONE = 0
FAILED = 1
USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: this process's) and return its exit status."""
    try:
        return _guarded(list(sys.argv[1:] if argv is None else argv))
    finally:
        set_language(None)
        if argv is None:
            gc.freeze()  # the process ends: no last look for garbage, which costs milliseconds


def _guarded(argv: list[str]) -> int:
    try:
        return _run(argv)
    except UsageError as error:
        print(error, file=sys.stderr)
        return USAGE
    except EcslabError as error:
        print(f"ecslab: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        _close_stdout()
        return FAILED
    except Exception as error:  # noqa: BLE001  a learner never sees a traceback: it goes to a file
        from ecslab.cli.unexpected import explain

        print(f"ecslab: {explain(error)}", file=sys.stderr)
        return FAILED


def _run(argv: list[str]) -> int:
    language, rest = take_language(argv)
    if language is not None:
        set_language(language)
    parser: Parser = top_parser(rest)
    arguments = parser.parse_args(rest)
    run = getattr(arguments, "run", None)
    if run is None:
        parser.print_help()
        return USAGE if rest else DONE
    status: int = run(arguments)
    return status


def _close_stdout() -> None:
    """The reader went away (``| head``): keep the interpreter from complaining at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""argparse that speaks the learner's language and raises instead of exiting with a traceback."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from ecslab.cli.registry import COMMANDS, Command
from ecslab.locale import LANGUAGES, Text, translator

_ = translator("cli")

# argparse's own words. They are looked up by argparse through its module-level gettext.
_ARGPARSE_WORDS: tuple[Text, ...] = (
    _("usage: "),
    _("options"),
    _("positional arguments"),
    _("show this help message and exit"),
    _("%(prog)s: error: %(message)s\n"),
    _("argument %(argument_name)s: %(message)s"),
    _("the following arguments are required: %s"),
    _("unrecognized arguments: %s"),
    _("invalid choice: %(value)r (choose from %(choices)s)"),
    _("invalid %(type)s value: %(value)r"),
    _("expected one argument"),
    _("expected at least one argument"),
    _("not allowed with argument %s"),
    _("one of the arguments %s is required"),
    _("ignored explicit argument %r"),
    _("ambiguous option: %(option)s could match %(matches)s"),
)
_WORDS = {word.msgid: word for word in _ARGPARSE_WORDS}


def _argparse_word(msgid: str) -> str:
    return str(_WORDS[msgid]) if msgid in _WORDS else msgid


vars(argparse)["_"] = _argparse_word


class UsageError(Exception):
    """The command line is wrong; its text is usage and sentence."""


class Help(argparse.RawDescriptionHelpFormatter):
    """Help that keeps line breaks. It measures the terminal itself: argparse would import shutil
    for it, and with it every compression there is, once for each argument.
    """

    def __init__(self, prog: str, **settings: Any) -> None:
        super().__init__(prog, **{"width": columns() - 2, **settings})


def columns() -> int:
    """The width of the terminal, as `shutil.get_terminal_size` has it."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]  # None is an AttributeError
    except (AttributeError, ValueError, OSError):
        return 80


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are exceptions and whose help keeps line breaks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", Help)
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError`: usage, then the sentence."""
        sentence = _argparse_word("%(prog)s: error: %(message)s\n")
        raise UsageError(
            self.format_usage() + (sentence % {"prog": self.prog, "message": message}).rstrip()
        )

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End after ``--help``."""
        super().exit(status, message)


def command(
    subparsers: argparse._SubParsersAction[Parser],
    name: str,
    summary: Text,
    example: str,
) -> Parser:
    """A parser for one command: its summary, and an example below its help."""
    sentence = str(summary)
    return subparsers.add_parser(
        name, help=sentence, description=sentence, epilog=examples(example)
    )


def examples(text: str) -> str:
    """The lines of a command's examples, as shown below its help."""
    lines = "\n".join(f"  {line}" for line in text.strip().splitlines())
    heading = _("examples:")  # not inside the f-string, where catalogues.py cannot see it
    return f"{heading}\n{lines}"


def take_language(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """The value of ``--lang``, wherever it stands, and the command line without it.

    Raises `UsageError` when it is no language of the kit.
    """
    language: str | None = None
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--lang":
            language = _checked_language(next(words, ""))
        elif word.startswith("--lang="):
            language = _checked_language(word.removeprefix("--lang="))
        else:
            rest.append(word)
    return language, rest


def _checked_language(word: str) -> str:
    if word in LANGUAGES:
        return word
    raise UsageError(
        str(_("ecslab: --lang takes one of {languages}.", languages=", ".join(LANGUAGES)))
    )


def top_parser(argv: Sequence[str]) -> Parser:
    """The parser of `ecslab`, with the arguments of the command that `argv` names."""
    from ecslab import __version__

    parser = Parser(
        prog="ecslab",
        description=str(_("Learn Amazon ECS: a sandbox, notebooks and a Compose converter.")),
        epilog=examples("ecslab doctor\necslab sandbox start\necslab lab --lang ja"),
    )
    parser.add_argument("--version", action="version", version=f"ecslab {__version__}")
    parser.add_argument(
        "--lang",
        metavar="ja|en",
        help=str(_("the language; default: ECSLAB_LANG, else the locale")),
    )
    named = next((word for word in argv if not word.startswith("-")), None)
    subparsers = parser.add_subparsers(
        metavar=str(_("COMMAND")), title=str(_("commands")), parser_class=Parser
    )
    for entry in COMMANDS:
        _add(subparsers, entry, chosen=entry.name == named)
    return parser


def _add(subparsers: argparse._SubParsersAction[Parser], entry: Command, *, chosen: bool) -> None:
    summary = str(entry.summary)
    parser = subparsers.add_parser(entry.name, help=summary, description=summary)
    if chosen:
        importlib.import_module(entry.module).configure(parser)

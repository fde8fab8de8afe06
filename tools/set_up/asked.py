"""What the command line asks for."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from tools.set_up.words import LANGUAGES, Trouble

USAGE = 2
"""The exit status of wrong usage."""
TARGETS = ("sandbox", "aws")


@dataclass(frozen=True)
class Asked:
    """One run of ``start.py``."""

    command: str = "lab"
    """"lab", "test", "check" or "help"."""
    system: bool = False
    rest: tuple[str, ...] = ()
    """For "lab" the arguments of ``ecslab lab``, for "test" those of pytest."""


def language_of(argv: Sequence[str]) -> str | None:
    """The language asked for, even in a command line that is wrong: its sentence is in it."""
    for word, after in itertools.pairwise([*argv, ""]):
        option, _, value = word.partition("=")
        if option == "--lang" and (value or after) in LANGUAGES:
            return value or after
    return None


def read(argv: Sequence[str]) -> Asked:
    """The command line, understood. Raises `Trouble` with status 2 for one that is not."""
    command = argv[0] if argv and argv[0] in ("test", "check") else "lab"
    words = list(argv[1:] if command != "lab" else argv)
    system = False
    rest: list[str] = []
    while words:
        word = words.pop(0)
        option, equals, value = word.partition("=")
        if word in ("-h", "--help") and (command != "test" or not rest):
            return Asked("help")
        if option == "--lang":
            _one_of(option, LANGUAGES, value if equals else _next(option, words, "ja"))
        elif command == "test":
            system = system or word == "--system"
            rest += [] if word == "--system" else [word]
        elif command == "lab":
            rest += _lab_option(option, value if equals else None, words)
        else:
            raise Trouble("unknown", USAGE, word=word)
    return Asked(command, system, tuple(rest))


def _lab_option(option: str, value: str | None, words: list[str]) -> list[str]:
    if option == "--no-browser" and value is None:
        return [option]
    if option == "--target":
        given = _next(option, words, "sandbox") if value is None else value
        return [option, _one_of(option, TARGETS, given)]
    if option == "--port":
        return [option, _port(_next(option, words, "8888") if value is None else value)]
    raise Trouble("unknown", USAGE, word=option)


def _next(option: str, words: list[str], example: str) -> str:
    if not words or words[0].startswith("--"):
        raise Trouble("no value", USAGE, option=option, example=f"{option} {example}")
    return words.pop(0)


def _one_of(option: str, choices: Sequence[str], value: str) -> str:
    if value not in choices:
        raise Trouble("not one of", USAGE, option=option, choices=", ".join(choices), value=value)
    return value


def _port(value: str) -> str:
    if value.isascii() and value.isdecimal() and 0 < int(value) < 65536:
        return value
    raise Trouble("not a port", USAGE, value=value)

"""Who is in the class, and with which token. A token is an AWS key pair."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ecslab.locale import translator
from ecslab.model.errors import EcslabError

_ = translator("api")

MOST = 500
"""Learners in one class."""
INSTRUCTOR = "instructor"
_TOKEN = re.compile(r"(ECSLAB[0-9A-F]{14}):([0-9A-Za-z_-]{40,64})")


@dataclass(frozen=True)
class Member:
    """One person. `prefix` is what the names of all that is theirs begin with."""

    name: str
    prefix: str
    access_key: str
    secret_key: str
    instructor: bool = False

    @property
    def token(self) -> str:
        """What the person sets as ``ECSLAB_TOKEN``."""
        return f"{self.access_key}:{self.secret_key}"

    def arn(self, account: str) -> str:
        """Who STS says it is."""
        role = "ecslab-instructor" if self.instructor else "ecslab-learner"
        return f"arn:aws:sts::{account}:assumed-role/{role}/{self.prefix}"


class Roster:
    """All members, found by their access key."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members = tuple(members)
        self._by_key = {member.access_key: member for member in self.members}

    def find(self, access_key: str) -> Member | None:
        """Whose key it is."""
        return self._by_key.get(access_key)

    def with_names(self, names: Iterable[str]) -> Roster:
        """The class of these learners: who was in it keeps the token, others lose theirs."""
        known = {member.name: member for member in self.members}
        heads = [one for one in self.members if one.instructor]
        head = heads[0] if heads else _made(INSTRUCTOR, instructor=True)
        learners = [name for name in names if name != head.name]
        return Roster([head, *(known.get(name) or _made(name) for name in learners)])

    def write(self, path: Path) -> None:
        """Keep it in a file that only its owner may read."""
        _write_secret(path, json.dumps([asdict(one) for one in self.members], ensure_ascii=False))

    def handout(self, url: str) -> str:
        """One line a member, to be cut up and handed out; for a POSIX shell."""
        return "".join(
            f"export ECSLAB_URL={url} ECSLAB_TOKEN={one.token}  # {one.name}\n"
            for one in self.members
        )


def read(path: Path) -> Roster:
    """The roster kept in a file; nobody where there is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Roster(Member(**one) for one in told)
    except FileNotFoundError:
        return Roster(())
    except (OSError, ValueError, TypeError) as error:
        raise EcslabError(
            _("The tokens of the class cannot be read from {path}.", path=path),
            _("Remove that file: new tokens are made, to be handed out again."),
        ) from error


def write_handout(path: Path, text: str) -> None:
    """The lines to hand out, in a file that only its owner may read."""
    _write_secret(path, text)


def names_in(path: Path) -> list[str]:
    """The learners of a file: one a line, "#" begins a remark.

    Raises EcslabError where there is none, one twice, or too many.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EcslabError(
            _("The list of learners {path} cannot be read.", path=path),
            _("Give a text file (UTF-8) with one name on each line."),
        ) from error
    names = [" ".join(line.partition("#")[0].split()) for line in lines]
    return checked([name for name in names if name])


def numbered(count: int) -> list[str]:
    """Names for so many learners: ``learner-01`` …"""
    return checked([f"learner-{number:02}" for number in range(1, count + 1)])


def checked(names: list[str]) -> list[str]:
    """The names, if they make a class."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise EcslabError(
            _("{name!r} is in the list of learners twice.", name=twice),
            _("Make the two differ, for example by a number."),
        )
    if not 0 < len(names) <= MOST:
        raise EcslabError(
            _("A class of {count} learners cannot be.", count=len(names)),
            _("Give between 1 and {most}.", most=MOST),
        )
    return names


def keys_of(token: str) -> tuple[str, str]:
    """Access key and secret key of a token. Raises EcslabError for anything else."""
    found = _TOKEN.fullmatch(token.strip())
    if found is None:
        raise EcslabError(
            _("ECSLAB_TOKEN is not a token of a class."),
            _("Copy the whole line again that your instructor gave you."),
        )
    return found[1], found[2]


def _made(name: str, instructor: bool = False) -> Member:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:12].strip("-") or "learner"
    prefix = f"ecslab-{slug}-{secrets.token_hex(4)}"
    key = f"ECSLAB{secrets.token_hex(7).upper()}"
    return Member(name, prefix, key, secrets.token_urlsafe(32), instructor)


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def environment_token(environ: Mapping[str, str]) -> str:
    """The token this process was given; "" outside a class."""
    return environ.get("ECSLAB_TOKEN", "").strip()

"""Which names and texts hold a secret, and the same text without it."""

from __future__ import annotations

import re

MASK = "****"

_WORDS = r"pass(?:word|wd|phrase)|secret|token|credential|(?:private|api|access)[-_ ]?key"
_NAME = re.compile(
    r"pass(word|wd|phrase)?$|secret(?!s$)|credential|(private|api|access)[-_]?key|"
    r"(?<!next)(?<!client)(?<!request)(?<!task)token$",
    re.IGNORECASE,
)
_REFERENCES = ("id", "arn", "name", "names", "from", "parameter")
"""What only says where a secret is: ``SecretId``, ``credentialsParameter``, …"""
_OPTION = re.compile(rf"--?[\w-]*(?:{_WORDS})$", re.IGNORECASE)
_TEXTS = (
    # a name and its value, as messages, JSON, Python and YAML write them; not the ARN of a secret
    re.compile(
        rf"(?i)((?<![:\w-])[\w-]*(?:{_WORDS})\w*['\"]?\s*[:=]\s*(?:b?['\"])?)"
        r"(?!arn:|\*{4})[^\s'\",;&{}\[\])]+"
    ),
    re.compile(rf"(?i)((?:{_WORDS})\w*=(?:b?['\"])?)(?!arn:|\*{{4}})[^\s'\",;&{{}}\[\])]+"),
    # an item of an environment: the name tells, the value stands beside it
    re.compile(
        rf"(?i)(name['\"]?\s*[:=]\s*['\"]?[\w.-]*(?:{_WORDS})[\w.-]*['\"]?,\s*"
        r"['\"]?value['\"]?\s*[:=]\s*['\"]?)[^'\",}]+"
    ),
    # --password …
    re.compile(rf"(?i)(--?[\w-]*(?:{_WORDS})[ =]['\"]?)[^\s'\"]+"),
    # https://name:password@host
    re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"),
    re.compile(r"(?i)(encoded authorization failure message: )\S+"),
    re.compile(r"(?i)(signature=)[0-9a-f]{16,}"),
    re.compile(r"()\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"),
)


def names_a_secret(name: str) -> bool:
    """Whether what is called so is not to be shown: ``DB_PASSWORD``, ``SecretString``, …"""
    return bool(_NAME.search(name)) and not name.lower().endswith(_REFERENCES)


def announces_a_secret(word: str) -> bool:
    """Whether the word of a command that follows this one is not to be shown: ``--password``."""
    return bool(_OPTION.match(word))


def masked(text: str) -> str:
    """The text without keys, tokens and passwords, as far as words beside them tell of them."""
    for secret in _TEXTS:
        text = secret.sub(rf"\1{MASK}", text)
    return text

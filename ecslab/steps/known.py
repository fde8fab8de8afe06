"""Secrets this kernel has come to know: wherever they turn up in a text, they are left out.

AWS's errors may repeat what they were given; no word beside it tells that it is a secret.
"""

from __future__ import annotations

import json
import os

from ecslab.model.masking import MASK, masked

SHORTEST = 6
"""Characters; a shorter one would be found in the middle of many a word."""
_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")

_known: set[str] = set()


def remember(value: object) -> None:
    """From now on this value, or each text in it, is not shown."""
    if isinstance(value, (bytes, bytearray)):
        value = bytes(value).decode("utf-8", "replace")
    if isinstance(value, dict):
        for part in value.values():
            remember(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            remember(part)
    elif isinstance(value, str) and len(value) >= SHORTEST:
        _known.add(value)
        if value[:1] in "{[":  # a secret that is JSON is often quoted in parts
            try:
                remember(json.loads(value))
            except ValueError:
                return


def without_secrets(text: str) -> str:
    """The text without what is known, and without what looks like a secret."""
    own = [os.environ.get(name, "") for name in _VARIABLES]
    known = {*_known, *(value for value in own if len(value) >= SHORTEST)}
    for value in sorted(known, key=len, reverse=True):
        text = text.replace(value, MASK)
    return masked(text)

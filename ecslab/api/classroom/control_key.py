"""Signing the sandbox's own requests (``/_ecslab/…``) with a token; the standard library alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

HEADER = "X-Ecslab-Signed"
WINDOW = 300.0
"""Seconds a signature holds, before and after."""


def sign(access_key: str, secret_key: str, method: str, path: str, now: float) -> str:
    """The header's value for a request. `path` is with its query."""
    at = str(int(now))
    return f"{access_key} {at} {_mac(secret_key, method, path, at)}"


def signer(
    header: str, method: str, path: str, secret_of: Callable[[str], str | None], now: float
) -> str | None:
    """The access key that signed; None where nobody of the class did, or too long ago."""
    words = header.split(" ")
    if len(words) != 3 or not words[1].isdecimal() or len(words[1]) > 12:
        return None
    key, at, mac = words
    secret = secret_of(key)
    if secret is None or abs(now - int(at)) > WINDOW:
        return None
    right = hmac.compare_digest(mac.encode(), _mac(secret, method, path, at).encode())
    return key if right else None


def _mac(secret: str, method: str, path: str, at: str) -> str:
    return hmac.new(secret.encode(), f"{method}\n{path}\n{at}".encode(), hashlib.sha256).hexdigest()

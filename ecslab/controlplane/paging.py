"""Long lists in pages: a stable order, and a token that says where the last page ended."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from ecslab.model.errors import AwsError


def page(
    keys: Iterable[str], params: Mapping[str, Any], name: str, most: int = 100, usual: int = 0
) -> dict[str, Any]:
    """``{name: [...], "nextToken": ...}``: a page of the keys in ascending order.

    The token names the last key given, so that what comes or goes in between moves nothing.
    Raises InvalidParameterException for a `maxResults` outside 1..`most` or a foreign token.
    """
    found, following = cut(sorted(keys), {"maxResults": usual or most, **params}, most)
    return {name: found, **following}


def cut(
    ordered: list[str], params: Mapping[str, Any], most: int = 100, descending: bool = False
) -> tuple[list[str], dict[str, str]]:
    """One page of keys in their order, and the token of the next page (if there is one)."""
    limit = _limit(params.get("maxResults"), most)
    token = params.get("nextToken")
    if token:
        last = _open(token)
        ordered = [key for key in ordered if (key < last if descending else key > last)]
    if len(ordered) <= limit:
        return ordered, {}
    return ordered[:limit], {"nextToken": _seal(ordered[limit - 1])}


def _limit(asked: int | None, most: int) -> int:
    if asked is None:
        return most
    if not 1 <= asked <= most:
        raise AwsError(
            "InvalidParameterException", f"maxResults must be between 1 and {most}, not {asked}."
        )
    return asked


def _seal(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _open(token: str) -> str:
    try:
        key = base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeError):
        key = ""
    if not key or _seal(key) != token:  # decoding forgives; a token is as it was given or none
        raise AwsError("InvalidParameterException", "Invalid token")
    return key

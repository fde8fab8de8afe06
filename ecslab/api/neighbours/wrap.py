"""The one way a function of moto is replaced."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """`owner.name(*args)` becomes `around(plain, *args)`.

    `plain` is the function of moto, called as it was (a method with self; a class method without
    cls, which `around` does not see either).
    """
    plain = getattr(owner, name)
    found = inspect.getattr_static(owner, name)

    @functools.wraps(plain)
    def function(*args: Any, **kwargs: Any) -> Any:
        return around(plain, *args, **kwargs)

    setattr(owner, name, staticmethod(function) if isinstance(found, classmethod) else function)

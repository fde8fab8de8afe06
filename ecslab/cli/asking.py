"""Asking whoever sits at the terminal."""

from __future__ import annotations

import sys

from ecslab.locale import Text, is_yes


def yes(question: Text) -> bool:
    """Whether the answer is yes; nobody there is no."""
    try:
        answer = input(str(question))
    except EOFError:
        print(file=sys.stderr)
        return False
    return is_yes(answer)

"""Asking whoever sits at the terminal."""

from __future__ import annotations

from ecslab.locale import Text


def yes(question: Text) -> bool:
    """Whether the answer is yes; nobody there is no."""
    try:
        answer = input(str(question))
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes", "はい", "ｙ")

"""Errors that end in one clear sentence."""

from __future__ import annotations

from ecslab.locale import Text


class EcslabError(Exception):
    """Something could not be done: what is wrong, and what to do about it.

    `message` and `hint` are rendered in the reader's language; nothing else reaches a learner.
    """

    def __init__(self, message: Text | str, hint: Text | str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else str(self.message)

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the sentence, the hint below it."""
        lines = [f"✗ {self.message}"]
        return [*lines, f"  {self.hint}"] if self.hint else lines


class AwsError(Exception):
    """An error answer of the ECS API: `code` as botocore's model names it, and its text.

    The text is English as it is on AWS. `status` is the HTTP status (400 client, 500 server).
    """

    def __init__(self, code: str, message: str, status: int = 400, **members: object) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.members = members

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

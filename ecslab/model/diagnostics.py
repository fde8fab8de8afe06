"""What happened to a value on its way from one form to another, as a value of its own.

Made with `typing.NamedTuple`, since the converter's command line counts milliseconds and
``import dataclasses`` alone costs as much as reading a Compose file.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from ecslab.locale import Text

Fidelity = Literal["exact", "adapted", "dropped"]


class Mark(NamedTuple):
    """A place in a source text; lines and columns count from 1."""

    file: str
    line: int
    column: int


class Diagnostic(NamedTuple):
    """One thing worth saying about a conversion.

    code:     stable identifier, lower-case words joined by hyphens ("ports-host-ip")
    fidelity: "exact" (kept, said for information), "adapted" (changed), "dropped" (lost)
    message:  one sentence: what happened
    hint:     one sentence: what to do, or None
    mark:     where in the source text, or None when there is no text
    path:     the leaf path in the source ("services.web.ports[0].host_ip")
    """

    code: str
    fidelity: Fidelity
    message: Text
    hint: Text | None = None
    mark: Mark | None = None
    path: str = ""

    def as_text(self) -> str:
        """``FILE:LINE:COLUMN: fidelity code: message (hint)``."""
        where = f"{self.mark.file}:{self.mark.line}:{self.mark.column}: " if self.mark else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.fidelity} {self.code}: {self.message}{hint}"

    def as_dict(self) -> dict[str, object]:
        """The members of the JSON form, in the order they are printed."""
        mark = self.mark
        return {
            "code": self.code,
            "fidelity": self.fidelity,
            "file": mark.file if mark else None,
            "line": mark.line if mark else None,
            "column": mark.column if mark else None,
            "path": self.path,
            "message": str(self.message),
            "hint": str(self.hint) if self.hint else None,
        }

"""What a conversion has to say: diagnostics, and problems after which there is no value."""

from __future__ import annotations

from collections.abc import Callable

from ecslab.compose.problems import ComposeError, Problem, dotted
from ecslab.compose.tree import Path
from ecslab.locale import Text
from ecslab.model.diagnostics import Diagnostic, Fidelity, Mark

Find = Callable[[Path], "Mark | None"]


class ConvertError(ComposeError):
    """No task definition, or no Compose file, can be made; `problems` says why."""


class Notes:
    """Diagnostics and problems of one conversion, each at its place in the source."""

    def __init__(self, find: Find) -> None:
        self.find = find
        self.diagnostics: list[Diagnostic] = []
        self.problems: list[Problem] = []

    def say(
        self,
        code: str,
        fidelity: Fidelity,
        message: Text,
        hint: Text | None = None,
        path: Path = (),
        mark: Mark | None = None,
    ) -> None:
        """Remember what happened to the value at `path`; the same thing only once."""
        place = mark or self.find(path)
        said = Diagnostic(code, fidelity, message, hint, place, dotted(path))
        if said not in self.diagnostics[-100:]:
            self.diagnostics.append(said)

    def wrong(
        self,
        code: str,
        message: Text,
        hint: Text | None = None,
        path: Path = (),
        mark: Mark | None = None,
    ) -> None:
        """Remember a problem."""
        self.problems.append(Problem(code, message, hint, mark or self.find(path), dotted(path)))

    def stop(self) -> None:
        """Raise `ConvertError` if there is any problem."""
        if self.problems:
            raise ConvertError(tuple(self.problems))

    def in_order(self) -> tuple[Diagnostic, ...]:
        """The diagnostics as a reader meets them: by file, line and column."""
        return tuple(sorted(self.diagnostics, key=_place))


def _place(said: Diagnostic) -> tuple[object, ...]:
    return ("",) if said.mark is None else tuple(said.mark)

"""What is wrong with Compose text: collected while reading, raised as one error."""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from ecslab.compose.tree import Path
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Diagnostic, Mark
from ecslab.model.errors import EcslabError

_ = translator("compose")

MOST = 50
"""More problems than this tell a reader nothing new."""


class Problem(NamedTuple):
    """One thing that is wrong.

    code:    stable identifier ("unknown-key")
    message: one sentence: what is wrong
    hint:    one sentence: what to do, or None
    mark:    where in the source text, or None where it is about no single place
    path:    the path in the document ("services.web.ports[0]")
    """

    code: str
    message: Text
    hint: Text | None = None
    mark: Mark | None = None
    path: str = ""

    def as_text(self) -> str:
        """``FILE:LINE:COLUMN: message hint``."""
        where = f"{self.mark.file}:{self.mark.line}:{self.mark.column}: " if self.mark else ""
        return f"{where}{self.message} {self.hint}" if self.hint else f"{where}{self.message}"


class ComposeError(EcslabError):
    """No project can be made of the given files; `problems` says why, each with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].message, problems[0].hint)
        self.problems = problems

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The problems in the form that conversions use."""
        return tuple(
            Diagnostic(p.code, "dropped", p.message, p.hint, p.mark, p.path) for p in self.problems
        )

    def __str__(self) -> str:
        return "\n".join(problem.as_text() for problem in self.problems)

    def _render_traceback_(self) -> list[str]:
        return [f"✗ {problem.as_text()}" for problem in self.problems]


class Report:
    """Problems and notices of one reading."""

    __slots__ = ("notices", "problems")

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.notices: list[Diagnostic] = []

    def error(
        self,
        code: str,
        message: Text,
        hint: Text | None = None,
        mark: Mark | None = None,
        path: Path = (),
    ) -> None:
        """Remember a problem; the same one at the same place only once."""
        problem = Problem(code, message, hint, mark, dotted(path))
        if problem not in self.problems:
            self.problems.append(problem)
        if len(self.problems) >= MOST:
            self.stop()

    def fatal(
        self,
        code: str,
        message: Text,
        hint: Text | None = None,
        mark: Mark | None = None,
        path: Path = (),
    ) -> NoReturn:
        """Remember a problem after which nothing more can be read, and raise them all."""
        problems = [*self.problems, Problem(code, message, hint, mark, dotted(path))]
        raise ComposeError(tuple(problems))

    def note(self, code: str, message: Text, hint: Text | None, mark: Mark | None) -> None:
        """Remember something worth saying that is no error."""
        notice = Diagnostic(code, "adapted", message, hint, mark)
        if notice not in self.notices:
            self.notices.append(notice)

    def stop(self) -> None:
        """Raise `ComposeError` if there is any problem."""
        if self.problems:
            raise ComposeError(tuple(self.problems))


def dotted(path: Path) -> str:
    """``("services", "web", "ports", 0)`` → ``services.web.ports[0]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text

"""What a conversion ends in: the value, what is to be said of it, and what became what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ecslab.model.diagnostics import Diagnostic, Mark

if TYPE_CHECKING:
    from ecslab.compose.tree import Path
    from ecslab.convert.trace import Trace

TASK_DEFINITION = "task definition"
COMPOSE = "compose"


class Converted:
    """A conversion's result.

    value:       the task definition (RegisterTaskDefinition input), or the Compose document
    diagnostics: all there is to say, in the order of the source
    """

    __slots__ = ("_find", "_links", "_source", "diagnostics", "kind", "value")

    def __init__(
        self,
        value: dict[str, Any],
        diagnostics: tuple[Diagnostic, ...],
        kind: str,
        links: list[tuple[Path, Path]],
        find: Callable[[Path], Mark | None],
        source: dict[str, Any],
    ) -> None:
        self.value = value
        self.diagnostics = diagnostics
        self.kind = kind
        self._links = links
        self._find = find
        self._source = source

    def __repr__(self) -> str:
        return f"<Converted {self.kind}: {len(self.diagnostics)} diagnostics>"

    @property
    def dropped(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of what was lost."""
        return tuple(said for said in self.diagnostics if said.fidelity == "dropped")

    @property
    def trace(self) -> tuple[Trace, ...]:
        """Which part of the source became which parts of the result, in the source's order."""
        from ecslab.convert.trace import trace

        return trace(self._links, self._find, self._source, self.value)

    def text(self, form: str | None = None, *, header: str = "") -> str:
        """The value as text: "json" or "yaml" (default: JSON for a task definition, else YAML)."""
        form = form or ("json" if self.kind == TASK_DEFINITION else "yaml")
        if form == "json":
            from ecslab.convert.json_text import dumps

            return dumps(self.value)
        from ecslab.compose import to_yaml

        return to_yaml(self.value, escape=self.kind == COMPOSE, header=header)

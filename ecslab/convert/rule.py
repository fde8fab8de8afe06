"""What the table is made of: a `Rule` or `Knot` for what has a partner, a `Gap` for what has none.

Paths are patterns. In Compose: ``services.*.ports[].target`` (``*`` is a name of the user's own).
In a task definition: ``containerDefinitions[].portMappings[].hostPort``. A path owns what is below
it, unless another row owns that.

The rows are plain classes: making a NamedTuple or a dataclass costs each start of the command line
more than reading a Compose file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from ecslab.locale import Text
from ecslab.model.diagnostics import Fidelity

if TYPE_CHECKING:
    from ecslab.convert.trip import Return, Trip

DROP: Any = object()
"""What a codec gives for a value that has no form on the other side."""

There = Callable[[Any, "Trip"], Any]
Back = Callable[[Any, "Return"], Any]


class Rule:
    """One service key and one member of a container that say the same.

    code:   its name; diagnostics about it begin with it
    key:    the service's key
    member: the path of the container's member, "linuxParameters.tmpfs"
    there:  Compose value → ECS value (`DROP`: none)
    back:   ECS value → Compose value (`DROP`: Compose cannot say it; ``x-ecs`` does)
    why:    how they correspond, for the reference
    before: what ecs-cli did with it
    """

    __slots__ = ("back", "before", "code", "key", "member", "there", "why")

    def __init__(
        self, code: str, key: str, member: str, there: There, back: Back, why: Text, before: Text
    ) -> None:
        self.code = code
        self.key = key
        self.member = member
        self.there = there
        self.back = back
        self.why = why
        self.before = before

    @property
    def compose(self) -> tuple[str, ...]:
        """The Compose paths it owns."""
        return (f"services.*.{self.key}",)

    @property
    def ecs(self) -> tuple[str, ...]:
        """The ECS paths it owns."""
        return (f"containerDefinitions[].{self.member}",)


class Knot:
    """Several words of one side that stand for several of the other.

    Its code is in the module of its name. `each` knots look at one service at a time and run if
    one of their keys is there; the others look at the whole project.
    """

    __slots__ = ("back", "before", "code", "compose", "each", "ecs", "there", "why")

    def __init__(
        self,
        code: str,
        compose: tuple[str, ...],
        ecs: tuple[str, ...],
        there: Callable[..., None],
        back: Callable[..., None],
        why: Text,
        before: Text,
        *,
        each: bool = False,
    ) -> None:
        self.code = code
        self.compose = compose
        self.ecs = ecs
        self.there = there
        self.back = back
        self.why = why
        self.before = before
        self.each = each

    @property
    def keys(self) -> tuple[str, ...]:
        """The service keys it reads."""
        mine = (path for path in self.compose if path.startswith("services.*."))
        return tuple(dict.fromkeys(path[11:].partition(".")[0].partition("[")[0] for path in mine))


class Gap:
    """A word without a partner.

    A Compose word is named by a diagnostic of this code, fidelity, message (`why`) and hint. A
    member of a task definition is carried in ``x-ecs`` under its own name.
    """

    __slots__ = ("before", "code", "fidelity", "hint", "paths", "side", "why")

    def __init__(
        self,
        code: str,
        side: Literal["compose", "ecs"],
        paths: tuple[str, ...],
        why: Text,
        hint: Text | None = None,
        before: Text | None = None,
        fidelity: Fidelity = "dropped",
    ) -> None:
        self.code = code
        self.side = side
        self.paths = paths
        self.why = why
        self.hint = hint
        self.before = before
        self.fidelity = fidelity

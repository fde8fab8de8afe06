"""What must be there when a notebook begins, so that one can come late or begin anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps.progress import Progress
from ecslab.steps.shown import headed

if TYPE_CHECKING:
    from ecslab.lab.core import Lab

_ = translator("lab")

Need = Callable[["Lab", Progress], object]


def _cluster(lab: Lab, progress: Progress) -> object:
    """The cluster of hands-on 1: two t2.micro."""
    return lab.create_cluster(lab.names.cluster, progress=progress)


NEEDS: dict[str, tuple[Need, ...]] = {
    "00": (),
    "01": (),
    "02": (),
    "03": (),
    "04": (),
    "05": (),
    "06": (),
    "07": (_cluster,),
    "08": (_cluster,),
    "09": (),
    "10": (),
}


@dataclass(frozen=True)
class Arrived:
    """A notebook can begin, and what is there for it."""

    notebook: str
    there: tuple[str, ...]

    def headline(self) -> Text:
        """One sentence on it."""
        return _("✓ Notebook {notebook} can begin.", notebook=self.notebook)

    def __str__(self) -> str:
        return "\n".join([str(self.headline()), *(f"  {one}" for one in self.there)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return headed(self.headline(), self.there)


def number_of(notebook: str | int) -> str:
    """``07`` for "07", 7 or "07-services"; raises EcslabError for a notebook there is not."""
    head = str(notebook).partition("-")[0]
    wanted = head.zfill(2)
    if not head or wanted not in NEEDS:
        raise EcslabError(
            _("There is no notebook {notebook!r}.", notebook=str(notebook)),
            _("There are: {all}.", all=", ".join(NEEDS)),
        )
    return wanted


def arrive(lab: Lab, notebook: str, progress: Progress) -> Arrived:
    """Make what the notebook (its number) begins with; what is there already is kept."""
    return Arrived(notebook, tuple(str(need(lab, progress)) for need in NEEDS[notebook]))

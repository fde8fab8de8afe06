"""`lab.board()`: the class, for its instructor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ecslab.lab.base import LabBase
from ecslab.lab.recording import setting
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.steps import board
from ecslab.steps.board import Board
from ecslab.steps.item import Item
from ecslab.steps.progress import Progress
from ecslab.steps.record_keeping import OFF, SSM, Keeper, keeper
from ecslab.steps.said import plainly

_ = translator("lab")


class BoardForInstructors(LabBase):
    """What an instructor asks of all learners."""

    def board(
        self,
        *,
        live: bool = True,
        projector: bool = False,
        names: bool = True,
        workshop: str | None = None,
        quiet_minutes: float = board.QUIET / 60,
    ) -> Any:
        """Learner × step: who is where, who is stuck, the last error; it follows the class.

        live:      False gives the board of this moment as a value: ``.csv()``, ``.save(file)``
        projector: big letters; names: False shows the end of each prefix instead, and no errors
        workshop:  default: ``ECSLAB_WORKSHOP``; records are read where ``ECSLAB_PROGRESS`` says
                   (ssm, where nothing says it)

        Stuck is who failed three times at one step, or had one open for `quiet_minutes` without
        any news.
        """

        def look(within: float = 0.0) -> Board:
            asked = (workshop or self.names.workshop, quiet_minutes)
            with plainly():
                return self.bench.recent.get(("board", *asked), within, lambda: self._look(*asked))

        if not live:
            return look() if names else look().without_names()
        if self._boards is None:
            raise EcslabError(
                _("This lab was made without a notebook's widgets."),
                _("Use ecslab.connect(), or look once with lab.board(live=False)."),
            )
        return self._boards(self, look, projector, names)

    def records(self) -> list[Item]:
        """The progress records of the workshop, as a clean-up removes them."""
        kept = self._kept(self.names.workshop)
        return (
            [Item("progress-record", one, _forgetter(kept, one), one) for one in kept.all()]
            if kept
            else []
        )

    def _kept(self, workshop: str) -> Keeper | None:
        place = setting()
        return keeper(SSM if place == OFF else place, self.client, workshop)

    def _look(self, workshop: str, quiet_minutes: float) -> Board:
        return board.look(self.bench, self._kept(workshop), workshop, quiet_minutes * 60)


def _forgetter(kept: Keeper, learner: str) -> Callable[[Progress], None]:
    def forget(_progress: Progress) -> None:
        try:
            kept.forget([learner])
        except OSError as error:
            raise EcslabError(
                _("the record cannot be removed: {why}.", why=error),
                _("Remove the file yourself, or ask whoever owns the folder."),
            ) from error

    return forget

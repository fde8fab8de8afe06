"""The steps of auto scaling, as a part of `Lab`."""

from __future__ import annotations

from typing import Any

from ecslab.lab.base import LabBase
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.model.scaling import COOLDOWN
from ecslab.steps import scaling
from ecslab.steps.calls import watching
from ecslab.steps.progress import Progress
from ecslab.steps.said import plainly
from ecslab.steps.scaling import Scaling
from ecslab.steps.services import Service

_ = translator("lab")


class ScalingSteps(LabBase):
    """See `Lab`."""

    def autoscale(
        self,
        service: Service,
        *,
        minimum: int = 1,
        maximum: int = 4,
        cpu: float = 50,
        cooldown: float = COOLDOWN,
        progress: Progress | None = None,
    ) -> Scaling:
        """Let a service's count follow its CPU, so that it stays near `cpu` percent.

        The count grows after 3 minutes above it and shrinks after 15 minutes below nine tenths of
        it, within the limits, with pauses of `cooldown` seconds. It goes with the service.
        """
        limits, shown = (minimum, maximum), self._progress(progress)
        with plainly():
            return scaling.autoscale(self.bench, service, limits, cpu, cooldown, shown)

    def scaling(self, service: Service) -> Scaling:
        """How a service is scaled: what was measured, how near a change is, what was done."""
        with plainly(), watching():
            return scaling.scaling(self.bench, service)

    def load(self, service: Service, path: str = "", *, a_second: float = 10) -> Any:
        """A button that puts load on a page of a service, with the count and CPU it leads to.

        The load is bounded: at most 50 requests a second, and it ends by itself.
        """
        if self._live is None:
            raise EcslabError(
                _("This lab was made without a notebook's widgets."),
                _("Use ecslab.connect(), or look once with lab.scaling(service)."),
            )
        return self._live(self, service, path=path, a_second=a_second)

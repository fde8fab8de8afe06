"""What every part of a `Lab` stands on: its session, its names, how it shows itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.lab.names import Names
from ecslab.lab.recording import Journal
from ecslab.locale import Text, language, translator
from ecslab.steps.bench import Bench
from ecslab.steps.calls import CallLog
from ecslab.steps.progress import Progress
from ecslab.steps.shown import facts
from ecslab.steps.things import Cluster

_ = translator("lab")


@dataclass(frozen=True)
class Place:
    """What a lab works on, as it is shown."""

    target: str
    """"sandbox" or "aws"."""
    endpoint: str
    account: str
    region: str
    runtime: str = ""
    """What runs the containers: "docker", "stub", "AWS"."""
    note: Text | str = ""


class LabBase:
    """See `Lab`."""

    def __init__(
        self,
        bench: Bench,
        names: Names,
        place: Place,
        calls: CallLog,
        live: Callable[..., object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.bench = bench
        self.session: Any = bench.session
        self.client: Callable[[str], Any] = bench.client
        self.names = names
        self.place = place
        self.calls = calls
        self.cluster = names.cluster
        self.environment = dict(environment or {})
        self._live = live
        self._boards: Callable[..., object] | None = None
        self.journal = Journal(None, names.prefix, names.workshop, 0)

    def use(self, journal: Journal, boards: Callable[..., object] | None) -> None:
        """Write progress into this journal, and show boards so."""
        self.journal, self._boards = journal, boards

    def _progress(self, given: Progress | None) -> Progress:
        return (given or Progress(pace=self.bench.pace)).begin(self.bench.easing)

    def _cluster(self, given: Cluster | str | None) -> str:
        return given.name if isinstance(given, Cluster) else given or self.cluster

    def _rows(self) -> list[tuple[str, str]]:
        place = self.place
        rows = [
            (_("works on"), f"{place.target} ({place.endpoint})"),
            (_("account, region"), f"{place.account}, {place.region}"),
            (_("containers"), place.runtime + (f" – {place.note}" if place.note else "")),
            (_("your names begin with"), self.names.prefix),
            (_("language"), language()),
        ]
        return [(str(what), value) for what, value in rows]

    def __repr__(self) -> str:
        return "\n".join(f"{what}: {value}" for what, value in self._rows())

    def _repr_html_(self) -> str:
        return facts(self._rows())

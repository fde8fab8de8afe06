"""What is remembered of scaling: datapoints, activities, limits. A small file keeps it."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ecslab.model.scaling import MINUTE, Activity, Series

log = logging.getLogger(__name__)

KEPT = 3 * 60 * MINUTE
"""Seconds of datapoints that are kept; CloudWatch keeps those of a minute for 15 days."""
MOST_ACTIVITIES = 200


class Book:
    """Every method may be called from any thread. `save` writes the file, nothing else does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._series: dict[tuple[str, str], dict[int, float]] = {}
        self._activities: list[Activity] = []
        self.limits: dict[str, tuple[int, int]] = {}
        """Service ARN → the limits that were last enforced."""
        self._load()

    def add(self, service_arn: str, metric: str, value: float, minutes: Iterable[int]) -> None:
        """A value measured over these minutes."""
        with self._lock:
            series = self._series.setdefault((service_arn, metric), {})
            series.update(dict.fromkeys(minutes, round(value, 4)))

    def series(self, service_arn: str, metric: str) -> Series:
        """The datapoints of a service."""
        with self._lock:
            return dict(self._series.get((service_arn, metric), {}))

    def measured(self, region: str) -> list[tuple[str, str, Series]]:
        """All datapoints of a region."""
        with self._lock:
            found = [(*key, dict(series)) for key, series in self._series.items()]
        return [one for one in found if f":ecs:{region}:" in one[0]]

    def note(self, activity: Activity) -> None:
        """A new activity, or how one that is known goes on."""
        with self._lock:
            others = [one for one in self._activities if one.id != activity.id]
            self._activities = [activity, *others][:MOST_ACTIVITIES]
            self._activities.sort(key=lambda one: one.started, reverse=True)

    def activities(self) -> tuple[Activity, ...]:
        """Newest first."""
        with self._lock:
            return tuple(self._activities)

    def last(self, service_arn: str) -> Activity | None:
        """The latest activity of a service that changed its count."""
        mine = (one for one in self.activities() if one.service_arn == service_arn)
        return next((one for one in mine if one.status != "Failed"), None)

    def forget_before(self, moment: float) -> None:
        """Drop older datapoints."""
        with self._lock:
            for key, series in list(self._series.items()):
                # They were added in the order of time: the old ones come first.
                while series and (oldest := next(iter(series))) < moment:
                    del series[oldest]
                if not series:
                    del self._series[key]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._series, self._activities, self.limits = {}, [], {}
            self._path.unlink(missing_ok=True)

    def save(self) -> None:
        """Write all of it down; a crash leaves the file as it was or as it is to be."""
        with self._lock:
            told = {
                "series": [[*key, list(series.items())] for key, series in self._series.items()],
                "activities": [asdict(one) for one in self._activities],
                "limits": self.limits,
            }
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(told, separators=(",", ":")), encoding="utf-8")
        os.replace(beside, self._path)

    def _load(self) -> None:
        try:
            self._take(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError) as error:
            log.warning("what was measured before cannot be read: %s: %s", self._path, error)

    def _take(self, told: dict[str, Any]) -> None:
        series = {(arn, metric): dict(points) for arn, metric, points in told["series"]}
        activities = [Activity(**one) for one in told["activities"]]
        limits = {arn: (low, high) for arn, (low, high) in told["limits"].items()}
        self._series, self._activities, self.limits = series, activities, limits

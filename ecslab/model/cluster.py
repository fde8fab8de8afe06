"""A cluster: the name under which instances and tasks come together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecslab.model.service import Share

NOT_MODELLED = {
    "Cluster.attachments": "They tie Auto Scaling groups to capacity providers.",
    "Cluster.attachmentsStatus": "They tie Auto Scaling groups to capacity providers.",
}
"""Members of the API's Cluster that no answer has, each with the reason."""


@dataclass(frozen=True)
class Cluster:
    """One cluster. `status` is ACTIVE or INACTIVE; times in seconds since the epoch."""

    arn: str
    name: str
    status: str = "ACTIVE"
    settings: tuple[tuple[str, str], ...] = ()
    configuration: Mapping[str, Any] | None = None
    """As given to CreateCluster; the kit keeps it and does nothing with it."""
    service_connect_defaults: Mapping[str, Any] | None = None
    capacity_providers: tuple[str, ...] = ()
    default_strategy: tuple[Share, ...] = ()
    """The capacity provider strategy of calls that name neither one nor a launch type."""

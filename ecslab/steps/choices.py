"""What a form's lists offer: clusters and task definitions there are, the learner's first."""

from __future__ import annotations

from ecslab.steps import mine
from ecslab.steps.bench import Bench

MOST = 100
"""Task definitions offered; an account that many use has thousands."""


def clusters(bench: Bench) -> list[str]:
    """Names of the ACTIVE clusters."""
    found = sorted(mine.clusters(bench), key=lambda cluster: (not cluster[1], cluster[0]))
    return [name for name, _is_mine in found]


def definitions(bench: Bench) -> list[str]:
    """``family:revision`` of ACTIVE task definitions, the newest revision of a family first."""
    ecs = bench.client("ecs")
    families = ecs.list_task_definition_families(
        familyPrefix=bench.learner, status="ACTIVE", maxResults=MOST
    )["families"]
    own = [
        arn
        for family in families
        for arn in ecs.list_task_definitions(
            familyPrefix=family, status="ACTIVE", sort="DESC", maxResults=MOST
        )["taskDefinitionArns"]
    ]
    rest = ecs.list_task_definitions(status="ACTIVE", sort="DESC", maxResults=MOST)
    return list(dict.fromkeys(map(mine.short, [*own, *rest["taskDefinitionArns"]])))[:MOST]

"""A picture of a cluster, as a notebook shows it."""

from __future__ import annotations

from ecslab.model.snapshot import Snapshot


class Picture:
    """The drawing of one snapshot; shows itself in a notebook."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def __repr__(self) -> str:
        seen = self.snapshot
        lines = [f"{seen.cluster}: {seen.status}"]
        lines += [f"  {i.ec2_id} {i.instance_type} {i.status}" for i in seen.instances]
        lines += [f"  {t.id[:8]} {t.definition} {t.status}" for t in seen.tasks]
        return "\n".join(lines)

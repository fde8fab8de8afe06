"""A picture of a cluster, as a notebook shows it."""

from __future__ import annotations

from ecslab.diagram.svg import render_svg
from ecslab.model.snapshot import Snapshot


class Picture:
    """The drawing of one snapshot; shows itself in a notebook."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def svg(self, *, lang: str | None = None, theme: str = "auto") -> str:
        """The picture as SVG text; `theme` is "auto" (JupyterLab's), "light" or "dark"."""
        return render_svg(self.snapshot, lang=lang, theme=theme)

    def _repr_html_(self) -> str:
        return self.svg()

    def __repr__(self) -> str:
        seen = self.snapshot
        lines = [f"{seen.cluster}: {seen.status}"]
        lines += [f"  {i.ec2_id} {i.instance_type} {i.status}" for i in seen.instances]
        lines += [f"  {t.id[:8]} {t.definition} {t.status}" for t in seen.tasks]
        return "\n".join(lines)

"""Snapshot -> Scene -> SVG | DOT."""

from __future__ import annotations

import importlib
from typing import Any

# name -> module; loaded when asked for (PEP 562).
_NAMES = {
    "file_bytes": "ecslab.diagram.export",
    "lay_out": "ecslab.diagram.layout",
    "render_dot": "ecslab.diagram.dot",
    "render_svg": "ecslab.diagram.svg",
}

__all__ = sorted(_NAMES)


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'ecslab.diagram' has no attribute {name!r}")
    value = getattr(importlib.import_module(_NAMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

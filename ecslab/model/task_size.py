"""The CPU and memory of a task as people write them: ``1 vCPU``, ``1 GB``, ``512``.

Source: the ECS API, RegisterTaskDefinition.cpu and .memory. Answers are in units of CPU (1024 = one
vCPU) and MiB.
"""

from __future__ import annotations

import re

_CPU = re.compile(r"\s*(?:(?P<plain>[0-9]{1,9})|(?P<big>[0-9]{0,6}\.?[0-9]{1,6})\s*vcpu)\s*", re.I)
_MEMORY = re.compile(r"\s*(?:(?P<plain>[0-9]{1,9})|(?P<big>[0-9]{0,6}\.?[0-9]{1,6})\s*gb)\s*", re.I)


def cpu_units(text: str) -> int | None:
    """``1024``, ``1 vCPU`` or ``.25 vcpu`` in units; None for anything else."""
    return _number(_CPU, text)


def memory_mib(text: str) -> int | None:
    """``512``, ``1 GB`` or ``0.5GB`` in MiB; None for anything else."""
    return _number(_MEMORY, text)


def _number(form: re.Pattern[str], text: str) -> int | None:
    found = form.fullmatch(text)
    if found is None:
        return None
    if found["plain"]:
        return int(found["plain"])
    exact = float(found["big"]) * 1024
    return int(exact) if exact.is_integer() else None

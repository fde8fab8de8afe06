"""The task sizes Fargate sells.

Source: AWS developer guide, "Task CPU and memory" (Fargate). CPU in units (1024 = one vCPU),
memory in MiB. Only the standard library's cheapest parts: the converter's command line reads it.
"""

from __future__ import annotations

SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}


def is_size(cpu: int, memory: int) -> bool:
    """Whether Fargate runs a task of exactly this size."""
    return memory in SIZES.get(cpu, ())


def smallest(cpu: int, memory: int) -> tuple[int, int] | None:
    """The smallest size that holds `cpu` units and `memory` MiB; None where none does.

    "Smallest" is least CPU first, then least memory, as a bill would have it: a vCPU costs about
    nine times a GB.
    """
    for size_cpu, memories in SIZES.items():
        if size_cpu < cpu:
            continue
        for size_memory in memories:
            if size_memory >= memory:
                return size_cpu, size_memory
    return None

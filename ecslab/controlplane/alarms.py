"""What waits for a moment: the next one is known at once, however many there are.

A persistent leftist heap of (moment, key), with the true moment of every key beside it. An entry
whose key has another moment by now is stale; a stale entry never stays on top.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from immutables import Map


class _Node(NamedTuple):
    rank: int
    at: float
    key: str
    left: _Node | None
    right: _Node | None


class Alarms(NamedTuple):
    """Keys (ARNs) and when each of them is due."""

    of: Map[str, float] = Map()
    heap: _Node | None = None

    def set(self, key: str, at: float | None) -> Alarms:
        """With this moment for a key, or none."""
        if self.of.get(key) == at:
            return self
        if at is None:
            return _tidy(self.of.delete(key), self.heap)
        return _tidy(self.of.set(key, at), _merged(_Node(1, at, key, None, None), self.heap))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alarms) and self.of == other.of

    def __hash__(self) -> int:
        return hash(self.of)

    @property
    def next(self) -> float | None:
        """The first moment anything is due."""
        return self.heap.at if self.heap else None

    def due(self, now: float) -> Iterator[str]:
        """The keys whose moment has come, earliest first."""
        heap = self.heap
        seen = set()
        while heap is not None and heap.at <= now:
            if self.of.get(heap.key) == heap.at and heap.key not in seen:
                seen.add(heap.key)
                yield heap.key
            heap = _merged(heap.left, heap.right)


def _tidy(of: Map[str, float], heap: _Node | None) -> Alarms:
    while heap is not None and of.get(heap.key) != heap.at:
        heap = _merged(heap.left, heap.right)
    return Alarms(of, heap)


def _merged(one: _Node | None, other: _Node | None) -> _Node | None:
    if one is None or other is None:
        return one or other
    if (other.at, other.key) < (one.at, one.key):
        one, other = other, one
    right = _merged(one.right, other)
    left = one.left
    if left is None or (right is not None and left.rank < right.rank):
        left, right = right, left
    return _Node((right.rank if right else 0) + 1, one.at, one.key, left, right)

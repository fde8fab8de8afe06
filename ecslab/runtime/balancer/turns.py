"""Which of several weighted target groups gets the next request."""

from __future__ import annotations

Weighted = tuple[tuple[str, int], ...]
"""ARNs of target groups with their weights."""


class Turns:
    """Every rule's groups by turns, each as often as its weight says, evenly mixed.

    Each turn every group gains its weight; the one that has most is chosen and pays the sum of all.
    """

    def __init__(self) -> None:
        self._gained: dict[tuple[str, Weighted], dict[str, int]] = {}

    def next(self, rule_arn: str, groups: Weighted) -> str | None:
        """The group whose turn it is; None where no group has any weight."""
        gained = self._gained.setdefault((rule_arn, groups), {})
        weights = {arn: weight for arn, weight in groups if weight > 0}
        if not weights:
            return None
        for arn, weight in weights.items():
            gained[arn] = gained.get(arn, 0) + weight
        chosen = max(weights, key=lambda arn: gained[arn])
        gained[chosen] -= sum(weights.values())
        return chosen

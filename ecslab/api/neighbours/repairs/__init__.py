"""Faults of moto, repaired: one small function each.

Each has a test that shows the fault in plain moto. When that test fails, moto has repaired it:
delete the function.
"""

from __future__ import annotations

from ecslab.api.neighbours.repairs import addresses

_REPAIRS = (
    addresses.public_addresses_are_of_this_machine,
    addresses.private_addresses_follow_from_what_is_there,
    addresses.templates_say_which_subnets_are_public,
)


def install() -> None:
    """Put every repair in place. Once per process."""
    for repair in _REPAIRS:
        repair()

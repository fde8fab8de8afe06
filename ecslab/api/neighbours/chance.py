"""Time and chance of moto, taken in hand, so that a replay makes the same world."""

from __future__ import annotations

import base64
import sys
from datetime import datetime, timezone
from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap


def control_time() -> None:
    """The clock of moto reads the moment of the request in hand.

    To be called before moto's services are imported: each takes the clock's name along.
    """
    import moto.core.utils

    plain = moto.core.utils.utcnow
    for module in [m for name, m in sys.modules.items() if name.startswith("moto")]:
        if getattr(module, "utcnow", None) is plain:
            module.utcnow = _utcnow  # type: ignore[attr-defined]  # a module's name is replaced


def control() -> None:
    """Ids of what a region has from the start, and key pairs, are the same on replay."""
    _seed_backends()
    _remember_key_pairs()
    _date_groups()


def _date_groups() -> None:
    """An Auto Scaling group reads a clock of its own for its birthday."""
    from moto.autoscaling.models import FakeAutoScalingGroup

    def create(plain: Any, group: Any, *args: Any, **kwargs: Any) -> None:
        plain(group, *args, **kwargs)
        group.created_time = _utcnow().isoformat()

    wrap(FakeAutoScalingGroup, "__init__", create)


def _utcnow() -> datetime:
    return datetime.fromtimestamp(world.time(), timezone.utc).replace(tzinfo=None)


def _seed_backends() -> None:
    """A backend is made when first asked for, maybe by a reading request: its ids come from the
    journal's seed, not from that request.
    """
    from moto.core.base_backend import AccountSpecificBackend
    from moto.moto_api._internal import mock_random

    def getitem(plain: Any, self: Any, region: str) -> Any:
        if dict.__contains__(self, region):
            return plain(self, region)
        state = mock_random.getstate()
        mock_random.seed(f"{world.seed}/{self.service_name}/{self.account_id}/{region}")
        try:
            return plain(self, region)
        finally:
            mock_random.setstate(state)

    wrap(AccountSpecificBackend, "__getitem__", getitem)


def _remember_key_pairs() -> None:
    """Key pairs are made by the operating system's chance: they are kept instead."""
    from moto.ec2.models import key_pairs

    for name in ("random_rsa_key_pair", "random_ed25519_key_pair"):
        wrap(key_pairs, name, _kept)


def _kept(make: Any) -> dict[str, Any]:
    made = world.once(lambda: {k: _to_text(v) for k, v in make().items()})
    return {k: v if k == "fingerprint" else base64.b64decode(v) for k, v in made.items()}


def _to_text(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value

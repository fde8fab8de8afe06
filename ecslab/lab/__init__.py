"""What a notebook holds: `connect()` and the `Lab` it gives."""

from ecslab.lab.base import Place
from ecslab.lab.connecting import connect
from ecslab.lab.core import Lab
from ecslab.lab.names import Names

__all__ = ["Lab", "Names", "Place", "connect"]

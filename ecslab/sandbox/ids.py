"""Where names that must never repeat come from."""

from __future__ import annotations

import os
import random
import uuid


class RandomIds:
    """Identifiers as AWS makes them: unguessable in a running sandbox."""

    def hex32(self) -> str:
        """32 hexadecimal digits: a task's or a container instance's id."""
        return os.urandom(16).hex()

    def uuid(self) -> str:
        """A version 4 UUID: a container's or a failure's id."""
        return str(uuid.uuid4())


class SeededIds:
    """Identifiers that repeat from run to run, for tests and pictures."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def hex32(self) -> str:
        """32 hexadecimal digits."""
        return f"{self._random.getrandbits(128):032x}"

    def uuid(self) -> str:
        """A version 4 UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

"""The log of a sandbox, without what looks like a secret."""

from __future__ import annotations

import logging
import sys

from ecslab.model.masking import masked

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class Discreet(logging.Formatter):
    """Writes lines and tracebacks without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """As `logging.Formatter.format`."""
        return masked(super().format(record))


def speak() -> None:
    """Write the log to stderr from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("botocore").setLevel(logging.WARNING)

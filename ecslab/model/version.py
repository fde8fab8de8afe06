"""The version of the kit."""

VERSION = "0.1.0"
"""As in pyproject.toml; a test compares them."""

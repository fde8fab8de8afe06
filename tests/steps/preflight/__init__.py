"""The preflight of a real account."""

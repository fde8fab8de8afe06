"""Compose <-> task definition."""

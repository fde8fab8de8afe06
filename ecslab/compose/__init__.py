"""Compose text <-> canonical Compose project with source marks."""

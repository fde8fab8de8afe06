"""Snapshot -> Scene -> SVG | DOT."""

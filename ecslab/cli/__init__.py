"""The `ecslab` command: a thin shell."""

"""What a notebook holds: `connect()` and the `Lab` it gives."""

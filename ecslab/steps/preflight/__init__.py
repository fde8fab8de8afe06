"""Before a real account is used: what is there, what is missing, and the command that mends it."""

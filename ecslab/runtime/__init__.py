"""The working hands: containers, for real or simulated."""

"""The nouns of ECS and their laws. Standard library only."""

"""The deciding mind of ECS, pure."""

"""ecslab: learn and teach Amazon ECS, on AWS or in a sandbox on your own machine."""

__version__ = "0.1.0"

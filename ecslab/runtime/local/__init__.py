"""Compose files run on this machine's own engine, beside the container that stands for ECS.

What ``ecs-cli local`` did: a network of its own (169.254.170.0/24), in it the endpoints container
at 169.254.170.2 that gives credentials and task metadata as the ECS agent would, and the task's
containers, found again by their labels. Source: the README of amazon-ecs-local-container-endpoints.
"""

from ecslab.runtime.local.containers import LocalContainer, find, remove, wait_until_up
from ecslab.runtime.local.endpoints import clear_away, ensure_endpoints, ensure_network
from ecslab.runtime.local.tool import ComposeTool, compose_tool

__all__ = [
    "ComposeTool",
    "LocalContainer",
    "clear_away",
    "compose_tool",
    "ensure_endpoints",
    "ensure_network",
    "find",
    "remove",
    "wait_until_up",
]

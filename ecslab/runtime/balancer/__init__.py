"""The data plane of Elastic Load Balancing: real traffic on real sockets of this machine.

Each load balancer listens at a loopback address of its own. It carries HTTP/1.1; what it does with
a request, its rules and target groups say (`ecslab.model.traffic`).
"""

from ecslab.runtime.balancer.plane import LoadBalancers

__all__ = ["LoadBalancers"]

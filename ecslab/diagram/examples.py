"""Clusters made by hand: believable ones for the structure picture, the README and speed."""

from __future__ import annotations

from ecslab.model.snapshot import (
    ContainerView,
    InstanceView,
    LoadBalancerView,
    ServiceView,
    Snapshot,
    TargetView,
    TaskView,
)

_ZONES = ("us-east-1a", "us-east-1b")


def _hex(number: int) -> str:
    """An id that looks like one: well spread, always the same."""
    return f"{number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128:032x}"


def _instance(
    number: int, tasks: int, each: tuple[int, int], ports: tuple[int, ...]
) -> InstanceView:
    return InstanceView(
        id=_hex(number + 500),
        ec2_id=f"i-0{_hex(number + 900)[:16]}",
        instance_type="t2.micro",
        availability_zone=_ZONES[number % 2],
        cpu=1024,
        memory=993,
        cpu_free=max(0, 1024 - tasks * each[0]),
        memory_free=max(0, 993 - tasks * each[1]),
        ports=ports,
        public_ip=f"127.0.{number // 200 + 1}.{number % 200 + 1}",
    )


def structure() -> Snapshot:
    """Two instances, four tasks, a service and its load balancer: the hands-on's first picture."""
    ports = (32768, 32769, 32768, 32769)
    tasks = tuple(
        TaskView(
            id=_hex(n + 10),
            definition="nginx:1",
            status="RUNNING",
            instance=_hex(n // 2 + 500),
            service="web",
            created_at=float(n),
            containers=(
                ContainerView("nginx", "nginx:alpine", "RUNNING", ports=(f"{ports[n]}→80/tcp",)),
            ),
        )
        for n in range(4)
    )
    targets = tuple(
        TargetView(task.id, f"127.0.1.{n // 2 + 1}:{ports[n]}", "healthy")
        for n, task in enumerate(tasks)
    )
    return Snapshot(
        "handson",
        region="us-east-1",
        instances=tuple(_instance(n, 2, (0, 128), (32768, 32769)) for n in range(2)),
        tasks=tasks,
        services=(ServiceView("web", desired=4, running=4, load_balancers=("web-lb",)),),
        load_balancers=(LoadBalancerView("web-lb", targets=targets),),
    )


def crowd(tasks: int, instances: int = 50) -> Snapshot:
    """A large cluster: `tasks` tasks of four services spread over `instances` instances."""
    states = ("RUNNING",) * 17 + ("PENDING", "ACTIVATING", "STOPPING")
    return Snapshot(
        "crowd",
        region="us-east-1",
        simulated=True,
        instances=tuple(_instance(n, tasks // instances, (32, 32), ()) for n in range(instances)),
        tasks=tuple(
            TaskView(
                id=_hex(n),
                definition=f"app{n % 5}:3",
                status=states[n % 20],
                instance=_hex(n % instances + 500),
                service=f"svc-{n % 5}" if n % 5 < 4 else None,
                created_at=float(n),
                containers=(ContainerView("app", "nginx:alpine", "RUNNING"),),
            )
            for n in range(tasks)
        ),
        services=tuple(
            ServiceView(f"svc-{n}", desired=tasks // 5, running=tasks // 5) for n in range(4)
        ),
    )


def shop() -> Snapshot:
    """A small shop in the middle of its day: a bit of everything that can be seen."""
    web = "web"
    instances = (
        _instance(0, 4, (192, 160), (80, 8080)),
        _instance(1, 3, (128, 128), (80,)),
    )
    return Snapshot(
        "shop",
        region="us-east-1",
        simulated=True,
        at=10_000.0,
        instances=instances,
        tasks=(
            _task(1, "web:3", 0, web, port="80→80/tcp", health="HEALTHY"),
            _task(2, "web:3", 1, web, port="80→80/tcp", health="HEALTHY"),
            _task(3, "web:3", 1, web, status="ACTIVATING"),
            _task(4, "api:7", 0, None, port="8080→8080/tcp"),
            _task(5, "worker:2", None, None),
            _stopped(6, "batch:1", "Essential container in task exited", 137),
        ),
        services=(ServiceView(web, desired=4, running=2, pending=1, load_balancers=("shop-lb",)),),
        load_balancers=(
            LoadBalancerView(
                "shop-lb",
                targets=(
                    TargetView(_hex(1), "127.0.1.1:80", "healthy"),
                    TargetView(_hex(2), "127.0.1.2:80", "healthy"),
                    TargetView(_hex(3), "127.0.1.2:81", "initial"),
                ),
            ),
        ),
    )


def _task(
    number: int,
    definition: str,
    instance: int | None,
    service: str | None,
    *,
    status: str = "RUNNING",
    port: str = "",
    health: str = "UNKNOWN",
) -> TaskView:
    name = definition.split(":")[0]
    if instance is None:
        status = "PROVISIONING"
    running = "RUNNING" if status == "RUNNING" else "PENDING"
    ports = (port,) if port else ()
    return TaskView(
        id=_hex(number),
        definition=definition,
        status=status,
        instance=None if instance is None else _hex(instance + 500),
        service=service,
        created_at=float(number),
        containers=(ContainerView(name, f"{name}:alpine", running, health, ports=ports),),
    )


def _stopped(number: int, definition: str, reason: str, exit_code: int) -> TaskView:
    name = definition.split(":")[0]
    return TaskView(
        id=_hex(number),
        definition=definition,
        status="STOPPED",
        desired="STOPPED",
        created_at=float(number),
        stopped_at=9_900.0,
        stop_code="EssentialContainerExited",
        stopped_reason=reason,
        containers=(ContainerView(name, f"{name}:2", "STOPPED", exit_code=exit_code),),
    )

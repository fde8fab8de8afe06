"""The whole flow of the notebooks on an account, as steps that can each be run again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ecslab
from ecslab.lab import Lab

WEB = {
    "name": "web",
    "image": "nginx:alpine",
    "memory": 16,
    "cpu": 32,
    "portMappings": [{"containerPort": 80, "hostPort": 0}],
}
Bag = dict[str, Any]
"""What the steps before have made."""
Step = Callable[[Lab, Bag], object]


def connected(lab: Lab, bag: Bag) -> None:
    """Notebook 00: an account, a region and names."""
    found = ecslab.connect("aws", consent=True)
    assert (found.place.account, found.names) == (lab.place.account, lab.names)
    assert found.check("start")


def cluster(lab: Lab, bag: Bag) -> None:
    """Notebooks 02 and 03: a cluster with two machines."""
    bag["cluster"] = lab.create_cluster()
    assert len(bag["cluster"].instances) == 2


def definition(lab: Lab, bag: Bag) -> None:
    """A task definition, and another revision of it."""
    bag["v1"] = lab.register_task_definition(containerDefinitions=[WEB])
    newer = {**WEB, "environment": [{"name": "VERSION", "value": "v2"}]}
    bag["v2"] = lab.register_task_definition(containerDefinitions=[newer])


def task(lab: Lab, bag: Bag) -> None:
    """Tasks that are run, waited for, and whose pages answer; a third is refused its port."""
    bag["tasks"] = lab.wait(lab.run_task(bag["v1"], 3))
    assert ecslab.page(lab.url(bag["tasks"])).failure == ""
    assert "RUNNING" in str(lab.story(bag["tasks"]))


def refused(lab: Lab, bag: Bag) -> None:
    """A task that fits nowhere is refused with reasons."""
    greedy = lab.register_task_definition(
        family=lab.names.family("greedy"), containerDefinitions=[{**WEB, "memory": 5000}]
    )
    assert len(lab.run_task(greedy).refusals) == 2


def looks(lab: Lab, bag: Bag) -> None:
    """The picture, the checks and the cost."""
    assert lab.snapshot().account == "123456789012"
    assert "<svg" in lab.diagram()._repr_html_()
    for step in ("start", "cluster", "task-definition", "task", "page"):
        assert lab.check(step), lab.check(step)
    assert lab.cost().hourly > 0


def stopped(lab: Lab, bag: Bag) -> None:
    """Tasks that are stopped."""
    lab.stop_task(lab.tasks())
    lab.wait(bag["tasks"], until="STOPPED")


def service(lab: Lab, bag: Bag) -> None:
    """Notebook 07: a service behind a load balancer."""
    made = lab.create_service(bag["v1"], desired=2, load_balancer=True)
    bag["service"] = lab.wait(made)
    assert ecslab.page(lab.url(bag["service"])).failure == ""
    assert len(lab.tasks(bag["service"])) == 2


def update(lab: Lab, bag: Bag) -> None:
    """Another definition and other counts."""
    lab.update_service(bag["service"], bag["v2"])
    lab.scale(bag["service"], 1)
    bag["service"] = lab.wait(bag["service"])
    assert lab.events(bag["service"]).said
    assert lab.check("service")
    assert lab.cost().hourly > 0


def scaled(lab: Lab, bag: Bag) -> None:
    """Its count follows its CPU."""
    lab.autoscale(bag["service"], minimum=1, maximum=2)
    assert "1" in str(lab.scaling(bag["service"]))


def logged(lab: Lab, bag: Bag) -> None:
    """A task that writes to CloudWatch Logs, in a group that is another's."""
    options = {"awslogs-group": "/ecs/shared", "awslogs-region": "us-east-1",
               "awslogs-stream-prefix": "ecs"}  # fmt: skip
    writing = {**WEB, "logConfiguration": {"logDriver": "awslogs", "options": options}}
    made = lab.register_task_definition(
        family=lab.names.family("logged"), containerDefinitions=[writing]
    )
    run = lab.wait(lab.run_task(made))
    assert lab.logs(run).task == run[0].id
    lab.stop_task(run)


def fargate(lab: Lab, bag: Bag) -> None:
    """A task on Fargate, with an address of its own."""
    alone = {key: WEB[key] for key in ("name", "image")} | {"portMappings": [{"containerPort": 80}]}
    made = lab.register_task_definition(
        family=lab.names.family("fargate"),
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[alone],
    )
    run = lab.wait(lab.run_task(made, launchType="FARGATE"))
    assert lab.url(run).startswith("http://")
    lab.snapshot()
    lab.stop_task(run)


def gone(lab: Lab, bag: Bag) -> None:
    """The service is deleted again."""
    if lab.snapshot().services:
        lab.delete_service(bag["service"])
    assert not lab.snapshot().services


def cleanup(lab: Lab, bag: Bag) -> None:
    """Notebook 10."""
    lab.cleanup(dry_run=True)
    bag["cleaned"] = lab.cleanup()


STEPS: tuple[Step, ...] = (
    connected, cluster, definition, task, refused, looks, stopped, service, update, scaled, logged,
    fargate, gone,
    cleanup,
)  # fmt: skip

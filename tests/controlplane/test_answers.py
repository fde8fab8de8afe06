"""Everything the API tells of clusters, instances and tasks is told, or there is a reason."""

import pytest

from ecslab.model import agent_messages as m
from ecslab.model import cluster, container_instance, task
from tests.controlplane.shapes import Watching, untold
from tests.controlplane.world import NETWORK, World

GAPS = {**cluster.NOT_MODELLED, **container_instance.NOT_MODELLED, **task.NOT_MODELLED}
SHAPES = (
    "Cluster",
    "ContainerInstance",
    "VersionInfo",
    "ContainerInstanceHealthStatus",
    "Resource",
    "Attribute",
    "Attachment",
    "Task",
    "Container",
    "NetworkBinding",
    "NetworkInterface",
    "Failure",
    "Tag",
)


class Watched(Watching, World):
    """A world that is watched."""


@pytest.fixture(scope="module")
def seen():
    """A walk through the lives of three tasks and a service."""
    w = Watched()
    group = {"autoScalingGroupArn": "g"}
    w.call("CreateCapacityProvider", name="mine", autoScalingGroupProvider=group)
    w.call(
        "CreateCluster",
        capacityProviders=["mine", "FARGATE"],
        configuration={"executeCommandConfiguration": {"logging": "DEFAULT"}},
        serviceConnectDefaults={"namespace": "n"},
    )
    w.join()
    w.join(tags=(("k", "v"),), auto_scaling_group="g")
    w.register(ports=[{"containerPort": 80}], container={"memoryReservation": 64})
    w.register("eni", networkMode="awsvpc")
    (web,) = w.run(startedBy="me", tags=[{"key": "k", "value": "v"}])
    (eni,) = w.run("eni", networkConfiguration=NETWORK)
    w.register("far", networkMode="awsvpc", cpu="256", memory="512")
    strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
    (far,) = w.run("far", networkConfiguration=NETWORK, capacityProviderStrategy=strategy)
    w.wait(5)
    w.report(m.PullStateChange(web, False, w.now))
    w.report(m.PullStateChange(web, True, w.now))
    for arn in (web, eni):
        w.up(arn)
    (order,) = [one for one in w.orders if isinstance(one, m.RunTask) and one.task_arn == web]
    w.report(
        m.ContainerStateChange(
            web,
            "main",
            "STOPPED",
            w.now,
            exit_code=137,
            reason="OutOfMemoryError: Container killed due to memory usage",
            image_digest="sha256:0",
            network_bindings=order.dynamic_ports,
        )
    )
    w.call("StopTask", task=web)
    w.moved(web, "STOPPED")
    include = {"include": ["TAGS"]}
    w.call("DescribeTasks", tasks=[web, eni, far, "missing"], **include)
    homes = w.call("ListContainerInstances")["containerInstanceArns"]
    w.call("PutAttributes", attributes=[{"name": "a", "value": "b", "targetId": homes[0]}])
    w.call(
        "DescribeContainerInstances",
        containerInstances=homes,
        include=["TAGS", "CONTAINER_INSTANCE_HEALTH"],
    )
    w.call(
        "DescribeClusters",
        include=["TAGS", "SETTINGS", "STATISTICS", "CONFIGURATIONS", "ATTACHMENTS"],
    )
    w.call("DeleteTaskDefinitions", taskDefinitions=["web:1"])
    return w.seen


@pytest.mark.parametrize("shape", SHAPES)
def test_every_member_is_told_or_has_a_reason_not_to_be(seen, shape):
    assert untold(shape, seen, GAPS) == (set(), set())


def test_the_gaps_are_of_these_shapes():
    assert {gap.partition(".")[0] for gap in GAPS} <= set(SHAPES)

"""Tasks on Fargate: no instance, a network interface of their own, sizes and limits of its own."""

from collections import Counter

import pytest

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from ecslab.model.network import Subnet
from tests.controlplane.fleet import Fleet, replayed

SUBNETS = {
    "subnet-a": Subnet("subnet-a", "us-east-1a", "10.1.0.0/24", "vpc-1"),
    "subnet-b": Subnet("subnet-b", "us-east-1b", "10.1.1.0/24", "vpc-1"),
}
PUBLIC = {"awsvpcConfiguration": {"subnets": ["subnet-a", "subnet-b"], "assignPublicIp": "ENABLED"}}
PRIVATE = {"awsvpcConfiguration": {"subnets": ["subnet-a"]}}


class Outside:
    """EC2's answers."""

    def subnet(self, subnet_id):
        return SUBNETS.get(subnet_id)

    def target_group(self, arn):
        return None

    def tasks_may_assume(self, role_arn):
        return role_arn.endswith(":role/good")


def fargate(**definition):
    """A cluster without instances, and a task definition for Fargate."""
    w = Fleet()
    w.outside = Outside()
    w.call("CreateCluster")
    given = {"cpu": "256", "memory": "512", "networkMode": "awsvpc", **definition}
    w.register(requiresCompatibilities=["FARGATE"], ports=[{"containerPort": 80}], **given)
    return w


def run(w, **params):
    given = {"launchType": "FARGATE", "networkConfiguration": PUBLIC, **params}
    return w.run(**given)


def refused(w, **params):
    before = w.state
    with pytest.raises(AwsError) as caught:
        run(w, **params)
    assert w.state is before
    return caught.value.code, caught.value.message


def test_a_task_goes_from_provisioning_to_running_and_back_to_nothing():
    w = fargate()
    (arn,) = run(w)
    assert w.task(arn)["lastStatus"] == "PROVISIONING"
    assert w.orders == []
    w.wait(2)
    assert w.task(arn)["lastStatus"] == "PENDING"
    w.settle()
    task = w.task(arn)
    assert (task["lastStatus"], task["launchType"]) == ("RUNNING", "FARGATE")
    assert (task["platformVersion"], task["platformFamily"]) == ("1.4.0", "Linux")
    assert task["ephemeralStorage"] == {"sizeInGiB": 20}
    assert "containerInstanceArn" not in task
    w.call("StopTask", task=arn)
    w.settle()
    assert w.task(arn)["lastStatus"] == "DEPROVISIONING"
    w.wait(2)
    assert w.task(arn)["lastStatus"] == "STOPPED"
    assert replayed(w) == w.state
    cp.check(w.state)


def test_its_agent_is_told_where_its_ports_open():
    w = fargate()
    (arn,) = run(w)
    w.wait(2)
    (order,) = w.orders
    interface = w.state.tasks[arn].interface
    assert order.container_instance_arn is None
    assert order.private_ip == interface.private_ip
    assert order.own_ip == interface.host == interface.public_ip
    assert ("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE") in order.environment


def test_every_task_has_addresses_nobody_else_has():
    w = fargate()
    tasks = [w.state.tasks[arn] for _call in range(5) for arn in run(w, count=10)]
    assert len({task.interface.private_ip for task in tasks}) == 50
    assert len({task.interface.host for task in tasks}) == 50
    assert all(task.interface.private_ip.startswith("10.1.") for task in tasks)


def test_an_address_on_this_machine_is_not_given_again_at_once():
    w = fargate()
    (first,) = run(w)
    w.wait(2)
    w.settle()
    w.call("StopTask", task=first)
    w.settle()
    w.wait(2)
    (second,) = run(w)
    assert w.state.tasks[first].interface.host != w.state.tasks[second].interface.host


def test_without_a_public_address_it_has_a_private_one_only():
    w = fargate()
    (arn,) = run(w, networkConfiguration=PRIVATE)
    interface = w.state.tasks[arn].interface
    assert interface.public_ip == ""
    assert interface.host
    details = {one["name"]: one["value"] for one in w.task(arn)["attachments"][0]["details"]}
    assert details["subnetId"] == "subnet-a"
    assert details["privateIPv4Address"] == interface.private_ip


def test_tasks_are_spread_over_the_zones_of_the_subnets():
    w = fargate()
    zones = Counter(w.task(arn)["availabilityZone"] for arn in run(w, count=6))
    assert zones == {"us-east-1a": 3, "us-east-1b": 3}


def test_container_ports_are_not_shown_as_host_ports():
    w = fargate()
    (arn,) = run(w)
    w.wait(2)
    open_ = m.NetworkBinding("127.1.0.1", 80, 80)
    w.report(m.ContainerStateChange(arn, "main", "RUNNING", w.now, network_bindings=(open_,)))
    (container,) = w.task(arn)["containers"]
    assert "networkBindings" not in container
    assert container["networkInterfaces"][0]["privateIpv4Address"].startswith("10.1.")


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        (
            {"networkConfiguration": None},
            "InvalidParameterException",
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ),
        (
            {"placementStrategy": [{"type": "random"}]},
            "InvalidParameterException",
            "Placement strategies are not supported with FARGATE launch type.",
        ),
        (
            {"placementConstraints": [{"type": "distinctInstance"}]},
            "InvalidParameterException",
            "Placement constraints are not supported with FARGATE launch type.",
        ),
        (
            {"overrides": {"cpu": "512", "memory": "512"}},
            "InvalidParameterException",
            "No Fargate configuration exists for given values: 512 CPU, 512 memory. See the "
            "Amazon ECS documentation for the valid values.",
        ),
        (
            {"platformVersion": "9.9.9"},
            "PlatformUnknownException",
            "The platform version 9.9.9 does not exist: use LATEST, 1.3.0, 1.4.0.",
        ),
        (
            {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-z"]}}},
            "InvalidParameterException",
            "Error retrieving subnet information for [subnet-z]: The subnet ID 'subnet-z' does "
            "not exist (ErrorCode: InvalidSubnetID.NotFound)",
        ),
        (
            {"launchType": "EXTERNAL"},
            "UnsupportedFeatureException",
            "Launch type EXTERNAL is not in this sandbox: use the launch type EC2 or FARGATE.",
        ),
    ],
)
def test_what_fargate_does_not_take_is_refused(params, code, text):
    assert refused(fargate(), **params) == (code, text)


def test_a_definition_that_does_not_fit_is_refused():
    w = fargate()
    w.register("big")
    text = "Task definition does not support launch_type FARGATE."
    assert refused(w, family="big") == ("InvalidParameterException", text)


def test_a_larger_size_can_be_asked_for():
    w = fargate()
    (arn,) = run(w, overrides={"cpu": "512", "memory": "1024"})
    assert (w.task(arn)["cpu"], w.task(arn)["memory"]) == ("512", "1024")


def test_ephemeral_storage_is_as_asked_for():
    w = fargate(ephemeralStorage={"sizeInGiB": 50})
    (arn,) = run(w)
    assert w.task(arn)["ephemeralStorage"] == {"sizeInGiB": 50}
    (other,) = run(w, overrides={"ephemeralStorage": {"sizeInGiB": 80}})
    assert w.task(other)["ephemeralStorage"] == {"sizeInGiB": 80}


def test_an_older_platform_can_be_named():
    w = fargate()
    (arn,) = run(w, platformVersion="1.3.0")
    assert w.task(arn)["platformVersion"] == "1.3.0"


def test_the_cluster_counts_them_apart():
    w = fargate()
    run(w, count=2)
    w.wait(2)
    w.settle()
    (cluster,) = w.call("DescribeClusters", include=["STATISTICS"])["clusters"]
    counts = {one["name"]: one["value"] for one in cluster["statistics"]}
    assert (counts["runningFargateTasksCount"], counts["runningEC2TasksCount"]) == ("2", "0")
    assert cluster["runningTasksCount"] == 2


def test_a_service_keeps_its_tasks_there_and_registers_their_addresses():
    group = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/0123"
    w = fargate()
    w.outside = None
    balancer = {"targetGroupArn": group, "containerName": "main", "containerPort": 80}
    w.create(launchType="FARGATE", networkConfiguration=PUBLIC, loadBalancers=[balancer])
    w.pass_time(5)
    service = w.service()
    assert (service["runningCount"], service["launchType"]) == (2, "FARGATE")
    assert service["platformVersion"] == "1.4.0"
    targets = {
        (one.target_id, one.port, one.host) for one in w.orders if isinstance(one, m.RegisterTarget)
    }
    tasks = [w.state.tasks[arn].interface for arn in w.live()]
    assert targets == {(one.private_ip, 80, one.host) for one in tasks}
    w.moved(w.live()[0], "STOPPED")
    w.pass_time(5)
    assert w.service()["runningCount"] == 2
    assert w.call("ListServices", launchType="FARGATE")["serviceArns"] == [service["serviceArn"]]


def test_a_daemon_needs_instances():
    w = fargate()
    with pytest.raises(AwsError, match="daemon"):
        w.call(
            "CreateService",
            serviceName="d",
            taskDefinition="web",
            schedulingStrategy="DAEMON",
            launchType="FARGATE",
            networkConfiguration=PUBLIC,
        )


def test_after_a_restart_its_agent_hears_of_it_again():
    w = fargate()
    (arn,) = run(w)
    w.wait(2)
    w.settle()
    (order,) = cp.resume(replayed(w))
    assert (order.task_arn, order.resumed) == (arn, True)

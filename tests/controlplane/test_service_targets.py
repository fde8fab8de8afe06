"""Tasks behind load balancers: registered when they run, drained before they stop."""

import pytest

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from tests.controlplane.fleet import fleet, replayed

GROUP = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/0123"
OTHER = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/admin/0123"
BALANCED = [{"targetGroupArn": GROUP, "containerName": "main", "containerPort": 80}]
AWSVPC = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}


def balanced(desired=1, instances=2, **params):
    w = fleet(instances, ports=[{"containerPort": 80}])
    w.create(desiredCount=desired, loadBalancers=BALANCED, **params)
    return w


def told(w, kind):
    return [one for one in w.orders if isinstance(one, kind)]


def test_a_task_is_registered_with_its_instance_and_host_port_once_it_runs():
    w = balanced()
    assert told(w, m.RegisterTarget) == []
    w.settle()
    (order,) = told(w, m.RegisterTarget)
    task = w.state.tasks[w.live()[0]]
    instance = w.state.instances[task.instance_arn]
    assert order == m.RegisterTarget(
        GROUP,
        instance.ec2_instance_id,
        task.open_ports[0].host_port,
        task.arn,
        instance.public_ip,
    )
    assert f"(service web) registered 1 targets in (target-group {GROUP})" in w.events()


def test_a_fixed_host_port_is_the_targets_port():
    w = fleet(1, ports=[{"containerPort": 80, "hostPort": 8080}])
    w.create(desiredCount=1, loadBalancers=BALANCED)
    w.settle()
    assert told(w, m.RegisterTarget)[0].port == 8080


def test_the_port_of_the_right_mapping_is_taken_where_a_task_opens_several():
    w = fleet(1, ports=[{"containerPort": 9000}, {"containerPort": 80}, {"containerPort": 70}])
    w.create(desiredCount=1, loadBalancers=BALANCED)
    w.settle()
    opened = {one.container_port: one.host_port for one in w.state.tasks[w.live()[0]].open_ports}
    assert told(w, m.RegisterTarget)[0].port == opened[80]


def test_a_task_with_an_interface_of_its_own_is_registered_with_its_address():
    w = fleet(1, ports=[{"containerPort": 80}], networkMode="awsvpc")
    w.create(desiredCount=1, loadBalancers=BALANCED, networkConfiguration=AWSVPC)
    w.pass_time(5)
    (order,) = told(w, m.RegisterTarget)
    address = w.state.tasks[w.live()[0]].interface.private_ip
    assert (order.target_id, order.port) == (address, 80)


def test_a_task_counts_once_it_is_healthy_in_every_target_group():
    w = fleet(2, ports=[{"containerPort": 80}])
    w.healthy = False
    both = [*BALANCED, {**BALANCED[0], "targetGroupArn": OTHER}]
    w.create(desiredCount=1, loadBalancers=both)
    w.settle()
    first, second = told(w, m.RegisterTarget)
    w.target(first, "healthy")
    w.pass_time(100)
    assert w.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    w.target(second, "healthy")
    assert w.service()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_a_task_to_be_stopped_is_drained_first_and_stopped_when_its_target_is_gone():
    w = balanced()
    w.drain_seconds = 300
    w.settle()
    (old,) = w.live()
    w.call("StopTask", task=old)
    assert w.task(old)["lastStatus"] == "DEACTIVATING"
    assert [one.task_arn for one in told(w, m.DeregisterTarget)] == [old]
    assert told(w, m.StopTask) == []
    said = w.events()[-3:]
    assert said[:2] == [
        f"(service web) deregistered 1 targets in (target-group {GROUP})",
        "(service web) has begun draining connections on 1 tasks.",
    ]
    assert "has started 1 tasks" in said[2]
    w.settle()
    w.pass_time(299)
    assert told(w, m.StopTask) == []
    w.pass_time(2)
    assert [one.task_arn for one in told(w, m.StopTask)] == [old]
    assert w.task(old)["lastStatus"] == "STOPPED"


def test_its_replacement_is_up_and_healthy_before_an_old_task_is_drained():
    w = balanced(desired=2)
    w.settle()
    old = w.live()
    w.healthy = False
    w.update(forceNewDeployment=True)
    w.settle()
    assert told(w, m.DeregisterTarget) == []
    new = [one for one in told(w, m.RegisterTarget) if one.task_arn not in old]
    w.target(new[0], "healthy")
    assert len(told(w, m.DeregisterTarget)) == 1
    w.target(new[1], "healthy")
    assert {one.task_arn for one in told(w, m.DeregisterTarget)} == set(old)


def test_a_deployment_is_over_when_the_old_targets_are_drained():
    w = balanced()
    w.drain_seconds = 300
    w.settle()
    w.update(forceNewDeployment=True)
    w.settle()
    w.pass_time(100)
    assert len(w.service()["deployments"]) == 2
    w.pass_time(210)
    assert len(w.service()["deployments"]) == 1


def test_an_unhealthy_target_is_replaced_with_the_reason_named():
    w = balanced()
    w.settle()
    (old,) = w.live()
    (order,) = told(w, m.RegisterTarget)
    codes = "Health checks failed with these codes: [502]"
    w.target(order, "unhealthy", reason="Target.ResponseCodeMismatch", description=codes)
    assert (
        f"(service web) (task {old.rsplit('/')[-1]}) (instance {order.target_id}) "
        f"(port {order.port}) is unhealthy in (target-group {GROUP}) due to (reason {codes})"
    ) in w.events()
    w.settle()
    w.pass_time(5)
    task = w.task(old)
    assert task["lastStatus"] == "STOPPED"
    assert task["stoppedReason"] == f"Task failed ELB health checks in (target-group {GROUP})"


def test_an_unhealthy_target_is_borne_in_the_grace_period():
    w = balanced(healthCheckGracePeriodSeconds=60)
    w.healthy = False
    w.settle()
    (order,) = told(w, m.RegisterTarget)
    w.target(order, "unhealthy")
    w.pass_time(50)
    assert len(w.live()) == 1
    w.pass_time(11)
    assert len(w.live()) == 2


def test_a_task_that_crashed_is_deregistered_at_once():
    w = balanced()
    w.drain_seconds = 300
    w.settle()
    (old,) = w.live()
    w.moved(old, "STOPPED")
    assert [one.task_arn for one in told(w, m.DeregisterTarget)] == [old]
    assert w.task(old)["lastStatus"] == "STOPPED"


def test_a_task_stopped_before_it_ran_was_never_registered():
    w = balanced()
    w.call("StopTask", task=w.live()[0])
    assert told(w, m.RegisterTarget) == told(w, m.DeregisterTarget) == []


def test_a_report_of_a_target_nobody_registered_changes_nothing():
    w = balanced()
    w.settle()
    before = w.state
    (order,) = told(w, m.RegisterTarget)
    w.report(
        m.TargetHealthChanged(OTHER, order.target_id, order.port, order.task_arn, "healthy", 1)
    )
    w.report(m.TargetHealthChanged(GROUP, order.target_id, order.port, "nobody", "healthy", 1))
    w.target(order, "healthy")
    assert w.state is before


def test_a_target_being_drained_does_not_become_healthy_again():
    w = balanced()
    w.drain_seconds = 300
    w.settle()
    (old,) = w.live()
    w.call("StopTask", task=old)
    w.target(told(w, m.RegisterTarget)[0], "healthy")
    assert [one.state for one in w.state.tasks[old].targets] == ["draining"]


def test_after_a_restart_load_balancers_hear_of_every_target_again():
    w = balanced(desired=2)
    w.drain_seconds = 300
    w.settle()
    stays, leaves = w.live()
    w.call("StopTask", task=leaves)
    again = cp.resume(replayed(w))
    assert [one.task_arn for one in again if isinstance(one, m.RegisterTarget)] == [stays]
    assert [one.task_arn for one in again if isinstance(one, m.DeregisterTarget)] == [leaves]
    assert not [one for one in again if isinstance(one, m.StopTask)]


@pytest.mark.parametrize("instances", [1, 3])
def test_nothing_is_left_registered_once_a_service_is_gone(instances):
    w = balanced(desired=3, instances=instances)
    w.settle()
    w.call("DeleteService", service="web", force=True)
    w.settle()
    assert not any(task.targets for task in w.state.tasks.values())
    assert w.service()["status"] == "INACTIVE"
    came = {(one.target_id, one.port) for one in told(w, m.RegisterTarget)}
    went = {(one.target_id, one.port) for one in told(w, m.DeregisterTarget)}
    assert came == went


def test_a_story_tells_of_the_targets():
    w = balanced()
    w.settle()
    (arn,) = w.live()
    w.call("StopTask", task=arn)
    w.settle()
    lines = [str(line) for line in cp.story(w.log, arn)]
    assert any("is initial in the target group web" in line for line in lines)
    assert any("is draining in the target group web" in line for line in lines)
    assert any("RUNNING → DEACTIVATING" in line for line in lines)
    assert any("DEACTIVATING → STOPPING" in line for line in lines)

"""Load balancers in front of tasks, in a whole server on simulated containers."""

from __future__ import annotations

import pytest

from ecslab import sandbox
from ecslab.sandbox.balancing import host_of
from tests.sandbox.scene import NGINX, balancer, running, states, visit
from tests.sandbox.serving import Served, connected, launch, until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Served(
        tmp_path_factory.mktemp("balancing") / "state", "--runtime", "stub", "--speed", "10"
    )
    made.start()
    yield made
    made.stop()


@pytest.fixture
def served(server):
    """The module's server, with nothing in it."""
    sandbox.reset(server.port)
    return server


def two_tasks(served):
    """Two tasks of one instance on dynamic ports, as targets."""
    ecs = served.client()
    ecs.create_cluster(clusterName="web")
    (instance,) = launch(served)
    until(lambda: connected(ecs))
    ecs.register_task_definition(family="nginx", containerDefinitions=[NGINX])
    made = ecs.run_task(cluster="web", taskDefinition="nginx", count=2)["tasks"]
    tasks = [running(ecs, one["taskArn"]) for one in made]
    ports = [one["containers"][0]["networkBindings"][0]["hostPort"] for one in tasks]
    return [one["taskArn"] for one in tasks], [{"Id": instance, "Port": p} for p in ports]


def test_a_load_balancer_sends_to_both_dynamic_ports_of_one_instance(served):
    """503 until a check passed; then both pages come in turn; drained, one comes no more."""
    name, group = balancer(served)
    assert visit(served, name)[0] == 503
    tasks, targets = two_tasks(served)
    elb = served.client("elbv2")
    elb.register_targets(TargetGroupArn=group, Targets=targets)
    until(lambda: states(served, group) == {"healthy": 2})
    pages = [visit(served, name)[1] for _ in range(4)]
    for arn in tasks:
        assert sum(arn.rpartition("/")[2] in page for page in pages) == 2
    elb.deregister_targets(TargetGroupArn=group, Targets=targets[:1])
    assert states(served, group) == {"draining": 1, "healthy": 1}
    assert all(tasks[1].rpartition("/")[2] in visit(served, name)[1] for _ in range(3))


def test_a_task_that_stops_makes_its_target_unhealthy(served):
    """Health checks really ask."""
    name, group = balancer(served, HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=2)
    tasks, targets = two_tasks(served)
    served.client("elbv2").register_targets(TargetGroupArn=group, Targets=targets)
    until(lambda: states(served, group) == {"healthy": 2})
    served.client().stop_task(cluster="web", task=tasks[0])
    until(lambda: states(served, group) == {"healthy": 1, "unhealthy": 1})
    assert [visit(served, name)[0] for _ in range(4)] == [200] * 4


def test_load_balancers_and_targets_are_there_again_after_a_crash(tmp_path):
    """SIGKILL: the same name, the same targets, checked anew."""
    served = Served(tmp_path / "state", "--runtime", "stub", "--speed", "10")
    served.start()
    name, group = balancer(served)
    _tasks, targets = two_tasks(served)
    served.client("elbv2").register_targets(TargetGroupArn=group, Targets=targets)
    until(lambda: states(served, group) == {"healthy": 2})
    served.kill()
    served.start()
    until(lambda: states(served, group) == {"healthy": 2})
    assert visit(served, name)[0] == 200
    served.stop()


def test_reset_forgets_load_balancers(served):
    """And closes their ports."""
    name, _group = balancer(served)
    where = sandbox.locate(name, 80, served.port)
    sandbox.reset(served.port)
    with pytest.raises(ConnectionRefusedError):
        visit(served, *where)
    assert served.client("elbv2").describe_load_balancers()["LoadBalancers"] == []


def test_nothing_beyond_this_machine_is_a_target():
    """Loopback addresses are believed, others must be an instance's."""
    assert host_of("127.0.0.1", ()) == "127.0.0.1"
    assert host_of("93.184.216.34", ()) is None
    assert host_of("i-1", ()) is None

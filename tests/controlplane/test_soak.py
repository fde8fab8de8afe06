"""Anything may happen, in any order and at any time: afterwards the world comes to rest."""

import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecslab import controlplane as cp
from tests.controlplane.fleet import replayed
from tests.controlplane.rough import GROUPS, rough

SEEDS = range(int(os.environ.get("ECSLAB_SOAK_SEEDS", "6")))


def at_rest(w):
    """Every index is right, nothing is left to do, and the log gives the same state."""
    cp.check(w.state)
    assert not w.state.index.attention
    assert not w.state.index.errands
    assert cp.reconcile(w.state, w.context()) == ()


def hopeless(service):
    """Where what is wanted cannot be had: the service has said so."""
    told = dict(service.told)
    return service.primary.rollout == "FAILED" or "stuck" in told or "placement" in told


@pytest.mark.parametrize("seed", SEEDS)
def test_after_an_hour_of_faults_every_service_has_what_it_wants(seed):
    w = rough(seed)
    for _deed in range(120):
        w.mischief()
        w.run_until(w.now + w.chance.uniform(0, 60))
        at_rest(w)
    w.heal()
    w.run_until(w.now + 2 * 3600)
    at_rest(w)
    for service in w.state.services.values():
        alive = [
            task
            for task in w.state.tasks.values()
            if task.service_arn == service.arn and task.desired == "RUNNING"
        ]
        if service.status == "INACTIVE":
            assert alive == []
        elif not hopeless(service):
            assert service.status == "ACTIVE"
            assert len(alive) == service.settings.desired
            assert all(task.fit for task in alive)
            assert [one.rollout for one in service.deployments] == ["COMPLETED"]
    assert replayed(w) == w.state


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_leaks(seed):
    w = rough(seed)
    for _deed in range(80):
        w.mischief()
        w.run_until(w.now + w.chance.uniform(0, 60))
    w.heal()
    w.run_until(w.now + 3600)
    live = {task.arn for task in w.state.tasks.values() if task.status != "STOPPED"}
    assert w.containers == live
    registered = {
        target.key: task.arn for task in w.state.tasks.values() for target in task.targets
    }
    assert w.targets == registered
    for service in list(w.state.services.values()):
        w.try_to("DeleteService", service=service.name, force=True)
    for arn in sorted(live):
        w.try_to("StopTask", task=arn)
    w.run_until(w.now + 3600)
    assert w.containers == set()
    assert w.targets == {}
    for arn, load in w.state.index.loads.items():
        instance = w.state.instances[arn]
        assert (load.cpu, load.memory) == (instance.cpu, instance.memory)
        assert not load.dynamic
    assert not w.state.index.crews


@settings(max_examples=8)
@given(st.integers(10_000, 10_000_000))
@example(129_150)  # a protected task whose check failed
def test_the_log_gives_the_same_state_whatever_happened(seed):
    w = rough(seed)
    for _deed in range(40):
        w.mischief()
        w.run_until(w.now + w.chance.uniform(0, 30))
    assert replayed(w) == w.state
    at_rest(w)


@pytest.mark.parametrize("seed", SEEDS)
def test_dying_at_any_moment_of_a_deployment_changes_nothing_of_its_end(seed):
    """The log is cut where the crash comes; orders on their way are lost, containers live on."""
    w = rough(seed)
    w.good = True
    given = {"taskDefinition": "web", "desiredCount": 3}
    group = {"targetGroupArn": GROUPS[0], "containerName": "main", "containerPort": 80}
    w.call("CreateService", serviceName="plain", **given)
    w.call("CreateService", serviceName="balanced", loadBalancers=[group], **given)
    w.run_until(w.now + w.chance.uniform(0, 60))
    for name in ("plain", "balanced"):
        w.call("UpdateService", service=name, forceNewDeployment=True)
    for _crash in range(50):
        w.run_until(w.now + w.chance.uniform(0, 2))
        w.crash()
    w.run_until(w.now + 900)
    at_rest(w)
    for service in w.state.services.values():
        assert [one.rollout for one in service.deployments] == ["COMPLETED"]
        alive = [t for t in w.state.tasks.values() if t.service_arn == service.arn and t.fit]
        assert len(alive) == 3
    assert max(w.begun.values()) == 1
    live = {task.arn for task in w.state.tasks.values() if task.status != "STOPPED"}
    assert w.containers == live

"""A service scaled by itself, in one learner's hands; and the button that makes it grow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import ecslab
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from ecslab.sandbox import Status
from ecslab.steps.scaling import Scaling
from ecslab.steps.services import Service
from tests.sandbox.serving import until

BUSY = {
    "name": "nginx",
    "image": "nginx:alpine",
    "cpu": 128,
    "memory": 64,
    "portMappings": [{"containerPort": 80, "hostPort": 0}],
    "dockerLabels": {"ecslab.simulate.cpu-per-request": "25"},
}


@pytest.fixture
def lab(stub_sandbox: Status) -> Iterator[Lab]:
    """A lab with a cluster of two t2.micro."""
    made = ecslab.connect("sandbox", lang="en")
    made.create_cluster()
    yield made
    ecslab.set_language(None)


def serve(lab: Lab, balanced: bool = False, **more: object) -> Service:
    definition = lab.register_task_definition(containerDefinitions=[{**BUSY, **more}])
    made = lab.create_service(definition, "web", desired=1, load_balancer=balanced)
    service: Service = lab.wait(made)
    return service


def test_the_load_button_makes_a_service_grow(lab: Lab) -> None:
    """Press: load comes, the table shows the CPU and the count goes up; release: it is gone."""
    service = serve(lab, balanced=True)
    scaling = lab.autoscale(service, minimum=1, maximum=3, cpu=50)
    assert str(scaling).startswith("web: 1 of 1 tasks run (between 1 and 3), CPU ")
    assert "Scaled by themselves: web (1–3)." in str(lab.check("autoscaling"))
    load = lab.load(service, "work.html", a_second=20)
    assert load.button.description == "Put load on"
    load.button.click()
    assert load.button.description == "Take the load off"
    until(lambda: lab.scaling(service).running == 3)
    seen = lab.scaling(service)
    assert max(seen.cpu) > 100
    assert "Successfully set desired count to 3." in str(seen)
    until(lambda: "<td>3</td><td>3</td>" in load.state.value)
    assert 'role="img"' in load.state.value
    load.button.click()
    assert not load.crowd.coming
    assert load.crowd.tally().failed == 0
    load.close()
    lab.delete_service(service)
    assert not lab.check("autoscaling")
    assert lab.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_what_cannot_be_scaled_is_said_with_what_to_do(lab: Lab) -> None:
    """No CPU reserved, limits or targets that are none, a service nobody scales or that is gone."""
    service = serve(lab, cpu=0)
    with pytest.raises(EcslabError, match=r'reserve no CPU(.|\n)*"cpu": 128'):
        lab.autoscale(service)
    for wrong, words in (
        ({"minimum": 5}, "Between 5 and 4"),
        ({"minimum": 0, "maximum": 0}, "Between 0 and 0"),
        ({"cpu": 0}, "0 % CPU cannot be kept"),
        ({"cpu": 101}, "101 % CPU cannot be kept"),
        ({"cooldown": -1}, "-1 seconds"),
    ):
        with pytest.raises(EcslabError, match=words):
            lab.autoscale(service, **wrong)
    with pytest.raises(EcslabError, match=r"is not scaled on its CPU(.|\n)*lab\.autoscale"):
        lab.scaling(service)
    assert "lab.autoscale" in str(lab.check("autoscaling"))
    lab.delete_service(service)
    with pytest.raises(EcslabError, match="There is no service web"):
        lab.autoscale(service)


def test_autoscaling_twice_changes_what_is_there(lab: Lab) -> None:
    """And everything of it goes with clean-up."""
    service = serve(lab)
    lab.autoscale(service, maximum=4, cpu=50)
    second = lab.autoscale(service, maximum=6, cpu=70, cooldown=60)
    assert (second.maximum, second.target) == (6, 70)
    client = lab.client("application-autoscaling")
    (policy,) = client.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"]["ScaleInCooldown"] == 60
    assert len(lab.client("cloudwatch").describe_alarms()["MetricAlarms"]) == 2
    assert lab.cleanup().left == ()
    assert client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []
    assert lab.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_minutes_count_up_to_the_first_that_is_not_beyond() -> None:
    """Above the target, and below nine tenths of it."""
    scaling = Scaling("web", 1, 1, 1, 4, 50.0, cpu=(60, 70, 50, 80))
    assert (scaling.above, scaling.below) == (2, 0)
    scaling = Scaling("web", 1, 1, 1, 4, 50.0, cpu=(*(1,) * 5, 45, *(1,) * 20))
    assert (scaling.above, scaling.below) == (0, 5)
    assert Scaling("web", 1, 1, 1, 4, 50.0, cpu=(1,) * 40).below == 15
    assert "fewer tasks after 15 minutes below 45 %: 15 now" in str(
        Scaling("web", 1, 1, 1, 4, 50.0, cpu=(1,) * 40)
    )

"""When a task counts, and when it is replaced: its own health check, and the grace period."""

from ecslab.model import agent_messages as m
from tests.controlplane.fleet import fleet

CHECK = {"healthCheck": {"command": ["CMD", "true"]}}


def says(w, arn, health):
    w.report(m.ContainerHealthChange(arn, "main", health, w.now))
    w.settle()


def checked(desired=2, **params):
    w = fleet(container=CHECK)
    w.create(desiredCount=desired, **params)
    w.settle()
    return w


def unhealthy_at_once(grace):
    """A task behind a load balancer whose health check fails from the start."""
    group = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/0123"
    w = fleet(container=CHECK, ports=[{"containerPort": 80}])
    balancer = {"targetGroupArn": group, "containerName": "main", "containerPort": 80}
    w.create(desiredCount=1, loadBalancers=[balancer], healthCheckGracePeriodSeconds=grace)
    w.settle()
    (arn,) = w.live()
    says(w, arn, "UNHEALTHY")
    return w, arn


def test_a_task_with_a_health_check_counts_when_it_is_healthy_and_not_by_time():
    w = checked()
    w.pass_time(100)
    assert w.service()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    for arn in w.live():
        says(w, arn, "HEALTHY")
    assert w.service()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_an_unhealthy_task_is_stopped_once_its_replacement_is_healthy():
    w = checked()
    ill, well = w.live()
    for arn in (ill, well):
        says(w, arn, "HEALTHY")
    says(w, ill, "UNHEALTHY")
    assert len(w.live()) == 3
    (new,) = set(w.live()) - {ill, well}
    says(w, new, "HEALTHY")
    assert set(w.live()) == {well, new}
    task = w.task(ill)
    assert task["stoppedReason"] == "Task failed container health checks"
    assert task["stopCode"] == "ServiceSchedulerInitiated"
    name = ill.rsplit("/")[-1]
    assert f"(service web) (task {name}) failed container health checks." in w.events()


def test_where_the_maximum_forbids_a_replacement_the_unhealthy_one_goes_first():
    w = checked(deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 100})
    ill, well = w.live()
    says(w, well, "HEALTHY")
    says(w, ill, "HEALTHY")
    says(w, ill, "UNHEALTHY")
    assert ill not in w.live()
    assert len(w.live()) == 2


def test_a_task_is_not_judged_in_its_grace_period():
    w, arn = unhealthy_at_once(grace=60)
    w.pass_time(59)
    assert w.live() == [arn]
    w.pass_time(2)
    assert len(w.live()) == 2


def test_a_task_that_recovers_in_its_grace_period_is_kept():
    w, arn = unhealthy_at_once(grace=60)
    w.pass_time(30)
    says(w, arn, "HEALTHY")
    w.pass_time(100)
    assert w.live() == [arn]


def test_a_longer_grace_period_holds_for_tasks_that_run_already():
    w, arn = unhealthy_at_once(grace=10)
    w.update(healthCheckGracePeriodSeconds=100)
    w.pass_time(90)
    assert w.live() == [arn]
    w.pass_time(11)
    assert len(w.live()) == 2


def test_a_standalone_task_is_not_replaced_whatever_its_health_says():
    w = fleet(container=CHECK)
    (arn,) = w.run()
    w.settle()
    says(w, arn, "UNHEALTHY")
    w.pass_time(10)
    assert w.task(arn)["desiredStatus"] == "RUNNING"

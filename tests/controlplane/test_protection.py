"""Task scale-in protection: a service does not stop the task, others may."""

import pytest

from ecslab import controlplane as cp
from ecslab.model import agent_messages as m
from tests.controlplane.fleet import fleet, replayed


def steady(desired=3):
    w = fleet(3)
    w.create(desiredCount=desired)
    w.settle()
    w.pass_time(45)
    return w


def protect(w, *arns, on=True, **params):
    return w.call(
        "UpdateTaskProtection", cluster="default", tasks=list(arns), protectionEnabled=on, **params
    )


def test_a_protected_task_is_not_among_those_scaled_in():
    w = steady()
    chosen = w.live()[-1]
    (shown,) = protect(w, chosen)["protectedTasks"]
    assert shown == {
        "taskArn": chosen,
        "protectionEnabled": True,
        "expirationDate": w.now + 2 * 3600,
    }
    w.update(desiredCount=1)
    w.settle()
    assert w.live() == [chosen]


def test_more_protected_tasks_than_wanted_stay_until_the_protection_ends():
    w = steady()
    chosen = w.live()[:2]
    protect(w, *chosen, expiresInMinutes=10)
    w.update(desiredCount=0)
    w.settle()
    assert w.live() == chosen
    assert cp.reconcile(w.state, w.context()) == ()
    w.pass_time(601, step=60)
    assert w.live() == []
    assert replayed(w) == w.state
    cp.check(w.state)


def test_a_deployment_waits_for_them():
    w = steady()
    (chosen, *_rest) = w.live()
    protect(w, chosen)
    w.update(forceNewDeployment=True)
    w.settle()
    w.pass_time(100)
    assert chosen in w.live()
    assert len(w.live()) == 4
    protect(w, chosen, on=False)
    w.settle()
    assert chosen not in w.live()
    assert len(w.service()["deployments"]) == 1


def test_a_protected_task_whose_check_fails_is_replaced_all_the_same():
    """Protection is for scaling in and for deployments (developer guide)."""
    w = fleet(container={"healthCheck": {"command": ["CMD", "true"]}})
    w.create(desiredCount=2)
    w.settle()
    ill, well = w.live()
    for arn in (ill, well):
        w.report(m.ContainerHealthChange(arn, "main", "HEALTHY", w.now))
    w.settle()
    protect(w, ill)
    w.report(m.ContainerHealthChange(ill, "main", "UNHEALTHY", w.now))
    w.settle()
    (new,) = set(w.live()) - {ill, well}
    w.report(m.ContainerHealthChange(new, "main", "HEALTHY", w.now))
    w.settle()
    assert set(w.live()) == {well, new}
    assert not w.state.index.attention


def test_a_protected_task_that_is_new_keeps_no_other_from_being_scaled_in():
    """New ones go first; protected, it stays, and once it counts another goes in its place."""
    w = steady()
    before = w.live()
    w.update(desiredCount=4)
    w.settle()
    (new,) = set(w.live()) - set(before)
    protect(w, new)
    w.update(desiredCount=3)
    w.settle()
    assert not w.state.index.attention
    w.pass_time(45)
    assert new in w.live()
    assert len(w.live()) == 3


def test_it_does_not_keep_anybody_from_stopping_the_task():
    w = steady()
    chosen = w.live()[0]
    protect(w, chosen)
    w.call("StopTask", task=chosen)
    w.settle()
    assert chosen not in w.live()


def test_protection_is_told_and_ends_by_itself():
    w = steady()
    first, second, third = w.live()
    protect(w, first, expiresInMinutes=1)
    found = w.call("GetTaskProtection", cluster="default")["protectedTasks"]
    assert {one["taskArn"]: one["protectionEnabled"] for one in found} == {
        first: True,
        second: False,
        third: False,
    }
    w.pass_time(61)
    (shown,) = w.call("GetTaskProtection", cluster="default", tasks=[first])["protectedTasks"]
    assert shown == {"taskArn": first, "protectionEnabled": False}


def test_only_tasks_of_services_can_be_protected():
    w = steady()
    (other,) = w.run()
    answer = protect(w, other, "missing")
    assert answer["protectedTasks"] == []
    assert [one["reason"] for one in answer["failures"]] == ["TASK_NOT_VALID", "MISSING"]


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"tasks": []}, "Between 1 and 10"),
        ({"tasks": ["x"] * 11}, "Between 1 and 10"),
        ({"tasks": ["x"], "expiresInMinutes": 0}, "between 1 and 2880"),
        ({"tasks": ["x"], "expiresInMinutes": 2881}, "between 1 and 2880"),
    ],
)
def test_what_cannot_be_is_refused(params, text):
    w = steady()
    given = {"cluster": "default", "protectionEnabled": True, **params}
    assert text in w.refused("UpdateTaskProtection", **given)[1]

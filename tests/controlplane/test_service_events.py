"""Service events: the words, how many are kept, what is not repeated."""

from tests.controlplane.fleet import fleet

STEADY = "(service web) has reached a steady state."


def steady():
    w = fleet()
    w.create()
    w.settle()
    w.pass_time(45)
    return w


def test_a_first_deployment_is_told_from_start_to_steady_state():
    w = steady()
    first, second = (arn.rsplit("/")[-1] for arn in w.live())
    deployment = w.service()["deployments"][0]["id"]
    assert w.events() == [
        f"(service web) has started 2 tasks: (task {first}) (task {second}).",
        f"(service web) (deployment {deployment}) deployment completed.",
        STEADY,
    ]


def test_stopping_is_told_apart_by_what_ran_and_what_did_not():
    w = steady()
    old = w.live()
    w.update(desiredCount=3)
    (new,) = set(w.live()) - set(old)
    w.update(desiredCount=1)
    ran = next(arn for arn in old if arn not in w.live()).rsplit("/")[-1]
    assert w.events()[-2:] == [
        f"(service web) has stopped 1 running tasks: (task {ran}).",
        f"(service web) has stopped 1 pending tasks: (task {new.rsplit('/')[-1]}).",
    ]


def test_events_have_an_id_and_a_time_and_come_newest_first():
    w = steady()
    events = w.service()["events"]
    assert len({one["id"] for one in events}) == 3
    assert [one["createdAt"] for one in events] == sorted(
        (one["createdAt"] for one in events), reverse=True
    )


def test_a_hundred_are_kept():
    w = steady()
    for _scaling in range(60):
        w.update(desiredCount=3)
        w.settle()
        w.update(desiredCount=2)
        w.settle()
    events = w.service()["events"]
    assert len(events) == 100
    assert events[0]["message"] == STEADY
    assert "has started 2 tasks" not in events[-1]["message"]


def test_a_steady_state_is_told_again_after_six_hours_and_not_before():
    w = steady()
    told = w.now - 5
    w.pass_time(told + 6 * 3600 - w.now - 60, step=600)
    assert w.events().count(STEADY) == 1
    w.pass_time(120, step=60)
    assert w.events().count(STEADY) == 2


def test_it_is_told_again_at_once_when_it_was_lost_in_between():
    w = steady()
    w.moved(w.live()[0], "STOPPED")
    w.settle()
    w.pass_time(45)
    assert w.events().count(STEADY) == 2


def test_a_want_of_room_is_told_again_after_six_hours_or_when_there_was_room_in_between():
    w = fleet(1, container={"memory": 2000})
    w.create(desiredCount=1)
    said = w.events()[0]
    w.pass_time(5 * 3600, step=600)
    assert w.events().count(said) == 1
    w.pass_time(2 * 3600, step=600)
    assert w.events().count(said) == 2
    w.update(desiredCount=0)
    w.update(desiredCount=1)
    w.pass_time(3600, step=600)
    assert w.events().count(said) == 3

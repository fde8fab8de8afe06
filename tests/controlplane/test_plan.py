"""The plan of a REPLICA service, as laws over all counts there can be."""

from hypothesis import given
from hypothesis import strategies as st

from ecslab.controlplane.crew import NOBODY, Crew
from ecslab.controlplane.plan import Circumstances, plan
from ecslab.model.service import Limits

FEW = st.integers(0, 6)
CREWS = st.lists(FEW, min_size=7, max_size=7).map(lambda counts: Crew(*counts))
PERCENTS = st.sampled_from(((0, 100), (50, 100), (50, 150), (100, 150), (100, 200), (0, 200)))


@st.composite
def circumstances(draw):
    desired = draw(st.integers(0, 8))
    limits = Limits(*draw(PERCENTS))
    waits = draw(st.booleans())
    return Circumstances(
        desired,
        limits.floor(desired),
        limits.ceiling(desired),
        stalled=draw(st.booleans()),
        waits=waits,
        homeless=waits and draw(st.booleans()),
    )


@given(CREWS, CREWS, circumstances())
def test_it_never_starts_above_the_maximum_or_above_what_is_wanted(kept, moving, here):
    made = plan(kept, moving, here)
    alive = kept.alive + moving.alive
    gone = made.stop_starting
    assert made.start == 0 or alive - gone + made.start <= here.ceiling
    assert made.start == 0 or kept.alive - kept.ill + made.start <= here.desired


@given(CREWS, CREWS, circumstances())
def test_it_never_stops_healthy_tasks_below_the_minimum(kept, moving, here):
    made = plan(kept, moving, here)
    healthy = kept.ready + moving.ready + moving.fresh
    stopped = made.stop_kept_ready + made.stop_ready
    assert stopped == 0 or healthy - stopped >= here.floor


@given(CREWS, CREWS, circumstances())
def test_it_stops_no_more_than_there_are(kept, moving, here):
    made = plan(kept, moving, here)
    assert 0 <= made.stop_kept_weak <= kept.starting + kept.fresh + kept.unproven
    assert 0 <= made.stop_kept_ready <= kept.ready
    assert 0 <= made.stop_starting <= moving.starting
    assert 0 <= made.stop_weak <= moving.unproven + moving.ill + kept.ill
    assert 0 <= made.stop_ready <= moving.ready + moving.fresh


@given(CREWS, circumstances())
def test_it_starts_and_stops_nothing_where_all_is_as_desired(kept, here):
    good = Crew(ready=here.desired, ending=kept.ending)
    made = plan(good, NOBODY, here)
    assert made.steady
    assert not made.acts
    assert not made.stuck


@given(CREWS, CREWS, circumstances())
def test_where_starts_are_forbidden_it_starts_nothing(kept, moving, here):
    assert plan(kept, moving, here._replace(stalled=True)).start == 0
    assert plan(kept, moving, here._replace(waits=True)).start == 0


@given(st.integers(0, 12), st.integers(0, 12), PERCENTS)
def test_obeyed_again_and_again_it_ends_in_a_steady_state_or_says_that_it_is_stuck(
    old, desired, percents
):
    """Whatever is started becomes healthy, whatever is stopped is gone: a world in ten lines."""
    limits = Limits(*percents)
    here = Circumstances(desired, limits.floor(desired), limits.ceiling(desired))
    kept, moving = NOBODY, Crew(ready=old)
    for _round in range(100):
        made = plan(kept, moving, here)
        if not made.acts:
            break
        moving = moving._replace(ready=moving.ready - made.stop_ready)
        kept = kept._replace(ready=kept.ready - made.stop_kept_ready + made.start)
    assert made.steady or made.stuck
    assert made.steady or limits.floor(desired) >= limits.ceiling(desired)


@st.composite
def protected(draw):
    """A crew some of whose tasks are protected: as many of each rank as there are, at most."""
    crew = draw(CREWS)
    ranks = ("starting", "fresh", "unproven", "ready")
    held = {f"shielded_{one}": draw(st.integers(0, getattr(crew, one))) for one in ranks}
    return crew._replace(**held)


@given(protected(), protected(), circumstances())
def test_it_stops_no_more_than_those_without_protection(kept, moving, here):
    """Of each kind: else it would want to stop tasks for ever that it may not."""
    made = plan(kept, moving, here)
    weak = kept.starting + kept.fresh + kept.unproven
    weak -= kept.shielded_starting + kept.shielded_fresh + kept.shielded_unproven
    old = moving.unproven - moving.shielded_unproven + moving.ill + kept.ill
    ready = moving.ready + moving.fresh - moving.shielded_ready - moving.shielded_fresh
    assert made.stop_kept_weak <= weak
    assert made.stop_kept_ready <= kept.ready - kept.shielded_ready
    assert made.stop_starting <= moving.starting - moving.shielded_starting
    assert made.stop_weak <= old
    assert made.stop_ready <= ready

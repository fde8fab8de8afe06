"""Alarms: whatever is set and taken back, the first moment is known."""

from hypothesis import given
from hypothesis import strategies as st

from ecslab.controlplane.alarms import Alarms

KEYS = st.sampled_from("abcdef")
MOMENTS = st.one_of(st.none(), st.integers(0, 20).map(float))


@given(st.lists(st.tuples(KEYS, MOMENTS)), st.integers(-1, 21))
def test_they_know_what_a_plain_table_knows(changes, now):
    alarms, table = Alarms(), {}
    for key, at in changes:
        alarms = alarms.set(key, at)
        if at is None:
            table.pop(key, None)
        else:
            table[key] = at
        assert dict(alarms.of) == table
        assert alarms.next == min(table.values(), default=None)
    due = sorted((at, key) for key, at in table.items() if at <= now)
    assert list(alarms.due(now)) == [key for _at, key in due]


def test_asking_what_is_due_changes_nothing():
    alarms = Alarms().set("a", 1.0)
    assert list(alarms.due(2.0)) == list(alarms.due(2.0)) == ["a"]
    assert alarms.next == 1.0
    assert alarms == Alarms().set("b", 5.0).set("a", 1.0).set("b", None)


def test_thousands_are_quick():
    alarms = Alarms()
    for number in range(20_000):
        alarms = alarms.set(f"k{number % 5000}", float(number * 7919 % 10_007))
    assert len(list(alarms.due(20_000.0))) == 5000

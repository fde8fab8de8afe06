"""``labels`` ⇄ dockerLabels"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("{b: two, a: 1}", {"b": "two", "a": "1"}),
        ("['com.example/x=y=z']", {"com.example/x": "y=z"}),
        ("{yes: $$x}", {"yes": "$x"}),
        ("{}", {}),
    ],
)
def test_labels_are_the_same_on_both_sides(written, labels):
    trip = ServiceTrip(f"labels: {written}")
    assert trip.container == {"dockerLabels": labels}
    assert trip.service == {"labels": labels}
    assert list(trip.service["labels"]) == list(labels)
    assert trip.said == []


def test_a_label_without_a_value_has_an_empty_one():
    trip = ServiceTrip("labels:\n  - bare")
    assert trip.service == {"labels": {"bare": ""}}
    assert trip.where("empty-value") == ("adapted", 6, "services.web.labels.bare")


@pytest.mark.parametrize("key", ["a=b", "<<", "on", "x-y", "é: é"])
def test_any_key_of_ecs_comes_back(key):
    assert from_ecs(dockerLabels={key: "$"}) == {"labels": {key: "$"}}


def test_an_empty_key_stands_in_ecs_own_words():
    labels = {"": "x", "a": "b"}
    assert from_ecs(dockerLabels=labels) == {
        "labels": {"a": "b"},
        "x-ecs": {"dockerLabels": labels},
    }

"""Memory: the hard limit, the soft one, swap; whole MiB, at least 6, 512 where nobody says"""

import pytest

from ecslab import convert
from tests.convert.trips import Trip, load, task_from_ecs

TEXT = """
services:
  web:
    image: nginx
    {keys}
"""


def trip(keys):
    return Trip(TEXT.format(keys=keys))


def sizes(made):
    members = ("memory", "memoryReservation")
    return {k: v for k, v in made.task["containerDefinitions"][0].items() if k in members}


@pytest.mark.parametrize(
    ("written", "mib"), [("512m", 512), ("1g", 1024), ("'536870912'", 512), ("0.5gb", 512)]
)
def test_a_limit_is_counted_in_mib(written, mib):
    made = trip(f"mem_limit: {written}")
    assert sizes(made) == {"memory": mib}
    assert made.document["services"]["web"]["mem_limit"] == f"{mib}m"
    assert made.said == []


def test_a_reservation_alone_stays_alone():
    made = trip("mem_reservation: 64m")
    assert sizes(made) == {"memoryReservation": 64}
    assert made.said == []


@pytest.mark.parametrize("keys", ["", "mem_limit: 0", "mem_limit: -1"])
def test_where_nobody_says_a_size_it_is_512_and_said(keys):
    made = trip(keys)
    assert sizes(made) == {"memory": 512}
    assert made.where("memory-default")[0] == "adapted"


def test_no_limit_is_named():
    assert trip("mem_limit: -1").where("memory-unlimited") == (
        "adapted", 5, "services.web.mem_limit",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "mib", "codes"),
    [
        ("6291457b", 7, ["size-rounded"]),
        ("1m", 6, ["memory-least"]),
        ("1k", 6, ["size-rounded", "memory-least"]),
    ],
)
def test_it_is_rounded_up_and_6_at_least(written, mib, codes):
    made = trip(f"mem_limit: {written}")
    assert sizes(made) == {"memory": mib}
    assert made.codes == codes


def test_deploy_says_it_too_and_comes_back_by_the_other_name():
    made = trip("deploy: {resources: {limits: {memory: 1g}, reservations: {memory: 512m}}}")
    assert sizes(made) == {"memory": 1024, "memoryReservation": 512}
    assert made.codes == ["memory-deploy", "memory-deploy"]


def test_what_is_said_twice_is_named():
    made = trip("mem_limit: 64m\n    deploy: {resources: {limits: {memory: 1g}}}")
    assert sizes(made) == {"memory": 64}
    assert made.where("memory-twice") == (
        "dropped", 6, "services.web.deploy.resources.limits.memory",
    )  # fmt: skip


def test_a_limit_below_the_reservation_is_an_error_at_its_line():
    project = load(TEXT.format(keys="mem_reservation: 128m\n    mem_limit: 64m"))
    with pytest.raises(convert.ConvertError) as error:
        convert.to_task_definition(project)
    (problem,) = error.value.problems
    assert (problem.code, problem.mark.line) == ("memory-below-reservation", 6)


def swap(made):
    linux = made.task["containerDefinitions"][0].get("linuxParameters", {})
    return linux.get("maxSwap")


@pytest.mark.parametrize(("total", "more"), [("96m", 32), ("64m", 0)])
def test_swap_is_what_is_above_the_limit(total, more):
    made = trip(f"mem_limit: 64m\n    memswap_limit: {total}")
    assert swap(made) == more
    assert made.document["services"]["web"]["memswap_limit"] == total
    assert made.said == []


@pytest.mark.parametrize(
    "keys",
    ["memswap_limit: 64m", "mem_limit: 64m\n    memswap_limit: -1",
     "mem_limit: 64m\n    memswap_limit: 32m"],
)  # fmt: skip
def test_swap_without_its_limit_is_lost(keys):
    made = trip(keys)
    assert swap(made) is None
    assert made.where("swap")[0] == "dropped"


def test_swap_of_ecs_without_a_limit_stands_in_ecs_own_words():
    document = task_from_ecs([{"memory": 64, "linuxParameters": {"maxSwap": 5}}])
    assert document["services"]["c0"]["memswap_limit"] == "69m"
    document = task_from_ecs(
        [{"memory": 64}, {"memoryReservation": 6, "linuxParameters": {"maxSwap": 5}}], memory="512"
    )
    assert "x-ecs" not in document["services"]["c0"]


def test_a_container_of_a_sized_task_needs_no_limit():
    definition = {"family": "p", "memory": "512", "containerDefinitions": [
        {"name": "a", "image": "i", "linuxParameters": {"maxSwap": 5}}]}  # fmt: skip
    written = convert.to_compose(definition)
    assert written.value["services"]["a"] == {
        "image": "i",
        "x-ecs": {"linuxParameters": {"maxSwap": 5}},
    }
    assert convert.to_task_definition(load(written.text())).value == definition

"""What ECS would refuse: errors with their place, and what is only said."""

import pytest

from ecslab import convert
from tests.convert.trips import load


def problems(text, **more):
    with pytest.raises(convert.ConvertError) as error:
        convert.to_task_definition(load(text), **more)
    return error.value.problems


def services(number):
    lines = [f"  s{index}: {{image: i, mem_limit: 64m}}" for index in range(number)]
    return "services:\n" + "\n".join(lines)


def test_ten_containers_are_fine():
    assert convert.to_task_definition(load(services(10))).diagnostics == ()


def test_the_eleventh_is_named_with_the_way_out():
    made = convert.to_task_definition(load(services(12)))
    (said,) = made.diagnostics
    assert (said.code, said.fidelity, said.path) == (
        "too-many-containers", "dropped", "services.s10",
    )  # fmt: skip
    assert said.mark.line == 12
    assert "--split service" in str(said.hint)
    assert len(made.value["containerDefinitions"]) == 12


def test_one_container_has_to_be_essential():
    (problem,) = problems("services: {a: {image: i, x-ecs: {essential: false}}}")
    assert problem.code == "no-essential"


def test_every_problem_is_told_at_once():
    found = problems(
        """
services:
  a: {image: i, mem_limit: 8m, mem_reservation: 9m}
  b: {image: i, mem_limit: 8m, mem_reservation: 9m, x-ecs: {cpu: much}}
""",
        family="no spaces",
    )
    assert sorted(one.code for one in found) == [
        "family", "memory-below-reservation", "memory-below-reservation", "type",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("waits", "circle"),
    [
        ({"a": "a"}, "a → a"),
        ({"a": "b", "b": "c", "c": "b"}, "b → c → b"),
        ({"a": "b", "b": "c", "c": "d"}, None),
    ],
)
def test_who_waits_in_a_circle_is_named(waits, circle):
    lines = [f"  {name}: {{image: i, mem_limit: 64m{need}}}" for name in "abcd"
             for need in [f", depends_on: [{waits[name]}]" if name in waits else ""]]  # fmt: skip
    text = "services:\n" + "\n".join(lines)
    if circle is None:
        assert convert.to_task_definition(load(text)).diagnostics == ()
    else:
        (problem,) = problems(text)
        assert circle in str(problem.message)


def test_a_long_chain_is_no_circle_and_takes_no_time():
    lines = [f"  s{n}: {{image: i, mem_limit: 64m, depends_on: [s{n + 1}]}}" for n in range(2000)]
    text = "services:\n" + "\n".join(lines) + "\n  s2000: {image: i, mem_limit: 64m}"
    made = convert.to_task_definition(load(text))
    assert [one.code for one in made.diagnostics] == ["too-many-containers"]


def test_a_service_without_a_container_is_left_out():
    text = """
services:
  web: {image: i, mem_limit: 64m, depends_on: [cloud]}
  cloud: {provider: {type: model}}
"""
    made = convert.to_task_definition(load(text))
    assert [one["name"] for one in made.value["containerDefinitions"]] == ["web"]
    assert {one.code for one in made.diagnostics} == {"provider", "other-task"}

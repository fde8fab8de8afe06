"""``environment`` and ``env_file`` ⇄ environment: order and doubles stay, $ is doubled"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


def pairs(*given):
    return [{"name": name, "value": value} for name, value in given]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{B: two, A: 1}", pairs(("B", "two"), ("A", "1"))),
        ("[A=1, A=2]", pairs(("A", "1"), ("A", "2"))),
        ("['URL=a=b']", pairs(("URL", "a=b"))),
        ("{PRICE: $$5}", pairs(("PRICE", "$5"))),
        ("{YES: yes, ON: on, NO: true}", pairs(("YES", "yes"), ("ON", "on"), ("NO", "true"))),
        ("['EMPTY=']", pairs(("EMPTY", ""))),
        ("[]", []),
    ],
)
def test_variables_stay_in_order(written, expected):
    trip = ServiceTrip(f"environment: {written}")
    assert trip.container == {"environment": expected}
    assert trip.service == {"environment": [f"{one['name']}={one['value']}" for one in expected]}
    assert trip.said == []


def test_a_variable_nobody_gives_a_value_is_left_out():
    trip = ServiceTrip("environment: [A, B=1]")
    assert trip.container == {"environment": pairs(("B", "1"))}
    assert trip.where("environment-unset") == ("dropped", 5, "services.web.environment[0]")


def test_a_bare_name_takes_the_value_of_the_shell():
    trip = ServiceTrip("environment: [A]", environment={"A": "from the shell"})
    assert trip.container == {"environment": pairs(("A", "from the shell"))}


def test_the_trace_leads_from_each_line_to_its_variable():
    trip = ServiceTrip("environment:\n  - GONE\n  - A=1")
    (found,) = [one for one in trip.made.trace if one.source == "services.web.environment[1]"]
    assert found.targets == ("containerDefinitions[0].environment[0]",)
    assert found.mark.line == 7


@pytest.mark.parametrize("pair", [{"name": "A"}, {"value": "1"}, {"name": "A=B", "value": "1"}, {}])
def test_what_no_line_can_say_stands_in_ecs_own_words(pair):
    assert from_ecs(environment=[pair])["x-ecs"] == {"environment": [pair]}

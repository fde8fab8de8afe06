"""``security_opt`` ⇄ dockerSecurityOptions"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "value"), [("['no-new-privileges:true']", ["no-new-privileges:true"]), ("[]", [])]
)
def test_it_is_the_same_on_both_sides(written, value):
    trip = ServiceTrip(f"security_opt: {written}")
    assert trip.container == {"dockerSecurityOptions": value}
    assert trip.service == {"security_opt": value}
    assert trip.said == []


def test_it_is_written_as_compose_has_it():
    value = []
    assert from_ecs(dockerSecurityOptions=value) == {"security_opt": value}

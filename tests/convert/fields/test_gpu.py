"""GPUs ⇄ resourceRequirements"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


def devices(*requests):
    return f"deploy: {{resources: {{reservations: {{devices: [{', '.join(requests)}]}}}}}}"


def gpus(count):
    return {"resourceRequirements": [{"value": str(count), "type": "GPU"}]}


def written(count):
    request = {"capabilities": ["gpu"], "count": count}
    return {"deploy": {"resources": {"reservations": {"devices": [request]}}}}


def test_a_request_for_gpus_is_their_number():
    trip = ServiceTrip(devices("{capabilities: [gpu], count: 2}"))
    assert trip.container == gpus(2)
    assert trip.service == written(2)
    assert trip.said == []


def test_requests_are_added_up():
    trip = ServiceTrip(
        devices("{capabilities: [gpu], count: 2}", "{capabilities: [gpu], count: 1}")
    )
    assert trip.container == gpus(3)


def test_the_short_key_says_the_same():
    trip = ServiceTrip("gpus: [{count: 1}]")
    assert trip.container == gpus(1)
    assert trip.service == written(1)
    assert trip.where("gpus") == ("adapted", 5, "services.web.gpus[0]")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("gpus: all", "gpu-count"),
        ("gpus: []", "gpu-none"),
        (devices("{capabilities: [gpu], count: all}"), "gpu-count"),
        (devices("{capabilities: [tpu], count: 1}"), "device-request"),
    ],
)
def test_what_is_no_number_of_gpus_is_lost(keys, code):
    trip = ServiceTrip(keys)
    assert trip.container == {}
    assert trip.where(code)[0] == "dropped"


def test_which_gpus_is_not_for_us_to_choose():
    trip = ServiceTrip(devices("{capabilities: [gpu], driver: nvidia, device_ids: ['0', '3']}"))
    assert trip.container == gpus(2)
    assert trip.codes == ["gpu-choice", "gpu-choice"]


@pytest.mark.parametrize(
    "requirements",
    [
        [{"type": "InferenceAccelerator", "value": "device_1"}],
        [{"value": "1", "type": "GPU"}, {"value": "1", "type": "GPU"}],
        [{"value": "1", "type": "GPU", "sharingStrategy": {"nvidiaMps": {"memory": 8}}}],
        [{"value": "0", "type": "GPU"}],
        [],
    ],
)
def test_other_requirements_stand_in_ecs_own_words(requirements):
    service = from_ecs(resourceRequirements=requirements)
    assert service["x-ecs"]["resourceRequirements"] == requirements

"""``entrypoint`` ⇄ entryPoint: a list of words; an empty one means another thing on each side"""

import pytest

from tests.convert.trips import ServiceTrip, from_ecs


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("echo hello", ["echo", "hello"]),
        ("echo 'a  b' c", ["echo", "a  b", "c"]),
        ('["sh", "-c", "echo $$HOME"]', ["sh", "-c", "echo $HOME"]),
        ("['']", [""]),
    ],
)
def test_text_is_split_as_a_shell_splits_it(written, words):
    trip = ServiceTrip(f"entrypoint: {written}")
    assert trip.container == {"entryPoint": words}
    assert trip.service == {"entrypoint": words}
    assert trip.said == []


def test_a_dollar_sign_is_doubled_in_the_file():
    assert "echo $$HOME" in ServiceTrip('entrypoint: ["echo $$HOME"]').back.text()


def test_an_empty_one_has_no_form_in_ecs():
    trip = ServiceTrip("entrypoint: []")
    assert trip.container == {}
    assert trip.where("entrypoint-empty") == ("dropped", 5, "services.web.entrypoint")


def test_an_empty_list_of_ecs_is_kept_in_its_own_words():
    assert from_ecs(entryPoint=[]) == {"x-ecs": {"entryPoint": []}}

"""The law of the house: there and back changes nothing, or says what it changed."""

import json
from importlib.resources import files

import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from ecslab import compose, convert
from tests.convert.definitions import task_definitions

SLOW_DATA = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class OneFile:
    def __init__(self, text):
        self.text = text

    def read(self, path):
        return self.text.encode() if path == "/p/compose.yaml" else None


def read_back(text):
    return compose.load("/p/compose.yaml", loader=OneFile(text), environment={"HOME": "/root"})


@SLOW_DATA
@given(task_definitions())
def test_a_task_definition_comes_back_from_compose_as_it_was(definition):
    text = convert.to_compose(definition).text()
    assert convert.to_task_definition(read_back(text)).value == definition


@SLOW_DATA
@given(task_definitions())
def test_a_second_trip_writes_the_same_bytes(definition):
    first = convert.to_compose(definition).text()
    second = convert.to_compose(convert.to_task_definition(read_back(first)).value).text()
    assert second == first


SPEC = Draft202012Validator(
    json.loads(
        files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
    )
)


@SLOW_DATA
@given(task_definitions())
def test_the_compose_file_is_one_the_specification_takes(definition):
    document = yaml.safe_load(convert.to_compose(definition).text())
    assert [error.message for error in SPEC.iter_errors(document)] == []

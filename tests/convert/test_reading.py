"""Task definitions as text: JSON or YAML, wrapped or not, each part at its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab import convert
from ecslab.compose.tree import find
from ecslab.convert.json_marks import parse
from ecslab.convert.json_text import dumps
from tests.convert.trips import load

CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | CHARACTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CHARACTERS, inner, max_size=3),
)


@given(JSON, st.sampled_from([None, 1, 2]), st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert parse(text.encode(), "a.json") == json.loads(text)


@given(JSON)
def test_json_is_written_as_the_standard_library_writes_it(value):
    assert dumps(value) == json.dumps(value, ensure_ascii=False, indent=2) + "\n"


TEXT = """\
{
  "family": "f",
  "containerDefinitions": [
    {"name": "a", "image": "i",
     "memory": "64"}
  ]
}
"""


def test_a_part_has_its_line_and_column():
    document = convert.read_definition(TEXT.encode(), "td.json")
    assert find(document, ("containerDefinitions", 0, "memory"))[1:] == (5, 6)
    (said,) = convert.to_compose(document).diagnostics
    assert (said.code, said.fidelity) == ("type", "adapted")
    assert said.mark == ("td.json", 5, 6)


def test_the_trace_goes_from_the_definition_to_the_compose_file():
    made = convert.to_compose(convert.read_definition(TEXT.encode(), "td.json"))
    found = {one.source: (one.mark.line, one.targets) for one in made.trace}
    assert found["containerDefinitions[0].image"] == (4, ("services.a.image",))
    assert found["containerDefinitions[0]"] == (4, ("services.a",))
    assert found["family"] == (2, ("name",))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": 1,}', 1, 9),
        ('{"a" 1}', 1, 6),
        ('{"a": }', 1, 7),
        ("{\n 'a': 1}", 2, 2),
        ('{"a": [1 2]}', 1, 10),
        ('{"a": 1} x', 1, 10),
        ('{"a": "\n"}', 1, 8),
        ('{"a": 1, "a": 2}', 1, 10),
        ('{"a": tru}', 1, 7),
        ('{"a": ' + "9" * 30 + "}", 1, 7),
        ("[" * 200, 1, 102),
        ('{"a":', 1, 6),
    ],
)
def test_what_is_no_json_is_one_problem_at_its_place(text, line, column):
    with pytest.raises(convert.ConvertError) as error:
        convert.read_definition(text.encode(), "td.json")
    (problem,) = error.value.problems
    assert (problem.code, problem.mark) == ("json", ("td.json", line, column))


def test_what_is_no_utf_8_is_one_problem_at_its_place():
    with pytest.raises(convert.ConvertError) as error:
        convert.read_definition('{\n"ü": 1}'.encode("latin-1"), "td.json")
    assert error.value.problems[0].mark == ("td.json", 2, 2)


@pytest.mark.parametrize("text", ["", "text", "- a", "[]", "3", "a: 1\n---\nb: 2"])
def test_what_is_no_definition_is_an_error(text):
    with pytest.raises(convert.ConvertError):
        convert.to_compose(convert.read_definition(text.encode(), "td"))


DEFINITION = {
    "family": "f",
    "containerDefinitions": [{"name": "a", "image": "i", "memory": 64}],
}
ANSWER = {
    "taskDefinition": {
        **DEFINITION,
        "taskDefinitionArn": "arn:aws:ecs:ap-northeast-1:1:task-definition/f:3",
        "revision": 3,
        "status": "ACTIVE",
        "requiresAttributes": [{"name": "x"}],
        "compatibilities": ["EC2"],
        "registeredAt": "2026-01-01T00:00:00+09:00",
        "registeredBy": "arn:aws:iam::1:user/me",
    },
    "tags": [{"key": "k", "value": "v"}],
}


def test_the_answer_of_describe_task_definition_is_taken_as_it_is():
    made = convert.to_compose(convert.read_definition(json.dumps(ANSWER, indent=1).encode()))
    assert convert.to_task_definition(load(made.text())).value == {
        **DEFINITION,
        "tags": [{"key": "k", "value": "v"}],
    }
    told = [one.path for one in made.diagnostics if one.code == "revision"]
    assert len(told) == 7
    assert told[0] == "taskDefinition.taskDefinitionArn"


def test_yaml_is_taken_too():
    text = "family: f\ncontainerDefinitions:\n- {name: a, image: i, memory: 64}\n"
    assert convert.to_compose(convert.read_definition(text.encode())).value == (
        convert.to_compose(DEFINITION).value
    )


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ({}, "no-containers"),
        ({"containerDefinitions": []}, "no-containers"),
        ({"containerDefinitions": [{}]}, "container-name"),
        ({"containerDefinitions": [{"name": "a"}, {"name": "a"}]}, "container-name"),
        ({"containerDefinitions": [{"name": "a b"}]}, "container-name"),
        ({"containerDefinitions": {"name": "a"}}, "type"),
        ({"containerDefinitions": ["a"]}, "type"),
        ({"containerDefinitions": [{"name": "a", "memory": 1.5}]}, "type"),
        ({"containerDefinitions": [{"name": "a", "cpu": True}]}, "type"),
        ({"containerDefinitions": [{"name": "a", "essential": 1}]}, "type"),
        ({"containerDefinitions": [{"name": "a", "image": "\ud800"}]}, "type"),
        ({"containerDefinitions": [{"name": "a", "dockerLabels": {"a": [1]}}]}, "type"),
    ],
)
def test_what_is_wrong_in_a_definition_is_named(definition, code):
    with pytest.raises(convert.ConvertError) as error:
        convert.to_compose(definition)
    assert code in [one.code for one in error.value.problems]


def test_null_is_as_if_it_were_not_there():
    definition = {"cpu": None, "containerDefinitions": [{"name": "a", "image": "i", "cpu": None}]}
    assert "cpu" not in str(convert.to_compose({"family": "f", **definition}).value)


def test_the_input_is_left_as_it_was():
    before = json.dumps(ANSWER)
    convert.to_compose(ANSWER)
    assert json.dumps(ANSWER) == before

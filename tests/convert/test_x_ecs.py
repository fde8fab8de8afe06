"""``x-ecs``: pieces of a task definition in ECS's own words, laid over what Compose says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab import compose, convert
from ecslab.convert.extension import difference, laid_over
from tests.convert.trips import ServiceTrip, Trip, load

SCALARS = st.integers(0, 2) | st.booleans() | st.sampled_from(["a", "b"])
INNER = st.dictionaries(st.sampled_from("xyz"), SCALARS | st.lists(SCALARS, max_size=2))
KIND = {"inner": {"x": "int", "y": "int"}, "map": ("text",)}
VALUES = st.fixed_dictionaries(
    {}, optional={"inner": INNER, "map": INNER, "plain": SCALARS, "other": st.none() | SCALARS}
).map(lambda made: {key: value for key, value in made.items() if value is not None})


@given(VALUES, VALUES)
def test_the_difference_laid_over_what_was_found_is_what_was_wanted(wanted, found):
    made = laid_over(found, difference(wanted, found, KIND), KIND)
    assert repr(sorted(made.items())) == repr(sorted(wanted.items())) or made == wanted


@given(VALUES)
def test_between_the_same_there_is_no_difference(value):
    assert difference(value, value, KIND) == {}


def test_it_adds_changes_and_takes_away():
    trip = Trip(
        """
        services:
          other: {image: i}
          web:
            image: nginx
            user: me
            logging: {driver: awslogs, options: {a: b}}
            hostname: gone
            x-ecs:
              essential: false
              user: you
              hostname: null
              logConfiguration: {secretOptions: [{name: n, valueFrom: arn}]}
        x-ecs: {cpu: 256, memory: 1GB, executionRoleArn: arn}
        """,
        quiet=["x-ecs-wins"],
    )
    assert trip.task["cpu"] == "256"
    assert trip.task["executionRoleArn"] == "arn"
    assert trip.task["containerDefinitions"][1] == {
        "name": "web",
        "image": "nginx",
        "essential": False,
        "user": "you",
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {"a": "b"},
            "secretOptions": [{"name": "n", "valueFrom": "arn"}],
        },
    }
    assert trip.said == []


def test_where_it_overrules_a_compose_key_that_is_said():
    trip = ServiceTrip("user: me\nx-ecs:\n  user: you")
    assert trip.container == {"user": "you"}
    assert trip.where("x-ecs-wins") == ("adapted", 7, "services.web.x-ecs.user")


def test_where_the_key_is_what_the_piece_is_written_with_nothing_is_said():
    wait = [{"containerName": "b", "condition": "COMPLETE"}]
    definition = {
        "family": "p",
        "containerDefinitions": [
            {"name": "a", "image": "i", "memory": 64, "dependsOn": wait},
            {"name": "b", "image": "i", "memory": 64, "essential": False},
        ],
    }
    text = convert.to_compose(definition).text()
    assert convert.to_task_definition(load(text)).diagnostics == ()


def test_where_a_user_changes_the_key_beside_it_that_is_said():
    wait = [{"containerName": "b", "condition": "COMPLETE"}]
    definition = {
        "family": "p",
        "containerDefinitions": [
            {"name": "a", "image": "i", "memory": 64, "dependsOn": wait},
            {"name": "b", "image": "i", "memory": 64, "essential": False},
        ],
    }
    text = convert.to_compose(definition).text()
    changed = text.replace("service_completed_successfully", "service_started")
    (said,) = convert.to_task_definition(load(changed)).diagnostics
    assert (said.code, said.path) == ("x-ecs-wins", "services.a.x-ecs.dependsOn")


@pytest.mark.parametrize(
    ("written", "path", "line"),
    [
        ("x-ecs: {memory: lots}", "services.web.x-ecs.memory", 5),
        ("x-ecs: {memory: 1.5}", "services.web.x-ecs.memory", 5),
        ("x-ecs: {essential: maybe}", "services.web.x-ecs.essential", 5),
        ("x-ecs: {secrets: {A: b}}", "services.web.x-ecs.secrets", 5),
        ("x-ecs:\n  secrets:\n  - A", "services.web.x-ecs.secrets[0]", 7),
        ("x-ecs: {firelensConfiguration: x}", "services.web.x-ecs.firelensConfiguration", 5),
        ("x-ecs: [a]", "services.web.x-ecs", 5),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_at_its_place(written, path, line):
    with pytest.raises(convert.ConvertError) as error:
        ServiceTrip(written)
    (problem,) = error.value.problems
    assert (problem.code, problem.path, problem.mark.line) == ("type", path, line)


def test_a_word_nobody_knows_is_handed_on_and_named_with_the_nearest():
    project = load("services:\n  web:\n    image: i\n    x-ecs: {esential: false}")
    made = convert.to_task_definition(project)
    assert made.value["containerDefinitions"][0]["esential"] is False
    said = next(one for one in made.diagnostics if one.code == "unknown-member")
    assert (said.fidelity, said.path) == ("exact", "services.web.x-ecs.esential")
    assert "essential" in str(said.hint)


def test_a_member_ecs_will_have_one_day_comes_back():
    definition = {
        "family": "p",
        "newMember": {"a": [1, None]},
        "containerDefinitions": [
            {"name": "a", "image": "i", "memory": 64, "portMappings": [{"hostPort": 1, "x": 2}],
             "later": True}
        ],
    }  # fmt: skip
    text = convert.to_compose(definition).text()
    assert convert.to_task_definition(load(text)).value == definition


def test_two_files_add_to_each_others_pieces():
    files = {
        "/p/a.yaml": "services: {w: {image: i, x-ecs: {secrets: [{name: A, valueFrom: a}]}}}",
        "/p/b.yaml": "services: {w: {x-ecs: {cpu: 5, secrets: [{name: B, valueFrom: b}]}}}",
    }

    class Files:
        def read(self, path):
            return files[path].encode() if path in files else None

    project = compose.load(["/p/a.yaml", "/p/b.yaml"], loader=Files(), environment={})
    container = convert.to_task_definition(project).value["containerDefinitions"][0]
    assert container["cpu"] == 5
    assert [one["name"] for one in container["secrets"]] == ["A", "B"]


@pytest.mark.parametrize(
    "definition",
    [
        {"secrets": [{"name": "A", "valueFrom": "arn"}]},
        {"repositoryCredentials": {"credentialsParameter": "arn"}},
        {"environmentFiles": [{"value": "arn:aws:s3:::b/a.env", "type": "s3"}]},
        {"startTimeout": 30},
        {"versionConsistency": "disabled"},
        {"firelensConfiguration": {"type": "fluentbit", "options": {"a": "$b"}}},
        {"credentialSpecs": ["credentialspec:arn"]},
        {"essential": True},
        {"linuxParameters": {}},
        {"linuxParameters": {"capabilities": {}}},
        {"command": []},
    ],
)
def test_what_compose_has_no_word_for_stands_under_its_own_name(definition):
    whole = {
        "family": "p",
        "containerDefinitions": [{"name": "a", "image": "i", "memory": 64, **definition}],
    }
    made = convert.to_compose(whole)
    assert made.value["services"]["a"]["x-ecs"] == definition
    said = [(one.code, one.fidelity, one.path) for one in made.diagnostics]
    (member,) = definition
    assert said == [("x-ecs", "exact", f"containerDefinitions[0].{member}")]
    assert convert.to_task_definition(load(made.text())).value == whole


def test_inside_a_list_null_is_nothing():
    made = ServiceTrip("x-ecs: {secrets: [{name: A, valueFrom: a, later: null}]}")
    assert made.container == {"secrets": [{"name": "A", "valueFrom": "a"}]}

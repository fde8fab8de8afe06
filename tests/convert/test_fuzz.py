"""Mutated files: a value or a clean error, never a traceback."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ecslab import compose, convert
from ecslab.convert.reading import EcsParams
from tests.convert.trips import FILE, OneFile

DATA = [path.read_text() for path in sorted((Path(__file__).parent / "data").iterdir())]
JUNK = st.sampled_from(
    ["[", "{", "}", ":", "- ", "\n", "  ", "null", "~", "-1", "0", "1e999", "''", "&a", "*a", "$",
     "${", "x-ecs: {", "true", "0x", "\t", "é", "<<: ", "!reset", "%", "1.5", "999999999999999999"]
)  # fmt: skip


@st.composite
def mutated(draw):
    text = draw(st.sampled_from(DATA))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.integers(0, 12))
        text = text[:at] + draw(JUNK | st.just("")) + text[at + gone :]
    return text


def clean(make):
    """The value, or None where there is none and each problem has its sentence."""
    try:
        return make()
    except compose.ComposeError as error:
        problems = error.problems
    assert problems
    assert all(str(problem.message) for problem in problems)
    return None


def read(text):
    return compose.load(FILE, loader=OneFile(text), environment={"HOME": "/root"})


@given(mutated())
def test_a_mutated_compose_file_is_a_value_or_a_clean_error(text):
    project = clean(lambda: read(text))
    if project is None:
        return
    clean(lambda: convert.to_task_definition(project, launch_type="FARGATE"))
    made = clean(lambda: convert.to_task_definition(project))
    if made is not None:
        back = convert.to_compose(made.value)
        assert convert.to_task_definition(read(back.text())).value == made.value


def pieces(keys):
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(keys.split()), inner, max_size=4)
        ),
        max_leaves=20,
    )


ECS = pieces(
    "family name image containerDefinitions volumes host cpu memory portMappings containerPort "
    "environment value healthCheck command linuxParameters tmpfs containerPath size dependsOn "
    "containerName mountPoints sourceVolume logConfiguration restartPolicy enabled"
)
PARAMS = pieces(
    "task_size cpu_limit mem_limit services web essential secrets value_from name healthcheck test "
    "interval depends_on container_name efs_volumes filesystem_id docker_volumes gpu logging"
)


@given(ECS, ECS)
def test_any_document_is_a_compose_file_or_a_clean_error(container, volumes):
    named = {**(container if isinstance(container, dict) else {}), "name": "a"}
    clean(lambda: convert.to_compose(container))
    clean(lambda: convert.to_compose({"containerDefinitions": [container]}))
    clean(lambda: convert.to_compose({"containerDefinitions": [named], "volumes": volumes}))


@given(PARAMS, PARAMS)
def test_any_ecs_params_are_taken_or_a_clean_error(task, service):
    project = compose.canonical({"name": "p", "services": {"web": {"image": "i"}}})
    for document in (
        task,
        {"task_definition": task},
        {"task_definition": {"services": {"web": service}}},
    ):
        params = EcsParams(document)
        clean(lambda params=params: convert.to_task_definition(project, ecs_params=params))

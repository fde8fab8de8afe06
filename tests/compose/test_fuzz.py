"""Whatever the text, reading ends in a project or in a clean error."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecslab import compose

DATA = Path(__file__).parent / "data"
SOURCES = [path.read_text() for path in sorted(DATA.glob("*.yaml"))]
BITS = [
    *("{", "}", "[", "]", ":", "- ", "\n", "  ", "\t", "&a ", "*a", "<<: *a", "!reset ", "!x "),
    *("$", "${", "${A:?", "null", "1", "yes", '"', "'", "#", "|\n", "? ", "\ufeff", "\0", "é"),
    *("services:", "extends: web", "image: ", "ports: ", "environment: ", "volumes: "),
]


class Nothing:
    """A loader of one text."""

    def __init__(self, data):
        self.data = data

    def read(self, path):
        return self.data if path == "/p/compose.yaml" else None


def ends_cleanly(data):
    try:
        project = compose.load("/p/compose.yaml", loader=Nothing(data), environment={})
    except compose.ComposeError as error:
        said = [problem.message.render("ja") for problem in error.problems]
    else:
        said = [*project.services, compose.to_yaml(project.document)]
    assert said


@st.composite
def mutated(draw):
    """A real file with some of it cut out, doubled or put in."""
    text = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        until = at + draw(st.integers(0, 12))
        middle = draw(st.sampled_from(["", text[at:until] * 2, *BITS]))
        text = text[:at] + middle + text[until:]
    return text.encode("utf-8", "surrogatepass")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_mutated_files_end_in_a_value_or_a_clean_error(data):
    ends_cleanly(data)


@given(st.binary(max_size=60))
def test_any_bytes_end_in_a_value_or_a_clean_error(data):
    ends_cleanly(data)


KEYS = ["image", "ports", "volumes", "environment", "depends_on", "healthcheck", "deploy", "build",
        "extends", "networks", "ulimits", "env_file", "secrets", "logging", "links", "gpus",
        "devices", "extra_hosts", "command", "profiles", "volumes_from", "network_mode", "x-a",
        "label_file", "include", "develop", "configs", "models", "sysctls"]  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False),
              st.text(max_size=8),
              st.sampled_from(["80:80", "./a:/b", "a=b", "web", "service:web", "1:", ":", "all"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from([*KEYS, "target", "path", "type", "service"]),
                                  st.text(max_size=4)), inner, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4), VALUES)
def test_any_document_is_a_project_or_a_clean_error(service, top):
    documents = {"services": {"web": service}}, {"services": top}, {"volumes": top, **service}
    for document in documents:
        with contextlib.suppress(compose.ComposeError):
            assert isinstance(compose.canonical(document).services, dict)


@pytest.mark.parametrize("source", SOURCES)
def test_the_examples_are_read_and_written_and_read_again(source):
    first = compose.load("/p/compose.yaml", loader=Nothing(source.encode()), environment={"T": "1"})
    written = compose.to_yaml(first.document, escape=True).encode()
    second = compose.load("/p/compose.yaml", loader=Nothing(written), environment={"T": "1"})
    assert second.document == first.document

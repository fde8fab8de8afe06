"""Variables in values: every form, nested, and what is none."""

import pytest


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$V", "v"),
        ("${V}", "v"),
        ("a$V.b", "av.b"),
        ("${N}", ""),
        ("${V:-d}", "v"),
        ("${E:-d}", "d"),
        ("${E-d}", ""),
        ("${N-d}", "d"),
        ("${N:-$V}", "v"),
        ("${N:-${M:-${V}x}}", "vx"),
        ("${V:+r}", "r"),
        ("${E:+r}", ""),
        ("${E+r}", "r"),
        ("${N+r}", ""),
        ("${V:?e}", "v"),
        ("${E?e}", ""),
        ("$$V", "$V"),
        ("$${V}", "${V}"),
        ("$$$V", "$v"),
        ("${N:-$$x}", "$x"),
    ],
)
def test_a_variable_is_filled_in(service, written, read):
    found = service(f"hostname: '{written}'", environment={"V": "v", "E": ""})
    assert found["hostname"] == read


@pytest.mark.parametrize(
    "written", ["$", "$1", "a $ b", "${", "${V", "${1}", "${V!}", "${}", "${V:x}"]
)
def test_what_is_no_variable_is_an_error(wrong, written):
    found = wrong(f"services:\n  web:\n    image: 'x{written}'\n")
    assert found[0].code == "interpolation"
    assert found[0].mark[1:] == (3, 5)


def test_a_required_variable_says_what_its_author_says(wrong):
    (found,) = wrong("services: {web: {image: '${TAG:?which one?}'}}")
    assert "which one?" in found.message.render("en")


def test_keys_are_not_filled_in(service):
    assert service("labels: {'$V': '$V'}", environment={"V": "v"})["labels"] == {"$V": "v"}


def test_a_variable_that_is_not_set_is_noticed(load):
    project = load("services: {web: {image: 'a$NO'}}")
    assert [notice.code for notice in project.diagnostics] == ["variable-unset"]


def test_values_of_their_own_type_may_come_from_variables(service):
    found = service(
        "privileged: ${P}\nmem_swappiness: ${S}\nports: ['${A}:80']",
        environment={"P": "true", "S": "3", "A": "8080"},
    )
    assert (found["privileged"], found["mem_swappiness"]) == (True, 3)
    assert found["ports"] == [{"target": 80, "published": "8080"}]


def test_the_shell_wins_over_dot_env(load):
    files = {".env": "A=file\nB=file\n", "compose.yaml": "services: {web: {image: '$A$B'}}"}
    assert load(files=files, environment={"A": "shell"}).services["web"]["image"] == "shellfile"


def test_the_project_name_is_a_variable(load):
    project = load("services: {web: {image: '${COMPOSE_PROJECT_NAME}'}}", project_name="me")
    assert project.services["web"]["image"] == "me"

"""Every word of Compose and every member of a task definition is in exactly one row."""

import json
import re
from importlib.resources import files
from pathlib import Path

import botocore.session
import pytest

from ecslab.convert.shape import TASK
from ecslab.convert.table import GAPS, KNOTS, ORDER, RULES

SPEC = json.loads(
    files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
)
HERE = Path(__file__).parent


def owners(side):
    """Pattern → the codes of the rows that have it."""
    found = {}
    for row in (*RULES, *KNOTS):
        for path in getattr(row, side):
            found.setdefault(path, []).append(row.code)
    for gap in GAPS:
        for path in gap.paths if gap.side == side else ():
            found.setdefault(path, []).append(gap.code)
    return found


def owner(path, patterns):
    """The longest pattern that is the path or stands above it."""
    above = [one for one in patterns if path == one or path.startswith((f"{one}.", f"{one}["))]
    return max(above, key=len, default=None)


# -- task definitions -----------------------------------------------------------------------------


def members(shape, path=""):
    """Every member of botocore's shape, as the issue of a newcomer would name it."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            here = f"{path}.{name}" if path else name
            yield here, member
            yield from members(member, here)
    elif shape.type_name == "list":
        yield from members(shape.member, f"{path}[]")


def request():
    model = botocore.session.get_session().get_service_model("ecs")
    return model.operation_model("RegisterTaskDefinition").input_shape


MEMBERS = dict(members(request()))


@pytest.mark.parametrize("path", MEMBERS)
def test_a_member_of_register_task_definition_has_one_row(path):
    patterns = owners("ecs")
    found = owner(f"{path}[]" if f"{path}[]" in patterns else path, patterns)
    # A group says nothing itself: its members have their rows.
    below = [one for one in patterns if one.startswith((f"{path}.", f"{path}["))]
    assert found or below, f"{path} is in no row of the table"
    if found:
        assert len(patterns[found]) == 1, patterns[found]


@pytest.mark.parametrize("pattern", owners("ecs"))
def test_a_row_speaks_of_a_member_there_is(pattern):
    assert pattern.removesuffix("[]") in MEMBERS


def kinds(kind, path=""):
    """The same paths, of the converter's own list."""
    if isinstance(kind, dict):
        for name, inner in kind.items():
            here = f"{path}.{name}" if path else name
            yield here, inner
            yield from kinds(inner, here)
    elif isinstance(kind, list):
        yield from kinds(kind[0], f"{path}[]")


TYPES = {"string": "text", "integer": "int", "boolean": "bool"}


def as_kind(shape):
    if shape.type_name == "structure":
        return {name: as_kind(member) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [as_kind(shape.member)]
    return (as_kind(shape.value),) if shape.type_name == "map" else TYPES[shape.type_name]


@pytest.mark.parametrize("path", MEMBERS)
def test_a_member_has_the_kind_botocore_says(path):
    assert dict(kinds(TASK))[path] == as_kind(MEMBERS[path])


def test_the_list_has_no_member_botocore_has_not():
    assert dict(kinds(TASK)).keys() == MEMBERS.keys()


def test_the_walk_finds_at_least_the_162_members_of_2025():
    assert len(MEMBERS) >= 162
    assert "containerDefinitions[].linuxParameters.tmpfs[].mountOptions" in MEMBERS


# -- Compose --------------------------------------------------------------------------------------


def resolve(node):
    while "$ref" in node:
        node = SPEC["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def words(node, path=""):
    """Every fixed key of the specification's schema; * for names of the user's own."""
    node = resolve(node)
    for part in ("allOf", "oneOf", "anyOf"):
        for alternative in node.get(part, ()):
            yield from words(alternative, path)
    for key, child in node.get("properties", {}).items():
        here = f"{path}.{key}" if path else key
        yield here
        yield from words(child, here)
    for pattern, child in node.get("patternProperties", {}).items():
        if pattern != "^x-":
            yield f"{path}.*"
            yield from words(child, f"{path}.*")
    if isinstance(node.get("items"), dict):
        yield from words(node["items"], f"{path}[]")


WORDS = sorted({word for word in words(SPEC) if not word.startswith("include[")})
GROUPS = {"services", "volumes", "services.*.deploy", "services.*.deploy.resources"}
GROUPS |= {f"services.*.deploy.resources.{part}" for part in ("limits", "reservations")}
"""What says nothing itself: its parts have their rows."""


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_compose_has_one_row(word):
    patterns = owners("compose")
    # Under the name of a service only what is named owns; the service's row is about its name.
    found = owner(word, [one for one in patterns if one != "services.*" or word == one])
    if word in GROUPS:
        return
    assert found, f"{word} is in no row of the table"
    assert len(patterns[found]) == 1, patterns[found]


@pytest.mark.parametrize("pattern", owners("compose"))
def test_a_row_speaks_of_a_word_there_is(pattern):
    assert pattern in WORDS


def test_the_walk_finds_words_of_every_depth():
    assert {"name", "services.*.image", "services.*.deploy.resources.limits.pids"} <= {*WORDS}


# -- the table itself -----------------------------------------------------------------------------


def test_every_row_has_a_code_of_its_own():
    partners = [row.code for row in (*RULES, *KNOTS)]
    assert len(partners) == len({*partners})


@pytest.mark.parametrize("code", [row.code for row in (*RULES, *KNOTS)])
def test_every_row_with_a_partner_has_its_file_of_tests(code):
    assert (HERE / "fields" / f"test_{code.replace('-', '_')}.py").is_file()


def test_every_key_that_is_written_has_its_place_in_the_order():
    keys = {rule.key for rule in RULES} | {key for knot in KNOTS for key in knot.keys}
    assert keys - {*ORDER} == {"build", "cpus", "gpus"}, "these are only read"
    assert len(ORDER) == len({*ORDER})


def test_codes_are_lower_case_words():
    rows = (*RULES, *KNOTS, *GAPS)
    assert [row.code for row in rows if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.code)] == []

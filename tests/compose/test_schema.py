"""The words of `schema` are those of the Compose specification, all of them and no others."""

import json
import sys
from importlib.resources import files

import pytest

from ecslab.compose.schema import LONG, TOP

SPEC = json.loads(
    files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
)


def resolve(node):
    while "$ref" in node:
        node = SPEC["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def spec_words(node, path=(), depth=0):
    """Every path of fixed keys in the specification's schema; * for free names, [] for lists."""
    node = resolve(node)
    assert depth < 40
    for part in ("allOf", "oneOf", "anyOf"):
        for alternative in node.get(part, ()):
            yield from spec_words(alternative, path, depth + 1)
    for key, child in node.get("properties", {}).items():
        yield (*path, key)
        yield from spec_words(child, (*path, key), depth + 1)
    for pattern, child in node.get("patternProperties", {}).items():
        if pattern != "^x-":
            yield from spec_words(child, (*path, "*"), depth + 1)
    if isinstance(node.get("items"), dict):
        yield from spec_words(node["items"], (*path, "[]"), depth + 1)


def our_words(kind, path=()):
    if isinstance(kind, str) and kind in LONG:
        kind = LONG[kind]
    if isinstance(kind, dict):
        for key, child in kind.items():
            yield (*path, key)
            yield from our_words(child, (*path, key))
    elif isinstance(kind, tuple):
        yield from our_words(kind[0], (*path, "*"))
    elif isinstance(kind, list):
        yield from our_words(kind[0], (*path, "[]"))


def as_text(words):
    """Lists and their items are one here: an include is either in the specification."""
    return {".".join(part for part in word if part != "[]") for word in words}


def test_every_word_of_the_specification_is_known_and_no_other():
    theirs, ours = as_text(spec_words(SPEC)), as_text(our_words(TOP))
    assert theirs - ours == set(), "new in the specification"
    if sys.version_info >= (3, 11):  # the package with today's specification needs it
        assert ours - theirs == set(), "not in the specification"


@pytest.mark.parametrize(
    "word", ["services.*.image", "services.*.ports.app_protocol", "include.path"]
)
def test_the_walk_reaches_deep_enough_to_miss_something(word):
    assert word in as_text(spec_words(SPEC))

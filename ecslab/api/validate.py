"""botocore's ECS model as border guard: is this request of the right shape?

Each operation's input shape is compiled once into nested closures, so a check costs microseconds.
A check returns a clean copy: members the model does not know are dropped and JSON nulls are
absent, as AWS's JSON protocol has it. Values (what a legal string *means*) are not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from ecslab.api.errors import serialization
from ecslab.model.errors import AwsError

Check = Callable[[Any, str], Any]
"""Takes a JSON value and its path; returns it cleaned. Raises AwsError or `_RefusedError`."""

_SAID_BY_ECS = {
    ("DescribeTasks", "tasks"): ("InvalidParameterException", "Tasks cannot be empty."),
    ("RegisterTaskDefinition", "family"): (
        "ClientException",
        "Family should not be null or empty.",
    ),
}
"""Missing members whose error text on AWS is known (ecs-behaviour: errors seen on AWS)."""

_TOLD_AS_CLIENT_EXCEPTION = {"RegisterTaskDefinition", "DeregisterTaskDefinition"}
"""Operations that answer ClientException for every bad parameter."""


class _RefusedError(Exception):
    """A constraint of the model is broken at `path`."""

    def __init__(self, path: str, text: str, missing: bool = False) -> None:
        super().__init__(text)
        self.path, self.text, self.missing = path, text, missing


@cache
def service_model() -> Any:
    """Botocore's description of ECS (ServiceModel)."""
    import botocore.session

    return botocore.session.get_session().get_service_model("ecs")


@cache
def operation_names() -> frozenset[str]:
    """Every operation AWS documents for ECS."""
    return frozenset(service_model().operation_names)


def check(operation: str, body: object) -> dict[str, Any]:
    """The request's members, cleaned, or the error AWS would answer with.

    `operation` is a name in `operation_names()`; `body` is the parsed JSON.
    """
    if not isinstance(body, dict):
        raise serialization("Start of structure or map expected.")
    try:
        cleaned: dict[str, Any] = _compiled(operation)(body, "")
    except _RefusedError as refused:
        raise _as_aws_error(operation, refused) from None
    return cleaned


def _as_aws_error(operation: str, refused: _RefusedError) -> AwsError:
    told = _SAID_BY_ECS.get((operation, refused.path)) if refused.missing else None
    code = "InvalidParameterException"
    if operation in _TOLD_AS_CLIENT_EXCEPTION:
        code = "ClientException"
    return AwsError(*(told or (code, refused.text)))


@cache
def _compiled(operation: str) -> Check:
    shape = service_model().operation_model(operation).input_shape
    return _check_for(shape, {}) if shape is not None else lambda value, path: {}


def _check_for(shape: Any, made: dict[str, Check]) -> Check:
    """The check of a shape. `made` holds the shapes on the way: some contain themselves."""
    if shape.name in made:
        return lambda value, path: made[shape.name](value, path)
    made[shape.name] = _unfinished
    made[shape.name] = _makers[shape.type_name](shape, made)
    return made[shape.name]


def _unfinished(value: Any, path: str) -> Any:
    raise AssertionError("a shape was checked while it was being compiled")


def _structure(shape: Any, made: dict[str, Check]) -> Check:
    members = {name: _check_for(member, made) for name, member in shape.members.items()}
    required = tuple(shape.required_members)

    def check_structure(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise serialization(_unexpected(value, "a structure"))
        prefix = f"{path}." if path else ""
        cleaned = {}
        for name, member in value.items():
            if member is not None and name in members:
                cleaned[name] = members[name](member, prefix + name)
        for name in required:
            if name not in cleaned:
                raise _RefusedError(
                    prefix + name, _constraint("null", prefix + name, "not be null"), True
                )
        return cleaned

    return check_structure


def _list(shape: Any, made: dict[str, Check]) -> Check:
    item = _check_for(shape.member, made)
    bounds = _bounds(shape, "length")

    def check_list(value: Any, path: str) -> Any:
        if not isinstance(value, list):
            raise serialization(_unexpected(value, "a list"))
        bounds(len(value), "[]", path)
        return [
            item(member, f"{path}.{index}.member")
            for index, member in enumerate(value, 1)
            if member is not None
        ]

    return check_list


def _map(shape: Any, made: dict[str, Check]) -> Check:
    item = _check_for(shape.value, made)

    def check_map(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise serialization(_unexpected(value, "a map"))
        return {k: item(v, f"{path}.{k}.member") for k, v in value.items() if v is not None}

    return check_map


def _string(shape: Any, made: dict[str, Check]) -> Check:
    bounds = _bounds(shape, "length")
    words = tuple(shape.enum)
    known = frozenset(words)
    pattern = _pattern(shape)

    def check_string(value: Any, path: str) -> Any:
        if not isinstance(value, str):
            raise serialization(_unexpected(value, "a String"))
        if known and value not in known:
            listed = ", ".join(words)
            raise _RefusedError(
                path, _constraint(value, path, f"satisfy enum value set: [{listed}]")
            )
        bounds(len(value), value, path)
        if pattern and not pattern.fullmatch(value):
            wanted = f"satisfy regular expression pattern: {pattern.pattern}"
            raise _RefusedError(path, _constraint(value, path, wanted))
        return value

    return check_string


def _pattern(shape: Any) -> re.Pattern[str] | None:
    """The model's own pattern, where Python's `re` reads it too (Java's differs in places)."""
    try:
        return re.compile(shape.metadata["pattern"])
    except (KeyError, re.error):
        return None


def _integer(shape: Any, made: dict[str, Check]) -> Check:
    bits = 63 if shape.type_name == "long" else 31
    word = "a Long" if shape.type_name == "long" else "an Integer"
    bounds = _bounds(shape, "value")

    def check_integer(value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
            raise serialization(_unexpected(value, word))
        if not -(1 << bits) <= value < 1 << bits:
            raise serialization(f"NUMBER_VALUE is out of range for {word}")
        bounds(value, value, path)
        return int(value)

    return check_integer


def _number(shape: Any, made: dict[str, Check]) -> Check:
    bounds = _bounds(shape, "value")

    def check_number(value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise serialization(_unexpected(value, "a Double"))
        bounds(value, value, path)
        return value

    return check_number


def _boolean(shape: Any, made: dict[str, Check]) -> Check:
    def check_boolean(value: Any, path: str) -> Any:
        if not isinstance(value, bool):
            raise serialization(_unexpected(value, "a Boolean"))
        return value

    return check_boolean


_makers: dict[str, Callable[[Any, dict[str, Check]], Check]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "double": _number,
    "float": _number,
    "timestamp": _number,
    "boolean": _boolean,
}


def _bounds(shape: Any, what: str) -> Callable[[float, object, str], None]:
    """The model's least and most: of a length (strings, lists) or of a value (numbers)."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    having = "have length " if what == "length" else "have value "

    def check_bounds(size: float, value: object, path: str) -> None:
        if least is not None and size < least:
            wanted = f"{having}greater than or equal to {least}"
            raise _RefusedError(path, _constraint(value, path, wanted))
        if most is not None and size > most:
            wanted = f"{having}less than or equal to {most}"
            raise _RefusedError(path, _constraint(value, path, wanted))

    if least is None and most is None:
        return lambda size, value, path: None
    return check_bounds


def _constraint(value: object, path: str, wanted: str) -> str:
    shown = "null" if value == "null" else f"'{value}'"
    return (
        f"1 validation error detected: Value {shown} at '{path}' "
        f"failed to satisfy constraint: Member must {wanted}"
    )


def _unexpected(value: object, wanted: str) -> str:
    if isinstance(value, list):
        return "Start of list found where not expected"
    if isinstance(value, dict):
        return "Start of structure or map found where not expected"
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE can not be converted to {wanted}"
    kind = "STRING_VALUE" if isinstance(value, str) else "NUMBER_VALUE"
    return f"{kind} can not be converted to {wanted}"

"""Text → task definition or ecs-params.yml, with the place of each part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from ecslab.compose import yaml
from ecslab.compose.interpolate import interpolate
from ecslab.compose.problems import ComposeError, Problem, Report
from ecslab.convert.notes import ConvertError
from ecslab.locale import Text, translator
from ecslab.model.diagnostics import Diagnostic, Mark

_ = translator("convert")


def read_definition(data: bytes, file: str) -> dict[str, Any]:
    """A task definition, JSON or YAML, as `ecslab.convert.to_compose` takes it.

    Raises `ConvertError`, each problem at its line and column.
    """
    found = _document(data, file)
    if not isinstance(found, dict):
        _refuse(
            "not-a-definition",
            _("{file} holds no task definition.", file=file),
            _("Write what aws ecs describe-task-definition prints, JSON or YAML."),
            Mark(file, 1, 1),
        )
    return found


class EcsParams(NamedTuple):
    """An ecs-params.yml: its document, and what reading it had to say."""

    document: dict[str, Any]
    diagnostics: tuple[Diagnostic, ...] = ()


def read_ecs_params(data: bytes, file: str, environment: Mapping[str, str]) -> EcsParams:
    """An ecs-params.yml, with variables filled in, as `to_task_definition` takes it.

    Raises `ConvertError`.
    """
    found = _document(data, file)
    if found is None:
        return EcsParams({})
    if not isinstance(found, dict):
        _refuse(
            "not-params",
            _("{file} is no ecs-params.yml.", file=file),
            _("It begins with task_definition: or run_params:."),
            Mark(file, 1, 1),
        )
    report = Report()
    interpolate(found, environment.get, report)
    if report.problems:
        raise ConvertError(tuple(report.problems))
    return EcsParams(found, tuple(report.notices))


def _document(data: bytes, file: str) -> Any:
    if data.lstrip()[:1] in (b"{", b"["):
        from ecslab.convert.json_marks import parse

        return parse(data, file)
    report = Report()
    try:
        found = yaml.documents(data, file, report)
        report.stop()
    except ComposeError as error:
        raise ConvertError(error.problems) from error
    if len(found) > 1:
        _refuse(
            "several",
            _("{file} holds {number} documents.", file=file, number=len(found)),
            _("Leave one."),
            Mark(file, 1, 1),
        )
    return found[0] if found else None


def _refuse(code: str, message: Text, hint: Text | None, mark: Mark) -> NoReturn:
    raise ConvertError((Problem(code, message, hint, mark),))

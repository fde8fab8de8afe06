"""A text that is being written, converted as it stands: for showing it beside its result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from ecslab.compose import FileLoader, load
from ecslab.convert import (
    Converted,
    ConvertError,
    read_definition,
    to_compose,
    to_task_definition,
)
from ecslab.convert.beside import Beside, beside
from ecslab.locale import translator
from ecslab.model.errors import EcslabError

_ = translator("lab")


class Shown(NamedTuple):
    """A conversion, and its two texts beside each other."""

    converted: Converted
    beside: Beside


class _Edited(FileLoader):
    """The files of this machine, but for one whose text is not saved."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text

    def read(self, path: str) -> bytes | None:
        return self.text.encode() if path == self.file else super().read(path)


def text_of(path: str | os.PathLike[str]) -> str:
    """The text of a file. Raises EcslabError where there is none."""
    try:
        return Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        raise EcslabError(
            _("There is no file {file}.", file=path),
            _("Check the path: it counts from the folder of the notebook."),
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise EcslabError(_("{file} cannot be read: {why}.", file=path, why=error)) from error


def shown(
    text: str, file: str, *, project_name: str | None = None, launch_type: str | None = None
) -> Shown:
    """`text`, as if it stood in `file`, converted; which way, its content says.

    Raises `ecslab.compose.ComposeError` with what is wrong and where.
    """
    if is_definition(text, file):
        made = to_compose(read_definition(text.encode(), file))
    else:
        project = load(file, project_name=project_name, loader=_Edited(file, text))
        made = to_task_definition(project, launch_type=launch_type, family=project_name)
    return Shown(made, beside(text, file, made))


def is_definition(text: str, file: str) -> bool:
    """Whether it is a task definition: by its content, or, while that is broken, by its name."""
    try:
        found = read_definition(text.encode(), file)
    except ConvertError:
        return file.endswith(".json")
    return "containerDefinitions" in found or "taskDefinition" in found

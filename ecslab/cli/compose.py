"""``ecslab compose``: Compose files to task definitions, offline; and registered, if asked.

Only ``create`` reaches for AWS; ``convert`` imports neither boto3 nor Docker's SDK, and counts
milliseconds.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from typing import TYPE_CHECKING, Any

from ecslab.cli.parser import Parser, command, examples
from ecslab.locale import translator
from ecslab.model.errors import EcslabError

if TYPE_CHECKING:
    from ecslab.compose import Project
    from ecslab.convert import Converted
    from ecslab.convert.reading import EcsParams

_ = translator("cli")

PARAMS = "ecs-params.yml"
"""Read if it lies beside the first Compose file, as ecs-cli did."""


def configure(parser: Parser) -> None:
    """Add the words after ``ecslab compose``."""
    parser.epilog = examples(
        "ecslab compose convert\necslab compose convert -f a.yml -f b.yml --launch-type FARGATE\n"
        "ecslab compose create -p shop"
    )
    words = parser.add_subparsers(
        metavar=str(_("WORD")), title=str(_("words")), parser_class=Parser, required=True
    )
    convert = command(
        words,
        "convert",
        _("print the task definition that Compose files make; needs neither AWS nor Docker"),
        "ecslab compose convert > task-definition.json\n"
        "ecslab compose convert -f compose.yml --strict -o task-definition.yaml\n"
        "ecslab compose convert --split service -o definitions/",
    )
    create = command(
        words,
        "create",
        _("the same, then register it with ECS and print family:revision and ARN"),
        "ecslab compose create -f compose.yml -p shop",
    )
    _options(convert)
    _options(create)
    convert.set_defaults(run=_convert)
    create.set_defaults(run=_create)


def _options(parser: Parser) -> None:
    add = parser.add_argument
    several: dict[str, Any] = {"action": "append", "default": []}
    add("-f", "--file", metavar="FILE", **several,
        help=str(_("a Compose file, - for standard input; can be repeated; default: as docker "
                   "compose finds them")))  # fmt: skip
    add("--ecs-params", metavar="FILE",
        help=str(_("an ecs-params.yml; default: the one beside the Compose file")))  # fmt: skip
    add("-p", "--project-name", metavar="NAME",
        help=str(_("the project's name, which is the family's")))  # fmt: skip
    add("--profile", metavar="NAME", **several,
        help=str(_("a profile to activate; can be repeated")))  # fmt: skip
    add("--launch-type", choices=("EC2", "FARGATE"),
        help=str(_("make what this launch type takes")))  # fmt: skip
    add("--split", choices=("service",), help=str(_("a task definition of each service")))
    add("--format", choices=("json", "yaml"),
        help=str(_("default: json, or what the name of the output says")))  # fmt: skip
    add("-o", "--output", metavar="FILE",
        help=str(_("where to; a folder gets FAMILY.json; default: standard output")))  # fmt: skip
    add("--strict", action="store_true", help=str(_("fail if anything was dropped")))
    add("--diagnostics", choices=("text", "json"), default="text",
        help=str(_("how to say what changed, on standard error; default: text")))  # fmt: skip


def _convert(arguments: argparse.Namespace) -> int:
    gc.disable()  # nothing here makes garbage; looking for it is a tenth of the time
    try:
        made = _made(arguments)
        if made is None:
            return 1
        _written(made, arguments)
        return 0
    finally:
        gc.enable()


def _create(arguments: argparse.Namespace) -> int:
    made = _made(arguments)
    if made is None:
        return 1
    if arguments.output is not None:
        _written(made, arguments)
    from ecslab.lab.registering import register

    for one in made:
        name, arn = register(one.value)
        print(name, arn)
    return 0


def _made(arguments: argparse.Namespace) -> tuple[Converted, ...] | None:
    """The conversions, with all said that is to be said; None where that ends it."""
    from ecslab.compose import ComposeError, load

    try:
        project = load(
            arguments.file or None,
            project_name=arguments.project_name,
            profiles=arguments.profile,
        )
        made = _converted(project, _params(arguments, project), arguments)
    except ComposeError as error:
        told = error.diagnostics if arguments.diagnostics == "json" else error.problems
        for one in told:
            _say(one, arguments)
        return None
    said = {said: None for one in made for said in one.diagnostics}
    for one in said:
        _say(one, arguments)
    lost = sum(one.fidelity == "dropped" for one in said)
    if arguments.strict and lost:
        raise EcslabError(
            _("--strict allows no loss, and there are {number}.", number=lost),
            _("They are named above; nothing was written."),
        )
    return made


def _converted(
    project: Project, params: EcsParams | None, arguments: argparse.Namespace
) -> tuple[Converted, ...]:
    from ecslab import convert

    if arguments.split:
        return convert.split(project, launch_type=arguments.launch_type, ecs_params=params)
    return (
        convert.to_task_definition(
            project,
            launch_type=arguments.launch_type,
            ecs_params=params,
            family=arguments.project_name,
        ),
    )


def _params(arguments: argparse.Namespace, project: Project) -> EcsParams | None:
    from ecslab.compose import FileLoader

    given = arguments.ecs_params
    path = os.path.abspath(given) if given else os.path.join(project.directory, PARAMS)
    data = FileLoader().read(path)
    if data is None:
        if given:
            raise EcslabError(
                _("The file {file} does not exist.", file=given),
                _("Check the name given with --ecs-params."),
            )
        return None
    from ecslab.convert import read_ecs_params

    return read_ecs_params(data, path, os.environ)


# -- what is said ---------------------------------------------------------------------------------


def _say(said: Any, arguments: argparse.Namespace) -> None:
    said = _near(said)
    if arguments.diagnostics == "json":
        import json

        _line(json.dumps(said.as_dict(), ensure_ascii=False))
    else:
        _line(said.as_text())


def _line(text: str) -> None:
    sys.stderr.write(text + "\n")


def _near(said: Any) -> Any:
    """A diagnostic or problem with its file as seen from here: the same wherever the folder is."""
    mark = said.mark
    here = os.getcwd() + os.sep
    if mark is None or not mark.file.startswith(here):
        return said
    return said._replace(mark=mark._replace(file=mark.file[len(here) :]))


# -- what is written ------------------------------------------------------------------------------


def _written(made: tuple[Converted, ...], arguments: argparse.Namespace) -> None:
    output = arguments.output
    if output is None:
        sys.stdout.write(_text(made, arguments.format or "json", bool(arguments.split)))
        return
    if output.endswith(os.sep) or os.path.isdir(output):
        form = arguments.format or "json"
        for one in made:
            name = os.path.join(output, f"{one.value['family']}.{form}")
            _to_file(name, _text((one,), form, several=False))
        return
    form = arguments.format or ("yaml" if output.endswith((".yaml", ".yml")) else "json")
    _to_file(output, _text(made, form, bool(arguments.split)))


def _text(made: tuple[Converted, ...], form: str, several: bool) -> str:
    if not several:
        return made[0].text(form)
    if form == "yaml":
        return "---\n".join(one.text(form) for one in made)
    from ecslab.convert.json_text import dumps

    return dumps([one.value for one in made])


def _to_file(name: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise EcslabError(
            _("{file} cannot be written: {why}.", file=name, why=error.strerror),
            _("Give another name with -o, in a folder you may write to."),
        ) from error

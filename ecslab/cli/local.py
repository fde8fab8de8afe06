"""``ecslab local``: a task definition run on this machine with Docker Compose."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from ecslab.cli.parser import Parser, command, examples
from ecslab.locale import translator

_ = translator("cli")

DEFINITION = "task-definition.json"
BASE = "docker-compose.ecs-local.yml"
COLUMNS = ("CONTAINER ID", "IMAGE", "STATUS", "PORTS", "NAMES", "TASKDEFINITION")


def configure(parser: Parser) -> None:
    """Add the words after ``ecslab local``."""
    parser.epilog = examples("ecslab local create\necslab local up\necslab local down")
    words = parser.add_subparsers(
        metavar=str(_("WORD")), title=str(_("words")), parser_class=Parser, required=True
    )
    create = command(
        words,
        "create",
        _("make a Compose file, and its override, from a task definition"),
        f"ecslab local create\necslab local create -f {DEFINITION} -o {BASE} --force",
    )
    _making(create)
    create.set_defaults(run=_create)
    up = command(
        words,
        "up",
        _("run a task definition or its Compose file"),
        f"ecslab local up\necslab local up -c {BASE} --override mine.yml",
    )
    _making(up)
    _running(up)
    up.set_defaults(run=_up)
    ps = command(words, "ps", _("list the containers"), "ecslab local ps --all")
    ps.add_argument("--json", action="store_true", help=str(_("for programs")))
    down = command(words, "down", _("stop and remove the containers"), "ecslab local down --all")
    for parser_, run in ((ps, _ps), (down, _down)):
        chosen = parser_.add_mutually_exclusive_group()
        _inputs(chosen)
        chosen.add_argument(
            "--all", action="store_true", help=str(_("of every task definition, of every folder"))
        )
        parser_.set_defaults(run=run)


def _inputs(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "-f",
        "--task-def-file",
        metavar="FILE",
        help=str(_("a task definition, JSON or YAML, - for standard input; default: {file}",
                   file=DEFINITION)),
    )  # fmt: skip
    parser.add_argument(
        "-t",
        "--task-def-remote",
        metavar="ARN|FAMILY[:REVISION]",
        help=str(_("a task definition that is registered")),
    )


def _making(parser: Parser) -> None:
    _inputs(parser.add_mutually_exclusive_group())
    where = _("the Compose file; default: {file}", file=BASE)
    parser.add_argument("-o", "--output", metavar="FILE", help=str(where))
    parser.add_argument("--force", action="store_true", help=str(_("replace files that are there")))
    parser.add_argument(
        "--use-role",
        action="store_true",
        help=str(_("containers get the task role's credentials, not yours")),
    )


def _running(parser: Parser) -> None:
    parser.add_argument(
        "-c", "--task-def-compose", metavar="FILE", help=str(_("a Compose file of `local create`"))
    )
    parser.add_argument(
        "--override",
        metavar="FILE",
        action="append",
        default=[],
        help=str(_("a Compose file that changes it; can be repeated, the last one wins")),
    )
    parser.add_argument(
        "--endpoints-image",
        metavar="IMAGE",
        help=str(_("the container that gives credentials and metadata")),
    )
    parser.add_argument(
        "--no-endpoints", action="store_true", help=str(_("run without that container"))
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help=str(_("how long to wait until the containers are up; default: 120")),
    )


def _create(arguments: argparse.Namespace) -> int:
    from ecslab.cli import local_files

    made = local_files.create(
        file=arguments.task_def_file,
        remote=arguments.task_def_remote,
        output=arguments.output,
        force=arguments.force,
        use_role=arguments.use_role,
    )
    for path in (made.base, made.override):
        print(_("✓ Made {file}.", file=_short(path)))
    return 0


def _up(arguments: argparse.Namespace) -> int:
    from ecslab.cli import local_files, local_running

    if arguments.task_def_compose is not None:
        base = local_files.existing(arguments.task_def_compose)
    else:
        base = local_files.for_up(
            file=arguments.task_def_file,
            remote=arguments.task_def_remote,
            output=arguments.output,
            force=arguments.force,
            use_role=arguments.use_role,
        )
    urls = local_running.up(
        base,
        [local_files.existing(name) for name in arguments.override],
        endpoints_image=None if arguments.no_endpoints else (arguments.endpoints_image or ""),
        timeout=arguments.timeout,
        say=lambda text: print(text, flush=True),
    )
    for url in urls:
        print(url)
    return 0


def _ps(arguments: argparse.Namespace) -> int:
    from ecslab.cli import local_running

    found = local_running.listed(_selection(arguments))
    if arguments.json:
        print(json.dumps([dataclasses.asdict(one) for one in found], indent=2))
        return 0
    rows = [COLUMNS, *(_row(one) for one in found)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    for row in rows:
        print(
            "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    return 0


def _row(one: object) -> tuple[str, ...]:
    from ecslab.runtime.local import LocalContainer

    assert isinstance(one, LocalContainer)
    ports = ", ".join(f"{ip}:{host}->{inside}/{kind}" for ip, host, inside, kind in one.ports)
    return (one.id[:12], one.image, one.status, ports, one.name, one.task_definition)


def _down(arguments: argparse.Namespace) -> int:
    from ecslab.cli import local_running

    removed, endpoints = local_running.down(_selection(arguments))
    for one in removed:
        print(_("✓ Removed {name}.", name=one.name))
    if not removed:
        print(_("There is no container of a local task to remove."))
    if endpoints:
        print(_("✓ Removed the network and the endpoints container: no task needs them now."))
    return 0


def _selection(arguments: argparse.Namespace) -> dict[str, str | Path | None]:
    """Which containers are meant: those of a file, of an ARN, all, or those of this folder."""
    if arguments.all:
        return {}
    if arguments.task_def_file is not None:
        return {"input_type": "local", "value": str(Path(arguments.task_def_file).absolute())}
    if arguments.task_def_remote is not None:
        return {"input_type": "remote", "value": arguments.task_def_remote}
    return {"folder": Path.cwd()}


def _short(path: Path) -> str | Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

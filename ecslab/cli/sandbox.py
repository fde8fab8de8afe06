"""``ecslab sandbox``: start, stop, look at and point at the sandbox."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import time
from pathlib import Path

from ecslab import sandbox
from ecslab.cli import shells
from ecslab.cli.parser import Parser, command, examples
from ecslab.locale import translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places

_ = translator("cli")

LOOK_EVERY = 0.3
"""Seconds between two looks at the log that is followed."""


def configure(parser: Parser) -> None:
    """Add the words after ``ecslab sandbox``."""
    parser.epilog = examples(
        'ecslab sandbox start\neval "$(ecslab sandbox env)"\necslab sandbox stop'
    )
    words = parser.add_subparsers(
        metavar=str(_("WORD")), title=str(_("words")), parser_class=Parser, required=True
    )
    _serving(words, "start", _start, _("start it in the background, or find it running"))
    _plain(words, "stop", _stop, _("stop it and remove its containers; what was made stays"))
    status = _plain(words, "status", _status, _("what it is doing"), "ecslab sandbox status --json")
    status.add_argument("--json", action="store_true", help=str(_("for programs")))
    _plain(words, "reset", _reset, _("forget everything that was made in it"))
    env = _plain(
        words,
        "env",
        _env,
        _("print what points aws-cli, boto3 or Terraform at it"),
        'eval "$(ecslab sandbox env)"\necslab sandbox env --shell fish | source',
    )
    env.add_argument("--shell", choices=shells.SHELLS, default="bash", help=str(_("default: bash")))
    logs = _plain(words, "logs", _logs, _("what it wrote"), "ecslab sandbox logs -f")
    logs.add_argument("-f", "--follow", action="store_true", help=str(_("go on as it writes")))
    interrupt = _plain(
        words,
        "interrupt",
        _interrupt,
        _("let Fargate Spot take a task's capacity back"),
        "ecslab sandbox interrupt\necslab sandbox interrupt 0a1b2c3d",
    )
    interrupt.add_argument(
        "task",
        metavar="TASK",
        nargs="?",
        default="",
        help=str(_("its ARN, its id or how the id begins; default: the oldest on FARGATE_SPOT")),
    )
    _serving(words, "serve", _serve, _("run it in this terminal until Ctrl-C"))


def _plain(words, name, run, summary, example="") -> Parser:  # type: ignore[no-untyped-def]  # argparse's own types are private
    parser = command(words, name, summary, example or f"ecslab sandbox {name}")
    parser.add_argument("--port", type=int, metavar="N", help=str(_("its port; default: 4510")))
    parser.set_defaults(run=run)
    return parser


def _serving(words, name, run, summary) -> None:  # type: ignore[no-untyped-def]  # argparse's own types are private
    example = (
        f"ecslab sandbox {name}\necslab sandbox {name} --runtime stub --speed 10\n"
        f"ecslab sandbox {name} --class learners.txt\n"
        f"ecslab sandbox {name} --learners 30 --host 192.0.2.10"
    )
    parser = _plain(words, name, run, summary, example)
    add = parser.add_argument
    add(
        "--runtime",
        choices=("auto", "docker", "stub"),
        default="auto",
        help=str(_("what runs containers; default: Docker where it answers, else simulated ones")),
    )
    add("--speed", type=float, default=1.0, metavar="N", help=str(_("every wait N times faster")))
    add("--state", metavar="DIR", help=str(_("the folder that keeps what was made")))
    add(
        "--workspace",
        metavar="DIR",
        help=str(_("containers may mount what is in it; default: this folder")),
    )
    add(
        "--allow-mount",
        metavar="DIR",
        action="append",
        default=[],
        help=str(_("a further folder that containers may mount; can be repeated")),
    )
    add(
        "--allow-privileged",
        action="store_true",
        help=str(_("containers may have power over this machine")),
    )
    _for_a_class(parser)


def _for_a_class(parser: Parser) -> None:
    group = parser.add_argument_group(str(_("for a class")))
    add = group.add_argument
    add(
        "--class",
        dest="listed",
        nargs="?",
        const="",
        metavar="FILE",
        help=str(
            _("a token for each learner in FILE (a name a line); each sees only the own things. "
              "A learner sets ECSLAB_URL and ECSLAB_TOKEN")
        ),
    )  # fmt: skip
    add("--learners", type=int, metavar="N", help=str(_("a token for each of N learners")))
    add(
        "--host",
        default=places.LOOPBACK,
        metavar="ADDRESS",
        help=str(_("let other machines reach it at this address; for a class only")),
    )


def _options(arguments: argparse.Namespace) -> sandbox.Options:
    return sandbox.options(
        arguments.port,
        arguments.state,
        arguments.runtime,
        arguments.speed,
        arguments.allow_privileged,
        tuple(arguments.allow_mount),
        arguments.workspace,
        arguments.host,
        in_class=arguments.listed is not None or arguments.learners is not None,
    )


def _prepared(arguments: argparse.Namespace) -> sandbox.Options:
    """The options; for a class its tokens are made first."""
    options = _options(arguments)
    if options.in_class:
        from ecslab.sandbox import classroom

        made = classroom.prepare(options, arguments.listed or "", arguments.learners)
        # On stderr, and no token with it: a log of the server is no place for secrets.
        print(
            _("A class of {learners}: one line for each, and one for you, is in {file}. "
              "Requests without a token are refused.",
              learners=made.learners, file=made.handout),
            file=sys.stderr,
        )  # fmt: skip
    if not places.is_this_machine(options.host):
        print(
            _("It listens on {host}: everybody who reaches that address may try a token, and what "
              "is sent is not encrypted. Use it in a network you trust. Pages of tasks "
              "(127.0.x.y) open on this machine only.", host=options.host),
            file=sys.stderr,
        )  # fmt: skip
    return options


def _start(arguments: argparse.Namespace) -> int:
    found, fresh = sandbox.start_with(_prepared(arguments))
    print(_("The sandbox was started.") if fresh else _("The sandbox runs already."))
    _show(found)
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    from ecslab.sandbox.server import serve

    serve(_prepared(arguments))
    return 0


def _stop(arguments: argparse.Namespace) -> int:
    if sandbox.stop(arguments.port):
        print(_("The sandbox was stopped. What was made is there when it starts again."))
    else:
        print(_("No sandbox runs on port {port}.", port=places.port(arguments.port)))
    return 0


def _reset(arguments: argparse.Namespace) -> int:
    sandbox.reset(arguments.port)
    print(_("The sandbox is empty."))
    return 0


def _interrupt(arguments: argparse.Namespace) -> int:
    task = sandbox.interrupt(arguments.task, arguments.port)
    print(_("The task {id} is interrupted: it is being stopped.", id=task.rpartition("/")[2]))
    return 0


def _status(arguments: argparse.Namespace) -> int:
    found = sandbox.status(arguments.port)
    if arguments.json:
        told = dataclasses.asdict(found) if found else None
        print(json.dumps({"running": found is not None, **(told or {})}, indent=2))
        return 0 if found else 1
    if found is None:
        raise EcslabError(
            _("No sandbox runs on port {port}.", port=places.port(arguments.port)),
            _("Start one with `ecslab sandbox start`."),
        )
    _show(found)
    return 0


def _show(found: sandbox.Status) -> None:
    print(_("  endpoint    {url}", url=found.url))
    print(_("  containers  {runtime}", runtime=found.runtime), end="")
    print(f" – {found.runtime_note}" if found.runtime_note else "")
    if found.speed != 1:
        print(_("  speed       every wait {speed:g} times faster", speed=found.speed))
    print(_("  folder      {folder}", folder=found.state))
    print(
        _(
            "  in it       {clusters} clusters, {container_instances} container instances, "
            "{running_tasks} running tasks",
            **found.counts,
        )
    )


def _env(arguments: argparse.Namespace) -> int:
    for line in shells.lines(arguments.shell, sandbox.environment(arguments.port)):
        print(line)
    return 0


def _logs(arguments: argparse.Namespace) -> int:
    found = sandbox.status(arguments.port)
    file = places.log_file(Path(found.state) if found else places.state_folder())
    if not file.exists():
        raise EcslabError(
            _("There is no log yet: {file} does not exist.", file=file),
            _("It is written by `ecslab sandbox start`; `serve` writes to its own terminal."),
        )
    with file.open(encoding="utf-8", errors="replace") as lines:
        while True:
            sys.stdout.write(lines.read())
            sys.stdout.flush()
            if not arguments.follow:
                return 0
            time.sleep(LOOK_EVERY)
            if file.stat().st_size < lines.tell():  # a new run began it anew
                lines.seek(0, os.SEEK_SET)

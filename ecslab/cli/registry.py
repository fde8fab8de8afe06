"""The commands: a line each.

A command is a module with ``configure(parser)``, which adds its arguments and sets ``run`` (a
function of the parsed arguments that returns the exit status). It is imported only when named.
"""

from __future__ import annotations

from ecslab.locale import Text, translator

_ = translator("cli")


class Command:
    """One word after `ecslab`. No NamedTuple: making one costs every start a millisecond."""

    __slots__ = ("module", "name", "summary")

    def __init__(self, name: str, module: str, summary: Text) -> None:
        self.name = name
        self.module = module
        self.summary = summary


COMMANDS: tuple[Command, ...] = (
    Command("sandbox", "ecslab.cli.sandbox", _("start, stop and look at the sandbox")),
    Command("doctor", "ecslab.cli.doctor", _("what is ready, what is missing, how to get it")),
    Command(
        "compose", "ecslab.cli.compose", _("make task definitions of Compose files, and register")
    ),
    Command("diagram", "ecslab.cli.diagram", _("draw a cluster as SVG, PNG or DOT")),
    Command("local", "ecslab.cli.local", _("run a task definition on this machine")),
    Command("cleanup", "ecslab.cli.cleanup", _("remove everything you made, and nothing else")),
    Command("lab", "ecslab.cli.lab", _("open the notebooks in JupyterLab")),
)

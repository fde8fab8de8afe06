"""``ecslab lab``: JupyterLab on the first notebook, with the sandbox running."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from ecslab import sandbox
from ecslab.cli.parser import Parser, examples
from ecslab.locale import language, translator
from ecslab.model.errors import EcslabError
from ecslab.sandbox import places

_ = translator("cli")

_LOCALES = {"ja": "ja_JP", "en": "en"}


def configure(parser: Parser) -> None:
    """Add the arguments of ``ecslab lab``."""
    parser.epilog = examples("ecslab lab --lang ja\necslab lab --port 8899 --no-browser")
    parser.add_argument(
        "--target",
        choices=("sandbox", "aws"),
        default="sandbox",
        help=str(_("what the notebooks work on; default: sandbox")),
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help=str(_("JupyterLab's port; default: a free one"))
    )
    parser.add_argument(
        "--no-browser", action="store_true", help=str(_("print the address, open no browser"))
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run JupyterLab until it ends; its exit status tells whether it went well."""
    notebook = first_notebook(language())
    if importlib.util.find_spec("jupyterlab") is None:
        raise EcslabError(
            _("JupyterLab is not installed in {prefix}.", prefix=sys.prefix),
            _("Run `python3 start.py`, which installs everything."),
        )
    if arguments.target == "sandbox":
        found = sandbox.ensure_running()
        print(_("The sandbox answers at {url}.", url=found.url), flush=True)
    command = jupyter_command(notebook, arguments.port, arguments.no_browser)
    return _become(command, notebook.parents[2], environment(arguments.target))


def _become(command: list[str], folder: Path, environment: dict[str, str]) -> int:
    """JupyterLab in this process's place: who ends this command, or interrupts it, ends it."""
    if sys.platform != "win32":
        os.chdir(folder)
        os.execve(command[0], command, environment)
    return min(1, abs(subprocess.call(command, cwd=folder, env=environment)))


def first_notebook(lang: str) -> Path:
    """``notebooks/<lang>/00-start.ipynb`` of the kit, or of the folder one is in."""
    for root in (Path.cwd(), Path(__file__).parents[2]):
        notebook = root / "notebooks" / lang / "00-start.ipynb"
        if notebook.exists():
            return notebook
    raise EcslabError(
        _("The notebooks are not here: there is no notebooks/{lang}/00-start.ipynb.", lang=lang),
        _("Run this in the folder that `git clone` made."),
    )


def jupyter_command(notebook: Path, port: int | None, no_browser: bool) -> list[str]:
    """The command line of JupyterLab: one port (it must be free) or any free one, local only."""
    root = notebook.parents[2]
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}"]
    command += [f"--LabApp.default_url=/lab/tree/{notebook.relative_to(root).as_posix()}"]
    command += ["--ServerApp.ip=127.0.0.1"]
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += ["--no-browser"] if no_browser else []
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return command


def environment(target: str) -> dict[str, str]:
    """The environment of JupyterLab and its kernels."""
    settings = places.home() / "jupyterlab"
    write_settings(settings, language())
    return {
        **os.environ,
        "ECSLAB_LANG": language(),
        "ECSLAB_TARGET": target,
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
    }


def write_settings(folder: Path, lang: str) -> None:
    """Switch the news question off and the menus to the learner's language."""
    plugins = {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "translation-extension/plugin": {"locale": _LOCALES[lang]},
    }
    for plugin, settings in plugins.items():
        path = folder / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")

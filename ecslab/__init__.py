"""ecslab: learn and teach Amazon ECS, on AWS or in a sandbox on your own machine."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ecslab.model import version

__version__ = version.VERSION


# name -> (module, attribute; "" for the module itself). Loaded when asked for (PEP 562):
# `import ecslab` touches no network, Docker, AWS configuration, boto3 or ipywidgets.
_ROOMS = {
    "EcslabError": ("ecslab.model.errors", "EcslabError"),
    "Lab": ("ecslab.lab", "Lab"),
    "Progress": ("ecslab.steps.progress", "Progress"),
    "Snapshot": ("ecslab.model.snapshot", "Snapshot"),
    "Stopped": ("ecslab.steps.progress", "Stopped"),
    "arn": ("ecslab.widgets.arn", "arn"),
    "compose": ("ecslab.compose", ""),
    "convert": ("ecslab.convert", ""),
    "doctor": ("ecslab.cli.doctor", "doctor"),
    "explorer": ("ecslab.widgets.explorer", "explorer"),
    "forms": ("ecslab.widgets.forms", ""),
    "graphs": ("ecslab.diagram.graphs", ""),
    "page": ("ecslab.steps.page", "page"),
    "predict": ("ecslab.widgets.predict", "predict"),
    "sandbox": ("ecslab.sandbox", ""),
    "set_language": ("ecslab.locale", "set_language"),
    "side_by_side": ("ecslab.widgets.side_by_side", "side_by_side"),
    "visitors": ("ecslab.widgets.visitors", "visitors"),
}

__all__ = [*sorted([*_ROOMS, "connect"]), "__version__"]

if TYPE_CHECKING:
    from ecslab.lab import Lab


def connect(
    target: str | None = None,
    *,
    profile: str | None = None,
    region: str | None = None,
    lang: str | None = None,
    consent: bool = False,
) -> Lab:
    """A lab on the sandbox (started if none runs) or, with "aws", on a real account.

    See `ecslab.lab.connect`.
    """
    from ecslab.lab import connect as connect_lab

    return connect_lab(
        target,
        profile=profile,
        region=region,
        lang=lang,
        consent=consent,
        live=_live,
        boards=_boards,
    )


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext ecslab``: the command as a magic, ``%ecslab local up``."""
    importlib.import_module("ecslab.cli.magic").load(shell)


def _live(lab: Lab, service: object = None, *, clock: bool = False, **how: object) -> object:
    """What ``lab.live()`` shows; with `clock` ``lab.clock()``, for a service ``lab.load()``."""
    # By name, as everything here: whoever imports `ecslab` does not thereby import the widgets.
    if service is not None:
        button: object = importlib.import_module("ecslab.widgets.load").load(lab, service, **how)
        return button
    if clock:
        ticking: object = importlib.import_module("ecslab.widgets.clock").tick(lab)
        return ticking
    shown: object = importlib.import_module("ecslab.widgets.live").follow(lab)
    return shown


def _boards(*asked: Any) -> object:
    """What ``lab.board()`` shows."""
    shown: object = importlib.import_module("ecslab.widgets.board").follow(*asked)
    return shown


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'ecslab' has no attribute {name!r}")
    module, attribute = _ROOMS[name]
    found = importlib.import_module(module)
    value = getattr(found, attribute) if attribute else found
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

"""``ecslab local up``, ``ps`` and ``down``: Compose files on this machine's engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from ecslab import compose, convert
from ecslab.cli.local_files import override_of
from ecslab.cli.local_old import rewritten
from ecslab.convert.local import secret_sources
from ecslab.lab.local_secrets import secret_values
from ecslab.locale import translator
from ecslab.runtime import local
from ecslab.runtime.local import LocalContainer, endpoints
from ecslab.runtime.local import engine as local_engine

_ = translator("cli")

Say = Callable[[object], None]


def up(
    base: Path,
    overrides: Sequence[Path],
    *,
    endpoints_image: str | None,
    timeout: float,
    say: Say,
) -> list[str]:
    """Run `base` with its own override and `overrides`, last wins; the URLs that answer.

    endpoints_image: None leaves the endpoints container out, "" is the usual one. Where the start
    fails, what was started for it is removed again.
    """
    tool, client = local.compose_tool(), local_engine.client()
    files = _files(base, overrides)
    definition, services = _definition_of(base)
    variables = secret_values(secret_sources(definition, services))
    project = _project_name(base, definition)
    with _all_or_nothing(client, base.parent, project):
        _surroundings(client, endpoints_image, say)
        with rewritten(files) if tool.old else nullcontext(files) as read:
            tool.up(read, project=project, folder=base.parent, variables=variables)
        say(_("The containers are started; waiting until they are up …"))
        local.wait_until_up(client, project, _may_end(definition, services), timeout)
    started = [one for one in local.find(client, folder=base.parent) if one.project == project]
    for one in started:
        say(_("✓ {name}: {status}", name=one.name, status=one.status))
    return sorted({url for one in started for url in _urls(one)})


def _surroundings(client: Any, endpoints_image: str | None, say: Say) -> None:
    """The network, and unless it is left out the endpoints container."""
    local.ensure_network(client)
    if endpoints_image is None:
        return
    if local.ensure_endpoints(client, endpoints_image or endpoints.IMAGE):
        told = _("✓ The endpoints container gives credentials and metadata at {address}.",
                 address=endpoints.ADDRESS)  # fmt: skip
        say(told)


def listed(selection: Mapping[str, Any], *, stopped: bool = False) -> list[LocalContainer]:
    """The containers that are meant."""
    client = local_engine.client()
    found = local.find(client, **selection, stopped=stopped)
    if not found and selection.get("input_type") == "remote":
        # The label has the whole ARN; a person may have given family:revision.
        wanted = selection["value"]
        every = local.find(client, input_type="remote", stopped=stopped)
        found = [one for one in every if one.task_definition.endswith(f"/{wanted}")]
    return found


def down(selection: Mapping[str, Any]) -> tuple[list[LocalContainer], bool]:
    """What was removed, and whether the endpoints container and the network went as well."""
    client = local_engine.client()
    found = listed(selection, stopped=True)
    local.remove(client, found)
    last = not local.find(client, stopped=True)
    if last:
        local.clear_away(client)
    return found, bool(found) and last


@contextmanager
def _all_or_nothing(client: Any, folder: Path, project: str) -> Iterator[None]:
    """A failed start leaves nothing; what ran before the start goes on."""
    before = {one.id for one in local.find(client, stopped=True)}
    try:
        yield
    except BaseException:
        made = [one for one in local.find(client, folder=folder, stopped=True)
                if one.project == project and one.id not in before]  # fmt: skip
        local.remove(client, made, seconds=2)
        if not local.find(client, stopped=True):
            local.clear_away(client)
        raise


def _files(base: Path, overrides: Sequence[Path]) -> list[Path]:
    """Base, its own override where there is one, the others; each once, at its last place."""
    own = override_of(base)
    wanted = [base, *([own] if own.is_file() else []), *overrides]
    return [path for at, path in enumerate(wanted) if path not in wanted[at + 1 :]]


def _definition_of(base: Path) -> tuple[dict[str, Any], list[str]]:
    """What the base means: its task definition, and its services in the order of containers."""
    project = compose.load(base)
    converted = convert.to_task_definition(project)
    return converted.value, list(project.document["services"])


def _may_end(definition: Mapping[str, Any], services: Sequence[str]) -> Callable[[str], bool]:
    containers = definition["containerDefinitions"]
    essential = {
        service: container.get("essential", True)
        for service, container in zip(services, containers, strict=True)
    }
    return lambda service: not essential.get(service, True)


def _project_name(base: Path, definition: Mapping[str, Any]) -> str:
    """A name Compose takes, of the family and the folder: two folders do not meet."""
    wanted = f"{definition['family']}-{base.parent.name}".lower()
    return "ecs-local-" + (re.sub(r"[^a-z0-9_-]+", "-", wanted).strip("-_") or "task")


def _urls(one: LocalContainer) -> Iterator[str]:
    for ip, host, _inside, kind in one.ports:
        if kind == "tcp":
            name = "localhost" if ip in ("0.0.0.0", "::", "127.0.0.1", "::1") else ip
            yield f"http://{name}:{host}"

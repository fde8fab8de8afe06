"""Gets containers what they need from elsewhere, on threads of its own.

The neighbours answer one request at a time and may wait for the control plane, so nobody who holds
the control plane may ask them: agents hand over what is needed and hear of it later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ecslab.runtime.port import Event, Prepare, Prepared, PrepareFailed
from ecslab.sandbox.providing import secrets, streams, variables
from ecslab.sandbox.providing.asking import Neighbourhood, NotThereError

log = logging.getLogger(__name__)

WORKERS = 4
Variables = tuple[tuple[str, str], ...]


class Provider:
    """Answers each `Prepare` with one event.

    `own` gives the variables the sandbox itself sets in a container (where its metadata are).
    """

    def __init__(
        self,
        ask: Neighbourhood,
        emit: Callable[[Event], None],
        own: Callable[[Prepare], Variables] = lambda _wanted: (),
    ) -> None:
        self._ask, self._emit, self._own = ask, emit, own
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="ecslab-provider")

    def prepare(self, wanted: Prepare) -> None:
        """Get it; returns at once. What needs nobody is answered at once, too."""
        definition = definition_of(wanted)
        if any(definition.get(name) for name in ("secrets", "environmentFiles")) or (
            streams.stream_of(definition, wanted.key.task_arn)
        ):
            self._pool.submit(self._get, wanted, definition)
        else:
            self._emit(Prepared(wanted.key, self._own(wanted)))

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _get(self, wanted: Prepare, definition: Mapping[str, Any]) -> None:
        try:
            found = self._variables(wanted, definition)
            stream = streams.stream_of(definition, wanted.key.task_arn)
            if stream is not None:
                fargate = wanted.order.container_instance_arn is None
                streams.make(stream, self._ask, fargate=fargate)
        except NotThereError as error:
            self._emit(PrepareFailed(wanted.key, str(error)))
        except Exception:
            log.exception("what %s needs could not be got", wanted.key)
            reason = "ResourceInitializationError: an error inside the sandbox; its log tells more"
            self._emit(PrepareFailed(wanted.key, reason))
        else:
            self._emit(Prepared(wanted.key, (*found.items(), *self._own(wanted))))

    def _variables(self, wanted: Prepare, definition: Mapping[str, Any]) -> dict[str, str]:
        """Those of files that the definition does not set itself, then the secrets."""
        region = wanted.key.task_arn.split(":")[3]
        set_already = {one["name"] for one in definition.get("environment") or ()}
        files = variables.fetch(definition.get("environmentFiles") or (), self._ask, region)
        found = {name: value for name, value in files.items() if name not in set_already}
        return found | secrets.fetch(definition.get("secrets") or (), self._ask, region)


def definition_of(wanted: Prepare) -> dict[str, Any]:
    """The container definition of whom it is for."""
    containers: Any = wanted.order.definition.get("containerDefinitions") or ()
    return next(dict(one) for one in containers if one["name"] == wanted.key.name)

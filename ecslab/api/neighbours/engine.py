"""moto itself: imported, repaired once, joined with ECS, emptied."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def start() -> WsgiApp:
    """An empty moto behind its domain dispatcher, with every repair in place."""
    app = _dispatcher()
    _forget()
    return app


@cache
def _dispatcher() -> WsgiApp:
    _settle()
    from ecslab.api.neighbours import chance, interfaces, repairs

    chance.control_time()
    import moto.cloudformation.models  # noqa: F401  it knows every service a template can name
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    chance.control()
    repairs.install()
    interfaces.interfaces_of_tasks_are_shown()
    app: WsgiApp = DomainDispatcherApplication(create_backend_app)
    return app


def _settle() -> None:
    """Switches of moto: IAM knows AWS's managed policies; other sites' pages get nothing."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"


def _forget() -> None:
    """Empty every backend; each is made anew when it is asked for."""
    import moto.core.base_backend

    used: Any = vars(moto.core.base_backend.BackendDict)["_instances"]
    for backends in used:
        backends.clear()
    used.clear()
    # S3 keeps a book of its own of who has which bucket.
    from moto.s3.models import s3_backends

    s3_backends.bucket_accounts.clear()

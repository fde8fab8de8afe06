"""The neighbours of ECS (EC2, IAM, CloudFormation, …): moto behind one door.

moto is imported when the first neighbour request comes (or `warm` is called), never before: it
costs a second and 180 MiB. Requests are served one at a time; each changing one is kept in a
journal and sent again after a restart, with the same time and chance.
"""

from __future__ import annotations

import base64
import io
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ecslab.api.neighbours import asking, balancers, instances, roles, scalables
from ecslab.api.neighbours.instances import Ec2Instance, EcsImage
from ecslab.api.neighbours.journal import Entry, Journal, action, changes, entry
from ecslab.api.neighbours.world import EcsCall, ScalingBook, TargetBook, World, renew, world
from ecslab.model.load_balancer import TargetGroup
from ecslab.model.network import Subnet, TaskInterface
from ecslab.model.scaling import ScalableTarget
from ecslab.model.traffic import Plan

__all__ = ["Ec2Instance", "EcsCall", "EcsImage", "Neighbours", "ScalingBook", "TargetBook"]

_log = logging.getLogger(__name__)
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Response = tuple[str, list[tuple[str, str]], bytes]


class Neighbours:
    """moto, repaired, with a memory. One per process: moto's world is global.

    `journal` is the file its memory is kept in (None: nothing is kept). `ecs` answers the ECS calls
    that neighbours make; it is called while a neighbour request is being served, so it must not
    make one. `targets` keeps the targets of load balancers, `interfaces` are those of ECS's tasks,
    `scaling` measures and scales services. `progress_seconds` is how long a stack shows
    CREATE_IN_PROGRESS.
    """

    def __init__(
        self,
        journal: Path | None = None,
        *,
        ecs: EcsCall | None = None,
        targets: TargetBook | None = None,
        scaling: ScalingBook | None = None,
        interfaces: Callable[[], Iterable[TaskInterface]] | None = None,
        account: str = "123456789012",
        progress_seconds: float = 1.0,
        first_address: int = 0,
    ) -> None:
        self._journal = Journal(journal)
        self._settings: dict[str, Any] = {
            "account": account,
            "progress_seconds": progress_seconds,
            "address_number": first_address,
            "before_ecs": self._publish,
        }
        if ecs is not None:
            self._settings["ecs"] = ecs
        if targets is not None:
            self._settings["targets"] = targets
        if scaling is not None:
            self._settings["scaling"] = scaling
        if interfaces is not None:
            self._settings["interfaces"] = interfaces
        self._lock = threading.RLock()
        # Its own lock: who waits for the journal must not wait for a request that waits for him.
        self._loading = threading.RLock()
        self._loaded = False
        self._moto: Callable[[Environ, StartResponse], Iterable[bytes]] | None = None
        self._instances: tuple[Ec2Instance, ...] = ()
        self._plan = Plan()
        self._target_groups: dict[str, TargetGroup] = {}
        self._subnets: dict[str, Subnet] = {}
        self._roles: roles.Trusted = {}
        self._scalable: tuple[ScalableTarget, ...] = ()
        self._regions = 0
        self._generation = 0

    # -- reading ---------------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """Grows with each change. Costs nothing: poll it."""
        return self._generation

    def instances(self) -> tuple[Ec2Instance, ...]:
        """All EC2 instances as they are now, the terminated ones too, oldest first.

        After a restart the first call waits until the journal is replayed (1-3 s); with an empty
        journal it answers at once, without moto. Later calls never wait, not even while a request
        is being served.
        """
        self._catch_up()
        return self._instances

    def traffic(self) -> Plan:
        """All load balancers and target groups as they are now. It waits as `instances` does."""
        self._catch_up()
        return self._plan

    def scalable(self) -> tuple[ScalableTarget, ...]:
        """All services that are to be scaled. It waits as `instances` does."""
        self._catch_up()
        return self._scalable

    def target_group(self, arn: str) -> TargetGroup | None:
        """A target group; None where there is none of that ARN. It waits as `instances` does."""
        self._catch_up()
        return self._target_groups.get(arn)

    def subnet(self, subnet_id: str) -> Subnet | None:
        """A subnet; None where there is none of that id. It waits as `instances` does.

        A region has its default subnets once somebody has asked EC2 there for anything.
        """
        self._catch_up()
        return self._subnets.get(subnet_id)

    def tasks_may_assume(self, role_arn: str) -> bool:
        """Whether a role is there and trusts ECS tasks. It waits as `instances` does."""
        self._catch_up()
        return roles.TASKS in self._roles.get(role_arn, ())

    def ecs_may_assume(self, role_arn: str) -> bool:
        """Whether a role is there and trusts ECS itself. It waits as `instances` does."""
        self._catch_up()
        return roles.ECS in self._roles.get(role_arn, ())

    def _catch_up(self) -> None:
        if not self._loaded and not self._journal.empty:
            self._load()

    # -- life ------------------------------------------------------------------------------------

    def warm(self) -> threading.Thread:
        """Load moto and replay the journal in the background."""
        thread = threading.Thread(target=self._load, name="ecslab-neighbours", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Close the journal. Nothing else needs an end."""
        with self._lock:
            self._journal.close()

    def reset(self) -> None:
        """Forget everything: an account in which nothing was ever made."""
        # A memory that is just being loaded is loaded to its end first: else it came back.
        with self._lock, self._loading:
            self._journal.clear()
            self._instances, self._plan = (), Plan()
            self._target_groups, self._subnets, self._roles = {}, {}, {}
            self._scalable = ()
            if self._loaded:
                self._loaded = False
                self._load()

    # -- serving ---------------------------------------------------------------------------------

    def wsgi(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one AWS request that is not ECS's."""
        body = _read_body(environ)
        self._load()
        with self._lock:
            status, headers, content = self._serve(environ, body)
        start_response(status, headers)
        return [content]

    def ask(
        self, service: str, operation: str, params: dict[str, Any], region: str
    ) -> dict[str, Any]:
        """What a service of AWS's JSON protocol answers. Raises AwsError as it would.

        It waits its turn like every request: nobody may ask who is being waited for.
        """
        return asking.ask(self.wsgi, service, operation, params, region)

    def read_object(self, bucket: str, key: str, region: str) -> bytes:
        """The bytes of an S3 object; as `ask`."""
        return asking.read_object(self.wsgi, bucket, key, region)

    def _serve(self, environ: Environ, body: bytes) -> Response:
        if environ.get("PATH_INFO", "").startswith("/moto-api"):
            return _refused(environ, body, "moto's own interface is closed in the sandbox.")
        if not changes(environ, body):
            response = self._send(environ, body)
            if instances.regions(world.account) != self._regions:
                self._publish()
            return response
        kept = entry(environ, body, time.time())
        response = self._play(kept, environ, body)
        self._journal.append(replace(kept, made=list(world.made)))
        return response

    def _play(self, kept: Entry, environ: Environ, body: bytes) -> Response:
        """Serve a changing request at its time, with its chance."""
        from moto.moto_api._internal import mock_random

        mock_random.seed(kept.seed)
        world.now, world.made = kept.at, list(kept.made)
        try:
            return self._send(environ, body)
        finally:
            world.now = None
            self._publish()

    def _send(self, environ: Environ, body: bytes) -> Response:
        assert self._moto is not None
        answer: list[Any] = []
        environ = dict(environ)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = world.account
        try:
            chunks = self._moto(environ, lambda *args: answer.extend(args[:2]))
            content = b"".join(chunks)
        except Exception as error:  # noqa: BLE001  moto raises what it did not expect: tell it as AWS would
            reference = str(uuid.uuid4())
            _log.exception("%s failed in moto (reference %s)", action(environ, body), reference)
            text = f"moto could not answer this ({type(error).__name__}); reference {reference}."
            return _refused(environ, body, text)
        status, headers = answer
        signed_for_s3 = "/s3/aws4_request" in environ.get("HTTP_AUTHORIZATION", "")
        if _is_page(headers) and not signed_for_s3:
            answered = content.startswith(b"{") or (status.startswith("200") and not content)
            if not answered:
                return _refused(environ, body, "The sandbox has no such service or operation.")
            headers = _as_json(headers)  # some of moto's services call their JSON so
        return status, headers, content

    def _publish(self) -> None:
        self._regions = instances.regions(world.account)
        self._instances = instances.read(world.account)
        self._subnets = instances.read_subnets(world.account)
        self._roles = roles.read(world.account)
        self._plan = balancers.read(world.account)
        self._target_groups = balancers.read_target_groups(world.account)
        self._scalable = scalables.read(world.account)
        self._generation += 1

    def _load(self) -> None:
        with self._loading:
            if self._loaded:
                return
            entries = self._journal.read()
            renew(seed=self._journal.seed, **self._settings)
            from ecslab.api.neighbours import engine

            self._moto = engine.start()
            self._replay(entries, world)
            self._publish()
            self._loaded = True

    def _replay(self, entries: list[Entry], world: World) -> None:
        world.replaying = True
        try:
            for kept in entries:
                body = base64.b64decode(kept.body)
                self._play(kept, _environ(kept, body), body)
        finally:
            world.replaying = False


def _read_body(environ: Environ) -> bytes:
    text = environ.get("CONTENT_LENGTH") or "0"
    length = int(text) if text.isdecimal() else 0
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    return body


def _environ(kept: Entry, body: bytes) -> Environ:
    """The kept request as a WSGI server would hand it in."""
    return {
        "REQUEST_METHOD": kept.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": kept.path,
        "QUERY_STRING": kept.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **kept.headers,
    }


def _is_page(headers: list[tuple[str, str]]) -> bool:
    """Is this HTML? No AWS API but S3 answers so: it is Flask that found nobody to ask."""
    return any(
        name.lower() == "content-type" and value.startswith("text/html") for name, value in headers
    )


def _as_json(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in headers if name.lower() != "content-type"]
    return [*kept, ("Content-Type", "application/x-amz-json-1.1")]


def _refused(environ: Environ, body: bytes, text: str) -> Response:
    """An error in the words of the protocol the request speaks: JSON, EC2's XML or the others'."""
    from ecslab.api.neighbours.refusal import refusal

    return refusal(environ, text)

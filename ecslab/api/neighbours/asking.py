"""Asking the neighbours in process, as the ECS agent asks them on its host.

The requests are what an SDK would send, so that repairs and the journal see no difference.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from ecslab.model.errors import AwsError

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

TARGETS = {
    "ssm": "AmazonSSM",
    "secretsmanager": "secretsmanager",
    "logs": "Logs_20140328",
    "application-autoscaling": "AnyScaleFrontendService",
}
"""Services of AWS's JSON protocol and how their operations are named in X-Amz-Target."""


def ask(
    wsgi: Wsgi, service: str, operation: str, params: dict[str, Any], region: str
) -> dict[str, Any]:
    """The answer of an operation of a JSON service. Raises AwsError as the service would."""
    environ = _environ("POST", "/", service, region, json.dumps(params).encode())
    environ["HTTP_X_AMZ_TARGET"] = f"{TARGETS[service]}.{operation}"
    environ["CONTENT_TYPE"] = "application/x-amz-json-1.1"
    status, body = _send(wsgi, environ)
    told: dict[str, Any] = json.loads(body or b"{}")
    if status != 200:
        code = str(told.get("__type", "ServiceException")).rpartition("#")[2]
        raise AwsError(code, str(told.get("message") or told.get("Message") or ""), status=status)
    return told


def read_object(wsgi: Wsgi, bucket: str, key: str, region: str) -> bytes:
    """The bytes of an S3 object. Raises AwsError as S3 would."""
    path = f"/{quote(bucket)}/{quote(key)}"
    status, body = _send(wsgi, _environ("GET", path, "s3", region, b""))
    if status != 200:
        code, words = (_element(body, name) for name in ("Code", "Message"))
        raise AwsError(code or "NoSuchKey", words, status=status)
    return body


def _environ(method: str, path: str, service: str, region: str, body: bytes) -> Environ:
    scope = f"Credential=ecs-agent/20260101/{region}/{service}/aws4_request"
    host = f"{service}.amazonaws.com" if service == "s3" else f"{service}.{region}.amazonaws.com"
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _send(wsgi: Wsgi, environ: Environ) -> tuple[int, bytes]:
    status: list[int] = []
    chunks = wsgi(environ, lambda line, *_: status.append(int(line.split()[0])))
    return status[0], b"".join(chunks)


def _element(xml: bytes, name: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", xml.decode("utf-8", "replace"), re.DOTALL)
    return found[1] if found else ""

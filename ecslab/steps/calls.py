"""Every API call that is made, as you would write it with boto3 and with the AWS CLI."""

from __future__ import annotations

import html
import json
import shlex
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, overload

from ecslab.locale import translator
from ecslab.model.masking import MASK, announces_a_secret, names_a_secret
from ecslab.steps.known import remember, without_secrets
from ecslab.steps.shown import LEFT

_ = translator("steps")

_LONG = ("TemplateBody",)
MOST = 2000
"""Calls kept; the oldest go first."""

_watching: ContextVar[bool] = ContextVar("ecslab_watching", default=False)


@contextmanager
def watching() -> Iterator[None]:
    """Calls inside only look, again and again: they are counted, not listed."""
    before = _watching.set(True)
    try:
        yield
    finally:
        _watching.reset(before)


@dataclass
class Call:
    """One API call. `times` counts the same call made again right after."""

    service: str
    """As boto3 and the AWS CLI name it: ``ecs``."""
    operation: str
    """As the API names it: ``RunTask``."""
    params: Mapping[str, Any]
    files: dict[str, str] = field(default_factory=dict)
    """Long texts, by the name of the file the lines read them from."""
    error: str = ""
    times: int = 1

    @property
    def boto3(self) -> str:
        """The call as Python."""
        from botocore import xform_name

        arguments = ", ".join(f"{key}={_python(value)}" for key, value in self.params.items())
        return f'boto3.client("{self.service}").{xform_name(self.operation)}({arguments})'

    @property
    def cli(self) -> str:
        """The call as an AWS CLI line for a POSIX shell."""
        from botocore import xform_name

        words = ["aws", self.service, xform_name(self.operation, "-")]
        for key, value in self.params.items():
            words += _option(xform_name(key, "-"), value)
        return " ".join(words)

    def same(self, other: Call) -> bool:
        """Whether `other` asks for the same."""
        return (self.service, self.operation, self.params) == (
            other.service,
            other.operation,
            other.params,
        )

    def __str__(self) -> str:
        note = f"   # ×{self.times}" if self.times > 1 else ""
        error = f"\n# {self.error}" if self.error else ""
        return f"{self.boto3}{note}\n{self.cli}{error}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _table([self])


def planned(service: str, operation: str, params: Mapping[str, Any]) -> Call:
    """A call that is about to be made, as the log will show it."""
    shown, files = _presentable(params)
    return Call(service, operation, shown, files)


class _File(str):
    """Stands for a text that is read from a file of this name."""

    __slots__ = ()


class CallLog(Sequence[Call]):
    """The calls of one session, oldest first: ``lab.calls[-3:]``, ``lab.calls.last``."""

    def __init__(self, calls: Sequence[Call] = ()) -> None:
        self._calls = list(calls)
        self._lock = threading.Lock()
        self.watched = 0
        """How many calls were made only to look (by the live diagram, say)."""
        self.made = 0
        """How many were made for anything else, ever: it grows whenever something is done."""

    @property
    def last(self) -> Call | None:
        """The newest call; None before the first."""
        return self._calls[-1] if self._calls else None

    @property
    def changes(self) -> CallLog:
        """The calls that made, changed or removed something, without those that only asked."""
        return CallLog([call for call in self._calls if not call.operation.startswith(_ASKING)])

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._calls.clear()
            self.watched = 0

    def listen(self, session: Any) -> None:
        """Record what clients that this boto3 session makes from now on are asked to do."""
        session.events.register("provide-client-params", self._before)
        session.events.register("after-call", self._after)

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> CallLog: ...
    def __getitem__(self, index: int | slice) -> Call | CallLog:
        return CallLog(self._calls[index]) if isinstance(index, slice) else self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __str__(self) -> str:
        return "\n\n".join([*map(str, self._calls), *self._footer()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        footer = "".join(f"<p>{html.escape(line)}</p>" for line in self._footer())
        return _table(self._calls) + footer

    def _footer(self) -> list[str]:
        if self.watched:
            return [str(_("… and {count} calls that only looked.", count=self.watched))]
        return [] if self._calls else [str(_("No API call has been made yet."))]

    def _before(self, params: Mapping[str, Any], model: Any, context: Any, **_rest: Any) -> None:
        if _watching.get():
            self.watched += 1
            return
        # What boto3 adds later (idempotency tokens) is not in here: nobody would write it.
        service = model.service_model.service_name
        call = planned(service, model.name, params)
        with self._lock:
            self.made += 1
            last = self.last
            if last and last.same(call):
                last.times += 1
                call = last
            else:
                self._calls.append(call)
                del self._calls[:-MOST]
        context["ecslab_call"] = call

    def _after(self, parsed: Mapping[str, Any], context: Any, **_rest: Any) -> None:
        call = context.get("ecslab_call")
        if call is not None:
            error = parsed.get("Error", {})
            said = f"{error.get('Code')}: {error.get('Message')}" if error.get("Code") else ""
            call.error = without_secrets(said)


def _presentable(params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The parameters with secrets masked and long texts put aside."""
    files = {
        f"{key.lower()}.json": value
        for key, value in params.items()
        if key in _LONG and isinstance(value, str)
    }
    shown = _masked({k: v for k, v in params.items() if f"{k.lower()}.json" not in files})
    names = {k: _File(f"{k.lower()}.json") for k in params if f"{k.lower()}.json" in files}
    return {key: names[key] if key in names else shown[key] for key in params}, files


def _masked(value: Any) -> Any:
    """A value as it may be shown; what is not shown is remembered as a secret."""
    if isinstance(value, Mapping):
        return {k: _hidden(v) if _is_secret(value, k, v) else _masked(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [
            _hidden(part) if number and _announced(value[number - 1], part) else _masked(part)
            for number, part in enumerate(value)
        ]
    if isinstance(value, (bytes, bytearray)):  # an object of S3, say
        text = bytes(value).decode("utf-8", "replace")
        return value if without_secrets(text) == text else MASK
    return without_secrets(value) if isinstance(value, str) else value


_NAMES = ("name", "Name", "key", "Key", "ParameterKey")
_VALUES = ("value", "Value", "ParameterValue")


def _is_secret(around: Mapping[str, Any], key: str, value: Any) -> bool:
    """Whether a member is a secret: by its key, or as the ``value`` beside a ``name``."""
    if key in _VALUES:
        if around.get("Type") == "SecureString":  # PutParameter
            return True
        named = [around.get(word) for word in _NAMES]
        return any(isinstance(name, str) and names_a_secret(name) for name in named)
    plain = isinstance(value, (str, bytes, bytearray)) and not str(value).startswith("arn:")
    return plain and names_a_secret(key)


def _announced(before: Any, value: Any) -> bool:
    return isinstance(before, str) and isinstance(value, str) and announces_a_secret(before)


def _hidden(value: Any) -> str:
    remember(value)
    return MASK


def _python(value: Any) -> str:
    if isinstance(value, _File):
        return f"open({json.dumps(str(value))}).read()"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_python(k)}: {_python(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_python, value)) + "]"
    return repr(value)


def _option(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, _File):
        return [f"--{name}", f"file://{value}"]
    if isinstance(value, (list, tuple)):
        if value and not any(isinstance(part, (Mapping, list, tuple)) for part in value):
            return [f"--{name}", *(shlex.quote(str(part)) for part in value)]
        return [f"--{name}", _json(value)]
    if isinstance(value, Mapping):
        return [f"--{name}", _json(value)]
    return [f"--{name}", shlex.quote(str(value))]


def _json(value: Any) -> str:
    return shlex.quote(json.dumps(value, ensure_ascii=False, default=str))


_ASKING = ("Describe", "List", "Get", "Discover")
_CODE = (
    "white-space:pre-wrap;word-break:break-word;text-align:left;margin:0;font-size:12px;"
    "background:transparent"
)


def _table(calls: Sequence[Call]) -> str:
    rows = "".join(_row(number, call) for number, call in enumerate(calls))
    return (
        f"<table><thead><tr><th>#</th><th {LEFT}>boto3</th><th {LEFT}>AWS CLI</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if calls
        else ""
    )


def _row(number: int, call: Call) -> str:
    times = f" ×{call.times}" if call.times > 1 else ""
    error = f'<pre style="{_CODE}">✗ {html.escape(call.error)}</pre>' if call.error else ""
    return (
        f"<tr><td>{number}{times}</td>"
        f'<td><pre style="{_CODE}">{html.escape(call.boto3)}</pre>{error}</td>'
        f'<td><pre style="{_CODE}">{html.escape(call.cli)}</pre></td></tr>'
    )

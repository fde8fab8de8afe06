"""The data channel of Session Manager, over which ECS runs a command: its messages and its rules.

No socket and no clock here: bytes in, bytes out. Every message has a header of 116 bytes in network
order and a payload whose SHA-256 is in the header; output is numbered, acknowledged one by one, and
may come twice or out of turn. Source: the message format that AWS documents in the sources of
session-manager-plugin (`message`, `datachannel`).
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LIMIT = 64 * 1024
"""Bytes of output that are kept."""
VERSION = "1.2.0.0"
"""Of the client, as the agent is told; from 1.1.70 on it offers a handshake."""

_HEADER = struct.Struct(">I32sIQqQ16s32sI")
# Payload types.
OUTPUT, SIZE, HELLO, ANSWER, FLAG, STDERR, EXIT_CODE = 1, 3, 5, 6, 10, 11, 12
_TERMINATE = struct.pack(">I", 2)
_DONE, _UNSUPPORTED = 1, 3
_LAST = 3
"""The flags SYN and FIN: a message that is no part of a sequence."""
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")


@dataclass(frozen=True)
class Message:
    """One message, either way."""

    kind: str
    payload: bytes = b""
    payload_type: int = 0
    sequence: int = 0
    flags: int = 0
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def pack(message: Message, created: int) -> bytes:
    """As it goes over the line; `created` in milliseconds since the epoch."""
    header = _HEADER.pack(
        _HEADER.size,
        message.kind.encode().ljust(32),
        1,
        created,
        message.sequence,
        message.flags,
        message.id.bytes[8:] + message.id.bytes[:8],
        hashlib.sha256(message.payload).digest(),
        message.payload_type,
    )
    return header + struct.pack(">I", len(message.payload)) + message.payload


def unpack(data: bytes) -> Message:
    """Raises ValueError for what is no message, or arrived damaged."""
    if len(data) < _HEADER.size + 4:
        raise ValueError(f"a message of {len(data)} bytes is too short")
    size, kind, _version, _created, sequence, flags, ident, digest, payload_type = (
        _HEADER.unpack_from(data)
    )
    payload = data[size + 4 :]
    (length,) = struct.unpack_from(">I", data, size)
    if len(payload) != length or (length and hashlib.sha256(payload).digest() != digest):
        raise ValueError("the payload of a message is damaged")
    name = kind.strip(b"\0 ").decode("ascii", "replace")
    return Message(
        name, payload, payload_type, sequence, flags, uuid.UUID(bytes=ident[8:] + ident[:8])
    )


def opening(token: str) -> str:
    """What is said first, as text: who we are and that we may."""
    return json.dumps(
        {
            "MessageSchemaVersion": "1.0",
            "RequestId": str(uuid.uuid4()),
            "TokenValue": token,
            "ClientId": str(uuid.uuid4()),
            "ClientVersion": VERSION,
        }
    )


class Talk:
    """One command's talk: what the other side sent, and what is to be sent."""

    def __init__(self) -> None:
        self.exit_code: int | None = None
        self.closed = False
        self.complaint = ""
        """Why the other side closed the channel; mostly ""."""
        self.encrypted = False
        """Whether the cluster wants sessions encrypted with a key of KMS, which we cannot."""
        self.cut = False
        """There was more output than is kept."""
        self._output = b""
        self._expected = 0
        self._early: dict[int, Message] = {}
        self._number = 0
        self._unheard: dict[int, Message] = {}

    @property
    def output(self) -> str:
        """What the command wrote, without a terminal's colours and carriage returns."""
        text = self._output.decode("utf-8", "replace")
        return _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")

    def hear(self, data: bytes) -> list[Message]:
        """Take a message in; what is to be answered. Raises ValueError for a damaged one."""
        message = unpack(data)
        if message.kind == "acknowledge":
            told = json.loads(message.payload)
            self._unheard.pop(told["AcknowledgedMessageSequenceNumber"], None)
        elif message.kind == "channel_closed":
            self.closed = True
            self.complaint = str(json.loads(message.payload).get("Output") or "")
        elif message.kind == "output_stream_data":
            return [_heard(message), *self._in_turn(message)]
        return []

    def again(self) -> list[Message]:
        """What was said and not heard yet."""
        return list(self._unheard.values())

    def end(self) -> Message:
        """Asks the other side to end the command."""
        return self._say(FLAG, _TERMINATE)

    def _in_turn(self, message: Message) -> list[Message]:
        if message.sequence >= self._expected:
            self._early[message.sequence] = message
        answers: list[Message] = []
        while (following := self._early.pop(self._expected, None)) is not None:
            self._expected += 1
            answers += self._take(following)
        return answers

    def _take(self, message: Message) -> list[Message]:
        if message.payload_type in (OUTPUT, STDERR):
            room = LIMIT - len(self._output)
            self._output += message.payload[:room]
            self.cut = self.cut or len(message.payload) > room
        elif message.payload_type == EXIT_CODE:
            self.exit_code = int(message.payload)
        elif message.payload_type == HELLO:
            return self._answer(json.loads(message.payload))
        return []

    def _answer(self, hello: Mapping[str, Any]) -> list[Message]:
        actions = [one["ActionType"] for one in hello.get("RequestedClientActions") or ()]
        self.encrypted = "KMSEncryption" in actions
        done = [
            {
                "ActionType": action,
                "ActionStatus": _DONE if action == "SessionType" else _UNSUPPORTED,
                "ActionResult": None,
                "Error": "" if action == "SessionType" else "not supported",
            }
            for action in actions
        ]
        told = {"ClientVersion": VERSION, "ProcessedClientActions": done, "Errors": []}
        size = {"cols": 200, "rows": 50}
        return [self._say(kind, json.dumps(what).encode()) for kind, what in
                ((ANSWER, told), (SIZE, size))]  # fmt: skip

    def _say(self, payload_type: int, payload: bytes) -> Message:
        message = Message("input_stream_data", payload, payload_type, self._number)
        self._unheard[self._number] = message
        self._number += 1
        return message


def _heard(message: Message) -> Message:
    told = {
        "AcknowledgedMessageType": message.kind,
        "AcknowledgedMessageId": str(message.id),
        "AcknowledgedMessageSequenceNumber": message.sequence,
        "IsSequentialMessage": True,
    }
    return Message("acknowledge", json.dumps(told).encode(), flags=_LAST)

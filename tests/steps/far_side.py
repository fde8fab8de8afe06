"""The other side of Session Manager's data channel: an agent that runs nothing and says its lines.

Written after the documented layout, byte by byte and apart from the kit's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import uuid

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
import tornado.websocket


def framed(kind, payload=b"", payload_type=0, sequence=0, flags=0):
    """A message: each field at its offset."""
    ident = uuid.uuid4()
    made = bytearray(120)
    made[0:4] = (116).to_bytes(4, "big")
    made[4:36] = kind.encode().ljust(32, b" ")
    made[36:40] = (1).to_bytes(4, "big")
    made[40:48] = (1_700_000_000_000).to_bytes(8, "big")
    made[48:56] = sequence.to_bytes(8, "big", signed=True)
    made[56:64] = flags.to_bytes(8, "big")
    made[64:72], made[72:80] = ident.bytes[8:16], ident.bytes[0:8]
    made[80:112] = hashlib.sha256(payload).digest()
    made[112:116] = payload_type.to_bytes(4, "big")
    made[116:120] = len(payload).to_bytes(4, "big")
    return bytes(made) + payload


def fields(data):
    """What is at each offset of a message."""
    assert int.from_bytes(data[0:4], "big") == 116
    payload = data[120:]
    assert int.from_bytes(data[116:120], "big") == len(payload)
    assert data[80:112] == hashlib.sha256(payload).digest()
    return {
        "kind": data[4:36].decode().rstrip(),
        "sequence": int.from_bytes(data[48:56], "big", signed=True),
        "flags": int.from_bytes(data[56:64], "big"),
        "id": str(uuid.UUID(bytes=data[72:80] + data[64:72])),
        "type": int.from_bytes(data[112:116], "big"),
        "payload": payload,
    }


def output(text, sequence):
    return framed("output_stream_data", text.encode(), 1, sequence)


def hello(*actions, sequence=0):
    asked = [{"ActionType": one, "ActionParameters": {}} for one in actions]
    told = {"AgentVersion": "3.3.0.0", "RequestedClientActions": asked}
    return framed("output_stream_data", json.dumps(told).encode(), 5, sequence)


def closed(why=""):
    told = {"MessageType": "channel_closed", "SchemaVersion": 1, "Output": why}
    return framed("channel_closed", json.dumps(told).encode())


class FarSide:
    """A WebSocket server on 127.0.0.1; `lines` are what it says once it was greeted.

    It acknowledges nothing before `deaf` messages of input were heard.
    """

    def __init__(self, *lines, deaf=0, ends=False):
        self.lines, self.deaf, self.ends = lines, deaf, ends
        self.greeting, self.heard = None, []
        self._ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        assert self._ready.wait(10)

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/v1/data-channel/ecs-execute-command-1"

    def stop(self):
        self._loop.add_callback(self._loop.stop)

    def of_kind(self, kind):
        return [one for one in self.heard if one["kind"] == kind]

    def _run(self):
        asyncio.set_event_loop(asyncio.new_event_loop())
        far = self

        class Line(tornado.websocket.WebSocketHandler):
            def on_message(self, message):
                if isinstance(message, str):
                    far.greeting = json.loads(message)
                    for line in far.lines:
                        self.write_message(line, binary=True)
                    if far.ends:
                        self.close()
                    return
                one = fields(message)
                far.heard.append(one)
                if one["kind"] == "input_stream_data" and len(far.heard) > far.deaf:
                    told = {
                        "AcknowledgedMessageType": one["kind"],
                        "AcknowledgedMessageId": one["id"],
                        "AcknowledgedMessageSequenceNumber": one["sequence"],
                        "IsSequentialMessage": True,
                    }
                    self.write_message(
                        framed("acknowledge", json.dumps(told).encode(), flags=3), binary=True
                    )

        self._loop = tornado.ioloop.IOLoop.current()
        (socket,) = tornado.netutil.bind_sockets(0, "127.0.0.1")
        self.port = socket.getsockname()[1]
        server = tornado.httpserver.HTTPServer(tornado.web.Application([(r"/.*", Line)]))
        server.add_sockets([socket])
        self._loop.add_callback(self._ready.set)
        self._loop.start()

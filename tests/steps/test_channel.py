"""Session Manager's data channel: bytes in, bytes out."""

import json
import uuid

import pytest

from ecslab.steps.channel import LIMIT, Message, Talk, opening, pack, unpack
from tests.steps.far_side import closed, fields, framed, hello, output

IDENT = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")


def test_a_message_has_each_field_at_its_place():
    data = pack(Message("input_stream_data", b"ls", 3, 7, 1, IDENT), 1_700_000_000_000)
    assert fields(data) == {
        "kind": "input_stream_data",
        "sequence": 7,
        "flags": 1,
        "id": str(IDENT),
        "type": 3,
        "payload": b"ls",
    }
    assert data[36:48] == (1).to_bytes(4, "big") + (1_700_000_000_000).to_bytes(8, "big")


def test_a_message_is_read_as_it_was_meant():
    data = framed("output_stream_data", "日本".encode(), 1, 5)
    read = unpack(data)
    assert (read.kind, read.payload.decode(), read.payload_type, read.sequence) == (
        "output_stream_data", "日本", 1, 5,
    )  # fmt: skip
    assert str(read.id) == fields(data)["id"]


@pytest.mark.parametrize(
    "data",
    [b"", b"short", output("abc", 0)[:-1], output("abc", 0)[:-1] + b"x"],
    ids=["empty", "short", "a byte missing", "a byte too many"],
)
def test_a_damaged_message_is_refused(data):
    with pytest.raises(ValueError, match=r"too short|damaged"):
        unpack(data)


def test_the_greeting_brings_the_token():
    told = json.loads(opening("secret"))
    assert told["TokenValue"] == "secret"
    assert told["MessageSchemaVersion"] == "1.0"


def test_output_is_acknowledged_and_kept_in_its_order_each_piece_once():
    talk = Talk()
    pieces = [output("a", 0), output("c", 2), output("c", 2), output("b", 1), output("a", 0)]
    for piece in pieces:
        (heard,) = talk.hear(piece)
        told = json.loads(heard.payload)
        asked = fields(piece)
        assert (heard.kind, heard.flags, heard.sequence) == ("acknowledge", 3, 0)
        assert told == {
            "AcknowledgedMessageType": "output_stream_data",
            "AcknowledgedMessageId": asked["id"],
            "AcknowledgedMessageSequenceNumber": asked["sequence"],
            "IsSequentialMessage": True,
        }
    assert talk.output == "abc"


def test_the_handshake_is_answered_and_said_again_until_it_is_heard():
    talk = Talk()
    _heard, answer, size = talk.hear(hello("SessionType"))
    assert (answer.payload_type, answer.sequence, size.payload_type, size.sequence) == (6, 0, 3, 1)
    done = json.loads(answer.payload)["ProcessedClientActions"]
    assert [(one["ActionType"], one["ActionStatus"]) for one in done] == [("SessionType", 1)]
    assert json.loads(size.payload)["cols"] >= 80
    assert talk.again() == [answer, size]
    told = json.dumps({"AcknowledgedMessageSequenceNumber": 0}).encode()
    talk.hear(framed("acknowledge", told))
    assert talk.again() == [size]


def test_encryption_with_kms_is_declined():
    talk = Talk()
    _heard, answer, _size = talk.hear(hello("KMSEncryption", "SessionType"))
    done = json.loads(answer.payload)["ProcessedClientActions"]
    assert [one["ActionStatus"] for one in done] == [3, 1]
    assert talk.encrypted


def test_the_end_is_told_with_its_reason_and_the_exit_code_if_there_is_one():
    talk = Talk()
    talk.hear(framed("output_stream_data", b"3", 12, 0))
    assert (talk.exit_code, talk.closed) == (3, False)
    talk.hear(closed("no such file"))
    assert (talk.closed, talk.complaint) == (True, "no such file")


def test_what_a_terminal_needs_is_left_out_of_the_output():
    talk = Talk()
    talk.hear(output("\x1b[1;34mbin\x1b[m  \x1b]0;title\x07etc\r\nx\r\n", 0))
    assert talk.output == "bin  etc\nx\n"


def test_output_is_bounded():
    talk = Talk()
    talk.hear(output("x" * (LIMIT - 1), 0))
    assert not talk.cut
    talk.hear(output("yz", 1))
    assert talk.cut
    assert len(talk.output) == LIMIT

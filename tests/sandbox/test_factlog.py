"""The log of facts survives a crash and has one writer."""

import pytest

from ecslab.model.errors import EcslabError
from ecslab.sandbox.factlog import FactLog


def test_what_was_appended_is_read_again_in_order(tmp_path):
    log = FactLog(tmp_path)
    log.append([{"a": 1}, {"b": "日本"}])
    log.append([{"c": None}])
    log.close()
    assert list(FactLog(tmp_path)) == [{"a": 1}, {"b": "日本"}, {"c": None}]


@pytest.mark.parametrize("kept", range(12))
def test_a_torn_last_line_is_cut_off_and_the_log_goes_on(tmp_path, kept):
    log = FactLog(tmp_path)
    log.append([{"a": 1}])
    log.close()
    whole = log.path.read_bytes()
    torn = b'[{"b":2},{"c":3}]\n'[:kept]
    log.path.write_bytes(whole + torn)
    again = FactLog(tmp_path)
    again.append([{"d": 4}])
    assert list(again) == [{"a": 1}, {"d": 4}]


def test_a_log_that_is_one_torn_line_is_empty(tmp_path):
    (tmp_path / "facts.jsonl").write_bytes(b'[{"a"' + b"x" * 200_000)
    assert list(FactLog(tmp_path)) == []


def test_a_second_writer_is_refused_with_a_sentence(tmp_path):
    log = FactLog(tmp_path)
    with pytest.raises(EcslabError, match="Another sandbox is using the folder"):
        FactLog(tmp_path)
    log.close()
    FactLog(tmp_path).close()


def test_a_damaged_line_in_the_middle_is_named_by_its_number(tmp_path):
    (tmp_path / "facts.jsonl").write_bytes(b"[]\nnonsense\n[]\n")
    with pytest.raises(EcslabError, match="Line 2 of"):
        list(FactLog(tmp_path))


def test_a_cleared_log_is_empty_and_can_be_written(tmp_path):
    log = FactLog(tmp_path)
    log.append([{"a": 1}])
    log.clear()
    log.append([{"b": 1}])
    assert list(log) == [{"b": 1}]

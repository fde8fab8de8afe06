"""The progress record: how far a learner is, kept small, without secrets, in one place."""

import json
import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.model.errors import EcslabError
from ecslab.steps.progress_record import Record, brief, read
from ecslab.steps.record_keeping import Folder, Parameters, keeper

KEN = "ecslab-ken-1a2b3c4d"


def no_client(service):
    raise AssertionError(f"asked {service}")


def test_a_step_that_fails_three_times_in_a_row_is_stuck_and_a_success_ends_that():
    """The third failure of one step says stuck; what works or another step begins anew."""
    record = Record(KEN).began("task", "03-console", 10)
    for time in (11, 12):
        record = record.began("task", "03-console", time).failed("no memory", time)
        assert record.state == "at"
    record = record.failed("no memory", 13)
    assert (record.state, record.failures, record.since) == ("stuck", 3, 10)
    assert record.began("page", "03-console", 14).failures == 0
    done = record.succeeded(15)
    assert (done.state, done.failures, done.error, done.done) == ("done", 0, "", ("task",))


SECRETS = [
    "x-amz-security-token: IQoJb3JpZ2luX2VjE",
    "AKIAABCDEFGHIJKLMNOP is unknown",
    'the variable DB_PASSWORD="hunter2 and more" is wrong',
    "MY_API_KEY: hunter2",
    "https://ken:hunter2@proxy:80 does not answer",
]


@pytest.mark.parametrize("error", SECRETS)
def test_an_error_is_kept_without_its_secrets(error):
    """Keys, tokens and passwords do not reach a record that a whole class may read."""
    kept = brief(error)
    assert "hunter2" not in kept
    assert "IQoJ" not in kept
    assert "ABCDEFGHIJKLMNOP" not in kept
    assert "****" in kept


@given(st.text(), st.lists(st.text(max_size=80), max_size=60))
def test_a_record_fits_a_standard_parameter_and_is_read_as_it_was(error, steps):
    """4 KiB is the most a standard parameter holds; the error is 200 characters at most."""
    record = Record(KEN, "class")
    for step in steps:
        record = record.began(step, "03-console", 1.5).succeeded(2.5)
    record = record.began("task", "03-console", 3).failed(error, 4)
    assert len(record.text()) <= 4096
    assert len(record.error) <= 200
    again = read(record.text(), KEN)
    assert (again.state, again.failures, again.step) == ("at", 1, "task")
    assert record.done[len(record.done) - len(again.done) :] == again.done
    assert len(again.done) >= min(6, len(record.done))


ODD = ["", "nonsense", "[]", "3", "null", '{"version": 2}', "[" * 100_000]


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:15])
def test_what_is_no_record_is_none(text):
    """Anybody may have written there."""
    assert read(text, KEN) is None


def test_a_record_with_values_of_other_kinds_is_read_without_them():
    """And whose it is says its place, not its text."""
    text = json.dumps(
        {"version": 1, "learner": "ecslab-mei-ffffffff", "state": "king", "at": "now",
         "failures": True, "done": "all", "since": 1e300, "step": ["x"]}
    )  # fmt: skip
    record = read(text, KEN)
    assert (record.learner, record.state, record.at) == (KEN, "at", 0.0)
    assert (record.failures, record.since, record.done) == (0, 0.0, ())


def test_a_folder_holds_one_whole_file_a_learner(tmp_path):
    """Who reads while another writes sees the old record or the new one, never a part."""
    folder = Folder(tmp_path / "class", "ecs-hands-on")
    seen, over = [], threading.Event()

    def watch():
        while not over.is_set():
            seen.extend(folder.all().values())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(200):
        folder.put(Record(KEN, step=f"step-{number}", error="x" * 200))
    over.set()
    watcher.join()
    assert None not in seen
    assert folder.all()[KEN].step == "step-199"
    files = list((tmp_path / "class" / "ecs-hands-on").iterdir())
    assert [file.name for file in files] == [f"{KEN}.json"]
    assert stat.S_ISREG(files[0].stat().st_mode)
    folder.forget([KEN])
    assert folder.all() == {}


def test_the_setting_names_the_place(tmp_path):
    """ssm, a path, or off; anything else is one sentence."""
    assert keeper("off", no_client, "w") is None
    assert isinstance(keeper("ssm", no_client, "w"), Parameters)
    assert isinstance(keeper(str(tmp_path), no_client, "w"), Folder)
    with pytest.raises(EcslabError, match="ECSLAB_PROGRESS is 'on'"):
        keeper("on", no_client, "w")


@pytest.mark.parametrize("workshop", ["../elsewhere", "a/b", "", "..", "授業"])
def test_a_workshop_cannot_lead_out_of_the_place(workshop, tmp_path):
    """Its name is part of a path or of a parameter's name."""
    with pytest.raises(EcslabError, match="cannot be part of the name"):
        Folder(tmp_path, workshop)
    with pytest.raises(EcslabError, match="cannot be part of the name"):
        Parameters(no_client, workshop)

"""What a lab does is written into the learner's record, and never in the learner's way."""

import time

import pytest

import ecslab
from ecslab.lab.recording import Journal
from ecslab.model.errors import EcslabError
from ecslab.steps.checks import Checked
from ecslab.steps.progress import Stopped

KEN = "ecslab-ken-1a2b3c4d"


class Memory:
    """Keeps records, as slowly or badly as told."""

    def __init__(self, error=None, wait=0.0):
        self.kept, self.error, self.wait = [], error, wait

    def put(self, record):
        time.sleep(self.wait)
        if self.error:
            raise self.error
        self.kept.append(record)


def boom():
    raise EcslabError("the secret=hunter2 is wrong")


@pytest.fixture
def journal(request):
    return Journal(Memory(), KEN, "class", 0.02)


def test_a_step_is_written_as_begun_and_as_done(journal):
    """With the steps done before."""
    assert journal.doing("cluster", lambda: 7) == 7
    assert journal.flush()
    last = journal._keeper.kept[-1]
    assert (last.learner, last.step, last.state, last.done) == (
        KEN,
        "cluster",
        "done",
        ("cluster",),
    )


def test_errors_and_failed_checks_count_and_pass_through(journal):
    """The error reaches the learner as ever, the record without its secret."""
    with pytest.raises(EcslabError, match="hunter2"):
        journal.doing("task", boom)
    journal.doing("task", lambda: Checked(False, "nothing runs"))
    assert (journal.record.failures, journal.record.error) == (2, "nothing runs")
    with pytest.raises(EcslabError):
        journal.doing("task", boom)
    assert journal.record.state == "stuck"
    assert "hunter2" not in journal.record.error


def test_a_step_within_a_step_and_a_wish_to_stop_are_no_failures(journal):
    """What the learner called is what counts."""
    journal.doing("jump", lambda: journal.doing("cluster", lambda: None))
    assert journal.record.done == ("jump",)

    def stop():
        raise Stopped

    with pytest.raises(Stopped):
        journal.doing("wait", stop)
    assert (journal.record.step, journal.record.failures) == ("wait", 0)


def test_many_changes_are_few_writes():
    """The first at once, those of the pause together, the last one always."""
    memory = Memory()
    journal = Journal(memory, KEN, "class", 0.2)
    for number in range(50):
        journal.doing(f"step-{number}", lambda: None)
    assert journal.flush()
    assert len(memory.kept) <= 4
    assert memory.kept[-1].step == "step-49"
    journal.doing("later", lambda: None)
    assert journal.flush()
    assert memory.kept[-1].step == "later"


def test_a_place_that_fails_is_said_once_and_breaks_nothing():
    """Whatever it raises."""
    said = []
    journal = Journal(Memory(OSError("the disk is full")), KEN, "class", 0.01, said.append)
    for _ in range(3):
        journal.doing("cluster", lambda: None)
        journal.flush()
    assert len(said) == 1
    assert "the disk is full" in said[0]


def test_a_place_that_is_slow_holds_nobody_up():
    """The step is over long before its record is."""
    journal = Journal(Memory(wait=0.5), KEN, "class", 0.01)
    before = time.monotonic()
    for _ in range(5):
        journal.doing("cluster", lambda: None)
    assert time.monotonic() - before < 0.4


def test_a_lab_writes_into_a_shared_folder_and_the_board_shows_it(
    stub_sandbox, monkeypatch, tmp_path
):
    """Steps, failed checks and a learner who has only a cluster, on one board."""
    monkeypatch.setenv("ECSLAB_PROGRESS", str(tmp_path / "class"))
    monkeypatch.setenv("ECSLAB_LEARNER", KEN)
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ken/notebooks/en/03-console.ipynb")
    ken = ecslab.connect(lang="en")
    ken.create_cluster(template="FARGATE")
    for _ in range(3):
        assert not ken.check("service")
    assert ken.journal.flush()
    monkeypatch.setenv("ECSLAB_LEARNER", "ecslab-mei-5e6f7a8b")
    mei = ecslab.connect(lang="en")
    mei.create_cluster(template="FARGATE")
    assert mei.journal.flush()
    (tmp_path / "class" / "ecs-hands-on" / "ecslab-mei-5e6f7a8b.json").unlink()
    first, second = mei.board(live=False).lines
    assert (first.learner, first.notebook, first.step) == (KEN, "03-console", "service")
    assert (first.state, first.failures, first.done) == ("stuck", 3, ("cluster",))
    assert "No service" in first.error
    assert (second.learner, second.state) == ("ecslab-mei-5e6f7a8b", "unknown")


def test_a_lab_writes_a_parameter_where_the_setting_says_so(stub_sandbox, monkeypatch):
    """/ecslab/<workshop>/<learner>; and nobody sees that call among the own ones."""
    monkeypatch.setenv("ECSLAB_PROGRESS", "ssm")
    monkeypatch.setenv("ECSLAB_LEARNER", KEN)
    lab = ecslab.connect(lang="en")
    lab.check("start")
    assert lab.journal.flush()
    path = f"/ecslab/ecs-hands-on/{KEN}"
    value = lab.client("ssm").get_parameter(Name=path)["Parameter"]["Value"]
    assert '"step": "start"' in value
    assert "PutParameter" not in {call.operation for call in lab.calls}
    assert [line.step for line in lab.board(live=False).lines] == ["start"]


def test_alone_nothing_is_written(stub_sandbox, monkeypatch):
    """No class, no record."""
    monkeypatch.delenv("ECSLAB_PROGRESS", raising=False)
    monkeypatch.delenv("ECSLAB_TOKEN", raising=False)
    lab = ecslab.connect(lang="en")
    lab.check("start")
    assert lab.journal.record.step == ""
    assert (
        lab.client("ssm").get_parameters_by_path(Path="/ecslab", Recursive=True)["Parameters"] == []
    )

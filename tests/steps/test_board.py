"""The board as a value: who is stuck, and how it goes into a spreadsheet."""

import csv
import io

from ecslab.locale import set_language
from ecslab.steps import board
from ecslab.steps.bench import Bench
from ecslab.steps.board import Board, Line
from ecslab.steps.progress_record import Record

KEN, MEI, YUI = (f"ecslab-{name}-{mark}" for name, mark in
                 (("ken", "1a2b3c4d"), ("mei", "5e6f7a8b"), ("yui", "9c0d1e2f")))  # fmt: skip


class Clusters:
    """An account with 250 clusters; two carry the workshop's tag."""

    def __init__(self):
        self.asked = []

    def client(self, _service):
        return self

    def get_paginator(self, _operation):
        return self

    def paginate(self):
        for first in range(0, 250, 100):
            arns = [f"arn:aws:ecs:r:1:cluster/c{n}" for n in range(first, min(250, first + 100))]
            yield {"clusterArns": arns}

    def describe_clusters(self, clusters, include):
        self.asked.append(len(clusters))
        owners = {"c7": (KEN, "class"), "c240": (MEI, "class"), "c100": (YUI, "another")}
        described = []
        for arn in clusters:
            name = arn.rpartition("/")[2]
            learner, workshop = owners.get(name, ("", ""))
            tags = {"ecslab:learner": learner, "ecslab:workshop": workshop} if learner else {}
            described.append(
                {"clusterName": name, "status": "ACTIVE",
                 "tags": [{"key": key, "value": value} for key, value in tags.items()]}
            )  # fmt: skip
        return {"clusters": described}


class Kept:
    def __init__(self, *records):
        self.records = records

    def all(self):
        return {record.learner: record for record in self.records}


def seen(*records, quiet=600):
    return board.look(Bench(Clusters()), Kept(*records), "class", quiet)


def test_a_learner_without_a_record_is_on_the_board_by_the_tag_of_a_cluster():
    """Clusters of another workshop and of nobody are not."""
    found = seen(Record(KEN, step="task", state="done", at=1e9))
    assert {(line.learner, line.state, line.cluster) for line in found.lines} == {
        (KEN, "done", "c7"),
        (MEI, "unknown", "c240"),
    }


def test_clusters_are_described_by_the_hundred():
    """As many as one call takes."""
    session = Clusters()
    board.look(Bench(session), None, "class")
    assert session.asked == [100, 100, 50]


def test_who_is_stuck_comes_first(monkeypatch):
    """Stuck: three failures, or a step that is open without news; never one that is done."""
    monkeypatch.setattr("time.time", lambda: 10_000.0)
    lines = seen(
        Record("ecslab-a-00000001", state="done", at=1.0),
        Record("ecslab-b-00000002", state="at", at=9_400.0),
        Record("ecslab-c-00000003", state="at", at=9_401.0),
        Record("ecslab-d-00000004", state="stuck", at=9_999.0, failures=3),
    ).lines
    states = {line.learner[7]: line.state for line in lines}
    assert states == {"a": "done", "b": "stuck", "c": "at", "d": "stuck", "k": "unknown",
                      "m": "unknown"}  # fmt: skip
    assert [line.state for line in lines[:2]] == ["stuck", "stuck"]


def rows(value):
    return list(csv.reader(io.StringIO(value)))


def test_no_cell_of_the_csv_is_a_formula():
    """A spreadsheet would run what a learner has written."""
    evil = ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", '=cmd|"/c calc"!A1']
    told = Board("class", tuple(Line(KEN, text, text, error=text) for text in evil), 0.0)
    for row, text in zip(rows(told.csv())[1:], evil, strict=True):
        assert row[1] == row[2] == row[7] == "'" + text


def test_the_file_is_one_that_excel_reads_as_utf8(tmp_path):
    """With the byte order mark, and the line ends of CSV."""
    told = Board("class", (Line(KEN, "03-console", error="メモリが足りません"),), 0.0)
    written = told.save(tmp_path / "class.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == 2
    assert "メモリが足りません" in written.decode("utf-8-sig")


def test_without_names_learners_are_marks_and_nothing_else_names_them():
    """The marks differ, and each learner finds the own one at the end of the own prefix."""
    lines = (Line(KEN, error=f"{KEN} has no memory", cluster=KEN), Line(MEI))
    shown = Board("class", lines, 0.0).without_names()
    assert [line.learner for line in shown.lines] == ["1a2b", "5e6f"]
    assert "ken" not in str(shown) + shown.csv()
    twins = (Line(KEN), Line("ecslab-mei-1a2bffff"))
    marks = [line.learner for line in Board("class", twins, 0.0).without_names().lines]
    assert marks == ["1a2b3c4d", "1a2bffff"]


def test_its_columns_stand_below_each_other_in_japanese():
    """On a screen of letters of one width, on which a Japanese one takes two columns."""
    set_language("ja")
    text = str(Board("class", (Line(KEN, "03-console", "task"),), 0.0))
    _said, heads, line = text.splitlines()
    step = heads.index("手順")
    assert len(heads[:step].encode("euc_jp")) == line.index("task")

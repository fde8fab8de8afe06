"""The board on a screen."""

import html.parser
import threading

from ecslab.locale import set_language
from ecslab.model.errors import EcslabError
from ecslab.steps.board import Board, Line
from ecslab.widgets import board
from ecslab.widgets.board import LiveBoard, table

KEN, MEI = "ecslab-ken-1a2b3c4d", "ecslab-mei-5e6f7a8b"
CLASS = Board(
    "class",
    (
        Line(KEN, "03-console", "task", "stuck", 4.2, 3, "<img src=x onerror=alert(1)>"),
        Line(MEI, "03-console", "page", "done", 0.0, done=("cluster", "task", "page")),
    ),
    1e9,
)


class Seen(html.parser.HTMLParser):
    """Tags and words of a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data.strip())


def test_a_state_is_a_sign_and_a_word_and_the_table_has_heads():
    """Nobody needs to tell colours apart, and a screen reader knows what a cell is about."""
    seen = Seen(table(CLASS))
    assert {"✗", "stuck", "✓", "done"} <= set(seen.words)
    assert sum(tag == "th" and attrs["scope"] == "col" for tag, attrs in seen.tags) == 7
    assert sum(tag == "th" and attrs["scope"] == "row" for tag, attrs in seen.tags) == 2
    assert ("table", {"role": "table"}) in seen.tags
    assert "class: 2 learners, 1 stuck, 1 done with their step." in seen.words


def test_an_error_has_a_line_of_its_own_and_without_errors_there_is_none():
    """All rows have as many cells as there are heads, the line of an error one across all."""
    cells = [attrs for tag, attrs in Seen(table(CLASS)).tags if tag in ("th", "td")]
    assert [attrs["colspan"] for attrs in cells if "colspan" in attrs] == ["7"]
    assert len(cells) == 7 * 3 + 1
    seen = Seen(table(CLASS.without_names()))
    assert "Last error" not in " ".join(seen.words)
    assert sum(tag in ("th", "td") for tag, _ in seen.tags) == 7 * 3


def test_what_a_learner_wrote_is_text():
    """No error of a learner runs in the instructor's browser."""
    assert not [tag for tag, _ in Seen(table(CLASS)).tags if tag in ("img", "script")]


def test_the_table_speaks_japanese():
    """Heads and states."""
    set_language("ja")
    assert {"受講者", "止まっています"} <= set(Seen(table(CLASS)).words)


def test_a_projector_without_names_shows_marks_and_no_errors():
    """Big letters; the file that is saved has no names either."""
    shown = LiveBoard(lambda: CLASS, projector=True, names=False).start()
    shown.stop()
    words = " ".join(Seen(shown.table.value).words)
    assert "1a2b" in words
    assert "ken" not in words + shown.csv()
    assert "onerror" not in words
    assert "ecslab-projector" in shown.view._dom_classes


def test_it_follows_and_a_failure_leaves_the_last_table():
    """A lost connection is a sentence below the table."""
    looks, again = [], threading.Event()

    def look():
        looks.append(1)
        if len(looks) == 1:
            return CLASS
        again.set()
        raise EcslabError("AWS does not answer.")

    shown = LiveBoard(look, every=0.02).start()
    assert again.wait(5)
    shown.stop()
    assert not shown.following
    assert KEN in shown.table.value
    shown._refresh()
    assert "AWS does not answer." in shown.message.value


def test_one_kernel_has_one_poller(quiet_lab):
    """The board shown before stops when another is shown."""
    first = board.follow(quiet_lab, lambda within: CLASS, False, True)
    second = board.follow(quiet_lab, lambda within: CLASS, False, True)
    assert (first.following, second.following) == (False, True)
    second.stop()

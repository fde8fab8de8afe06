"""Text that every reader reads back to the same."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ecslab import compose
from ecslab.compose.problems import Report
from ecslab.compose.yaml import documents

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEY = TEXT.filter(lambda key: key not in ("<<", "environment"))
DOCUMENTS = st.dictionaries(
    KEY,
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), TEXT,
                  st.floats(-1e6, 1e6).map(lambda x: round(x, 3))),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(KEY, inner, max_size=3),
        ),
        max_leaves=6,
    ),
    min_size=1,
    max_size=3,
)  # fmt: skip


def read(text):
    report = Report()
    (found,) = documents(text.encode(), "f", report)
    report.stop()
    return found


@given(DOCUMENTS)
@example({"a": [[], {}, [[1], {"b": []}]]})
@example({"a": "line\nline\n", "b": " lead", "c": "trail ", "d": "a: b", "e": "a #b", "f": "- a"})
def test_what_is_written_is_read_back_by_our_reader_and_by_pyyaml(document):
    text = compose.to_yaml(document)
    assert read(text) == document
    assert yaml.safe_load(text) == document


AWKWARD = [
    *("yes", "no", "on", "off", "y", "N", "true", "~", "null", "", "=", "<<", "1.0", "08", "010"),
    *("0x10", "0o17", "1_000", "1e3", "22:22", "190:20:30", "2024-01-01", ".inf", ".5", "-", "--"),
    *("? a", ": a", "a:", "a: b", "a #b", "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "'a"),
    *('"a', "[a]", "{a}", ",", "a,b", "\t", "a\nb", " a", "a ", "é", "日本", "\x85", "\ufeff"),
    *("\u2028", "1m", "30s", "64k", "1g", "+1", "0b1", "NaN", "Infinity", "---", "..."),
]


@pytest.mark.parametrize("value", AWKWARD)
def test_text_stays_text(value):
    document = {"k": value, "l": [value], value or "e": "v"}
    if value == "<<":
        document = {"k": value, "l": [value]}
    text = compose.to_yaml(document)
    assert read(text) == document
    assert yaml.safe_load(text) == document


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("nginx:1.27", "nginx:1.27"),
        ("yes", '"yes"'),
        ("08", '"08"'),
        ("80:80", '"80:80"'),
        ("30s", "30s"),
        ("a b", "a b"),
        ("/a/b", "/a/b"),
        (True, "true"),
        (None, "null"),
        (0.5, "0.5"),
    ],
)
def test_quotes_stand_where_they_are_needed(value, written):
    assert compose.to_yaml({"k": value}) == f"k: {written}\n"


def test_dollars_are_doubled_when_asked():
    assert compose.to_yaml({"k": "$A", "$k": 1}, escape=True) == 'k: "$$A"\n"$k": 1\n'


def test_a_header_is_comments():
    assert compose.to_yaml({"a": 1}, header="one\n\ntwo") == "# one\n#\n# two\na: 1\n"


def test_pairs_of_the_canonical_environment_are_written_as_compose_writes_them():
    document = {"services": {"w": {"environment": [["A", "1"], ["A", "2"], ["B", None]]}}}
    assert read(compose.to_yaml(document))["services"]["w"]["environment"] == ["A=1", "A=2", "B"]

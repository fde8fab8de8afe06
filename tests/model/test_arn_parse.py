"""ARNs: written, read, and told from what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.model.arn import KINDS, Parts, Place, is_arn, last, parse

TOKYO = Place("ap-northeast-1", "123456789012")
words = st.text("abcXYZ019_-", min_size=1, max_size=8)


def test_the_long_format_names_the_cluster():
    assert TOKYO.cluster("web") == "arn:aws:ecs:ap-northeast-1:123456789012:cluster/web"
    assert TOKYO.arn("task", "web", "0a") == ("arn:aws:ecs:ap-northeast-1:123456789012:task/web/0a")
    assert TOKYO.task_definition("nginx", 3) == (
        "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/nginx:3"
    )


@given(st.sampled_from(KINDS), st.lists(words, min_size=1, max_size=3), words, words)
def test_what_is_written_is_read_again(kind, path, region, account):
    arn = Place(region, account).arn(kind, *path)
    assert parse(arn) == Parts(region, account, kind, "/".join(path))
    assert is_arn(arn)
    assert last(arn) == path[-1]


@given(words, st.integers(1, 999), words)
def test_the_last_part_of_a_definition_is_family_and_revision(family, revision, region):
    arn = Place(region, "1").task_definition(family, revision)
    assert parse(arn) == Parts(region, "1", "task-definition", f"{family}:{revision}")
    assert last(arn) == f"{family}:{revision}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "web",
        "arn",
        "arn:aws:ecs",
        "arn:aws:s3:::bucket/key",
        "arn:aws:ecs:us-east-1:1:cluster",
        "arn:aws:ecs:us-east-1:1:cluster/",
        "arn:aws:ecs:us-east-1:1:fleet/web",
        "brn:aws:ecs:us-east-1:1:cluster/web",
    ],
)
def test_what_is_no_arn_of_ecs_has_no_parts(text):
    assert parse(text) is None


@given(st.text(max_size=30))
def test_any_text_can_be_asked(text):
    parts = parse(text)
    assert parts is None or text.startswith("arn:")
    assert text.endswith(last(text))

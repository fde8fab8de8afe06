"""ARNs taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.locale import set_language
from ecslab.model.arn import dissect
from ecslab.model.errors import EcslabError

ECS = "arn:aws:ecs:us-east-1:123456789012:"
RESOURCES = [
    ("cluster/shop", [("type", "cluster"), ("name", "shop")]),
    ("task/shop/0a1b", [("type", "task"), ("cluster", "shop"), ("id", "0a1b")]),
    ("task/0a1b-22", [("type", "task"), ("id", "0a1b-22")]),
    ("service/shop/web", [("type", "service"), ("cluster", "shop"), ("name", "web")]),
    ("task-definition/web:3", [("type", "task-definition"), ("family", "web"), ("revision", "3")]),
    ("task-definition/web", [("type", "task-definition"), ("family", "web")]),
    (
        "container/shop/0a/1b",
        [("type", "container"), ("cluster", "shop"), ("task", "0a"), ("id", "1b")],
    ),
]
OTHERS = [
    ("arn:aws:iam::123456789012:role/a/b", [("type", "role"), ("name", "a/b")]),
    ("arn:aws:iam::123456789012:root", [("resource", "root")]),
    ("arn:aws:s3:::my-bucket/key/a:b", [("resource", "my-bucket/key/a:b")]),
    ("arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web:*",
     [("type", "log-group"), ("name", "/ecs/web:*")]),
    ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3",
     [("type", "secret"), ("name", "db-a1b2c3")]),
    ("arn:aws-cn:glue:cn-north-1:123456789012:table/a/b", [("type", "table"), ("resource", "a/b")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "resource"), [*((ECS + text, pieces) for text, pieces in RESOURCES), *OTHERS]
)
def test_the_resource_is_told_apart_by_its_service(text, resource):
    pieces = dissect(text)
    assert [piece.kind for piece in pieces[:5]] == [
        "arn", "partition", "service", "region", "account",
    ]  # fmt: skip
    assert [(piece.kind, piece.text) for piece in pieces[5:]] == resource


WORDS = st.from_regex(r"[a-z0-9-]{1,6}", fullmatch=True)


@given(
    st.sampled_from(["ecs", "iam", "s3", "ssm", "logs", "elasticloadbalancing", "glue"]),
    st.lists(WORDS | st.sampled_from(["task", "cluster", "container", "loadbalancer"]), min_size=1),
    st.sampled_from(":/"),
)
def test_the_pieces_put_together_are_the_whole(service, words, mark):
    text = f"arn:aws:{service}:us-east-1:123456789012:{mark.join(words)}"
    assert "".join(piece.before + piece.text for piece in dissect(text)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", '"" is no ARN'),
        ("my-cluster", "my-cluster is no ARN"),
        ("arn:aws:ecs", "An ARN has six parts with colons between them; this one has 3"),
        ("arn::ecs:us-east-1:123456789012:cluster/a", "PARTITION is empty"),
        ("arn:aws:ecs:us-east-1:123456789012:", "RESOURCE is empty"),
        ("arn:aws:ecs:us-east-1:1234:cluster/a", "1234 is no account"),
    ],
)
def test_what_is_no_arn_is_told_in_a_sentence(text, said):
    set_language("en")
    with pytest.raises(EcslabError, match="^" + said):
        dissect(text)

"""The cluster query language."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.controlplane.query import QueryError, parse
from tests.controlplane.world import world


@pytest.fixture(scope="module")
def w():
    """One t2.micro with agent 1.9.0 and one running task of the group family:web."""
    made = world(0)
    made.now = 1_529_360_908.0  # 2018-06-18T22:28:28Z
    made.join(
        agent_version="1.9.0",
        attributes=(
            ("ecs.availability-zone", "us-east-1b"),
            ("ecs.instance-type", "t2.micro"),
            ("color", "dark blue"),
            ("flag", None),
            ("empty", ""),
            ("size", "10"),
        ),
    )
    made.register()
    (task,) = made.run()
    made.up(task)
    return made


def holds(w, expression):
    (instance,) = w.state.instances.values()
    return parse(expression)(instance, w.state.index.loads[instance.arn])


TRUE = [
    "attribute:ecs.instance-type == t2.micro",
    "attribute:ecs.instance-type equals t2.micro",
    "attribute:ecs.instance-type=='t2.micro'",
    "attribute:ecs.instance-type != t2.small",
    "attribute:ecs.instance-type not_equals t2.small",
    "attribute:ecs.instance-type =~ t2.*",
    "attribute:ecs.instance-type matches t2.*",
    "attribute:ecs.instance-type !~ t2",
    "attribute:ecs.instance-type not_matches g2.*",
    "attribute:ecs.availability-zone in [us-east-1a, us-east-1b]",
    "attribute:ecs.availability-zone in ['us-east-1b']",
    "attribute:ecs.availability-zone !in [us-east-1a]",
    "attribute:ecs.availability-zone not_in [us-east-1a,us-east-1d]",
    'attribute:color == "dark blue"',
    "attribute:color =~ 'dark (blue|red)'",
    "attribute:ecs.instance-type =~ [gt][0-9]\\..*",
    "(attribute:ecs.instance-type =~ t[23]\\..*) and agentConnected == true",
    "attribute:ecs.instance-type =~ g2.*|t2.*",
    "attribute:ecs.instance-type =~ g2.*||agentConnected == true",
    "attribute:color != matches and agentConnected == true",
    "attribute:color exists",
    "attribute:flag exists",
    "attribute:empty exists",
    "attribute:empty == ''",
    "attribute:shape !exists",
    "attribute:shape not_exists",
    "attribute:shape != round",
    "attribute:size > 9",
    "attribute:size greater_than 9",
    "attribute:size >= 10",
    "attribute:size greater_than_equal 10",
    "attribute:size < 11",
    "attribute:size less_than 11",
    "attribute:size <= 10",
    "attribute:size less_than_equal 10",
    "ec2InstanceId in ['i-00000000000000001', 'i-wxyx7890']",
    "ec2InstanceId =~ i-0+1",
    "agentConnected == true",
    "agentVersion < 1.14.5",
    "agentVersion == 1.9.0",
    "runningTasksCount == 1",
    "runningTasksCount < 10",
    "registeredAt < 2018-06-19",
    "registeredAt >= 2018-06-18",
    "registeredAt == 2018-06-18T22:28:28Z",
    "registeredAt == 2018-06-18T22:28:28+00:00",
    "registeredAt == 2018-06-18T22:28:28",
    "registeredAt == 2018-06-19T07:28:28+09:00",
    "task:group == family:web",
    "not(task:group == database)",
    "not task:group == database",
    "! task:group == database",
    "agentConnected == true and runningTasksCount == 1",
    "agentConnected == true && runningTasksCount == 1",
    "agentConnected == false or runningTasksCount == 1",
    "agentConnected == false || runningTasksCount == 1",
    "agentConnected == true or agentConnected == false and agentConnected == false",
    "not (agentConnected == false and runningTasksCount == 1)",
    "((agentConnected == true))",
]

FALSE = [
    "attribute:ecs.instance-type == t2.small",
    "attribute:ecs.instance-type =~ t2",
    "attribute:shape == round",
    "attribute:shape exists",
    "attribute:size > 10",
    "agentVersion > 1.14.5",
    "agentConnected == false",
    "runningTasksCount > 1",
    "registeredAt < 2018-06-18",
    "task:group == family:we",
    "(agentConnected == true or agentConnected == false) and agentConnected == false",
    "not agentConnected == true or runningTasksCount == 2",
]

BAD = [
    "",
    "   ",
    "nonsense",
    "agentConnected",
    "agentConnected ==",
    "agentConnected = true",
    "agentConnected === true",
    "agentConnected > true",
    "agentVersion in [1.0]",
    "runningTasksCount =~ 1.*",
    "attribute: == x",
    "attribute:a == b c == d",
    "attribute:a in [b",
    "attribute:a in b",
    "attribute:a in []",
    "attribute:a == (b)",
    "(attribute:a == b",
    "attribute:a == b)",
    "attribute:a == b and",
    "or attribute:a == b",
    "attribute:a =~ '('",
    "attribute:a == 'b",
    "registeredAt < yesterday",
    "task:family == web",
    "not " * 1000 + "agentConnected == true",
    "(" * 1000 + "agentConnected == true" + ")" * 1000,
]


@pytest.mark.parametrize("expression", TRUE)
def test_an_expression_that_holds(w, expression):
    assert holds(w, expression)


@pytest.mark.parametrize("expression", FALSE)
def test_an_expression_that_does_not_hold(w, expression):
    assert not holds(w, expression)


@pytest.mark.parametrize("expression", BAD)
def test_an_expression_that_cannot_be_read(expression):
    with pytest.raises(QueryError) as caught:
        parse(expression)
    assert str(caught.value).endswith(".")


def test_an_error_says_what_was_found_where_and_what_was_wanted():
    with pytest.raises(QueryError) as caught:
        parse("agentConnected like true")
    assert str(caught.value) == (
        "Expected an operator of agentConnected (==, !=, in, !in, =~, !~) but found 'like' at "
        "position 16 in 'agentConnected like true'."
    )


@given(st.text(max_size=40) | st.text("()!&|=~<>[],' abnot:inexists", max_size=40))
def test_any_text_is_an_expression_or_an_error(text):
    try:
        parse(text)
    except QueryError as error:
        assert str(error)  # noqa: PT017  either outcome is right; nothing else may happen


# -- against an oracle: a tree is written down, read back, and both are asked ---------------------

LEAVES = {
    "agentConnected == true": True,
    "attribute:size in [1, 10]": True,
    "runningTasksCount > 5": False,
    "task:group == other": False,
}
trees = st.recursive(
    st.sampled_from(sorted(LEAVES)),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["not", "!"]), inner),
        st.tuples(st.sampled_from(["and", "&&", "or", "||"]), inner, inner),
    ),
    max_leaves=8,
)


def written(tree, tightness=0):
    """The text of a tree with as few parentheses as its meaning needs: or < and < not."""
    if isinstance(tree, str):
        return tree
    word, *parts = tree
    own = {"or": 1, "||": 1, "and": 2, "&&": 2, "not": 3, "!": 3}[word]
    if own == 3:
        text = f"{word} {written(parts[0], 3)}"
    else:
        text = f"{written(parts[0], own)} {word} {written(parts[1], own + 1)}"
    return f"({text})" if own < tightness else text


def meant(tree):
    if isinstance(tree, str):
        return LEAVES[tree]
    word, *parts = tree
    values = [meant(part) for part in parts]
    if word in ("not", "!"):
        return not values[0]
    return all(values) if word in ("and", "&&") else any(values)


@given(trees)
def test_connectives_bind_not_before_and_before_or(w, tree):
    assert holds(w, written(tree)) is meant(tree)


@given(
    st.integers(0, 99).map(str) | st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True),
    st.integers(0, 99).map(str) | st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True),
)
def test_numbers_and_versions_are_ordered_as_such(left, right):
    def parts(text):
        return [int(one) for one in re.split(r"\.", text)]

    made = world(0)
    made.join(attributes=(("v", left),))
    assert holds(made, f"attribute:v < {right}") is (parts(left) < parts(right))
    assert holds(made, f"attribute:v >= {right}") is (parts(left) >= parts(right))

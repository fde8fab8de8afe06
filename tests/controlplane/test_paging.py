"""Lists in pages: every item once, whatever comes and goes in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.controlplane.paging import cut, page
from ecslab.model.errors import AwsError

keys = st.sets(st.text("abc:/-é", min_size=1, max_size=4), max_size=30)


def walk(found, size):
    pages, token = [], None
    while True:
        params = {"maxResults": size} | ({"nextToken": token} if token else {})
        answer = page(found(), params, "arns")
        pages.append(answer["arns"])
        token = answer.get("nextToken")
        if token is None:
            return pages


@given(keys, st.integers(1, 100))
def test_a_walk_gives_every_item_once_and_in_order(items, size):
    pages = walk(lambda: items, size)
    assert [one for some in pages for one in some] == sorted(items)
    assert all(len(some) == size for some in pages[:-1])
    assert len(pages) == 1 or pages[-1]


@given(keys, keys, st.integers(1, 5))
def test_what_stays_is_given_once_though_others_come_and_go(stays, moves, size):
    moves = moves - stays
    turn = iter(range(10**6))

    def found():
        return stays | moves if next(turn) % 2 else stays

    given_ = [one for some in walk(found, size) for one in some]
    assert sorted(one for one in given_ if one in stays) == sorted(stays)
    assert len(set(given_)) == len(given_)


@given(keys, st.integers(1, 7))
def test_a_descending_walk_is_the_ascending_one_backwards(items, size):
    ordered = sorted(items, reverse=True)
    seen, token = [], None
    while token != "":
        params = {"maxResults": size} | ({"nextToken": token} if token else {})
        found, following = cut(ordered, params, descending=True)
        seen += found
        token = following.get("nextToken", "")
    assert seen == ordered


def test_a_page_has_up_to_a_hundred_items():
    answer = page((f"{n:03}" for n in range(150)), {}, "arns")
    assert len(answer["arns"]) == 100
    assert len(page([f"{n:03}" for n in range(100)], {}, "arns")) == 1


@pytest.mark.parametrize("token", ["x", "not a token", "é", "\ud800", "=" * 10, "/w=="])
def test_a_token_nobody_gave_is_refused(token):
    with pytest.raises(AwsError) as caught:
        page(["a"], {"nextToken": token}, "arns")
    assert caught.value.code == "InvalidParameterException"


def test_an_empty_token_is_none():
    assert page(["a"], {"nextToken": ""}, "arns") == {"arns": ["a"]}

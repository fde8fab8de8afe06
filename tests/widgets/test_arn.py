"""The dissector: an ARN in, its pieces and what they say out."""

import pytest

import ecslab
from ecslab.locale import LANGUAGES, set_language
from ecslab.model.arn import Piece, dissect
from ecslab.widgets.arn import EXAMPLES, KINDS, meaning


def test_each_piece_is_shown_with_its_name_and_what_it_says():
    shown = ecslab.arn("arn:aws:ecs:ap-northeast-1:123456789012:task-definition/web:3")
    for words in ("<b>web</b><small>family</small>", "<td>Tokyo: ", "<td>revision</td>"):
        assert words in shown.result.value


def test_typing_another_one_shows_that():
    shown = ecslab.arn()
    shown.field.value = "arn:aws:s3:::my-bucket"
    assert "my-bucket" in shown.result.value
    assert "the only one in the whole world" in shown.result.value


def test_what_is_no_arn_is_said_and_shows_no_pieces():
    shown = ecslab.arn("my-cluster")
    assert shown.pieces == ()
    assert 'role="alert"' in shown.result.value
    assert "my-cluster is no ARN" in shown.result.value


def test_choosing_an_example_writes_it_into_the_field():
    shown = ecslab.arn("x")
    shown.example.value = next(iter(EXAMPLES.values()))
    assert shown.field.value == shown.example.value


def test_what_is_typed_never_becomes_html():
    shown = ecslab.arn("arn:aws:ecs:us-east-1:123456789012:cluster/<img src=x>")
    assert "<img" not in shown.result.value


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_example_is_told_piece_by_piece_in_both_languages(lang):
    set_language(lang)
    for text in EXAMPLES.values():
        for piece in dissect(text):
            assert str(KINDS[piece.kind])
            assert meaning(piece)


def test_aws_own_policies_belong_to_no_account_of_a_customer():
    assert "AWS's own" in meaning(Piece("account", "aws", ":"))

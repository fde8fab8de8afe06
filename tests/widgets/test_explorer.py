"""The explorer: sliders in, bills out."""

import pytest

import ecslab
from ecslab.locale import set_language
from ecslab.model.capacity import Size
from ecslab.widgets.explorer import CapacityExplorer


@pytest.fixture
def explorer():
    set_language("en")
    yield CapacityExplorer({"t2.micro": Size(1024, 993), "odd.type": Size(1, 1)}, "us-east-1")
    set_language(None)


def test_only_instance_types_with_a_price_are_offered(explorer):
    assert explorer.instance_type.control.options == ("t2.micro",)


def test_moving_a_slider_changes_the_bills_at_once(explorer):
    before = explorer.result.value
    explorer.tasks.value = 8
    assert explorer.result.value != before
    ec2, fargate = explorer.bills()
    assert ec2.units == 2  # seven tasks of 128 MiB fill a t2.micro
    assert fargate.units == 8


def test_an_edited_price_is_used(explorer):
    explorer.ec2_price.value = 0.0
    ec2, _ = explorer.bills()
    # address and storage remain: 0.005 × 730 + 30 × 0.08
    assert ec2.monthly == pytest.approx(6.05)


def test_a_task_too_large_for_the_instance_is_said_in_words(explorer):
    explorer.memory.value = 2048
    assert "does not fit" in explorer.result.value


def all_texts(widget):
    yield from [widget.value] if isinstance(getattr(widget, "value", None), str) else []
    for child in getattr(widget, "children", ()):
        yield from all_texts(child)


def test_the_date_of_the_prices_is_on_the_screen(explorer):
    assert any("2024-12" in text for text in all_texts(explorer.view))


def test_the_lessons_explorer_knows_what_a_t2_micro_registers_and_the_prices_of_a_region():
    set_language("en")
    shown = ecslab.explorer(region="ap-northeast-1")
    assert shown.prices.region == "ap-northeast-1"
    shown.cpu.value = 0
    shown.memory.value, shown.tasks.value = 496, 2  # 993 MiB hold two of them
    assert shown.bills()[0].units == 1
    shown.memory.value = 512
    assert shown.bills()[0].units == 2

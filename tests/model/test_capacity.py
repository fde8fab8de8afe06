"""EC2 against Fargate: sizes, packing, money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.model import fargate
from ecslab.model.capacity import Size, on_ec2, on_fargate, pack
from ecslab.model.prices import PRICES, price_list

MICRO = Size(1024, 993)
PAGE = price_list("us-east-1")


@pytest.mark.parametrize(
    ("asked", "sold"),
    [
        ((1, 1), (256, 512)),
        ((256, 513), (256, 1024)),
        ((256, 2049), (512, 3072)),
        ((257, 512), (512, 1024)),
        ((1024, 128), (1024, 2048)),
        ((16384, 122880), (16384, 122880)),
    ],
)
def test_smallest_is_the_least_size_that_holds_what_is_asked(asked, sold):
    assert fargate.smallest(*asked) == sold


def test_what_is_larger_than_every_size_has_none():
    assert fargate.smallest(16384, 122881) is None
    assert fargate.smallest(16385, 512) is None


@pytest.mark.parametrize(("cpu", "memory"), [(512, 512), (256, 4096), (8192, 17000), (300, 512)])
def test_pairs_beside_the_table_are_no_size(cpu, memory):
    assert not fargate.is_size(cpu, memory)


def test_seven_tasks_of_128_mib_fit_into_one_t2_micro_and_the_eighth_does_not():
    assert pack([Size(0, 128)] * 7, MICRO) == 1
    assert pack([Size(0, 128)] * 8, MICRO) == 2


def test_a_task_larger_than_the_instance_fits_nowhere():
    assert pack([Size(0, 994)], MICRO) is None


@given(st.lists(st.tuples(st.integers(0, 1024), st.integers(1, 993)), max_size=40))
def test_packing_takes_at_least_what_the_sums_need_and_at_most_one_instance_a_task(tasks):
    count = pack([Size(*t) for t in tasks], MICRO)
    assert count is not None
    assert count <= len(tasks)
    assert count * 993 >= sum(memory for _, memory in tasks)
    assert count * 1024 >= sum(cpu for cpu, _ in tasks)


def test_one_fargate_task_of_the_least_size_costs_what_the_price_page_says():
    bill = on_fargate([Size(256, 512)], PAGE)
    assert bill is not None
    # 0.25 vCPU × 0.04048 + 0.5 GB × 0.004445 + one address at 0.005, 730 hours
    assert bill.monthly == pytest.approx((0.01012 + 0.0022225 + 0.005) * 730)
    assert bill.wasted == 0


def test_two_nearly_empty_instances_waste_nearly_everything():
    bill = on_ec2([Size(0, 900), Size(0, 200)], "t2.micro", MICRO, PAGE)
    assert bill is not None
    assert bill.units == 2
    assert bill.paid == Size(2048, 1986)
    assert bill.wasted == pytest.approx((1 + 1 - 1100 / 1986) / 2)


def test_no_bill_is_made_up_for_an_instance_type_without_a_price():
    assert on_ec2([Size(0, 128)], "u-24tb1.metal", Size(10**6, 10**9), PAGE) is None


def test_every_price_list_prices_the_instance_types_of_the_lessons():
    for prices in PRICES.values():
        assert prices.instance("t2.micro")
        assert prices.instance("t3.micro")

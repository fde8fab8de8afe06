"""Sizes: of tasks as people write them, of Fargate's, of instance types; prices with a date."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecslab.model import fargate, prices
from ecslab.model.resources import AGENT_PORTS, DYNAMIC_PORTS, INSTANCE_TYPES
from ecslab.model.task_size import cpu_units, memory_mib

GB = 1024


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1024", 1024),
        ("1 vCPU", 1024),
        ("1vcpu", 1024),
        (".25 vCPU", 256),
        ("0.5 vCPU", 512),
        ("16 VCPU", 16384),
        (" 256 ", 256),
    ],
)
def test_cpu_is_read_as_units(text, units):
    assert cpu_units(text) == units


@pytest.mark.parametrize(
    ("text", "mib"), [("512", 512), ("1 GB", 1024), ("0.5GB", 512), ("30 gb", 30720)]
)
def test_memory_is_read_as_mib(text, mib):
    assert memory_mib(text) == mib


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "1 GHz", "-1", "1e3", "1.5", "٣", "1 vCPU 2", "0.0001 vCPU", "9" * 30, "1 TB"],
)
def test_what_is_no_size_is_none(text):
    assert cpu_units(text) is None
    assert memory_mib(text) is None


@given(st.integers(0, 10**6))
def test_a_number_and_its_text_are_the_same_size(number):
    assert cpu_units(str(number)) == memory_mib(str(number)) == number


@given(st.text(max_size=12))
def test_any_text_is_a_size_or_none(text):
    assert cpu_units(text) is None or cpu_units(text) >= 0


def guide():
    """(units, MiB) of every size of the guide: first and last GB, and the step."""
    rows = {512: (1, 4, 1), 1024: (2, 8, 1), 2048: (4, 16, 1), 4096: (8, 30, 1)}
    rows |= {8192: (16, 60, 4), 16384: (32, 120, 8)}
    sizes = {(256, 512), (256, 1024), (256, 2048)}
    for cpu, (first, last, step) in rows.items():
        sizes |= {(cpu, gb * GB) for gb in range(first, last + 1, step)}
    return sizes


def test_fargate_sells_the_sizes_of_the_guide():
    assert {(cpu, mib) for cpu, some in fargate.SIZES.items() for mib in some} == guide()


@given(st.integers(0, 17000), st.integers(0, 130000))
def test_the_smallest_size_holds_what_is_asked_and_none_before_it_does(cpu, memory):
    fitting = sorted(size for size in guide() if size[0] >= cpu and size[1] >= memory)
    assert fargate.smallest(cpu, memory) == (fitting[0] if fitting else None)


@given(st.integers(0, 17000), st.integers(0, 130000))
def test_a_size_is_one_of_the_table(cpu, memory):
    assert fargate.is_size(cpu, memory) is ((cpu, memory) in guide())


def test_a_t2_micro_registers_what_was_seen_on_aws():
    micro = INSTANCE_TYPES["t2.micro"]
    assert (micro.cpu, micro.registered_memory, micro.max_enis) == (1024, 993, 2)
    assert AGENT_PORTS == (22, 2375, 2376, 51678, 51679)


@pytest.mark.parametrize("name", INSTANCE_TYPES)
def test_an_instance_type_registers_a_little_less_memory_than_is_sold(name):
    kind = INSTANCE_TYPES[name]
    assert 0.95 * kind.memory < kind.registered_memory < kind.memory
    assert kind.cpu == kind.vcpus * 1024
    assert kind.architecture == ("arm64" if name.startswith("t4g") else "x86_64")


def test_dynamic_ports_are_the_range_of_the_api():
    assert (DYNAMIC_PORTS[0], DYNAMIC_PORTS[-1]) == (49153, 65535)


def test_prices_say_how_old_they_are():
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", prices.AS_OF)


@pytest.mark.parametrize("region", prices.PRICES)
def test_a_price_list_is_of_its_region_and_has_no_free_lunch(region):
    one = prices.price_list(region)
    assert one.region == region
    assert min(one.instances.values()) > 0
    assert one.instance("t2.micro")
    assert one.fargate(1024, 1024) == pytest.approx(one.fargate_vcpu + one.fargate_gb)
    assert one.instances.keys() <= INSTANCE_TYPES.keys()


def test_a_region_without_a_column_has_the_prices_of_us_east_1_and_says_so():
    assert prices.price_list("mars-1").region == "us-east-1"


def test_an_instance_type_without_a_price_has_none():
    assert prices.price_list("us-east-1").instance("u-24tb1.metal") is None

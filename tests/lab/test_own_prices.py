"""Prices of one's own: read from a file, dated, and refused with the line where they are wrong."""

from __future__ import annotations

import pytest

from ecslab.lab.own_prices import my_prices
from ecslab.model.errors import EcslabError
from ecslab.model.prices import PRICES

GOOD = """\
as_of: 2026-11
ap-northeast-1:
  load_balancer: 0.5
  instances: {t2.micro: 1, z9.huge: 7.25}
"""


@pytest.fixture
def write(monkeypatch, tmp_path):
    """Write the file of prices."""
    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path))
    monkeypatch.delenv("ECSLAB_PRICES", raising=False)
    return (tmp_path / "prices.yml").write_text


def test_ones_own_prices_hold_and_what_they_leave_out_is_the_kits(write):
    write(GOOD)
    found, kit = my_prices("ap-northeast-1"), PRICES["ap-northeast-1"]
    assert (found.load_balancer, found.as_of, found.region) == (0.5, "2026-11", "ap-northeast-1")
    assert (found.instance("t2.micro"), found.instance("z9.huge")) == (1.0, 7.25)
    assert found.instance("t3.micro") == kit.instance("t3.micro")
    assert found.fargate_vcpu == kit.fargate_vcpu


def test_a_region_that_the_file_does_not_name_has_the_kits_prices_and_date(write):
    write(GOOD)
    assert my_prices("us-east-1") is PRICES["us-east-1"]


def test_without_a_file_the_kits_prices_hold(write):
    assert my_prices("us-east-1") is PRICES["us-east-1"]


def test_the_file_may_be_elsewhere_and_must_then_be_there(write, monkeypatch, tmp_path):
    monkeypatch.setenv("ECSLAB_PRICES", str(tmp_path / "class.yml"))
    with pytest.raises(EcslabError, match="ECSLAB_PRICES names it"):
        my_prices("us-east-1")
    (tmp_path / "class.yml").write_text("as_of: 2026-11\nus-east-1: {load_balancer: 2}\n")
    assert my_prices("us-east-1").load_balancer == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("us-east-1: {}\n", "line 1: as_of must say"),
        ("as_of: soon\n", "line 1: as_of must say"),
        ("as_of: 2026-11\nus-east-1: 5\n", "line 2: us-east-1 holds no prices"),
        ("as_of: 2026-11\nus-east-1:\n  fargate: 1\n", "line 3: fargate is no price"),
        ("as_of: 2026-11\nus-east-1:\n  load_balancer: much\n", "line 3: the price of load_b"),
        ("as_of: 2026-11\nus-east-1:\n  load_balancer: -1\n", "line 3: the price of load_b"),
        ("as_of: 2026-11\nus-east-1:\n  load_balancer: .nan\n", "line 3: the price of load_b"),
        ("as_of: 2026-11\nus-east-1:\n  instances:\n    t2.micro: x\n", "line 4: the price of t2"),
        ("- a\n", "line 1: it holds no regions"),
        ("as_of: [\n", "prices.yml"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(write, text, said):
    write(text)
    with pytest.raises(Exception, match=said) as caught:
        my_prices("us-east-1")
    assert isinstance(caught.value, EcslabError)

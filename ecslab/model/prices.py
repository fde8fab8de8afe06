"""List prices of what the lessons make, with their date and region.

One's own go into `$ECSLAB_HOME/prices.yml` (`ecslab.lab.own_prices`).

USD an hour, Linux on x86, on demand, without taxes and without free tiers or credits. Prices
change: `AS_OF` says how old these are, and every screen that shows a cost shows that date too.
Sources: the pricing pages of AWS Fargate, Amazon EC2, Amazon EBS,
Elastic Load Balancing and Amazon VPC (public IPv4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AS_OF = "2024-12"
HOURS_A_MONTH = 730
"""The month AWS calculates with."""
VOLUME_GB = 30
"""The disk of an ECS-optimized Amazon Linux image (developer guide, AMI storage)."""


@dataclass(frozen=True)
class PriceList:
    """What things cost in one region, USD an hour."""

    region: str
    fargate_vcpu: float
    fargate_gb: float
    instances: Mapping[str, float]
    public_ipv4: float = 0.005
    volume_gb_month: float = 0.08
    """General purpose (gp3) storage, USD a GB and month."""
    load_balancer: float = 0.0225
    """An Application Load Balancer, without the capacity units it is charged for under load."""
    as_of: str = AS_OF
    """When these were the prices: year and month."""

    def instance(self, instance_type: str) -> float | None:
        """USD an hour of one instance, None for a type the list does not hold."""
        return self.instances.get(instance_type)

    def machine(self, instance_type: str) -> float | None:
        """USD an hour of one instance with its disk and public address; None without a price."""
        alone = self.instance(instance_type)
        if alone is None:
            return None
        return alone + self.public_ipv4 + VOLUME_GB * self.volume_gb_month / HOURS_A_MONTH

    def fargate(self, cpu: int, memory: int) -> float:
        """USD an hour of one Fargate task; `cpu` in units, `memory` in MiB."""
        return cpu / 1024 * self.fargate_vcpu + memory / 1024 * self.fargate_gb


PRICES: dict[str, PriceList] = {
    "us-east-1": PriceList(
        region="us-east-1",
        fargate_vcpu=0.04048,
        fargate_gb=0.004445,
        instances={
            "t2.micro": 0.0116,
            "t3.micro": 0.0104,
            "t3.small": 0.0208,
            "t3.medium": 0.0416,
            "t3.large": 0.0832,
            "m5.large": 0.096,
        },
    ),
    "ap-northeast-1": PriceList(
        region="ap-northeast-1",
        fargate_vcpu=0.05056,
        fargate_gb=0.00553,
        instances={
            "t2.micro": 0.0152,
            "t3.micro": 0.0136,
            "t3.small": 0.0272,
            "t3.medium": 0.0544,
            "t3.large": 0.1088,
            "m5.large": 0.124,
        },
        volume_gb_month=0.096,
        load_balancer=0.0243,
    ),
}


def price_list(region: str) -> PriceList:
    """The prices of `region`; those of us-east-1 where the table has no column for it."""
    return PRICES.get(region, PRICES["us-east-1"])

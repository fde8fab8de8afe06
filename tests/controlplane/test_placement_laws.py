"""Placement against brute force: a ledger of its own that looks at every instance each time."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from ecslab.model import agent_messages as m
from tests.controlplane.world import world

RACKS = ("a", "b", "")
STRATEGIES = (
    "spread attribute:ecs.availability-zone",
    "spread attribute:rack",
    "spread instanceId",
    "spread host",
    "binpack cpu",
    "binpack memory",
    "random",
)
UNUSUAL = ["spread host", "spread attribute:rack"]
"""First over instances, then over what they have in common."""


@dataclass
class Host:
    """An instance as this file's own ledger has it."""

    number: int
    cpu: int
    memory: int
    zone: str
    rack: str
    connected: bool = True
    draining: bool = False
    ports: set = field(default_factory=lambda: {("tcp", p) for p in (22, 2375, 2376, 51678, 51679)})
    groups: Counter = field(default_factory=Counter)

    def value(self, attribute):
        return self.zone if attribute == "ecs.availability-zone" else self.rack


@dataclass(frozen=True)
class Ask:
    """What a task takes."""

    family: str
    cpu: int
    memory: int
    ports: tuple

    def definition(self):
        mappings = [
            {"containerPort": port, "hostPort": port, "protocol": protocol}
            for protocol, port in self.ports
        ]
        return {"container": {"cpu": self.cpu, "memory": self.memory}, "ports": mappings}


def why_not(host, ask, distinct):
    """The reason an instance refuses a task, None if it does not."""
    reasons = {
        "AGENT": not host.connected,
        "RESOURCE:CPU": ask.cpu > host.cpu,
        "RESOURCE:MEMORY": ask.memory > host.memory,
        "RESOURCE:PORTS": bool(host.ports & set(ask.ports)),
        "DistinctInstance placement constraint unsatisfied.": distinct
        and host.groups[f"family:{ask.family}"] > 0,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def best(hosts, ask, distinct, strategies):
    """All instances a task may go to: each strategy leaves those that are best by it."""
    fit = [host for host in hosts if not host.draining and not why_not(host, ask, distinct)]
    return narrowed(hosts, fit, f"family:{ask.family}", strategies)


def narrowed(scope, left, group, strategies):
    """Of the instances `left`, the best. Tasks are counted among those of `scope`.

    As long as strategies spread over attributes, each value is a scope of its own.
    """
    if not left or not strategies or strategies[0] == "random":
        return left
    first, *rest = strategies
    if "attribute:" not in first:
        return ranked(scope, left, group, strategies)
    name = first.partition("attribute:")[2]
    least = min(tasks_at(scope, host.value(name), name, group) for host in left)
    return [
        host
        for value in {host.value(name) for host in left}
        if tasks_at(scope, value, name, group) == least
        for host in narrowed(
            [one for one in scope if one.value(name) == value],
            [one for one in left if one.value(name) == value],
            group,
            rest,
        )
    ]


def ranked(scope, left, group, strategies):
    for strategy in strategies:
        if strategy == "random":
            break
        name = strategy.partition("attribute:")[2]
        scores = {
            host.number: tasks_at(scope, host.value(name), name, group)
            if name
            else {"binpack cpu": host.cpu, "binpack memory": host.memory}.get(
                strategy, host.groups[group]
            )
            for host in left
        }
        left = [host for host in left if scores[host.number] == min(scores.values())]
    return left


def tasks_at(scope, value, name, group):
    return sum(host.groups[group] for host in scope if host.value(name) == value)


def settle(host, ask):
    host.cpu -= ask.cpu
    host.memory -= ask.memory
    host.ports |= set(ask.ports)
    host.groups[f"family:{ask.family}"] += 1


asks = st.builds(
    Ask,
    family=st.sampled_from(["web", "api"]),
    cpu=st.sampled_from([100, 0, 300]),
    memory=st.sampled_from([100, 6, 250]),
    ports=st.sampled_from([(), (), (), (("tcp", 80),), (("tcp", 53), ("udp", 53)), (("udp", 22),)]),
)
hosts_drawn = st.lists(
    st.tuples(
        st.sampled_from([1024, 512]),
        st.sampled_from([993, 2000]),
        st.sampled_from(RACKS),
        st.sampled_from([True] * 9 + [False]),
        st.sampled_from([False] * 9 + [True]),
    ),
    min_size=2,
    max_size=6,
).map(
    lambda drawn: [
        {
            "cpu": cpu,
            "memory": memory,
            "zone": ("us-east-1a", "us-east-1b")[number % 2],
            "rack": rack,
            "connected": connected,
            "draining": draining,
        }
        for number, (cpu, memory, rack, connected, draining) in enumerate(drawn)
    ]
)
calls_drawn = st.lists(
    st.tuples(
        asks,
        st.integers(2, 8),
        st.sampled_from([False, False, True]),
        st.lists(st.sampled_from(STRATEGIES), min_size=1, max_size=3) | st.just(UNUSUAL),
    ),
    min_size=1,
    max_size=5,
)


def built(drawn):
    """The world, and the ledger of the same instances."""
    w = world(0)
    hosts = {}
    for number, one in enumerate(drawn, 1):
        arn = w.join(
            cpu=one["cpu"],
            memory=one["memory"],
            attributes=(
                ("ecs.availability-zone", one["zone"]),
                *((("rack", one["rack"]),) if one["rack"] else ()),
            ),
        )
        hosts[arn] = Host(number, **one)
    for arn, host in hosts.items():
        if host.draining:
            w.call("UpdateContainerInstancesState", containerInstances=[arn], status="DRAINING")
        if not host.connected:
            w.report(m.AgentConnected(f"i-{host.number:017x}", False, w.now))
    return w, hosts


@given(hosts_drawn, calls_drawn)
def test_every_task_goes_to_an_instance_that_is_best_and_every_refusal_is_true(drawn, calls):
    w, hosts = built(drawn)
    for turn, (ask, count, distinct, strategies) in enumerate(calls):
        name = f"{ask.family}-{turn}"
        w.register(name, **ask.definition())
        if all(host.draining for host in hosts.values()):
            assert w.refused("RunTask", taskDefinition=name)[0] == "InvalidParameterException"
            continue
        answer = w.call(
            "RunTask",
            taskDefinition=name,
            count=count,
            group=f"family:{ask.family}",
            placementConstraints=[{"type": "distinctInstance"}] if distinct else [],
            placementStrategy=[
                dict(zip(("type", "field"), one.split(" "), strict=False)) for one in strategies
            ],
        )
        everyone = list(hosts.values())
        for task in answer["tasks"]:
            home = hosts[task["containerInstanceArn"]]
            assert home in best(everyone, ask, distinct, strategies)
            settle(home, ask)
        if len(answer["tasks"]) < count:
            assert {one["arn"]: one["reason"] for one in answer["failures"]} == {
                arn: why_not(host, ask, distinct)
                for arn, host in hosts.items()
                if not host.draining
            }
        else:
            assert answer["failures"] == []

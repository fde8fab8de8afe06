"""EC2 instances with the agent's image join, lose connection and leave by themselves."""

from dataclasses import dataclass, field, replace

import pytest

from ecslab.model.agent_messages import AgentConnected, InstanceRegistered, InstanceTerminated
from ecslab.sandbox.clock import ManualClock
from ecslab.sandbox.watcher import BOOT_SECONDS, Watcher


@dataclass(frozen=True)
class Ec2:
    id: str = "i-1"
    state: str = "running"
    ecs_optimized: bool = True
    user_data: str = "ECS_CLUSTER=web"
    image_id: str = "ami-1"
    instance_type: str = "t2.micro"
    vcpus: int = 1
    memory: int = 1024
    max_enis: int = 2
    architecture: str = "x86_64"
    region: str = "us-east-1"
    availability_zone: str = "us-east-1a"
    vpc_id: str = ""
    subnet_id: str = ""
    public_ip: str = "127.0.1.1"
    private_ip: str = "10.0.0.1"
    auto_scaling_group: str = ""


@dataclass
class World:
    """EC2 and a control plane that believes every report."""

    clusters: set = field(default_factory=lambda: {"web"})
    ec2: dict = field(default_factory=dict)
    reports: list = field(default_factory=list)
    known: dict = field(default_factory=dict)
    deregistered: set = field(default_factory=set)

    def __post_init__(self):
        self.clock = ManualClock()
        self.watcher = Watcher(lambda: list(self.ec2.values()), self, self.clock)

    def put(self, machine=None, **change):
        machine = replace(machine or self.ec2.get("i-1") or Ec2(), **change)
        self.ec2[machine.id] = machine
        self.watcher.look()

    def boot(self):
        self.watcher.look()
        self.clock.advance(BOOT_SECONDS)

    def connected(self, ec2_id):
        return self.known.get(ec2_id)

    def instances(self):
        return [one for one in self.known if one not in self.deregistered]

    def has_cluster(self, name, region):
        return name in self.clusters

    def make_cluster(self, name, region):
        self.clusters.add(name)

    def report(self, *reports):
        for report in reports:
            self.reports.append(report)
            if isinstance(report, InstanceRegistered):
                self.known[report.ec2_instance_id] = True
            elif isinstance(report, AgentConnected):
                self.known[report.ec2_instance_id] = report.connected
            else:
                del self.known[report.ec2_instance_id]


@pytest.fixture
def world():
    return World()


def kinds(world):
    return [type(report) for report in world.reports]


def test_an_instance_joins_its_cluster_after_its_boot_and_not_before(world):
    world.put()
    world.clock.advance(BOOT_SECONDS - 0.1)
    assert world.reports == []
    world.clock.advance(0.1)
    assert [(r.cluster, r.ec2_instance_id) for r in world.reports] == [("web", "i-1")]


def test_looking_again_and_again_registers_it_once(world):
    world.put()
    for _ in range(5):
        world.watcher.look()
        world.clock.advance(BOOT_SECONDS)
    assert kinds(world) == [InstanceRegistered]


def test_an_instance_of_another_image_never_joins(world):
    world.put(ecs_optimized=False)
    world.boot()
    assert world.reports == []


def test_without_a_named_cluster_the_agent_makes_default_and_joins_it(world):
    world.put(user_data="")
    world.boot()
    assert "default" in world.clusters
    assert world.reports[0].cluster == "default"


def test_a_missing_cluster_leaves_it_unjoined_with_one_line_until_the_cluster_is_there(
    world, caplog
):
    world.put(user_data="ECS_CLUSTER=later")
    for _ in range(3):
        world.boot()
    assert world.reports == []
    assert "later" not in world.clusters
    assert caplog.text.count("there is no cluster 'later'") == 1
    world.clusters.add("later")
    world.boot()
    assert world.reports[0].cluster == "later"


def test_a_stopped_instance_is_not_connected_and_a_started_one_is_again(world):
    world.put()
    world.boot()
    world.put(state="stopping")
    world.put(state="stopped")
    assert [r.connected for r in world.reports[1:]] == [False]
    world.put(state="running")
    world.boot()
    assert [r.connected for r in world.reports[1:]] == [False, True]


@pytest.mark.parametrize("state", ["shutting-down", "terminated"])
def test_a_terminated_instance_leaves_once(world, state):
    world.put()
    world.boot()
    world.put(state=state)
    world.watcher.look()
    assert kinds(world) == [InstanceRegistered, InstanceTerminated]


def test_an_instance_that_ec2_does_not_know_any_more_leaves(world):
    world.put()
    world.boot()
    world.ec2.clear()
    world.watcher.look()
    assert kinds(world) == [InstanceRegistered, InstanceTerminated]


def test_an_instance_terminated_while_it_boots_never_joins(world):
    world.put()
    world.put(state="terminated")
    world.clock.advance(BOOT_SECONDS * 2)
    assert world.reports == []


def test_a_deregistered_instance_does_not_come_back_by_itself(world):
    world.put()
    world.boot()
    world.deregistered.add("i-1")
    world.boot()
    world.put(state="stopped")
    assert kinds(world) == [InstanceRegistered]


def test_several_instances_join_together(world):
    world.put()
    world.put(Ec2(id="i-2"))
    world.boot()
    assert sorted(r.ec2_instance_id for r in world.reports) == ["i-1", "i-2"]

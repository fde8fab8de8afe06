"""What holds whatever happens: calls, agents that act when they like, machines that fail.

The machine below does anything in any order. After every step the indexes are recomputed and a
ledger of this file's own counts what every instance gave away. At the end everything is told to
stop, the agents do what they were told, and the world must come to rest.
"""

import json
from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from ecslab import controlplane as cp
from ecslab.controlplane import answers, facts
from ecslab.model import agent_messages as m
from ecslab.model.errors import AwsError
from ecslab.model.lifecycle import TASK_MOVES, IllegalMoveError
from tests.controlplane.world import NETWORK, World

MOVES = {(move.before, move.after) for move in TASK_MOVES}


def mapping(port, host=None, protocol="tcp"):
    return {"containerPort": port, "protocol": protocol} | ({"hostPort": host} if host else {})


FAMILIES = {
    "web": {"memory": 128, "ports": [mapping(80, 80)]},
    "open": {"memory": 100, "ports": [mapping(80), mapping(81)]},
    "high": {"memory": 30, "ports": [mapping(80, 49154), mapping(81), mapping(82, 49156, "udp")]},
    "dns": {"memory": 64, "cpu": 100, "ports": [mapping(53, 53, "udp"), mapping(53, 53)]},
    "soft": {"memory": 900, "memoryReservation": 50, "cpu": 10, "ports": []},
    "eni": {"memory": 64, "ports": [mapping(80, 80)]},
}
"""What each family's task takes: the ledger reads it here, not from the code."""

families = st.sampled_from(sorted(FAMILIES))
numbers = st.integers(0, 10**6)


class Worlds(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.w = World()
        self.w.call("CreateCluster")
        self.heard = 0
        self.lives = {}
        """Task → what its agent has still to report."""

    @initialize(
        enis=st.lists(st.integers(1, 3), min_size=1, max_size=3),
        run=st.lists(families, min_size=2, max_size=6),
    )
    def begin(self, enis, run):
        for family in FAMILIES:
            self.register(family)
        for count in enis:
            self.join(count)
        for family in run:
            self.run(family, 2, False, None, None)

    # -- calls ------------------------------------------------------------------------------------

    def register(self, family):
        takes = dict(FAMILIES[family])
        ports = takes.pop("ports")
        mode = {"networkMode": "awsvpc"} if family == "eni" else {}
        self.w.register(family, container=takes, ports=ports, **mode)

    @rule(family=families, count=st.integers(1, 10))
    def run_and_go_on(self, family, count):
        self.run(family, count, False, None, None)
        self.wait(2)
        self.agents_go_on()

    @rule(
        family=families,
        count=st.integers(1, 10),
        distinct=st.booleans(),
        strategy=st.sampled_from([None, "binpack", "random"]),
        token=st.sampled_from([None, None, "t1", "t2"]),
    )
    def run(self, family, count, distinct, strategy, token):
        params = {"taskDefinition": family, "count": count}
        if family == "eni":
            params["networkConfiguration"] = NETWORK
        if distinct:
            params["placementConstraints"] = [{"type": "distinctInstance"}]
        if strategy:
            field = {"field": "memory"} if strategy == "binpack" else {}
            params["placementStrategy"] = [{"type": strategy, **field}]
        if token:
            params["clientToken"] = token
        self.call("RunTask", **params)

    @rule(family=families, which=numbers)
    def start(self, family, which):
        more = {"networkConfiguration": NETWORK} if family == "eni" else {}
        home = self.one(self.w.state.instances, which)
        if home:
            self.call("StartTask", taskDefinition=family, containerInstances=[home], **more)

    @rule(which=numbers)
    def stop(self, which):
        task = self.one(self.w.state.tasks, which)
        if task:
            self.call("StopTask", task=task)

    @rule(which=numbers, status=st.sampled_from(["ACTIVE", "DRAINING"]))
    def drain(self, which, status):
        home = self.one(self.w.state.instances, which)
        if home:
            self.call("UpdateContainerInstancesState", containerInstances=[home], status=status)

    @rule(
        which=numbers,
        what=st.sampled_from(["register", "deregister", "delete", "attribute", "tag", "cluster"]),
    )
    def paperwork(self, which, what):
        """Calls that move no task."""
        state = self.w.state
        definition = self.one(state.definitions, which)
        home = self.one(state.instances, which)
        if what == "register":
            self.register(sorted(FAMILIES)[which % len(FAMILIES)])
        elif what in ("deregister", "delete") and definition:
            self.call("DeregisterTaskDefinition", taskDefinition=definition)
            if what == "delete":
                self.call("DeleteTaskDefinitions", taskDefinitions=[definition])
        elif what == "attribute" and home:
            attribute = {"name": "color", "value": str(which % 2), "targetId": home}
            self.call("PutAttributes", attributes=[attribute])
        elif what == "tag" and home:
            arn = self.one({**state.tasks, **state.instances}, which)
            self.call("TagResource", resourceArn=arn, tags=[{"key": "k", "value": str(which)}])
        elif what == "cluster":
            self.call("DeleteCluster", cluster="default")
            self.call("CreateCluster")

    # -- machines ---------------------------------------------------------------------------------

    @rule(enis=st.integers(1, 3))
    @precondition(lambda self: len(self.w.state.instances) < 5)
    def join(self, enis):
        if self.w.state.clusters[next(iter(self.w.state.clusters))].status == "ACTIVE":
            self.w.join(max_enis=enis)

    @rule(which=numbers, connected=st.booleans())
    def connect(self, which, connected):
        ec2 = self.ec2(which)
        if ec2:
            self.report(m.AgentConnected(ec2, connected, self.w.now))

    @rule(which=numbers, how=st.sampled_from(["terminated", "deregistered", "forced"]))
    def instance_leaves(self, which, how):
        home = self.one(self.w.state.instances, which)
        if home and how == "terminated":
            self.report(m.InstanceTerminated(self.ec2(which), self.w.now))
        elif home:
            forced = how == "forced"
            self.call("DeregisterContainerInstance", containerInstance=home, force=forced)

    @rule(seconds=st.sampled_from([0, 1, 2, 60, 3600, 90000]))
    def wait(self, seconds):
        self.w.wait(seconds)
        self.hear()

    # -- agents -----------------------------------------------------------------------------------

    @rule()
    def agents_go_on(self):
        for task in [arn for arn, life in self.lives.items() if life]:
            self.report_next(task)

    @rule(which=numbers)
    def agent_goes_on(self, which):
        task = self.one({arn: life for arn, life in self.lives.items() if life}, which)
        if task:
            self.report_next(task)

    @rule(which=numbers, code=st.sampled_from([0, 1, 137]))
    def container_dies(self, which, code):
        task = self.one(self.lives, which)
        if task:
            self.lives[task] = ["STOPPED"]
            self.report(m.ContainerStateChange(task, "main", "STOPPED", self.w.now, exit_code=code))

    @rule(
        which=numbers,
        word=st.sampled_from(
            ["PENDING", "ACTIVATING", "RUNNING", "STOPPING", "STOPPED", "healthy", "pull", "pulled"]
        ),
    )
    def agent_says_anything(self, which, word):
        task = self.one(self.w.state.tasks, which)
        if not task:
            return
        if word == "healthy":
            self.report(m.ContainerHealthChange(task, "main", "HEALTHY", self.w.now))
        elif word.startswith("pull"):
            self.report(m.PullStateChange(task, word == "pulled", self.w.now))
        else:
            self.report(m.TaskStateChange(task, word, self.w.now))

    # -- what must hold ---------------------------------------------------------------------------

    @invariant()
    def indexes_are_what_the_rest_of_the_state_says(self):
        cp.check(self.w.state)

    @invariant()
    def no_instance_is_overfull_and_no_port_is_taken_twice(self):
        for arn, home in self.w.state.instances.items():
            cpu, memory, interfaces = home.cpu, home.memory, home.max_enis - 1
            held = Counter(("tcp", port) for port in home.ports)
            for task in self.w.state.tasks.values():
                if task.instance_arn != arn or task.status == "STOPPED":
                    continue
                takes = FAMILIES[task.definition_arn.rsplit("/")[-1].partition(":")[0]]
                cpu -= takes.get("cpu", 0)
                memory -= takes.get("memoryReservation", takes["memory"])
                if task.interface:
                    interfaces -= 1
                    continue
                for one in takes["ports"]:
                    if "hostPort" in one:
                        held[one["protocol"], one["hostPort"]] += 1
                for binding in task.open_ports:
                    held[binding.protocol, binding.host_port] += 1
            assert min(cpu, memory, interfaces) >= 0
            assert max(held.values()) == 1
            shown = {one["name"]: one for one in self.shown(arn)["remainingResources"]}
            assert shown["CPU"]["integerValue"] == cpu
            assert shown["MEMORY"]["integerValue"] == memory

    @invariant()
    def time_alone_has_nothing_left_to_do(self):
        assert cp.reconcile(self.w.state, self.w.context()) == ()
        due = cp.next_wakeup(self.w.state)
        assert due is None or due > self.w.now

    @invariant()
    def tasks_moved_only_as_the_table_has_it(self):
        status = {}
        for fact in self.w.log:
            if isinstance(fact, facts.TaskCreated):
                status[fact.task.arn] = fact.task.status
            elif isinstance(fact, facts.TaskMoved):
                assert (status[fact.task_arn], fact.status) in MOVES
                status[fact.task_arn] = fact.status

    def teardown(self):
        self.replay()
        self.come_to_rest()

    def replay(self):
        state = cp.State.empty()
        for fact in self.w.log:
            record = json.loads(json.dumps(cp.fact_to_json(fact)))
            state = cp.evolve(state, cp.fact_from_json(record))
        assert state == self.w.state

    def come_to_rest(self):
        for home in list(self.w.state.instances.values()):
            self.report(m.AgentConnected(home.ec2_instance_id, True, self.w.now))
        for arn, task in list(self.w.state.tasks.items()):
            if task.status != "STOPPED" and self.is_active(task):
                self.w.call("StopTask", task=arn)
        for _round in range(20):
            self.hear()
            for task in [arn for arn, life in self.lives.items() if life]:
                self.report_next(task)
            self.w.wait(2)
        assert {task.status for task in self.w.state.tasks.values()} <= {"STOPPED"}
        self.hear()
        assert not any(self.lives.values())
        self.w.wait(90001)
        assert len(self.w.state.tasks) == 0
        assert cp.next_wakeup(self.w.state) is None
        cp.check(self.w.state)

    # -- helps ------------------------------------------------------------------------------------

    def is_active(self, task):
        return self.w.state.clusters[task.cluster_arn].status == "ACTIVE"

    def shown(self, arn):
        return answers.instance(self.w.state, self.w.state.instances[arn])

    def call(self, operation, **params):
        before = self.w.state
        try:
            self.w.call(operation, **params)
        except AwsError:
            assert self.w.state is before
        self.hear()

    def report(self, report):
        before = self.w.state
        try:
            self.w.report(report)
        except IllegalMoveError:
            assert self.w.state is before
        self.hear()

    def hear(self):
        """The agents hear their orders."""
        for order in self.w.orders[self.heard :]:
            match order:
                case m.RunTask(task_arn=arn):
                    self.lives[arn] = ["ACTIVATING", "RUNNING"]
                case m.StopTask(task_arn=arn) if arn in self.lives:
                    self.lives[arn] = ["STOPPING", "STOPPED"]
                case m.ForgetTask(task_arn=arn):
                    self.lives.pop(arn, None)
        self.heard = len(self.w.orders)

    def report_next(self, arn):
        status = self.lives[arn].pop(0)
        if status == "RUNNING":
            told = m.ContainerStateChange(arn, "main", "RUNNING", self.w.now, runtime_id="r")
            self.report(told)
        self.report(m.TaskStateChange(arn, status, self.w.now))

    def one(self, things, which):
        return sorted(things)[which % len(things)] if things else None

    def ec2(self, which):
        home = self.one(self.w.state.instances, which)
        return self.w.state.instances[home].ec2_instance_id if home else None


TestWorlds = Worlds.TestCase
TestWorlds.settings = settings(
    stateful_step_count=30, suppress_health_check=list(HealthCheck), deadline=None
)

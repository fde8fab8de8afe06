"""Where tasks go: filters with their reasons, then strategies."""

from collections import Counter

import pytest

from ecslab.controlplane.load import Load
from ecslab.model import agent_messages as m
from tests.controlplane.world import NETWORK, SUBNETS, world


def ready(instances=1, **definition):
    w = world(instances)
    w.register(**definition)
    return w


def run(w, **params):
    return w.call("RunTask", taskDefinition=params.pop("family", "web"), **params)


def homes(w, answer):
    """Instances by the number they joined with, one for each task, in the order of placement."""
    return [
        int(w.state.instances[one["containerInstanceArn"]].ec2_instance_id[2:], 16)
        for one in answer["tasks"]
    ]


def reasons(answer):
    return [one["reason"] for one in answer["failures"]]


def host(port, protocol="tcp"):
    return [{"containerPort": 80, "hostPort": port, "protocol": protocol}]


def strategy(*pairs):
    made = []
    for pair in pairs:
        kind, _colon, field = pair.partition(" ")
        made.append({"type": kind, "field": field} if field else {"type": kind})
    return made


def member(expression):
    return [{"type": "memberOf", "expression": expression}]


# -- filters --------------------------------------------------------------------------------------


def test_cpu_runs_out():
    w = ready(container={"cpu": 512})
    assert len(run(w, count=3)["tasks"]) == 2
    assert reasons(run(w)) == ["RESOURCE:CPU"]


def test_memory_runs_out():
    w = ready()
    answer = run(w, count=10)
    assert len(answer["tasks"]) == 7  # 7 × 128 ≤ 993
    assert reasons(answer) == ["RESOURCE:MEMORY"]


def test_the_soft_limit_is_what_counts_where_there_is_one():
    w = ready(container={"memory": 900, "memoryReservation": 90})
    assert len(run(w, count=10)["tasks"]) == 10
    assert len(run(w, count=10)["tasks"]) == 1  # 11 × 90 ≤ 993


def test_the_size_of_the_task_counts_before_those_of_its_containers():
    w = ready(memory="900", cpu="256")
    assert len(run(w, count=2)["tasks"]) == 1


def test_the_lessons_nginx_runs_once_on_an_instance_for_there_is_one_port_80():
    w = ready(2, ports=host(80))
    answer = run(w, count=3)
    assert sorted(homes(w, answer)) == [1, 2]
    assert reasons(answer) == ["RESOURCE:PORTS"] * 2


@pytest.mark.parametrize("port", [22, 2375, 2376, 51678, 51679])
def test_the_agents_own_ports_are_taken(port):
    assert reasons(run(ready(ports=host(port)))) == ["RESOURCE:PORTS"]


def test_tcp_and_udp_are_different_ports():
    w = ready(ports=host(53))
    w.register("dns", ports=host(53, "udp"))
    assert homes(w, run(w)) == [1]
    assert homes(w, run(w, family="dns")) == [1]
    assert reasons(run(w, family="dns")) == ["RESOURCE:PORTS"]


def test_a_port_that_is_given_back_can_be_taken_again():
    w = ready(ports=host(80))
    (first,) = w.run()
    w.moved(first, "STOPPED")
    assert homes(w, run(w)) == [1]


def test_a_port_left_open_is_chosen_and_differs_for_every_task():
    w = ready(container={"memory": 6}, ports=[{"containerPort": 80}, {"containerPort": 81}])
    arns = w.run(count=10)
    ports = [
        binding.host_port
        for order in w.orders
        if isinstance(order, m.RunTask)
        for binding in order.dynamic_ports
    ]
    assert len(arns) == 10
    assert len(set(ports)) == len(ports) == 20
    assert min(ports) >= 49153


def test_a_named_port_among_the_dynamic_ones_is_not_chosen_for_the_same_task():
    w = ready(ports=[*host(49153), {"containerPort": 81}, {"containerPort": 82}])
    assert homes(w, run(w)) == [1]
    (order,) = w.orders
    assert 49153 not in {one.host_port for one in order.dynamic_ports}


def test_a_named_port_that_was_chosen_for_another_task_is_taken():
    w = ready(container={"memory": 6}, ports=[{"containerPort": 80}])
    run(w)
    (order,) = w.orders
    w.register("named", ports=host(order.dynamic_ports[0].host_port))
    assert reasons(run(w, family="named")) == ["RESOURCE:PORTS"]


def test_every_port_of_a_range_gets_a_host_port():
    w = ready(ports=[{"containerPortRange": "8000-8004"}])
    run(w)
    (order,) = w.orders
    assert [one.container_port for one in order.dynamic_ports] == list(range(8000, 8005))


def test_host_mode_takes_the_container_port_of_the_host():
    w = ready(networkMode="host", ports=[{"containerPort": 8080}])
    assert homes(w, run(w)) == [1]
    assert reasons(run(w)) == ["RESOURCE:PORTS"]


def test_a_hundred_ports_can_be_reserved_of_which_the_agent_has_five():
    w = world()
    for number in range(2):
        mappings = [
            {"containerPort": port, "hostPort": port, "protocol": ("tcp", "udp")[number]}
            for port in range(1000, 1047)
        ]
        w.register(f"f{number}", container={"memory": 6}, ports=mappings)
    w.register("one", container={"memory": 6}, ports=host(2000))
    w.register("two", container={"memory": 6}, ports=host(2001))
    w.register("open", container={"memory": 6}, ports=[{"containerPort": 80}])
    assert reasons(run(w, family="f0")) == []
    assert reasons(run(w, family="f1")) == []  # 5 + 47 + 47
    assert reasons(run(w, family="one")) == []
    assert reasons(run(w, family="two")) == ["RESOURCE:PORTS"]
    assert reasons(run(w, family="open")) == []


def test_dynamic_ports_run_out_at_last():
    load = Load(0, 0, 0, 0, frozenset({49153}), frozenset())
    ports = load.free_ports(16382)
    assert ports is not None
    assert set(ports) == set(range(49154, 65536))
    assert load.free_ports(16383) is None


def test_a_port_just_given_back_is_not_chosen_at_once():
    load = Load(0, 0, 0, 0, frozenset(), frozenset(), dynamic=frozenset({49154}))
    assert load.free_ports(1) == (49155,)
    full = Load(0, 0, 0, 0, frozenset(), frozenset(), dynamic=frozenset({65535}))
    assert full.free_ports(1) == (49153,)


def test_a_t2_micro_has_one_interface_for_a_task():
    w = ready(networkMode="awsvpc")
    assert homes(w, run(w, networkConfiguration=NETWORK)) == [1]
    assert reasons(run(w, networkConfiguration=NETWORK)) == ["RESOURCE:ENI"]


def test_with_an_interface_of_its_own_a_task_needs_no_port_of_the_host():
    w = world(0)
    w.join(max_enis=3)
    w.register(networkMode="awsvpc", ports=[{"containerPort": 80}])
    assert homes(w, run(w, count=2, networkConfiguration=NETWORK)) == [1, 1]


def test_a_gpu_is_where_there_is_one():
    w = ready(container={"resourceRequirements": [{"type": "GPU", "value": "1"}]})
    assert reasons(run(w)) == ["RESOURCE:GPU"]
    w.join(attributes=(("ecs.instance-type", "g4dn.xlarge"),))
    assert homes(w, run(w)) == [2]
    assert reasons(run(w)) == ["RESOURCE:GPU"] * 2


def test_an_agent_that_is_not_connected_gets_nothing():
    w = ready(2)
    w.report(m.AgentConnected("i-00000000000000001", False, w.now))
    assert homes(w, run(w, count=3)) == [2, 2, 2]
    w.report(m.AgentConnected("i-00000000000000002", False, w.now))
    assert reasons(run(w)) == ["AGENT"] * 2


def test_an_instance_without_an_attribute_the_task_needs_says_so():
    w = world(0)
    w.join(attributes=(("ecs.availability-zone", "us-east-1a"),))
    w.register(container={"logConfiguration": {"logDriver": "json-file"}})
    assert reasons(run(w)) == ["ATTRIBUTE"]


def test_a_task_goes_where_its_subnets_are():
    w = ready(2, networkMode="awsvpc")
    network = {"awsvpcConfiguration": {"subnets": [SUBNETS[0]]}}
    assert homes(w, run(w, networkConfiguration=network)) == [2]
    answer = run(w, networkConfiguration=network)
    assert sorted(reasons(answer)) == ["LOCATION", "RESOURCE:ENI"]


def test_a_subnet_nobody_is_in_may_be_anywhere():
    w = ready(2, networkMode="awsvpc")
    network = {"awsvpcConfiguration": {"subnets": ["subnet-new"]}}
    assert sorted(homes(w, run(w, count=2, networkConfiguration=network))) == [1, 2]


def test_the_first_thing_that_is_missing_is_the_reason():
    w = ready(container={"memory": 994, "cpu": 1025})
    assert reasons(run(w)) == ["RESOURCE:CPU"]


# -- constraints ----------------------------------------------------------------------------------


def test_distinct_instances_take_one_task_of_a_group_each():
    w = ready(3)
    answer = run(w, count=4, placementConstraints=[{"type": "distinctInstance"}])
    assert sorted(homes(w, answer)) == [1, 2, 3]
    assert reasons(answer) == ["DistinctInstance placement constraint unsatisfied."] * 3
    again = run(w, group="other", placementConstraints=[{"type": "distinctInstance"}])
    assert len(again["tasks"]) == 1


def test_distinct_instances_take_no_expression():
    told = ready().refused(
        "RunTask",
        taskDefinition="web",
        placementConstraints=[{"type": "distinctInstance", "expression": "agentConnected == true"}],
    )
    assert told == (
        "InvalidParameterException",
        "distinctInstance expression should not be specified.",
    )


def test_members_of_an_expression_alone_take_tasks():
    w = ready(4)
    there = member("attribute:ecs.availability-zone == us-east-1a")
    answer = run(w, count=10, placementConstraints=there)
    assert set(homes(w, answer)) == {2, 4}
    answer = run(w, placementConstraints=member("ec2InstanceId == i-nothing"))
    assert reasons(answer) == ["MemberOf placement constraint unsatisfied."] * 4


def test_constraints_of_the_definition_hold_as_those_of_the_call():
    w = ready(4, placementConstraints=member("attribute:ecs.availability-zone == us-east-1a"))
    answer = run(w, count=10, placementConstraints=member("ec2InstanceId =~ i-0+[12]"))
    assert set(homes(w, answer)) == {2}


def test_tasks_that_keep_together_and_tasks_that_keep_apart():
    w = ready(3)
    w.register("db")
    (home,) = homes(w, run(w, family="db"))
    near = run(w, count=3, placementConstraints=member("task:group == family:db"))
    far = run(w, count=3, placementConstraints=member("not(task:group == family:db)"))
    assert set(homes(w, near)) == {home}
    assert home not in homes(w, far)


def test_a_call_has_up_to_ten_constraints():
    ten = member("agentConnected == true") * 10
    assert len(run(ready(), placementConstraints=ten)["tasks"]) == 1
    code, message = ready().refused(
        "RunTask", taskDefinition="web", placementConstraints=ten + ten[:1]
    )
    assert code == "InvalidParameterException"
    assert "not 11" in message


def test_an_expression_that_cannot_be_read_is_refused():
    code, message = ready().refused(
        "RunTask", taskDefinition="web", placementConstraints=member("zone == a")
    )
    assert code == "InvalidParameterException"
    assert message.startswith("Invalid expression: Unknown subject 'zone' at position 1")


# -- strategies -----------------------------------------------------------------------------------


def test_without_a_strategy_tasks_are_spread_over_the_zones():
    w = ready(6)
    zones = Counter(one["availabilityZone"] for one in run(w, count=10)["tasks"])
    assert zones == {"us-east-1a": 5, "us-east-1b": 5}


def test_a_full_zone_leaves_the_tasks_to_the_others():
    w = ready(3, container={"memory": 400})  # us-east-1b twice, us-east-1a once
    zones = Counter(one["availabilityZone"] for one in run(w, count=10)["tasks"])
    assert zones == {"us-east-1a": 2, "us-east-1b": 4}


def test_spreading_counts_the_tasks_that_live_already_of_the_same_group():
    w = ready(2)
    w.register("api")
    ec2 = member("ec2InstanceId == i-00000000000000001")
    run(w, count=3, placementConstraints=ec2)
    assert homes(w, run(w, count=3)) == [2, 2, 2]
    assert sorted(homes(w, run(w, family="api", count=2))) == [1, 2]


@pytest.mark.parametrize("field", ["instanceId", "host"])
def test_spreading_over_instances(field):
    w = ready(5)
    answer = run(w, count=10, placementStrategy=strategy(f"spread {field}"))
    assert Counter(homes(w, answer)) == dict.fromkeys(range(1, 6), 2)


def test_spreading_over_an_attribute_of_ones_own():
    w = world(0)
    for number in range(4):
        w.join(attributes=(("rack", "a" if number < 3 else "b"),))
    w.register()
    answer = run(w, count=8, placementStrategy=strategy("spread attribute:rack"))
    counts = Counter(homes(w, answer))
    assert counts[4] == 4
    assert counts[1] + counts[2] + counts[3] == 4


def test_instances_without_the_attribute_are_a_group_of_their_own():
    w = world(0)
    w.join(attributes=(("rack", "a"),))
    w.join(attributes=())
    w.register()
    answer = run(w, count=6, placementStrategy=strategy("spread attribute:rack"))
    assert Counter(homes(w, answer)) == {1: 3, 2: 3}


@pytest.mark.parametrize("field", ["memory", "MEMORY"])
def test_packing_by_memory_fills_one_instance_before_the_next(field):
    w = ready(3)
    answer = run(w, count=10, placementStrategy=strategy(f"binpack {field}"))
    assert sorted(Counter(homes(w, answer)).values()) == [3, 7]


def test_packing_by_cpu_fills_the_instance_with_the_least_cpu_left():
    w = world(0)
    w.join(cpu=2048)
    w.join(cpu=1024)
    w.register(container={"cpu": 256})
    answer = run(w, count=6, placementStrategy=strategy("binpack cpu"))
    assert homes(w, answer) == [2, 2, 2, 2, 1, 1]


def test_a_second_strategy_breaks_the_ties_of_the_first():
    w = ready(6)
    answer = run(
        w,
        count=8,
        placementStrategy=strategy("spread attribute:ecs.availability-zone", "binpack memory"),
    )
    assert sorted(Counter(homes(w, answer)).values()) == [4, 4]


def test_random_is_any_instance():
    w = ready(4)
    seen = set()
    for _round in range(60):
        answer = run(w, placementStrategy=strategy("random"))
        seen.update(homes(w, answer))
        w.call("StopTask", task=answer["tasks"][0]["taskArn"])
        w.moved(answer["tasks"][0]["taskArn"], "STOPPED")
    assert seen == {1, 2, 3, 4}


def test_the_same_chance_places_the_same():
    def placed():
        w = ready(6)
        return homes(w, run(w, count=10))

    assert placed() == placed()


@pytest.mark.parametrize(
    "bad",
    ["binpack", "binpack disk", "random cpu", "spread", "spread rack", "spread attribute:"],
)
def test_a_strategy_takes_only_its_fields(bad):
    code, message = ready().refused(
        "RunTask", taskDefinition="web", placementStrategy=strategy(bad)
    )
    assert code == "InvalidParameterException"
    assert bad.split(" ", maxsplit=1)[0] in message


def test_a_call_has_up_to_five_strategies():
    five = strategy("binpack cpu", "binpack memory", "spread host", "spread attribute:a", "random")
    assert len(run(ready(), placementStrategy=five)["tasks"]) == 1
    code, message = ready().refused(
        "RunTask", taskDefinition="web", placementStrategy=five + five[:1]
    )
    assert code == "InvalidParameterException"
    assert "not 6" in message

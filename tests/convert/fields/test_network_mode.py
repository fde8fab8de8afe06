"""``network_mode`` ⇄ networkMode and disableNetworking, and what each mode refuses"""

import pytest

from tests.convert.trips import ServiceTrip, Trip, task_from_ecs

TEXT = """
services:
  a: {{image: i, mem_limit: 64m{a}}}
  b: {{image: i, mem_limit: 64m{b}}}
"""


def trip(a, b):
    keys = {"a": f", network_mode: '{a}'" if a else "", "b": f", network_mode: {b}" if b else ""}
    return Trip(TEXT.format(**keys))


@pytest.mark.parametrize("word", ["host", "none"])
def test_the_same_word_on_every_service_is_the_tasks(word):
    made = trip(word, word)
    assert made.task["networkMode"] == word
    assert [one["network_mode"] for one in made.document["services"].values()] == [word, word]
    assert made.said == []


def test_bridge_on_every_service_is_kept_in_ecs_own_words():
    made = trip("bridge", "bridge")
    assert made.task["networkMode"] == "bridge"
    assert made.document["x-ecs"] == {"networkMode": "bridge"}
    assert made.where("network-bridge") == ("adapted", 3, "services.a.network_mode")


def test_sharing_the_network_of_one_is_awsvpc():
    made = trip("service:b", "")
    assert made.task["networkMode"] == "awsvpc"
    assert "dependsOn" not in made.task["containerDefinitions"][0]
    assert made.where("namespace-shared") == ("adapted", 3, "services.a.network_mode")


def test_none_on_some_switches_their_network_off():
    made = trip("none", "")
    assert "networkMode" not in made.task
    assert made.task["containerDefinitions"][0]["disableNetworking"] is True
    assert made.document["services"]["a"]["network_mode"] == "none"
    assert made.said == []


@pytest.mark.parametrize("word", ["host", "container:x"])
def test_another_word_on_some_is_lost(word):
    made = trip(word, "")
    assert "networkMode" not in made.task
    assert made.where("namespace") == ("dropped", 3, "services.a.network_mode")


@pytest.mark.parametrize("mode", ["bridge", "awsvpc"])
def test_a_mode_without_a_word_stands_in_ecs_own_words(mode):
    assert task_from_ecs(networkMode=mode)["x-ecs"] == {"networkMode": mode}


@pytest.mark.parametrize("value", [True, False])
def test_one_container_without_a_network_is_not_a_task_without_one(value):
    task_from_ecs([{"disableNetworking": value}])
    task_from_ecs([{"disableNetworking": value}], networkMode="none")


def with_mode(mode, keys):
    return ServiceTrip(keys, f"x-ecs: {{networkMode: {mode}}}")


@pytest.mark.parametrize("mode", ["awsvpc", "host"])
def test_inside_and_outside_the_port_is_the_same(mode):
    trip = with_mode(mode, "ports: ['8080:80', '81:81', '82']")
    assert trip.container["portMappings"] == [
        {"containerPort": 80},
        {"containerPort": 81, "hostPort": 81},
        {"containerPort": 82},
    ]
    assert trip.where("network-host-port") == ("adapted", 5, "services.web.ports[0]")


def test_awsvpc_takes_no_names():
    trip = with_mode("awsvpc", "hostname: a\nextra_hosts: ['a:10.0.0.1']")
    assert trip.container == {}
    assert [one.path for one in trip.said] == ["services.web.hostname", "services.web.extra_hosts"]


def test_without_a_network_there_are_no_ports():
    trip = ServiceTrip("network_mode: none\nports: ['80']")
    assert trip.container == {}
    assert trip.where("network-ports") == ("dropped", 6, "services.web.ports")


def test_links_are_for_the_bridge():
    made = Trip(TEXT.format(a=", links: [b]", b="") + "x-ecs: {networkMode: awsvpc}\n")
    assert "links" not in made.task["containerDefinitions"][0]
    assert made.where("network-links") == ("dropped", 3, "services.a.links")

"""Clusters: made, described, listed, changed, deleted."""

from dataclasses import replace

import pytest

from ecslab import controlplane as cp
from ecslab.controlplane.facts import TaskCreated
from tests.controlplane.world import World, world

HERE = "arn:aws:ecs:us-east-1:123456789012:cluster/"
NOT_FOUND = ("ClusterNotFoundException", "Cluster not found.")


def names(w, **params):
    return [arn.removeprefix(HERE) for arn in w.call("ListClusters", **params)["clusterArns"]]


def one(w, **params):
    (found,) = w.call("DescribeClusters", **params)["clusters"]
    return found


def test_a_cluster_without_a_name_is_called_default():
    made = World().call("CreateCluster")["cluster"]
    assert (made["clusterName"], made["clusterArn"]) == ("default", HERE + "default")


def test_a_new_cluster_is_active_and_empty():
    made = World().call("CreateCluster", clusterName="web")["cluster"]
    assert made["status"] == "ACTIVE"
    counts = {name: value for name, value in made.items() if name.endswith("Count")}
    assert counts == {
        "registeredContainerInstancesCount": 0,
        "runningTasksCount": 0,
        "pendingTasksCount": 0,
        "activeServicesCount": 0,
    }
    assert made["settings"] == [{"name": "containerInsights", "value": "disabled"}]


def test_the_same_name_again_answers_the_cluster_that_is_there():
    w = World()
    w.call("CreateCluster", clusterName="web", tags=[{"key": "a", "value": "1"}])
    facts = len(w.log)
    again = w.call("CreateCluster", clusterName="web")["cluster"]
    assert again["tags"] == [{"key": "a", "value": "1"}]
    assert len(w.log) == facts
    assert names(w) == ["web"]


@pytest.mark.parametrize("name", ["my cluster", "a/b", "x" * 256, "クラスター", "web.1"])
def test_a_name_is_of_letters_numbers_hyphens_and_underscores(name):
    code, message = World().refused("CreateCluster", clusterName=name)
    assert code == "InvalidParameterException"
    assert repr(name) in message


def test_a_name_of_255_letters_is_a_name():
    assert World().call("CreateCluster", clusterName="x" * 255)


def test_a_capacity_provider_nobody_made_is_refused():
    code, message = World().refused("CreateCluster", capacityProviders=["mine"])
    assert code == "InvalidParameterException"
    assert message.endswith("try again: mine.")


def test_a_cluster_is_described_by_name_or_arn():
    w = World()
    w.call("CreateCluster", clusterName="web")
    assert one(w, clusters=["web"]) == one(w, clusters=[HERE + "web"])


def test_a_cluster_that_is_missing_is_a_failure_with_its_arn():
    w = world(0)
    answer = w.call("DescribeClusters", clusters=["nowhere", "default"])
    assert [c["clusterName"] for c in answer["clusters"]] == ["default"]
    assert answer["failures"] == [{"arn": HERE + "nowhere", "reason": "MISSING"}]


def test_describing_no_cluster_means_default():
    assert one(world(0))["clusterName"] == "default"


def test_101_clusters_are_too_many_to_describe():
    code, message = world(0).refused("DescribeClusters", clusters=[f"c{n}" for n in range(101)])
    assert code == "InvalidParameterException"
    assert "100" in message


def test_tags_settings_and_statistics_are_told_only_when_asked_for():
    w = World()
    w.call("CreateCluster", tags=[{"key": "a", "value": ""}])
    plain = one(w)
    assert (plain["tags"], plain["settings"], plain["statistics"]) == ([], [], [])
    asked = one(w, include=["TAGS", "SETTINGS", "STATISTICS"])
    assert asked["tags"] == [{"key": "a", "value": ""}]
    assert asked["settings"] == [{"name": "containerInsights", "value": "disabled"}]
    assert {"name": "runningEC2TasksCount", "value": "0"} in asked["statistics"]


def test_a_cluster_counts_its_instances_and_tasks():
    w = world(2)
    w.register()
    running, _pending = w.run(count=2)
    w.up(running)
    found = one(w, include=["STATISTICS"])
    assert found["registeredContainerInstancesCount"] == 2
    assert (found["runningTasksCount"], found["pendingTasksCount"]) == (1, 1)
    assert {"name": "pendingEC2TasksCount", "value": "1"} in found["statistics"]


def test_settings_are_updated_and_stay():
    w = world(0)
    on = [{"name": "containerInsights", "value": "enabled"}]
    answer = w.call("UpdateClusterSettings", cluster="default", settings=on)
    assert answer["cluster"]["settings"] == on
    assert one(w, include=["SETTINGS"])["settings"] == on


def test_a_setting_takes_only_its_values():
    code, message = world(0).refused(
        "UpdateClusterSettings",
        cluster="default",
        settings=[{"name": "containerInsights", "value": "maybe"}],
    )
    assert code == "InvalidParameterException"
    assert "'maybe'" in message


def test_an_update_without_a_configuration_leaves_it():
    w = World()
    w.call("CreateCluster", configuration={"executeCommandConfiguration": {"logging": "DEFAULT"}})
    w.call("UpdateCluster", cluster="default", settings=[])
    found = one(w, include=["CONFIGURATIONS"])
    assert found["configuration"] == {"executeCommandConfiguration": {"logging": "DEFAULT"}}


def test_a_deleted_cluster_is_inactive_described_and_not_listed():
    w = World()
    w.call("CreateCluster", clusterName="web")
    assert w.call("DeleteCluster", cluster="web")["cluster"]["status"] == "INACTIVE"
    assert one(w, clusters=["web"])["status"] == "INACTIVE"
    assert names(w) == []


def test_a_deleted_cluster_runs_nothing():
    w = world(0)
    w.register()
    w.call("DeleteCluster", cluster="default")
    told = ("ClusterNotFoundException", "The referenced cluster was inactive.")
    assert w.refused("RunTask", taskDefinition="web") == told
    assert w.refused("ListTasks") == told


def test_a_deleted_cluster_can_be_made_again():
    w = World()
    w.call("CreateCluster", clusterName="web", tags=[{"key": "a", "value": "1"}])
    w.call("DeleteCluster", cluster="web")
    again = w.call("CreateCluster", clusterName="web")["cluster"]
    assert (again["status"], again["tags"]) == ("ACTIVE", [])
    assert names(w) == ["web"]


def test_a_cluster_with_instances_cannot_be_deleted():
    assert world(1).refused("DeleteCluster", cluster="default") == (
        "ClusterContainsContainerInstancesException",
        "The Cluster cannot be deleted while Container Instances are active or draining.",
    )


def test_a_cluster_with_tasks_on_no_instance_cannot_be_deleted():
    w = world(1)
    w.register()
    (arn,) = w.run()
    task = w.state.tasks[arn]
    w.call("DeregisterContainerInstance", containerInstance=task.instance_arn, force=True)
    elsewhere = replace(task, arn=f"{arn}0", instance_arn=None)
    w.apply((TaskCreated(w.now, "It runs elsewhere.", elsewhere),))
    assert w.refused("DeleteCluster", cluster="default") == (
        "ClusterContainsTasksException",
        "The Cluster cannot be deleted while Tasks are active.",
    )
    w.moved(elsewhere.arn, "STOPPED")
    assert w.call("DeleteCluster", cluster="default")["cluster"]["status"] == "INACTIVE"


@pytest.mark.parametrize(
    "operation",
    ["DeleteCluster", "UpdateCluster", "ListTasks", "ListContainerInstances", "ListAttributes"],
)
def test_a_cluster_that_is_not_there_is_not_found(operation):
    assert World().refused(operation, cluster="nowhere") == NOT_FOUND


def test_clusters_are_listed_a_page_at_a_time():
    w = World()
    for number in range(5):
        w.call("CreateCluster", clusterName=f"c{number}")
    first = w.call("ListClusters", maxResults=2)
    w.call("DeleteCluster", cluster="c0")
    rest = w.call("ListClusters", maxResults=100, nextToken=first["nextToken"])
    assert [arn.removeprefix(HERE) for arn in first["clusterArns"]] == ["c0", "c1"]
    assert [arn.removeprefix(HERE) for arn in rest["clusterArns"]] == ["c2", "c3", "c4"]
    assert "nextToken" not in rest


def test_each_region_has_its_own_clusters():
    w = world(0)
    elsewhere = cp.handle(w.state, "ListClusters", {}, w.context(region="ap-northeast-1"))
    assert elsewhere.answer == {"clusterArns": []}

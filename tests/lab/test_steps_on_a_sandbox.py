"""Each step of the workshop on a sandbox: done, done twice, stopped half-way, refused, removed."""

import re
import threading
import time

import pytest

import ecslab
from ecslab import Progress, Stopped
from ecslab.model.errors import EcslabError

NGINX = {
    "name": "nginx",
    "image": "nginx:alpine",
    "memory": 128,
    "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
}


@pytest.fixture
def lab(stub_sandbox, monkeypatch):
    """A learner on an empty sandbox."""
    monkeypatch.setenv("ECSLAB_LEARNER", "yui")
    return ecslab.connect("sandbox", lang="en")


@pytest.fixture
def cluster(lab):
    return lab.create_cluster()


@pytest.fixture
def definition(lab):
    return lab.register_task_definition(containerDefinitions=[NGINX])


def stacks(lab):
    found = lab.client("cloudformation").describe_stacks()["Stacks"]
    return [stack["StackName"] for stack in found if stack["StackStatus"] != "DELETE_COMPLETE"]


def machines(lab, *states):
    wanted = [{"Name": "instance-state-name", "Values": list(states)}]
    found = lab.client("ec2").describe_instances(Filters=wanted)["Reservations"]
    return [one for reservation in found for one in reservation["Instances"]]


# -- the cluster -----------------------------------------------------------------------------------


def test_a_cluster_of_two_t2_micro_comes_from_one_stack(lab, cluster):
    assert cluster.name == lab.names.cluster
    assert len(cluster.instances) == 2
    assert stacks(lab) == [lab.names.stack]
    there = machines(lab, "running")
    assert {one["InstanceId"] for one in there} == set(cluster.instances)
    assert {one["InstanceType"] for one in there} == {"t2.micro"}
    zones = {one["Placement"]["AvailabilityZone"] for one in there}
    assert len(zones) == 2


def test_a_cluster_made_twice_is_the_same_cluster(lab, cluster):
    again = lab.create_cluster()
    assert again == cluster
    assert len(machines(lab, "running")) == 2


def test_other_numbers_change_the_cluster_that_is_there(lab, cluster):
    more = lab.create_cluster(instances=3)
    assert set(cluster.instances) < set(more.instances)
    assert len(more.instances) == 3


def test_the_fargate_template_makes_the_cluster_alone(lab):
    made = lab.create_cluster(template="FARGATE")
    assert (made.stack, made.instances) == (None, ())
    assert stacks(lab) == []
    assert [call.operation for call in lab.calls.changes] == ["CreateCluster"]


def test_windows_is_refused_with_the_reason(lab):
    with pytest.raises(EcslabError, match="EC2 Windows is left out"):
        lab.create_cluster(template="WINDOWS")
    assert lab.client("ecs").list_clusters()["clusterArns"] == []


def test_a_cluster_that_was_stopped_half_way_is_taken_up(lab):
    stop = threading.Event()
    said = []

    def say(line):
        said.append(line)
        if "makes network" in line:
            stop.set()

    with pytest.raises(Stopped, match="Run it again to go on"):
        lab.create_cluster(progress=Progress(say, stop, lab.bench.pace))
    assert not any("Ready" in line for line in said)
    made = lab.create_cluster()
    assert len(made.instances) == 2
    operations = [call.operation for call in lab.calls.changes]
    assert operations == ["CreateCluster", "CreateStack"]


def test_a_stop_is_heard_at_once_even_while_something_is_waited_for(lab):
    stop = threading.Event()
    slow = Progress(lambda _line: None, stop, pace=60)
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        lab.create_cluster(progress=slow)
    assert time.monotonic() - began < 10


def test_a_type_that_is_nowhere_is_refused_before_anything_is_made(lab):
    with pytest.raises(EcslabError, match="is not offered in two zones"):
        lab.create_cluster(instance_type="z9.gigantic")
    assert len(lab.calls.changes) == 0


# -- definition and task ---------------------------------------------------------------------------


def test_the_same_definition_twice_is_one_revision(lab, definition):
    assert str(definition) == f"{lab.names.family()}:1"
    assert lab.register_task_definition(containerDefinitions=[NGINX]) == definition
    changed = lab.register_task_definition(containerDefinitions=[{**NGINX, "memory": 256}])
    assert changed.revision == 2


def test_a_refused_definition_is_one_sentence(lab):
    with pytest.raises(EcslabError) as error:
        lab.register_task_definition(containerDefinitions=[{"name": "a", "image": "b"}])
    assert "RegisterTaskDefinition" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_third_task_on_port_80_is_refused_with_readable_reasons(lab, cluster, definition):
    first = lab.run_task(definition)
    second = lab.run_task(definition)
    assert {len(first), len(second)} == {1}
    third = lab.run_task(definition)
    assert third.refused
    assert list(third) == []
    assert sorted(refusal.instance for refusal in third.refusals) == sorted(cluster.instances)
    holders = {first[0].id[:8], second[0].id[:8]}
    for refusal in third.refusals:
        assert refusal.reason == "RESOURCE:PORTS"
        (holder,) = re.findall(r"host port 80 is taken by the task (\w{8})", str(refusal))
        holders.remove(holder)
    assert "0 of 1 placed" in str(third)
    assert lab.wait(third) == []


def test_memory_that_is_used_up_is_told_in_numbers(lab, cluster):
    big = lab.register_task_definition(
        containerDefinitions=[{"name": "big", "image": "busybox", "memory": 700}]
    )
    assert not lab.run_task(big, count=2).refused
    refusal = lab.run_task(big).refusals[0]
    assert refusal.reason == "RESOURCE:MEMORY"
    assert re.search(r"needs 700 MiB of memory; \d+ of \d+ MiB are free", str(refusal))


def test_a_task_that_ends_before_it_runs_says_why(lab, cluster):
    gone = {**NGINX, "dockerLabels": {"ecslab.simulate.pull": "not-found"}}
    task = lab.run_task(lab.register_task_definition(containerDefinitions=[gone]))
    with pytest.raises(EcslabError, match=r"stopped: .*CannotPullContainer"):
        lab.wait(task)
    told = str(lab.story(task))
    assert "STOPPED (TaskFailedToStart)" in told


def test_the_story_goes_from_placement_to_the_stop_in_order(lab, cluster, definition):
    task = lab.wait(lab.run_task(definition)[0])
    lab.stop_task(task, "enough seen")
    lab.wait(task, "STOPPED")
    told = [str(event.text) for event in lab.story(task).events]
    wanted = ["Placed on the instance", "pulls its images", "RUNNING", "It is to stop: enough seen"]
    places = [next(i for i, line in enumerate(told) if part in line) for part in wanted]
    assert places == sorted(places)
    assert told[-1].startswith("STOPPED (UserInitiated)")


def test_a_task_stopped_twice_stays_stopped(lab, cluster, definition):
    task = lab.wait(lab.run_task(definition)[0])
    lab.stop_task(task)
    lab.wait(task, "STOPPED")
    assert lab.stop_task(task).status == "STOPPED"


def test_the_url_of_a_task_that_does_not_run_says_what_to_do(lab, cluster, definition):
    task = lab.run_task(definition)[0]
    lab.stop_task(task)
    lab.wait(task, "STOPPED")
    with pytest.raises(EcslabError, match=r"is STOPPED\. Its page is there when it is RUNNING"):
        lab.url(task)


# -- is it done? -----------------------------------------------------------------------------------


def test_each_check_says_what_is_missing_and_then_that_it_is_done(lab):
    def found():
        steps = ("start", "cluster", "task-definition", "task", "page")
        return [bool(lab.check(step)) for step in steps]

    assert found() == [True, False, False, False, False]
    assert "lab.create_cluster()" in str(lab.check("cluster"))
    lab.create_cluster()
    assert found() == [True, True, False, False, False]
    definition = lab.register_task_definition(containerDefinitions=[NGINX])
    assert found() == [True, True, True, False, False]
    assert "lab.run_task" in str(lab.check("task"))
    lab.wait(lab.run_task(definition))
    assert found() == [True] * 5
    assert "answers 200: nginx" in str(lab.check("page"))


def test_a_task_that_has_stopped_is_named_with_its_reason(lab):
    lab.create_cluster()
    assert "lab.stop_task" in str(lab.check("stopped"))
    task = lab.wait(lab.run_task(lab.register_task_definition(containerDefinitions=[NGINX])))
    lab.stop_task(task, reason="enough of it")
    lab.wait(task, "STOPPED")
    assert f"The task {task[0].id[:8]} has stopped: enough of it" in str(lab.check("stopped"))


def test_a_definition_for_fargate_is_found_among_others(lab):
    lab.register_task_definition(containerDefinitions=[NGINX])
    assert "requiresCompatibilities" in str(lab.check("fargate"))
    size = {"requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"}
    container = {"name": "nginx", "image": "nginx:alpine"}
    lab.register_task_definition(networkMode="awsvpc", containerDefinitions=[container], **size)
    assert "fits Fargate: 256 CPU, 512 MiB" in str(lab.check("fargate"))


def test_what_is_left_is_named_until_nothing_is(lab):
    assert lab.check("clean")
    lab.create_cluster(template="FARGATE")
    assert f"cluster {lab.names.cluster}" in str(lab.check("clean"))
    lab.cleanup()
    assert "Nothing of yours is left" in str(lab.check("clean"))


def test_a_fargate_cluster_is_told_that_it_has_no_instance(lab):
    lab.create_cluster(template="FARGATE")
    checked = lab.check("cluster")
    assert not checked
    assert "EC2 Linux" in str(checked.hint)


def test_checks_are_not_among_the_calls(lab):
    lab.calls.clear()
    lab.check("cluster")
    lab.snapshot()
    assert len(lab.calls) == 0
    assert lab.calls.watched > 0


# -- calls and pictures ----------------------------------------------------------------------------


def test_the_form_shows_the_calls_that_are_then_made(lab):
    form = ecslab.forms.cluster(lab)
    shown = form.planned(form.settings())
    form.submit()
    made = list(lab.calls.changes)
    assert [call.operation for call in shown[1:]] == [call.operation for call in made]
    assert shown[1].cli == made[0].cli
    (zone_a, zone_b) = re.findall(r'"Zone[AB]", "ParameterValue": "([^"]+)"', made[1].cli)
    meant = shown[2].cli.replace("<zone A>", zone_a).replace("<zone B>", zone_b)
    assert meant == made[1].cli


def test_the_run_form_offers_what_there_is_and_runs_it(lab, cluster, definition):
    other = lab.client("ecs")
    other.create_cluster(clusterName="aaa-somebody-elses")
    form = ecslab.forms.run_task(lab)
    settings = form.settings()
    assert (settings.cluster, settings.task_definition) == (cluster.name, str(definition))
    assert form._lists["cluster"].control.options == (cluster.name, "aaa-somebody-elses")
    shown = form.planned(settings)
    result = form.submit()
    assert not result.refused
    assert lab.calls.changes.last.cli == shown[0].cli
    assert "✓ 1 of 1 placed." in form._progress.value


def test_the_run_form_without_anything_to_run_says_what_comes_first(lab):
    form = ecslab.forms.run_task(lab)
    assert form.button.disabled
    for name, said in (("cluster", "create one first"), ("task_definition", "register one first")):
        assert said in form.fields[name].box.children[-1].value
    with pytest.raises(EcslabError, match="Cluster: Choose a cluster"):
        form.submit()
    lab.create_cluster(template="FARGATE")
    lab.register_task_definition(containerDefinitions=[NGINX])
    form.look_button.click()
    assert not form.button.disabled


def test_a_refused_run_is_told_in_the_form_with_its_reasons(lab, cluster, definition):
    form = ecslab.forms.run_task(lab)
    form.fields["count"].control.value = "3"
    assert len(form.submit()) == 2
    shown = form._progress.value
    assert "2 of 3 placed" in shown
    assert "RESOURCE:PORTS" in shown


def test_an_answer_of_the_api_is_a_sentence_in_the_form(lab):
    form = ecslab.forms.task_definition(lab)
    form.fields["network_mode"].control.value = "awsvpc"
    form.containers.editor.ports.fill([("8080", "80", "tcp")])
    with pytest.raises(EcslabError):
        form.submit()
    assert "ecslab-problem" in form._progress.value
    assert "Traceback" not in form._progress.value


def test_the_live_diagram_follows_the_cluster(lab, cluster, definition):
    live = lab.live()
    try:
        lab.run_task(definition)
        end = time.monotonic() + 20
        # Time is fast here: RUNNING may be all that is seen of the way there.
        while "RUNNING" not in live.history.value:
            assert time.monotonic() < end, live.history.value
            time.sleep(0.05)
        assert "RUNNING" in live.picture.value
    finally:
        live.stop()


def test_a_second_live_diagram_pauses_the_first(lab):
    first = lab.live()
    second = lab.live()
    assert (first.following, second.following) == (False, True)
    second.stop()


# -- and away --------------------------------------------------------------------------------------


def test_cleanup_says_what_it_will_remove_removes_it_and_leaves_nothing(lab, cluster, definition):
    lab.wait(lab.run_task(definition))
    lab.register_task_definition(family="another-name", containerDefinitions=[NGINX])
    plan = lab.cleanup(dry_run=True)
    kinds = [name.split()[0] for name in plan.found]
    assert kinds == ["task", "stack", "cluster", "task-definition", "task-definition"]
    assert lab.check("task")  # a dry run changes nothing
    done = lab.cleanup()
    assert done
    assert done.removed == plan.found
    ecs = lab.client("ecs")
    assert ecs.list_clusters()["clusterArns"] == []
    assert ecs.list_task_definitions()["taskDefinitionArns"] == []
    assert stacks(lab) == []
    assert machines(lab, "pending", "running", "stopping", "stopped") == []
    assert lab.cleanup().found == ()


def test_cleanup_does_not_touch_what_is_somebody_elses(lab):
    ecs = lab.client("ecs")
    ecs.create_cluster(clusterName="theirs", tags=[{"key": "ecslab:learner", "value": "them"}])
    ecs.register_task_definition(family="theirs", containerDefinitions=[NGINX])
    lab.create_cluster(template="FARGATE")
    assert [name.split()[-1] for name in lab.cleanup().removed] == [lab.names.cluster]
    assert [arn.rsplit("/")[-1] for arn in ecs.list_clusters()["clusterArns"]] == ["theirs"]
    assert len(ecs.list_task_definitions()["taskDefinitionArns"]) == 1

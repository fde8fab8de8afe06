"""ExecuteCommand: who may run a command where."""

import pytest

from ecslab.model import agent_messages as m
from tests.controlplane.fleet import fleet


def running(enabled=True, **definition):
    w = fleet(1, **definition)
    (arn,) = w.run(enableExecuteCommand=enabled)
    w.settle()
    return w, arn


def execute(w, arn, **params):
    given = {"task": arn, "command": "ls /", "interactive": True, **params}
    return w.call("ExecuteCommand", **given)


def test_a_running_container_gets_a_session_with_a_token_of_its_own():
    w, arn = running()
    first, second = execute(w, arn), execute(w, arn, container="main")
    assert first["containerName"] == "main"
    assert first["taskArn"] == arn
    assert first["session"]["sessionId"].startswith("ecs-execute-command-")
    assert first["session"]["tokenValue"] != second["session"]["tokenValue"]


def test_it_leaves_no_trace_in_the_log():
    w, arn = running()
    before = len(w.log)
    execute(w, arn)
    assert len(w.log) == before


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        (
            {"interactive": False},
            "InvalidParameterException",
            "Interactive is the only mode supported currently.",
        ),
        ({"command": " "}, "InvalidParameterException", "Command can not be blank."),
        ({"task": "none"}, "InvalidParameterException", "The referenced task was not found."),
        ({"container": "x"}, "InvalidParameterException", "The task has no container x."),
        ({"cluster": "none"}, "ClusterNotFoundException", "Cluster not found."),
    ],
)
def test_what_cannot_be_is_refused(params, code, text):
    w, arn = running()
    given = {"task": arn, "command": "ls /", "interactive": True, **params}
    assert w.refused("ExecuteCommand", **given) == (code, text)


def test_a_task_run_without_it_or_not_running_any_more_is_refused():
    w, arn = running(enabled=False)
    given = {"task": arn, "command": "ls /", "interactive": True}
    code, text = w.refused("ExecuteCommand", **given)
    assert code == "InvalidParameterException"
    assert text.startswith(
        "The execute command failed because execute command was not enabled when the task was run"
    )
    w, arn = running()
    w.call("StopTask", task=arn)
    assert w.refused("ExecuteCommand", **{**given, "task": arn}) == (code, text)


def test_a_container_that_is_down_is_not_connected():
    w, arn = running()
    w.report(m.ContainerStateChange(arn, "main", "STOPPED", w.now, exit_code=0))
    given = {"task": arn, "command": "ls /", "interactive": True}
    assert w.refused("ExecuteCommand", **given)[0] == "TargetNotConnectedException"


def test_one_of_several_containers_has_to_be_named():
    w = fleet(1)
    two = [{"name": name, "image": "nginx", "memory": 64} for name in ("web", "side")]
    w.call("RegisterTaskDefinition", family="two", containerDefinitions=two)
    (arn,) = w.run("two", enableExecuteCommand=True)
    for name in ("web", "side"):
        w.report(m.ContainerStateChange(arn, name, "RUNNING", w.now))
    w.moved(arn, "RUNNING")
    given = {"task": arn, "command": "ls /", "interactive": True}
    assert "name one of them (web, side)" in w.refused("ExecuteCommand", **given)[1]
    assert execute(w, arn, container="side")["containerName"] == "side"

"""lab.exec: a command run in a container of the sandbox; on AWS: tests/steps/test_session.py."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

import ecslab
from ecslab.lab import Lab
from ecslab.model.errors import EcslabError
from ecslab.steps.bench import Bench
from ecslab.steps.executing import Executed, execute
from ecslab.steps.progress import Progress, Stopped
from ecslab.steps.things import Task
from tests.sandbox.serving import Served, connected, launch, until

SLEEPS = {"image": "busybox:stable", "memory": 16, "command": ["sleep", "600"]}


def lab_with(served: Served, *names: str, **how: object) -> tuple[Lab, Task]:
    """A lab, and a running task with containers of these names."""
    lab = ecslab.connect("sandbox", lang="en")
    lab.cluster = "web"
    lab.client("ecs").create_cluster(clusterName="web")
    launch(served)
    until(lambda: connected(lab.client("ecs")))
    made = lab.register_task_definition(
        containerDefinitions=[{"name": name, **SLEEPS} for name in names]
    )
    return lab, lab.wait(lab.run_task(made, **how))[0]


@pytest.mark.docker
def test_a_command_is_run_and_what_it_wrote_is_shown(docker_sandbox, docker_image):
    lab, task = lab_with(docker_sandbox, "a", "b", enableExecuteCommand=True)
    with pytest.raises(EcslabError, match=r"several containers.* there are: a, b"):
        lab.exec(task, "ls /")
    listed = lab.exec(task, "ls /", container="b")
    assert {"bin", "etc", "proc"} <= set(listed.output.split())
    assert (listed.container, listed.exit_code, listed.cut) == ("b", 0, False)
    assert f"<pre>{listed.output}</pre>" in listed._repr_html_()
    failed = lab.exec(task, "sh -c 'echo no >&2; exit 3'", container="a")
    assert (failed.output, failed.exit_code) == ("no\n", 3)
    assert str(failed).endswith("no\nIt ended with exit code 3.")
    flood = lab.exec(task, "yes", container="a")
    assert flood.cut
    assert len(flood.output) == 64 * 1024
    stop = threading.Event()
    threading.Timer(1, stop.set).start()
    with pytest.raises(Stopped):
        lab.exec(task, "sleep 9", container="a", progress=Progress(stop=stop))
    began = time.monotonic()
    with pytest.raises(EcslabError, match="did not end within 1 seconds"):
        lab.exec(task, "sleep 9", container="a", timeout=1)
    assert time.monotonic() - began < 10
    missing = lab.exec(task, "nothing-like-it", container="a")
    assert '"nothing-like-it": executable file not found' in missing.output
    assert missing.exit_code


def test_what_forbids_a_command_is_told_with_the_remedy(stub_sandbox):
    """ECS's own words where it was not enabled; simulated containers run none."""
    lab, task = lab_with(stub_sandbox, "web")
    with pytest.raises(EcslabError, match="execute command was not enabled") as caught:
        lab.exec(task, "ls")
    assert "enableExecuteCommand=True" in str(caught.value.hint)
    enabled = lab.wait(lab.run_task(task.definition, enableExecuteCommand=True))[0]
    with pytest.raises(EcslabError, match="Simulated containers run no commands"):
        lab.exec(enabled, "ls")
    assert [call.operation for call in lab.calls][-1] == "ExecuteCommand"


class Ecs:
    """A client of an account on which one command may be run."""

    exceptions = SimpleNamespace(TargetNotConnectedException=ConnectionError)

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.asked = error, {}

    def describe_tasks(self, **request):
        return {"tasks": [{"taskArn": TASK.arn, "containers": [{"name": "web"}]}]}

    def execute_command(self, **request):
        self.asked = request
        if self.error:
            raise self.error
        return {"session": {"streamUrl": "wss://far", "tokenValue": "secret", "sessionId": "s"}}


TASK = Task("arn:aws:ecs:us-east-1:1:task/c/abc", "c", "web:1", "RUNNING")


def account(ecs: Ecs, converse=None) -> Bench:
    session = SimpleNamespace(client=lambda name: ecs)
    return Bench(session, **({"converse": converse} if converse else {}))


def test_on_an_account_the_sessions_stream_is_opened_with_its_token():
    ecs, opened = Ecs(), []

    def converse(url, token, progress, timeout):
        opened.append((url, token, timeout))
        return "bin\n", None, False

    said = execute(account(ecs, converse), TASK, "ls", None, 9, Progress())
    assert said == Executed("abc", "web", "ls", "bin\n")
    assert opened == [("wss://far", "secret", 9)]
    assert ecs.asked["interactive"] is True
    assert "secret" not in repr(said)


def test_a_container_without_its_agent_says_what_it_lacks():
    ecs = Ecs(ConnectionError("Try again later."))
    with pytest.raises(EcslabError, match="ssmmessages"):
        execute(account(ecs), TASK, "ls", None, 9, Progress())


def test_what_a_command_wrote_is_shown_as_it_is():
    assert str(Executed("abcdefghij", "web", "ls", "")) == (
        "ls in abcdefgh/web:\nIt wrote nothing."
    )
    shown = Executed("abcdefghij", "web", "cat x", "<b>\n", cut=True)._repr_html_()
    assert "<pre>&lt;b&gt;\n</pre>" in shown
    assert "the rest is left out" in shown

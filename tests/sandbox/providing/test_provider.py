"""What a container needs from elsewhere, got before its image is pulled."""

import threading
from dataclasses import replace

import pytest

from ecslab.model.errors import AwsError
from ecslab.runtime.port import Key, Prepare, Prepared, PrepareFailed
from ecslab.sandbox.providing import Provider
from tests.runtime.bench import order


class Elsewhere:
    """Parameters, files and log groups; `hold` keeps every answer back until it is set."""

    def __init__(self):
        self.hold = threading.Event()
        self.hold.set()
        self.asked = []
        self.groups = {"/ecs"}

    def ask(self, service, operation, params, region):
        self.hold.wait(5)
        self.asked.append(operation)
        if operation == "CreateLogStream" and params["logGroupName"] not in self.groups:
            raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
        if operation == "CreateLogGroup":
            if params["logGroupName"] in self.groups:
                raise AwsError("ResourceAlreadyExistsException", "it exists")
            self.groups.add(params["logGroupName"])
        if operation == "DescribeLogGroups":
            return {"logGroups": [{"logGroupName": name} for name in sorted(self.groups)]}
        return {"Parameters": [{"Value": "secret"}]}

    def read_object(self, bucket, key, region):
        return b"A=file\nB=file\n"


@pytest.fixture
def scene():
    elsewhere, events, news = Elsewhere(), [], threading.Condition()

    def emit(event):
        with news:
            events.append(event)
            news.notify_all()

    provider = Provider(elsewhere, emit, lambda wanted: (("OWN", wanted.key.name),))

    def get(container, **more):
        task = order({"name": "web", "image": "i", **container}, **more)
        provider.prepare(Prepare(Key(task.task_arn, "web"), task))
        with news:
            assert news.wait_for(lambda: events, 5)
            return events.pop()

    get.elsewhere, get.events, get.provider = elsewhere, events, provider
    yield get
    provider.close()


def awslogs(**options):
    options = {"awslogs-group": "/ecs", "awslogs-region": "us-east-1", **options}
    named = {name.replace("_", "-"): value for name, value in options.items()}
    return {"logConfiguration": {"logDriver": "awslogs", "options": named}}


def test_what_needs_nothing_is_ready_at_once(scene):
    assert scene({}).environment == (("OWN", "web"),)
    assert scene.elsewhere.asked == []


def test_the_definition_wins_over_files_and_secrets_come_behind(scene):
    event = scene(
        {
            "environment": [{"name": "A", "value": "own"}],
            "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::f/a.env"}],
            "secrets": [{"name": "S", "valueFrom": "/s"}],
        }
    )
    assert event.environment == (("B", "file"), ("S", "secret"), ("OWN", "web"))
    assert "secret" not in repr(event)


def test_nobody_waits_while_it_is_being_got(scene):
    scene.elsewhere.hold.clear()
    task = order({"name": "web", "image": "i", "secrets": [{"name": "S", "valueFrom": "/s"}]})
    scene.provider.prepare(Prepare(Key(task.task_arn, "web"), task))
    assert scene.events == []
    scene.elsewhere.hold.set()


def test_streams_are_made_with_their_group_where_that_was_asked_for(scene):
    assert isinstance(scene(awslogs(awslogs_stream_prefix="p")), Prepared)
    assert scene.elsewhere.asked == ["CreateLogStream"]
    more = {"awslogs-group": "/new", "awslogs-create-group": "true", "awslogs-stream-prefix": "p"}
    assert isinstance(scene(awslogs(**more)), Prepared)
    assert "/new" in scene.elsewhere.groups
    assert isinstance(scene(awslogs(**more)), Prepared)  # it exists now
    assert isinstance(scene(awslogs()), Prepared)
    assert scene.elsewhere.asked[-1] == "DescribeLogGroups"


@pytest.mark.parametrize(
    ("instance", "text"),
    [
        ("arn:instance", "CannotStartContainerError: Error response from daemon: failed to init"),
        (None, "ResourceInitializationError: failed to validate logger args: create stream has "),
    ],
)
@pytest.mark.parametrize("prefix", [{}, {"awslogs-stream-prefix": "p"}])
def test_a_group_there_is_not_is_told_as_its_launch_type_tells_it(scene, instance, text, prefix):
    task = order({"name": "web", "image": "i", **awslogs(**{"awslogs-group": "/no", **prefix})})
    task = replace(task, container_instance_arn=instance)
    done = threading.Event()
    events = []
    provider = Provider(scene.elsewhere, lambda event: (events.append(event), done.set()))
    provider.prepare(Prepare(Key(task.task_arn, "web"), task))
    assert done.wait(5)
    provider.close()
    assert isinstance(events[0], PrepareFailed)
    assert events[0].reason.startswith(text)
    assert "ResourceNotFoundException: The specified log group does not exist." in events[0].reason

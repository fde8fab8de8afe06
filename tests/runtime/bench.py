"""A task on a runtime, turned by hand."""

from __future__ import annotations

import itertools

from ecslab.model.agent_messages import ForgetTask, RunTask, StopTask
from ecslab.runtime.agents import Agents
from ecslab.runtime.stub import StubRuntime
from ecslab.sandbox.clock import ManualClock

_numbers = itertools.count(1)


def order(*containers, mode=None, host_ip="127.0.9.1", dynamic=(), volumes=(), **more):
    definition = {"containerDefinitions": list(containers), "volumes": list(volumes)}
    if mode:
        definition["networkMode"] = mode
    number = next(_numbers)
    return RunTask(
        task_arn=f"arn:aws:ecs:us-east-1:123456789012:task/c/{number:032x}",
        cluster_arn="arn:aws:ecs:us-east-1:123456789012:cluster/c",
        definition=definition,
        family="web",
        revision=1,
        container_instance_arn="arn:aws:ecs:us-east-1:123456789012:container-instance/c/1",
        host_ip=host_ip,
        dynamic_ports=tuple(dynamic),
        **more,
    )


class World:
    """Agents on a stub, with a clock turned by hand and a list of all that was reported."""

    def __init__(self, make=StubRuntime, take_up=0.0, **options):
        self.clock = ManualClock()
        self.events = []
        self.stub = make(self.events.append, self.clock, **options)
        self.agents = Agents(self.stub.submit, forgets=True, take_up=take_up)
        self.reports = []
        self.instructions = []

    def run(self, task):
        self.reports += self.agents.obey(task, self.clock.now())
        return task

    def stop(self, task):
        self.reports += self.agents.obey(StopTask(task.task_arn), self.clock.now())

    def forget(self, task):
        self.reports += self.agents.obey(ForgetTask(task.task_arn), self.clock.now())

    def advance(self, seconds, step=0.1):
        for _ in range(max(1, round(seconds / step))):
            self.clock.advance(step)
            while self.events:
                self.reports += self.agents.hear(self.events.pop(0), self.clock.now())
            at = self.agents.next_wakeup()
            if at is not None and at <= self.clock.now():
                self.reports += self.agents.wake(self.clock.now())

    def statuses(self, task):
        """The task's own states, in the order they were reported."""
        kinds = ("TaskStateChange",)
        return [
            r.status
            for r in self.reports
            if type(r).__name__ in kinds and r.task_arn == task.task_arn
        ]

    def last(self, task):
        return [
            r
            for r in self.reports
            if type(r).__name__ == "TaskStateChange" and r.task_arn == task.task_arn
        ][-1]

    def container(self, task, name):
        """The last report on a container."""
        return [
            r
            for r in self.reports
            if type(r).__name__ == "ContainerStateChange"
            and (r.task_arn, r.container) == (task.task_arn, name)
        ][-1]

    def started(self):
        """Names of containers in the order in which they first ran."""
        names = [
            r.container
            for r in self.reports
            if type(r).__name__ == "ContainerStateChange" and r.status == "RUNNING"
        ]
        return list(dict.fromkeys(names))

    def stopped(self):
        return [
            r.container
            for r in self.reports
            if type(r).__name__ == "ContainerStateChange" and r.status == "STOPPED"
        ]

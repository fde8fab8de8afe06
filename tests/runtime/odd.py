"""Stubs that behave oddly: slow, never answering, bad."""

from ecslab.runtime import port
from ecslab.runtime.port import Key
from ecslab.runtime.stub import StubRuntime


class _SlowClock:
    def __init__(self, clock, times):
        self._clock, self._times = clock, times

    def call_later(self, delay, action):
        return self._clock.call_later(delay * self._times, action)


class SlowStub(StubRuntime):
    """Everything takes 300 times as long: a start 210 seconds."""

    def __init__(self, emit, clock, **options):
        super().__init__(emit, _SlowClock(clock, 300), **options)


def never(*kinds):
    """A stub that leaves instructions of these kinds unanswered."""

    class NeverStub(StubRuntime):
        def submit(self, instruction):
            if not isinstance(instruction, kinds):
                super().submit(instruction)

    return NeverStub


class BadStub(StubRuntime):
    """It says everything twice, and tells of tasks and containers nobody knows."""

    def __init__(self, emit, clock, **options):
        def twice(event):
            for _ in range(2):
                emit(event)
            if not isinstance(event, (port.RuntimeLost, port.RuntimeBack)):
                emit(port.Exited(Key("arn:nobody/1", event.key.name), 1))
                emit(port.Exited(Key(event.key.task_arn, "nobody"), 1))

        super().__init__(twice, clock, **options)

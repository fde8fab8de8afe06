"""A runtime on a stage: what it emits is kept, and waited for by condition."""

import itertools
import threading
import uuid

from ecslab.model.agent_messages import NetworkBinding
from ecslab.runtime import port
from ecslab.runtime.port import ContainerSpec, Key

_numbers = itertools.count(1)


class Stage:
    """One runtime under test, and how its kind is told what a container does."""

    def __init__(self, make, image, clock, host_ip):
        self.events = []
        self._news = threading.Condition()
        self.image = image
        self.clock = clock
        self.host_ip = host_ip
        self.runtime = make(self._emit, clock)
        self.task = f"arn:aws:ecs:us-east-1:123456789012:task/c/{uuid.uuid4().hex}"

    def _emit(self, event):
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def key(self, name="web"):
        return Key(self.task, name)

    def wait(self, *kinds, key=None, count=1, seconds=30):
        """The `count`-th event of one of these kinds (for `key`)."""

        def there():
            found = [
                e for e in self.events if isinstance(e, kinds) and (key is None or e.key == key)
            ]
            return found[count - 1] if len(found) >= count else None

        with self._news:
            assert self._news.wait_for(there, seconds), (
                f"no {[k.__name__ for k in kinds]} came, only {self.events}"
            )
            return there()

    def spec(self, *, behaviour=None, ports=(), mode="bridge", volumes=(), **definition):
        command, labels = BEHAVIOURS[behaviour or "stays"]
        definition = {
            "name": "web",
            "image": self.image,
            "command": ["sh", "-c", command],
            "dockerLabels": dict(labels),
            "memory": 64,
            **definition,
        }
        bindings = tuple(NetworkBinding(self.host_ip, inside, host) for inside, host in ports)
        return ContainerSpec(
            definition,
            bindings,
            task_bindings=bindings,
            host_ip=self.host_ip,
            network_mode=mode,
            volumes=tuple(volumes),
            family="fam",
            revision=3,
            cluster_arn="arn:aws:ecs:us-east-1:123456789012:cluster/c",
        )

    def create(self, name="web", **more):
        key = self.key(name)
        self.runtime.submit(port.Create(key, self.spec(name=name, **more)))
        return self.wait(port.Created, port.CreateFailed, key=key)

    def run(self, name="web", **more):
        """Create and start; the event that tells how it went."""
        made = self.create(name, **more)
        assert isinstance(made, port.Created), made
        return self.start(name)

    def start(self, name="web"):
        count = sum(
            isinstance(e, (port.Started, port.StartFailed)) and e.key == self.key(name)
            for e in self.events
        )
        self.runtime.submit(port.Start(self.key(name)))
        return self.wait(port.Started, port.StartFailed, key=self.key(name), count=count + 1)

    def end(self):
        self.runtime.remove_all()
        self.runtime.close()
        self.clock.close()


# Told to Docker as a command, to the stub as labels.
BEHAVIOURS = {
    "stays": ("trap 'exit 143' TERM; echo up; while :; do sleep 0.1; done", {}),
    "serves": ("mkdir -p /www; echo real > /www/index.html; exec httpd -f -p 80 -h /www", {}),
    "ends with 3": (
        "sleep 0.5; exit 3",
        {"ecslab.simulate.exit-code": "3", "ecslab.simulate.exit-after": "0.5"},
    ),
    "works": (
        "while :; do date > /dev/null; done",
        {"ecslab.simulate.cpu": "512", "ecslab.simulate.memory": "20"},
    ),
    "is unhealthy": ("while :; do sleep 0.1; done", {"ecslab.simulate.health": "unhealthy"}),
    "is deaf": ("trap '' TERM; while :; do sleep 0.1; done", {}),
}

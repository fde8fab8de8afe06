"""A service there and back: written as text, read, converted, written again, read again."""

import textwrap

from ecslab import compose, convert

FILE = "/p/compose.yaml"


class OneFile:
    """A loader over one text."""

    def __init__(self, text):
        self.text = text

    def read(self, path):
        return self.text.encode() if path == FILE else None


def load(text, environment=None):
    """The project of a text."""
    return compose.load(FILE, loader=OneFile(text), environment=environment or {"HOME": "/root"})


class Trip:
    """A project there and back; making one checks that the second trip changes nothing.

    task:     the task definition
    document: the Compose document it became again
    said:     the diagnostics, those of `quiet` codes left out
    """

    def __init__(self, text, quiet=(), environment=None, **options):
        self.text = textwrap.dedent(text)
        self.made = convert.to_task_definition(load(self.text, environment), **options)
        self.task = self.made.value
        self.back = convert.to_compose(self.task)
        self.document = self.back.value
        self.said = [one for one in self.made.diagnostics if one.code not in quiet]
        again = convert.to_task_definition(load(self.back.text()))
        assert again.value == self.task
        assert convert.to_compose(again.value).text() == self.back.text()

    @property
    def codes(self):
        """Codes of what was said, in the order of the text."""
        return [one.code for one in self.said]

    def where(self, code):
        """Fidelity, line and path of the first thing said with a code."""
        one = next(one for one in self.said if one.code == code)
        return one.fidelity, one.mark.line, one.path


class ServiceTrip(Trip):
    """The trip of one service, "web", whose image and memory go without saying.

    container: what its keys became; service: what that became again
    """

    def __init__(self, keys, top="", **more):
        body = textwrap.indent(textwrap.dedent(keys), "    ")
        start = "services:\n  web:\n    image: nginx\n    mem_reservation: 64m\n"
        super().__init__(f"{start}{body}\n{textwrap.dedent(top)}", **more)
        self.container = self._without(
            self.task["containerDefinitions"][0], name="web", image="nginx", memoryReservation=64
        )
        self.service = self._without(
            self.document["services"]["web"], image="nginx", mem_reservation="64m"
        )

    @staticmethod
    def _without(made, **usual):
        return {k: v for k, v in made.items() if k not in usual or v != usual[k]}


def from_ecs(**members):
    """The service that the members of a container become; it comes back as it was."""
    container = {"name": "web", "image": "nginx", "memoryReservation": 64, **members}
    definition = {"family": "p", "containerDefinitions": [container]}
    written = convert.to_compose(definition)
    assert convert.to_task_definition(load(written.text())).value == definition
    usual = {"image": "nginx", "mem_reservation": "64m"}
    service = written.value["services"]["web"]
    return {k: v for k, v in service.items() if k not in usual or v != usual[k]}


def task_from_ecs(containers=({},), **members):
    """The document that a task definition becomes; it comes back as it was."""
    made = [
        {"name": f"c{number}", "image": "nginx", "memory": 64, **container}
        for number, container in enumerate(containers)
    ]
    definition = {"family": "p", "containerDefinitions": made, **members}
    written = convert.to_compose(definition)
    assert convert.to_task_definition(load(written.text())).value == definition
    return written.value

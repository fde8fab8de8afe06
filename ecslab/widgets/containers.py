"""The containers of a task definition: a list, and the console's "add container" form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as w

from ecslab.locale import Text, translator
from ecslab.steps.settings import ContainerSettings
from ecslab.widgets import fields
from ecslab.widgets.fields import Part, button
from ecslab.widgets.rows import PortRows, VariableRows
from ecslab.widgets.style import block

_ = translator("widgets")

HANDS_ON = ContainerSettings("nginx", "nginx:alpine", memory=128)
HANDS_ON_PORTS = (("80", "80", "tcp"),)


class Editor:
    """The fields of one container."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.ports = PortRows()
        self.variables = VariableRows()
        self.fields: dict[str, Any] = {
            "name": fields.text(_("Container name")),
            "image": fields.text(
                _("Image"), help_text=_("As for docker run: name:tag, from Docker Hub by default.")
            ),
            "memory": fields.number(
                _("Hard limit (MiB)"),
                None,
                _("More memory than this, and the container is killed."),
            ),
            "memory_reservation": fields.number(
                _("Soft limit (MiB)"),
                None,
                _("What is reserved for it; empty: the hard limit is reserved."),
            ),
            "ports": self.ports,
            "cpu": fields.number(_("CPU units"), None, _("1024 are one vCPU; empty: a share.")),
            "essential": fields.tick(
                _("Essential"),
                True,
                _("If an essential container ends, the whole task is stopped."),
            ),
            "environment": self.variables,
        }
        for field in self.fields.values():
            field.on_change(changed)
        more = w.VBox([self.fields[name].box for name in ("cpu", "essential", "environment")])
        limits = w.HBox([self.fields[name].box for name in ("memory", "memory_reservation")])
        limits.add_class("ecslab-side")
        self.box = w.VBox(
            [
                self.fields["name"].box,
                self.fields["image"].box,
                limits,
                self.ports.box,
                w.Accordion([more], titles=[str(_("More settings"))], selected_index=None),
            ]
        )

    @property
    def value(self) -> ContainerSettings:
        """What the fields say."""
        read = {name: field.value for name, field in self.fields.items()}
        return ContainerSettings(**read)

    @property
    def unreadable(self) -> Text | None:
        """Why a field cannot be read; None when all can."""
        return next((why for f in self.fields.values() if (why := f.unreadable) is not None), None)

    def fill(self, container: ContainerSettings, ports: Sequence[Sequence[str]]) -> None:
        """Show this container; its ports as they were entered."""
        for name in ("name", "image"):
            self.fields[name].control.value = getattr(container, name)
        for name in ("memory", "memory_reservation", "cpu"):
            number = getattr(container, name)
            self.fields[name].control.value = "" if number is None else str(number)
        self.fields["essential"].control.value = container.essential
        self.ports.fill(ports)
        self.variables.fill(container.environment)

    def complain(self) -> bool:
        """Say at each field what is wrong with it; whether something is."""
        told = self.value.check()
        wrong = False
        for name, field in self.fields.items():
            unread = field.unreadable
            messages = [unread] if unread else [p.message for p in told if p.field == name]
            field.complain(messages)
            wrong = wrong or bool(messages)
        return wrong

    def enable(self, enabled: bool) -> None:
        """Let something be entered, or not."""
        for field in self.fields.values():
            field.enable(enabled)


class Containers(Part):
    """The list of containers; its value is those that were added.

    As long as none was added, the one in the editor counts: so the list is never empty, and what
    will be registered is in view while it is typed.
    """

    def __init__(self) -> None:
        self._added: list[ContainerSettings] = []
        self._replaces: int | None = None
        self._open = True
        self._list = w.VBox()
        self.editor = Editor(self.changed)
        self.add_button = button(_("Add"), "plus", self.add)
        self.cancel_button = button(_("Cancel"), "", self.cancel)
        self.open_button = button(_("Add container"), "plus", self.open)
        self._form = w.VBox(
            [
                w.HTML(block("ecslab-title", _("Add container"), role="heading", aria_level="4")),
                self.editor.box,
                w.HBox([self.add_button, self.cancel_button]),
            ]
        )
        self._form.add_class("ecslab-inner")
        title = w.HTML(block("ecslab-label", _("Containers")))
        super().__init__(_("Containers"), title, self._list, self._form, self.open_button)
        self.editor.fill(HANDS_ON, HANDS_ON_PORTS)
        self._show()

    @property
    def value(self) -> tuple[ContainerSettings, ...]:
        return tuple(self._added) or (self.editor.value,)

    @property
    def unreadable(self) -> Text | None:
        return None if self._added else self.editor.unreadable

    def complain(self, messages: Sequence[object]) -> None:
        # The editor speaks for its own fields; this is about the containers together.
        self.add_button.disabled = self._open and self.editor.complain()
        super().complain([] if self.unreadable else messages)

    def enable(self, enabled: bool) -> None:
        self.editor.enable(enabled)
        cards = [pressed for row in self._list.children for pressed in row.children[1:]]
        for pressed in (self.add_button, self.cancel_button, self.open_button, *cards):
            pressed.disabled = not enabled

    # -- what the buttons do -------------------------------------------------------------------

    def add(self) -> None:
        """Take over what the editor says."""
        made = self.editor.value
        if self._replaces is None:
            self._added.append(made)
        else:
            self._added[self._replaces] = made
        self._close()

    def open(self) -> None:
        """An empty editor for one more container."""
        self.editor.fill(ContainerSettings("", ""), [])
        self._replaces, self._open = None, True
        self._show()

    def edit(self, number: int) -> None:
        """The editor on a container that was added."""
        container = self._added[number]
        ports = [
            (str(port.host) if port.host else "", str(port.container), port.protocol)
            for port in container.ports
        ]
        self.editor.fill(container, ports)
        self._replaces, self._open = number, True
        self._show()

    def remove(self, number: int) -> None:
        """Drop a container that was added."""
        del self._added[number]
        self._close() if self._added else self.open()

    def cancel(self) -> None:
        """Leave the editor; what was added stays as it was."""
        self._close()

    # -- inside --------------------------------------------------------------------------------

    def _close(self) -> None:
        self._replaces, self._open = None, False
        self._show()

    def _show(self) -> None:
        self._list.children = tuple(
            self._card(number, container) for number, container in enumerate(self._added)
        )
        self._form.layout.display = "" if self._open else "none"
        self.open_button.layout.display = "none" if self._open else ""
        self.cancel_button.layout.display = "" if self._added else "none"
        self.changed()

    def _card(self, number: int, container: ContainerSettings) -> w.HBox:
        name = container.name
        return w.HBox(
            [
                w.HTML(block("ecslab-card", summary(container))),
                button(_("Edit {name}", name=name), "pencil", lambda: self.edit(number)),
                button(_("Remove {name}", name=name), "trash", lambda: self.remove(number)),
            ],
            layout=w.Layout(align_items="center"),
        )


def summary(container: ContainerSettings) -> str:
    """One line on a container: ``nginx – nginx:alpine · 128 MiB · 80→80/tcp``."""
    memory = container.memory_reservation or container.memory
    parts = [container.image, f"{memory} MiB"]
    parts += [f"{port.host or '?'}→{port.container}/{port.protocol}" for port in container.ports]
    return f"{container.name} – {' · '.join(parts)}"

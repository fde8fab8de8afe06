"""Names that collide with nobody else's on the same account."""

from __future__ import annotations

import getpass
import hashlib
import os
import platform
import re
from dataclasses import dataclass

from ecslab.locale import translator
from ecslab.steps.bench import LEARNER
from ecslab.steps.shown import facts
from ecslab.steps.stack import stack_name

_ = translator("lab")

WORKSHOP = "ecslab:workshop"
DEFAULT_WORKSHOP = "ecs-hands-on"


@dataclass(frozen=True)
class Names:
    """What a learner's things are called, and how they are tagged.

    The prefix is made of the learner's name and a short hash of name and machine: the same
    tomorrow, another for each learner, without asking anybody.
    """

    prefix: str
    workshop: str = DEFAULT_WORKSHOP

    @property
    def cluster(self) -> str:
        """The cluster."""
        return self.prefix

    @property
    def stack(self) -> str:
        """The CloudFormation stack of the cluster."""
        return stack_name(self.cluster)

    def family(self, what: str = "nginx") -> str:
        """The family of a task definition for `what`."""
        return f"{self.prefix}-{what}"

    @property
    def tags(self) -> dict[str, str]:
        """What everything is tagged with."""
        return {LEARNER: self.prefix, WORKSHOP: self.workshop}

    def _rows(self) -> list[tuple[str, str]]:
        tags = ", ".join(f"{key}={value}" for key, value in self.tags.items())
        return [
            (str(_("cluster")), self.cluster),
            (str(_("task definition (nginx)")), self.family()),
            (str(_("stack")), self.stack),
            (str(_("tags")), tags),
        ]

    def __str__(self) -> str:
        return "\n".join(f"{what}: {name}" for what, name in self._rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return facts(self._rows())


def names_of(learner: str, machine: str, workshop: str = DEFAULT_WORKSHOP) -> Names:
    """The names of a learner on a machine."""
    slug = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:12].strip("-") or "learner"
    mark = hashlib.sha256(f"{learner}@{machine}".encode()).hexdigest()[:5]
    # A letter first, as CloudFormation wants it.
    return Names(f"ecslab-{slug}-{mark}", workshop)


def my_names() -> Names:
    """The names of whoever runs this.

    ``ECSLAB_LEARNER`` names the learner, else ``JUPYTERHUB_USER``, else the login;
    ``ECSLAB_WORKSHOP`` the workshop.
    """
    chosen = os.environ.get("ECSLAB_LEARNER") or os.environ.get("JUPYTERHUB_USER")
    # A name that was given is one person's everywhere; a login such as "jovyan" is not.
    learner, machine = (chosen, "") if chosen else (_login(), platform.node())
    return names_of(learner, machine, os.environ.get("ECSLAB_WORKSHOP") or DEFAULT_WORKSHOP)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return "learner"

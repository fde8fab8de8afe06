"""Names that collide with nobody else's on the same account."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ecslab.lab.identity import this_home
from ecslab.lab.lease import Lease, my_lease
from ecslab.locale import translator
from ecslab.steps.bench import EXPIRES, LEARNER, WORKSHOP
from ecslab.steps.shown import facts
from ecslab.steps.stack import stack_name

_ = translator("lab")

DEFAULT_WORKSHOP = "ecs-hands-on"
_PREFIX = re.compile(r"ecslab-[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}")


class Tags(Mapping[str, str]):
    """What everything is tagged with: whose it is, of which workshop, and when it may go."""

    def __init__(self, learner: str, workshop: str, lease: Lease) -> None:
        self._fixed = {LEARNER: learner, WORKSHOP: workshop}
        self._lease = lease

    def __getitem__(self, key: str) -> str:
        return self._lease.expires() if key == EXPIRES else self._fixed[key]

    def __iter__(self) -> Iterator[str]:
        yield from (*self._fixed, EXPIRES)

    def __len__(self) -> int:
        return len(self._fixed) + 1


@dataclass(frozen=True)
class Names:
    """What a learner's things are called, and how they are tagged.

    The prefix is made of the learner's name and a short hash of name and home (see `my_names`): the
    same tomorrow, another for each learner, without asking anybody.
    """

    prefix: str
    workshop: str = DEFAULT_WORKSHOP
    lease: Lease = field(default_factory=Lease, repr=False, compare=False)

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
    def tags(self) -> Tags:
        """What everything is tagged with, as it is at the moment."""
        return Tags(self.prefix, self.workshop, self.lease)

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


def names_of(
    learner: str, home: str, workshop: str = DEFAULT_WORKSHOP, lease: Lease | None = None
) -> Names:
    """The names of a learner whose kit lives in this home."""
    slug = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:12].strip("-") or "learner"
    mark = hashlib.sha256(f"{learner}@{home}".encode()).hexdigest()[:8]
    # A letter first, as CloudFormation wants it.
    return Names(f"ecslab-{slug}-{mark}", workshop, lease or Lease())


def my_names() -> Names:
    """The names of whoever runs this.

    ``ECSLAB_LEARNER`` names the learner, else ``JUPYTERHUB_USER``: one person's everywhere. A
    prefix as it was shown elsewhere is taken as it is. Else it is the login, of the home the kit
    has here: a login such as "jovyan" is many people's, on machines of one name.
    ``ECSLAB_WORKSHOP`` names the workshop, ``ECSLAB_SESSION_HOURS`` says how long a session is.
    """
    workshop = os.environ.get("ECSLAB_WORKSHOP") or DEFAULT_WORKSHOP
    chosen = os.environ.get("ECSLAB_LEARNER") or os.environ.get("JUPYTERHUB_USER")
    if chosen and _PREFIX.fullmatch(chosen):
        return Names(chosen, workshop, my_lease())
    # Two hubs may have a user of one name; those that know their address are told apart.
    hub = (
        "" if os.environ.get("ECSLAB_LEARNER") else os.environ.get("JUPYTERHUB_PUBLIC_HUB_URL", "")
    )
    learner, home = (chosen, hub) if chosen else (_login(), this_home())
    return names_of(learner, home, workshop, my_lease())


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return "learner"

"""Finding what is to be removed: by tag, with what each thing hangs on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps import mine, removers
from ecslab.steps.balancer import tagged_balancers, tagged_groups
from ecslab.steps.bench import Bench
from ecslab.steps.item import Item, expiry, ordered, owner
from ecslab.steps.mine import Whose, short, tags_of
from ecslab.steps.progress import Progress
from ecslab.steps.said import AwsRefusedError, sentence
from ecslab.steps.stack import stack_name

_ = translator("steps")

Tags = Mapping[str, str]
Beside = Callable[[], Iterable[Item]]
"""Finds what is kept beside AWS's own things: the records of a class."""
_NAMED_AFTER = 22
"""Characters of a cluster's name that every balancer of one of its services begins with."""


class Survey:
    """What there is to remove, and what could not be looked at.

    Things in a learner's cluster are the learner's, unless their own tag says otherwise. In a
    cluster that is nobody's they are when they are tagged so; another learner's is not entered.
    """

    def __init__(self, bench: Bench, whose: Whose, beside: Beside | None = None) -> None:
        self.bench = bench
        self.whose = whose
        self._beside = beside
        self.blind: list[tuple[str, str]] = []
        """What could not be looked at, and why."""
        self._items: list[Item] = []
        self._strangers: dict[str, list[str]] = defaultdict(list)
        """Cluster → what others run in it."""
        self._in_cluster: dict[str, set[str]] = defaultdict(set)
        self._users: dict[str, set[str]] = defaultdict(set)
        """ARN of a target group, or name of a definition → the services and tasks that use it."""
        self._stacks: set[str] = set()

    def items(self) -> list[Item]:
        """All of it, in the order of removal."""
        clusters: list[tuple[str, dict[str, str]]] = []
        with self._looking(_("clusters")):
            clusters = list(mine.tagged_clusters(self.bench))
        for name, tags in clusters:
            if self.whose.covers(tags) or not mine.owner_of(tags):
                with self._looking(_("what runs in the cluster {name}", name=name)):
                    self._services(name, tags)
                    self._tasks(name, tags)
        own = {name: tags for name, tags in clusters if self.whose.covers(tags)}
        for what, look in self._rest(own):
            with self._looking(what):
                look()
        if self._beside is not None:
            with self._looking(_("progress records")):
                self._last(self._beside())
        return ordered(self._items)

    def _last(self, items: Iterable[Item]) -> None:
        """Things that go when all else of their learner is gone."""
        of: dict[str, set[str]] = defaultdict(set)
        for item in self._items:
            of[item.learner].add(str(item))
        self._items += [replace(item, after=frozenset(of[item.learner])) for item in items]

    def _rest(self, own: Mapping[str, Tags]) -> Iterator[tuple[Text, Callable[[], None]]]:
        if own:
            yield _("scalable targets"), lambda: self._targets(own)
        yield _("load balancers"), lambda: self._balancers(own)
        yield _("stacks"), lambda: self._find_stacks(own)
        yield _("clusters"), lambda: self._clusters(own)
        yield _("task definitions"), self._definitions

    @contextmanager
    def _looking(self, what: Text) -> Iterator[None]:
        """A refusal is noted, and the rest is looked at; without a login or network nothing is."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            said = sentence(error)
            if not isinstance(said, AwsRefusedError):
                raise
            self.blind.append((str(what), str(said)))

    # -- in clusters ---------------------------------------------------------------------------

    def _services(self, cluster: str, around: Tags) -> None:
        ecs = self.bench.client("ecs")
        for page in ecs.get_paginator("list_services").paginate(cluster=cluster):
            for arns in _parts(page["serviceArns"], 10):  # DescribeServices takes 10 at a time
                answer = ecs.describe_services(cluster=cluster, services=arns, include=["TAGS"])
                for one in answer["services"]:
                    name = one["serviceName"]
                    remove = removers.service(self.bench, cluster, name)
                    item = self._inside("service", cluster, name, one, around, remove)
                    if item is not None:
                        for group in one.get("loadBalancers", []):
                            self._users[group.get("targetGroupArn", "")].add(item)
                        self._users[short(one["taskDefinition"])].add(item)

    def _tasks(self, cluster: str, around: Tags) -> None:
        """Tasks that belong to no service: those go with theirs."""
        ecs = self.bench.client("ecs")
        for page in ecs.get_paginator("list_tasks").paginate(cluster=cluster):
            for arns in _parts(page["taskArns"], 100):
                answer = ecs.describe_tasks(cluster=cluster, tasks=arns, include=["TAGS"])
                for one in answer["tasks"]:
                    if one.get("group", "").startswith("service:"):
                        continue
                    arn = one["taskArn"]
                    remove = removers.task(self.bench, cluster, arn)
                    item = self._inside("task", cluster, short(arn), one, around, remove)
                    if item is not None:
                        self._users[short(one["taskDefinitionArn"])].add(item)

    def _inside(
        self,
        kind: str,
        cluster: str,
        name: str,
        one: Mapping[str, Any],
        around: Tags,
        remove: Callable[[Progress], None],
    ) -> str | None:
        """Note what lives in a cluster; its item's name if it is to be removed."""
        tags = tags_of(one.get("tags", []))
        meant = self.whose.covers(tags if mine.owner_of(tags) else around)
        if not meant:
            if self.whose.covers(around):
                self._strangers[cluster].append(f"{kind} {name} ({mine.owner_of(tags)})")
            return None
        until = expiry(tags, around if self.whose.covers(around) else {})
        item = Item(kind, f"{cluster}/{name}", remove, owner(tags, around), until)
        self._items.append(item)
        self._in_cluster[cluster].add(str(item))
        return str(item)

    def _targets(self, own: Mapping[str, Tags]) -> None:
        scaling = self.bench.client("application-autoscaling")
        pages = scaling.get_paginator("describe_scalable_targets")
        for page in pages.paginate(ServiceNamespace="ecs"):
            for one in page["ScalableTargets"]:
                resource, dimension = one["ResourceId"], one["ScalableDimension"]
                cluster = resource.split("/")[1] if resource.count("/") > 1 else ""
                if cluster in own:
                    tags = own[cluster]
                    remove = removers.scalable_target(self.bench, resource, dimension)
                    name = resource.removeprefix("service/")
                    item = Item("scalable-target", name, remove, owner(tags), expiry(tags))
                    self._items.append(item)
                    self._in_cluster[cluster].add(str(item))

    # -- beside clusters -----------------------------------------------------------------------

    def _balancers(self, own: Mapping[str, Tags]) -> None:
        groups = list(tagged_groups(self.bench, self.whose.covers))
        for one, tags in tagged_balancers(self.bench, self.whose.covers):
            name, arn = one["LoadBalancerName"], one["LoadBalancerArn"]
            users = frozenset(
                user
                for group, _tags in groups
                if arn in group.get("LoadBalancerArns", [])
                for user in self._users[group["TargetGroupArn"]]
            )
            remove = removers.balancer(self.bench, name, arn)
            item = Item("load-balancer", name, remove, owner(tags), expiry(tags), users)
            self._items.append(item)
            for cluster in own:
                if users & self._in_cluster[cluster] or name.startswith(cluster[:_NAMED_AFTER]):
                    self._in_cluster[cluster].add(str(item))
        for group, tags in groups:
            arn = group["TargetGroupArn"]
            behind = {f"load-balancer {one.split('/')[-2]}" for one in group["LoadBalancerArns"]}
            after = frozenset(self._users[arn] | behind)
            name, remove = group["TargetGroupName"], removers.target_group(self.bench, arn)
            self._items.append(Item("target-group", name, remove, owner(tags), expiry(tags), after))

    def _find_stacks(self, own: Mapping[str, Tags]) -> None:
        of = {stack_name(cluster): cluster for cluster in own}
        pages = self.bench.client("cloudformation").get_paginator("describe_stacks").paginate()
        for stack in [one for page in pages for one in page["Stacks"]]:
            name, tags = stack["StackName"], tags_of(stack.get("Tags", []))
            if stack["StackStatus"] == "DELETE_COMPLETE" or not self.whose.covers(tags):
                continue
            cluster = of.get(name, "")
            remove = self._unless_used(cluster, removers.stack(self.bench, name))
            until = expiry(tags, own.get(cluster, {}))
            after = frozenset(self._in_cluster[cluster])
            item = Item("stack", name, remove, owner(tags), until, after)
            self._items.append(item)
            self._in_cluster[cluster].add(str(item))

    def _clusters(self, own: Mapping[str, Tags]) -> None:
        for name, tags in own.items():
            remove = self._unless_used(name, removers.cluster(self.bench, name))
            after = frozenset(self._in_cluster[name])
            self._items.append(Item("cluster", name, remove, owner(tags), expiry(tags), after))

    def _unless_used(
        self, cluster: str, remove: Callable[[Progress], None]
    ) -> Callable[[Progress], None]:
        """`remove`, or where others run something in the cluster, what says so."""
        strangers = self._strangers.get(cluster)
        if not strangers:
            return remove

        def refuse(_progress: Progress) -> None:
            raise EcslabError(
                _("others run something in the cluster {name}: {things}.", name=cluster,
                  things=", ".join(strangers)),
                _("Ask them to remove it, then run this again."),
            )  # fmt: skip

        return refuse

    def _definitions(self) -> None:
        # INACTIVE: deregistered before something failed. Of those only the own names are looked at.
        for status, others in (("ACTIVE", None), ("INACTIVE", 0)):
            found = mine.tagged_definitions(self.bench, self.whose, others, status)
            for arn, tags in found:
                remove = removers.definition(self.bench, arn, active=status == "ACTIVE")
                after = frozenset(self._users[short(arn)])
                self._items.append(
                    Item("task-definition", short(arn), remove, owner(tags), expiry(tags), after)
                )


def _parts(arns: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(arns), size):
        yield arns[start : start + size]

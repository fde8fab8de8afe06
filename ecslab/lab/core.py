"""`Lab`: the steps of the workshop, in one learner's hands."""

from __future__ import annotations

from typing import Any

from ecslab.lab.board import BoardForInstructors
from ecslab.lab.consent import agree_to_remove
from ecslab.lab.inside import InsideTasks, Tasks, list_of, one_of
from ecslab.lab.picture import Picture
from ecslab.lab.recording import STEPS, recorded
from ecslab.lab.scaling import ScalingSteps
from ecslab.lab.services import ServiceSteps
from ecslab.lab.stages import Arrived, arrive, number_of
from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.model.snapshot import Snapshot
from ecslab.steps import services, tasks
from ecslab.steps.calls import watching
from ecslab.steps.checks import Checked, check
from ecslab.steps.clean import Cleaned, Wanted, clean_up
from ecslab.steps.cluster import create_cluster, create_own
from ecslab.steps.cost import Cost, cost
from ecslab.steps.definition import register
from ecslab.steps.observe import observe
from ecslab.steps.overtime import overtime
from ecslab.steps.progress import Progress
from ecslab.steps.recent import Look
from ecslab.steps.said import plainly
from ecslab.steps.services import Service
from ecslab.steps.settings import ClusterSettings, Template
from ecslab.steps.story import Story, story
from ecslab.steps.things import Cluster, RunResult, Task, TaskDefinition, Url

_ = translator("lab")


@recorded(STEPS)
class Lab(BoardForInstructors, ServiceSteps, ScalingSteps, InsideTasks):
    """What a notebook holds; `ecslab.connect` gives it.

    session: a plain boto3 session; client(name): its clients, made once
    names:   this learner's names and tags; calls: every API call made so far
    cluster: the name of the cluster the steps work on when none is given
    environment: the variables that point aws-cli, boto3 or `ecslab` at the same place
    """

    # -- the steps -----------------------------------------------------------------------------

    def create_cluster(
        self,
        name: str | None = None,
        *,
        template: Template = "EC2",
        instance_type: str = "t2.micro",
        instances: int = 2,
        instance_role: str = "ecsInstanceRole",
        progress: Progress | None = None,
    ) -> Cluster:
        """A cluster; with template "EC2" also network, role and machines, from one stack.

        Waits until the instances have joined. What is there already is kept. Where your own name
        is taken by somebody else, another mark is added to it. The cluster becomes the one the
        other steps work on.
        """
        wanted = ClusterSettings(
            name or self.names.cluster, template, instance_type, instances, instance_role
        )
        create = create_own if wanted.name == self.names.cluster else create_cluster
        with plainly():
            made = create(self.bench, wanted, self._progress(progress))
        self.cluster = made.name
        return made

    def register_task_definition(
        self, *, progress: Progress | None = None, **request: Any
    ) -> TaskDefinition:
        """Register a task definition; `request` is what RegisterTaskDefinition takes.

        Without ``family`` it is ``lab.names.family()``. The same definition again gives the
        revision that is there.
        """
        wanted = {"family": self.names.family(), **request}
        with plainly():
            return register(self.bench, wanted, self._progress(progress))

    def run_task(
        self,
        definition: TaskDefinition | str,
        count: int = 1,
        *,
        cluster: Cluster | str | None = None,
        progress: Progress | None = None,
        **request: Any,
    ) -> RunResult:
        """Run tasks from a definition (its handle, ``family`` or ``family:revision``, or an ARN).

        More of what RunTask takes goes by name: ``launchType=…``, ``overrides=…``. Each call starts
        tasks of its own. A refusal is no error: it stands in the result with its reasons.
        """
        wanted = {
            "cluster": self._cluster(cluster),
            "taskDefinition": str(definition),
            "count": count,
            **request,
        }
        with plainly():
            return tasks.run(self.bench, wanted, self._progress(progress))

    def wait(
        self,
        thing: Tasks | Service,
        until: str = "RUNNING",
        *,
        timeout: float = tasks.WAIT_TIMEOUT,
        progress: Progress | None = None,
    ) -> Any:
        """Wait until a task, or all of several, is `until`; the task (or list) as it is then.

        A service is waited for until it is steady: all its tasks run, nothing is left to replace.
        Raises EcslabError with the reason when a task stops before, a deployment fails, or after
        `timeout` seconds.
        """
        shown = self._progress(progress)
        with plainly():
            if isinstance(thing, Service):
                return services.wait(self.bench, thing, shown, timeout)
            now = tasks.wait(self.bench, list_of(thing), shown, until, timeout)
        return now[0] if isinstance(thing, Task) else now

    def url(self, thing: Tasks | Service) -> Url:
        """The page of a task, or of a service's load balancer, at the address that works here."""
        with plainly():
            if isinstance(thing, Service):
                return services.url(self.bench, thing)
            return tasks.url(self.bench, one_of(thing))

    def stop_task(
        self, task: Tasks, reason: str = "", *, progress: Progress | None = None
    ) -> Task | list[Task]:
        """Ask ECS to stop a task, or several; stopped ones stay as they are."""
        shown = self._progress(progress)
        with plainly():
            now = [tasks.stop(self.bench, one, shown, reason) for one in list_of(task)]
        return now[0] if isinstance(task, Task) else now

    def story(self, task: Tasks) -> Story:
        """What happened to a task, and why."""
        with plainly():
            return story(tasks.describe(self.bench, [one_of(task)])[0])

    def check(self, step: str, cluster: Cluster | str | None = None) -> Checked:
        """Is this step done? What is missing, and a hint.

        step: "start", "cluster", "task-definition", "task", "page", "service", "balancer",
        "autoscaling", "stopped", "no-service", "fargate" or "clean"
        """
        with plainly(), watching():
            return check(self.bench, step, self._cluster(cluster))

    def cleanup(
        self,
        *,
        dry_run: bool = False,
        all_learners: bool = False,
        expired: bool = False,
        yes: bool = False,
        progress: Progress | None = None,
    ) -> Cleaned:
        """Remove everything of this learner's; with `dry_run` only say what that is.

        all_learners: for the instructor, of everybody in this workshop (``ECSLAB_WORKSHOP``), with
        their progress records; shows a list and asks first, unless `yes`. expired: only what is
        past the end of its session.
        """
        wanted = Wanted(all_learners, expired)
        # One's own record stays, so that the board tells that one has cleaned up.
        records = self.records if all_learners else None
        shown = self._progress(progress)
        with plainly():
            if all_learners and not (dry_run or yes):
                planned = clean_up(self.bench, shown, dry_run=True, wanted=wanted, beside=records)
                agree_to_remove(planned, self.names.workshop)
            return clean_up(self.bench, shown, dry_run=dry_run, wanted=wanted, beside=records)

    def cost(self) -> Cost:
        """What your things cost on AWS now, an hour and so far, at list prices."""
        with plainly(), watching():
            return cost(self.bench)

    def clock(self) -> Any:
        """A clock that shows what your things cost an hour and so far, and goes on."""
        if self._live is None:
            raise EcslabError(
                _("This lab was made without a notebook's widgets."),
                _("Use ecslab.connect(), or look once with lab.cost()."),
            )
        return self._live(self, clock=True)

    def overtime(self) -> Text | None:
        """A warning of what stands longer than its session; None where nothing does."""
        with plainly(), watching():
            return overtime(self.bench)

    # -- coming late, beginning anew -----------------------------------------------------------

    def jump(self, notebook: str | int, *, progress: Progress | None = None) -> Arrived:
        """Make what a notebook begins with ("07"), for who comes late; what is there is kept."""
        return arrive(self, number_of(notebook), self._progress(progress))

    def reset(self, notebook: str | int, *, progress: Progress | None = None) -> Arrived:
        """Begin a notebook anew: remove everything of yours, then `jump` to it."""
        number = number_of(notebook)
        shown = self._progress(progress)
        left = self.cleanup(progress=shown).left
        if left:
            raise EcslabError(
                _("{name} could not be removed: {why}", name=left[0][0], why=left[0][1]),
                _("Mend the cause and run this again."),
            )
        return arrive(self, number, shown)

    # -- the picture ---------------------------------------------------------------------------

    def snapshot(self, cluster: Cluster | str | None = None, *, within: float = 0.0) -> Snapshot:
        """The cluster as it is now, as a value; what a diagram is drawn from.

        within: seconds that what another has seen in this kernel may be old
        """
        name = self._cluster(cluster)
        with plainly(), watching():
            return self.bench.recent.get(
                ("snapshot", name), within, lambda: self._observed(name, within)
            )

    def _observed(self, cluster: str, within: float) -> Snapshot:
        return observe(
            self.bench,
            cluster,
            locate=self.bench.locate,
            simulated=self.bench.simulated,
            look=Look(self.bench.recent, within),
        )

    def diagram(self, cluster: Cluster | str | None = None) -> Picture:
        """A picture of the cluster now."""
        return Picture(self.snapshot(cluster))

    def live(self) -> Any:
        """A picture that follows the cluster."""
        if self._live is None:
            raise EcslabError(
                _("This lab was made without a notebook's widgets."),
                _("Use ecslab.connect(), or draw once with lab.diagram()."),
            )
        return self._live(self)

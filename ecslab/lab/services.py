"""The steps with services, as a part of `Lab`."""

from __future__ import annotations

from typing import Any

from ecslab.lab.base import LabBase
from ecslab.steps import scaling, services, tasks
from ecslab.steps.calls import watching
from ecslab.steps.progress import Progress
from ecslab.steps.said import plainly
from ecslab.steps.services import Events, Service
from ecslab.steps.things import Cluster, Task, TaskDefinition


class ServiceSteps(LabBase):
    """See `Lab`."""

    def create_service(
        self,
        definition: TaskDefinition | str,
        name: str = "web",
        *,
        desired: int = 2,
        load_balancer: bool = False,
        cluster: Cluster | str | None = None,
        progress: Progress | None = None,
        **request: Any,
    ) -> Service:
        """A service that keeps `desired` tasks of a definition running.

        load_balancer: with an Application Load Balancer in front of it, made with it. More of what
        CreateService takes goes by name. A service of this name is brought to what is asked for.
        """
        wanted = {
            "cluster": self._cluster(cluster),
            "serviceName": name,
            "taskDefinition": str(definition),
            "desiredCount": desired,
            **request,
        }
        with plainly():
            shown = self._progress(progress)
            return services.create_service(self.bench, wanted, load_balancer, shown)

    def update_service(
        self,
        service: Service,
        definition: TaskDefinition | str | None = None,
        *,
        desired: int | None = None,
        progress: Progress | None = None,
        **request: Any,
    ) -> Service:
        """Give a service another task definition, another count, or what else UpdateService takes.

        It answers at once; `lab.wait(service)` waits until the change is done.
        """
        changes = dict(request)
        if definition is not None:
            changes["taskDefinition"] = str(definition)
        if desired is not None:
            changes["desiredCount"] = desired
        with plainly():
            return services.update_service(self.bench, service, changes, self._progress(progress))

    def scale(self, service: Service, desired: int, *, progress: Progress | None = None) -> Service:
        """Keep another number of tasks; `lab.wait(service)` waits until they are there."""
        return self.update_service(service, desired=desired, progress=progress)

    def delete_service(self, service: Service, *, progress: Progress | None = None) -> None:
        """Delete a service and its tasks; waits until they have ended."""
        shown = self._progress(progress)
        with plainly():
            scaling.unscale(self.bench, service, shown)
            services.delete_service(self.bench, service, shown)

    def tasks(self, service: Service | None = None) -> list[Task]:
        """The tasks that are to run in the cluster, or those of a service, oldest first."""
        with plainly(), watching():
            if service is not None:
                return tasks.running(self.bench, service.cluster, service.name)
            return tasks.running(self.bench, self._cluster(None))

    def events(self, service: Service, count: int = 10) -> Events:
        """What ECS says about a service, newest first."""
        with plainly(), watching():
            return services.events(self.bench, service, count)

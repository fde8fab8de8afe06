"""AWS::ECS::Cluster in a template is a cluster of ours, not of moto's."""

from __future__ import annotations

from typing import Any

from ecslab.api.neighbours.world import world
from ecslab.api.neighbours.wrap import wrap
from ecslab.model.errors import AwsError


def clusters_of_templates_are_ours() -> None:
    """A template's cluster becomes one of moto's own ECS, which nobody can see here."""
    import moto.cloudformation.parsing as parsing

    def find(plain: Any, resource_type: str) -> Any:
        return Cluster if resource_type == "AWS::ECS::Cluster" else plain(resource_type)

    wrap(parsing, "resource_class_from_type", find)


class Cluster:
    """The resource as CloudFormation handles it."""

    def __init__(self, arn: str, name: str, region: str) -> None:
        self.arn, self.physical_resource_id, self._region = arn, name, region
        self.type = "AWS::ECS::Cluster"

    @staticmethod
    def create_from_cloudformation_json(
        name: str, resource: dict[str, Any], account: str, region: str, **kwargs: Any
    ) -> Cluster:
        """CreateCluster with the template's properties."""
        params = {**_wire(resource.get("Properties") or {}), "clusterName": name}
        made = _call("CreateCluster", params, region)["cluster"]
        return Cluster(made["clusterArn"], made["clusterName"], region)

    @staticmethod
    def update_from_cloudformation_json(
        original_resource: Cluster,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Cluster:
        """UpdateCluster where the settings changed."""
        params = _wire(cloudformation_json.get("Properties") or {})
        wanted = {k: v for k, v in params.items() if k in ("settings", "configuration")}
        if wanted:
            _call("UpdateCluster", {"cluster": original_resource.arn, **wanted}, region_name)
        return original_resource

    @staticmethod
    def has_cfn_attr(attribute: str) -> bool:
        """Does Fn::GetAtt know this?"""
        return attribute == "Arn"

    def get_cfn_attribute(self, attribute: str) -> str:
        """Fn::GetAtt."""
        from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

        if attribute != "Arn":
            raise UnformattedGetAttTemplateException()
        return self.arn

    def is_created(self) -> bool:
        """A cluster is there at once."""
        return True

    def delete(self, account: str, region: str) -> None:
        """DeleteCluster."""
        _call("DeleteCluster", {"cluster": self.arn}, region)


def _call(operation: str, params: dict[str, Any], region: str) -> dict[str, Any]:
    """Ask our ECS, once: a replay knows the answer, for our ECS has a memory of its own."""

    def ask() -> dict[str, Any]:
        world.before_ecs()
        try:
            return {"answer": world.ecs(operation, params, region)}
        except AwsError as error:
            return {"refused": [error.code, error.message]}

    told: dict[str, Any] = world.once(ask)
    if "refused" in told:
        raise AwsError(*told["refused"])
    answer: dict[str, Any] = told["answer"]
    return answer


def _wire(properties: Any) -> Any:
    """PascalCase properties as the camelCase members of the API."""
    if isinstance(properties, list):
        return [_wire(item) for item in properties]
    if not isinstance(properties, dict):
        return properties
    named = {key[:1].lower() + key[1:]: _wire(value) for key, value in properties.items()}
    if "clusterSettings" in named:
        named["settings"] = named.pop("clusterSettings")
    return named

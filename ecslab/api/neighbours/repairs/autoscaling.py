"""Auto Scaling groups and what EC2 launches from a template."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ecslab.api.neighbours.wrap import wrap


def groups_use_all_their_subnets() -> None:
    """A group launches all its instances into its first subnet; AWS balances its zones."""
    from moto.autoscaling.models import FakeAutoScalingGroup

    def launch(plain: Any, group: Any, count_needed: int, propagated_tags: dict[str, str]) -> None:
        subnets = group.vpc_zone_identifier
        for _ in range(count_needed if subnets else 0):
            group.vpc_zone_identifier = _emptiest(group, subnets.split(","))
            try:
                plain(group, 1, dict(propagated_tags))
            finally:
                group.vpc_zone_identifier = subnets
        if not subnets:
            plain(group, count_needed, propagated_tags)

    wrap(FakeAutoScalingGroup, "replace_autoscaling_group_instances", launch)


def _emptiest(group: Any, subnets: list[str]) -> str:
    lived_in = Counter(state.instance.subnet_id for state in group.active_instances())
    return min(subnets, key=lambda subnet: lived_in[subnet])


def groups_keep_their_order() -> None:
    """Scaling in leaves a group's instances in the order of a set: another one in each process."""
    from moto.autoscaling.models import FakeAutoScalingGroup

    def scale(plain: Any, group: Any, new_capacity: int | None) -> None:
        before = [state.instance.id for state in group.instance_states]
        plain(group, new_capacity)
        place = {instance: number for number, instance in enumerate(before)}
        group.instance_states.sort(key=lambda state: place.get(state.instance.id, len(place)))

    wrap(FakeAutoScalingGroup, "set_desired_capacity", scale)


def groups_are_updated_in_place() -> None:
    """A stack's update throws a group and its instances away and makes another; AWS scales it.

    Only another name is another group.
    """
    from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends

    def update(plain: Any, **asked: Any) -> Any:
        group, said = asked["original_resource"], asked["cloudformation_json"]["Properties"]
        if said.get("AutoScalingGroupName", group.name) != group.name:
            return plain(**asked)
        backend = autoscaling_backends[asked["account_id"]][asked["region_name"]]
        return backend.update_auto_scaling_group(
            name=group.name,
            availability_zones=said.get("AvailabilityZones", []),
            desired_capacity=_whole(said.get("DesiredCapacity")),
            max_size=_whole(said.get("MaxSize")),
            min_size=_whole(said.get("MinSize")),
            launch_config_name=said.get("LaunchConfigurationName"),
            launch_template=said.get("LaunchTemplate", {}),
            vpc_zone_identifier=",".join(said.get("VPCZoneIdentifier", [])),
            health_check_period=said.get("HealthCheckGracePeriod"),
            health_check_type=said.get("HealthCheckType"),
            new_instances_protected_from_scale_in=said.get("NewInstancesProtectedFromScaleIn"),
            mixed_instances_policy=said.get("MixedInstancesPolicy", {}),
        )

    wrap(FakeAutoScalingGroup, "update_from_cloudformation_json", update)


def _whole(said: Any) -> int | None:
    return None if said is None else int(said)


def launch_templates_say_profile_address_and_groups() -> None:
    """What a launch template says of instance profile, public address and security groups of its
    first interface is lost; and without a subnet no default subnet is taken.
    """
    from moto.ec2.models.instances import InstanceBackend

    def run(plain: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
        data = _template_data(backend, kwargs.get("launch_template"))
        interface: dict[str, Any] = next(iter(data.get("NetworkInterfaces") or []), {})
        if kwargs.get("associate_public_ip") is None and "AssociatePublicIpAddress" in interface:
            said = str(interface["AssociatePublicIpAddress"]).lower()
            kwargs["associate_public_ip"] = said == "true"
        if interface.get("Groups") and not kwargs.get("security_group_ids"):
            kwargs["security_group_ids"] = list(interface["Groups"])
        if not kwargs.get("subnet_id") and not kwargs.get("nics"):
            kwargs["subnet_id"] = _default_subnet(backend, kwargs.get("placement"))
        reservation = plain(backend, *args, **kwargs)
        for instance in reservation.instances:
            _give_profile(backend, instance.id, data.get("IamInstanceProfile") or {})
        return reservation

    wrap(InstanceBackend, "run_instances", run)


def _template_data(backend: Any, asked: dict[str, Any] | None) -> dict[str, Any]:
    data: dict[str, Any] = backend._get_template_from_args(asked).data if asked else {}
    return data


def _default_subnet(backend: Any, zone: str | None) -> str | None:
    found = sorted(backend.get_default_subnets().items())
    return next((subnet.id for name, subnet in found if name == (zone or name)), None)


def _give_profile(backend: Any, instance: str, profile: dict[str, str]) -> None:
    if profile and instance not in backend.iam_instance_profile_associations:
        backend.associate_iam_instance_profile(
            instance_id=instance,
            iam_instance_profile_name=profile.get("Name"),
            iam_instance_profile_arn=profile.get("Arn"),
        )


def launch_templates_tag_disks_and_interfaces() -> None:
    """Of what a launch template says of tags only those of the instance itself are given."""
    from moto.ec2.models.instances import InstanceBackend

    def run(plain: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
        data = _template_data(backend, kwargs.get("launch_template"))
        marks = {
            said["ResourceType"]: {tag["Key"]: tag["Value"] for tag in said.get("Tags", [])}
            for said in data.get("TagSpecifications") or []
        }
        asked = kwargs.get("tags") or {}
        disks = {**marks.get("volume", {}), **asked.get("volume", {})}
        kwargs["tags"] = {**asked, "volume": disks}
        reservation = plain(backend, *args, **kwargs)
        for instance in reservation.instances:
            for interface in instance.nics.values():
                interface.add_tags(marks.get("network-interface", {}))
        return reservation

    wrap(InstanceBackend, "run_instances", run)


def interfaces_go_with_their_instance() -> None:
    """The primary interface outlives a terminated instance; on AWS it goes with it by default."""
    from moto.ec2.models.instances import Instance

    def prepare(plain: Any, instance: Any, nic_spec: list[dict[str, Any]], **kwargs: Any) -> None:
        given = [nic for nic in nic_spec if "NetworkInterfaceId" in nic]
        plain(instance, nic_spec, **kwargs)
        if not given and 0 in instance.nics:
            instance.nics[0].delete_on_termination = True

    wrap(Instance, "prep_nics", prepare)

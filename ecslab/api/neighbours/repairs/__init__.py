"""Faults of moto, repaired: one small function each.

Each has a test that shows the fault in plain moto. When that test fails, moto has repaired it:
delete the function.
"""

from __future__ import annotations

from ecslab.api.neighbours.repairs import (
    addresses,
    autoscaling,
    balancers,
    ecs_clusters,
    measurements,
    parameters,
    scaling,
    stacks,
    templates,
)

REPAIRS = (
    addresses.public_addresses_are_of_this_machine,
    addresses.private_addresses_follow_from_what_is_there,
    addresses.templates_say_which_subnets_are_public,
    autoscaling.groups_use_all_their_subnets,
    autoscaling.groups_keep_their_order,
    autoscaling.groups_are_updated_in_place,
    autoscaling.launch_templates_say_profile_address_and_groups,
    autoscaling.launch_templates_tag_disks_and_interfaces,
    autoscaling.interfaces_go_with_their_instance,
    parameters.recommended_images_are_json,
    templates.zones_of_a_region_are_listed,
    templates.ssm_references_are_resolved,
    templates.unknown_types_are_refused,
    ecs_clusters.clusters_of_templates_are_ours,
    balancers.load_balancers_have_an_address_of_this_machine,
    balancers.names_and_ports_of_load_balancers_are_unique,
    balancers.what_is_not_carried_is_refused,
    balancers.default_rules_keep_their_arn,
    balancers.groups_know_who_forwards_to_them,
    balancers.targets_are_told_by_their_port,
    balancers.target_health_is_true,
    scaling.services_to_be_scaled_are_ours,
    scaling.alarms_of_policies_compare_with_their_target,
    scaling.policies_go_with_their_target,
    scaling.targets_not_found_are_told_as_such,
    scaling.limits_of_targets_are_checked,
    scaling.what_is_not_scaled_is_refused,
    scaling.activities_are_told,
    measurements.metrics_are_listed_once,
    measurements.metrics_of_services_are_told,
    measurements.alarms_of_policies_have_their_state,
    stacks.network_parts_can_be_deleted,
    stacks.resources_are_deleted_last_made_first,
    stacks.nothing_is_made_by_looking,
    stacks.failed_deletions_leave_the_stack,
    stacks.failed_creations_are_rolled_back,
    stacks.progress_is_seen,
)


def install() -> None:
    """Put every repair in place. Once per process."""
    for repair in REPAIRS:
        repair()

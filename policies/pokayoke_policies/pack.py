"""What the pack holds."""

from datetime import date

from pulumi_policy import Policy

from . import (
    applications,
    config_versions,
    controller_roles,
    custom_resources,
    data_stores,
    databases,
    discovery,
    dsql,
    efa,
    emptying,
    identities,
    image_architectures,
    image_versions,
    images,
    in_tree,
    kafka,
    mesh,
    network_ids,
    network_policies,
    node_groups,
    node_pools,
    node_roles,
    owners,
    owners_beside,
    placeholders,
    placement,
    practices,
    projects,
    pull_secrets,
    records,
    releases,
    routes,
    secrets,
    security_groups,
    startup_taints,
    subnet_room,
    teardown,
    tls,
    user_data,
    webhooks,
    workloads,
)
from .clusters import extended_support
from .policy import Rule
from .stack import Shown

PACK_NAME = "pokayoke-eks"


def rules(today: date) -> tuple[Rule, ...]:
    """Every rule of the pack, judging by the dates of `today`."""
    return (
        extended_support(today),
        node_groups.RULE,
        identities.RULE,
        owners.RULE,
        node_pools.RULE,
        placeholders.RULE,
        releases.RULE,
        workloads.RULE,
        webhooks.RULE,
        in_tree.RULE,
        controller_roles.RULE,
        tls.RULE,
        mesh.RULE,
        records.STALE_RECORD,
        records.ALIAS_ZONE,
        dsql.RULE,
        network_policies.RULE,
        emptying.REGISTRY,
        emptying.BUCKET,
        network_ids.RULE,
        security_groups.RULE,
        routes.RULE,
        custom_resources.RULE,
        teardown.RULE,
        discovery.SUBNET_RULE,
        discovery.GROUP_RULE,
        node_roles.RULE,
        startup_taints.RULE,
        image_versions.RULE,
        user_data.RULE,
        subnet_room.RULE,
        placement.RULE,
        applications.RULE,
        databases.RULE,
        images.MUTABLE,
        images.DISCONTINUED,
        images.SWAPPED,
        kafka.RULE,
        secrets.RULE,
        owners_beside.RULE,
        pull_secrets.RULE,
        efa.RULE,
        data_stores.RULE,
        config_versions.RULE,
        projects.RULE,
        image_architectures.RULE,
        *practices.RULES,
    )


def policies(today: date) -> list[Policy]:
    """The same as the SDK takes them."""
    shown = Shown()
    return [policy for rule in rules(today) for policy in rule.policies(shown, today)]

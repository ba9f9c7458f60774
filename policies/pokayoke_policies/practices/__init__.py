"""What the EKS best practices guides and the CIS benchmark ask for and a resource's inputs can show; one module a
theme. All of it is advice, unless a configuration makes it more."""

from collections.abc import Mapping

from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice

from . import (
    access,
    addons,
    api_server,
    availability,
    balancing,
    control_plane,
    databases,
    deletion,
    disruption,
    iam,
    images,
    karpenter,
    keys,
    logs,
    mesh,
    names,
    namespaces,
    network,
    node_roles,
    nodes,
    pod_security,
    pods,
    public_balancers,
    queues,
    rbac,
    registries,
    resource_policies,
    secrets,
    spot,
    tags,
    volumes,
    workload_roles,
    writes,
    zones,
)

RULES: tuple[Rule, ...] = (
    *control_plane.RULES,
    *access.RULES,
    *addons.RULES,
    *nodes.RULES,
    *volumes.RULES,
    *images.RULES,
    *spot.RULES,
    *pods.RULES,
    *pod_security.RULES,
    *namespaces.RULES,
    *disruption.RULES,
    *availability.RULES,
    *deletion.RULES,
    *databases.RULES,
    *iam.RULES,
    *workload_roles.RULES,
    *node_roles.RULES,
    *writes.RULES,
    *rbac.RULES,
    *secrets.RULES,
    *api_server.RULES,
    *registries.RULES,
    *karpenter.RULES,
    *keys.RULES,
    *logs.RULES,
    *queues.RULES,
    *resource_policies.RULES,
    *balancing.RULES,
    *public_balancers.RULES,
    *names.RULES,
    *mesh.RULES,
    *network.RULES,
    *zones.RULES,
    *tags.RULES,
)

PRACTICES: Mapping[str, Practice] = {rule.slug: rule.practice for rule in RULES if rule.practice}
"""By slug."""

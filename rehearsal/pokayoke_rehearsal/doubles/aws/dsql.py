"""Aurora DSQL clusters and their peerings (terraform-provider-aws, internal/service/dsql)."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Resource
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Difference, Inputs, ProviderError
from pokayoke_rehearsal.world.shapes import mapped

NOT_GONE = "timeout while waiting for resource to be gone (last state: 'PENDING_DELETE', timeout: 30m0s)"
NOT_ACTIVE = "timeout while waiting for state to become 'ACTIVE' (last state: 'PENDING_SETUP', timeout: 30m0s)"
OWNED = "AWS_OWNED_KMS_KEY"


class Cluster(Resource):
    pulumi_type = "aws:dsql/cluster:Cluster"
    service: ClassVar[str] = "dsql"
    noun = "Aurora DSQL Cluster"
    operation = "CreateCluster"
    tagged = True
    replace = ("multiRegionProperties.witnessRegion",)
    computed = (
        "arn",
        "deletionProtectionEnabled",
        "encryptionDetails",
        "forceDestroy",
        "identifier",
        "kmsEncryptionKey",
        "vpcEndpointServiceName",
    )

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = {key: inputs[key] for key in ("kmsEncryptionKey", "multiRegionProperties") if key in inputs}
        return found | {"deletionProtectionEnabled": inputs.get("deletionProtectionEnabled", False)}

    def create(self, site: Site, inputs: Inputs) -> str:
        asked = self.parameters(inputs)
        if asked.get("kmsEncryptionKey") == OWNED:
            del asked["kmsEncryptionKey"]
        tags = {"tags": inputs["tags"]} if inputs.get("tags") else {}
        return site.client("dsql").create_cluster(**asked, **tags)["identifier"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        dsql = site.client("dsql")
        found = dsql.get_cluster(identifier=resource_id)
        encryption = found["encryptionDetails"]
        outputs: Inputs = {
            "arn": found["arn"],
            "deletionProtectionEnabled": found["deletionProtectionEnabled"],
            "encryptionDetails": [
                {key: encryption[key] for key in ("encryptionStatus", "encryptionType") if key in encryption}
            ],
            "forceDestroy": known.get("forceDestroy", False),
            "identifier": resource_id,
            "kmsEncryptionKey": encryption.get("kmsKeyArn", OWNED),
            "tags": found.get("tags", {}),
            "vpcEndpointServiceName": dsql.get_vpc_endpoint_service_name(identifier=resource_id)["serviceName"],
        }
        if properties := peers(found):
            outputs["multiRegionProperties"] = properties
        return outputs

    def also_replacing(self, old_inputs: Inputs, news: Inputs, found: Difference) -> Collection[str]:
        """A cluster of one region cannot become one of two, nor the other way round."""
        return [path for path in ("multiRegionProperties",) if path in found.added | found.removed]

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        change: dict[str, Any] = {}
        if "deletionProtectionEnabled" in changed:
            change["deletionProtectionEnabled"] = news.get("deletionProtectionEnabled", False)
        for key in ("kmsEncryptionKey", "multiRegionProperties"):
            if key in changed and key in news:
                change[key] = news[key]
        if not change:
            return
        dsql = site.client("dsql")
        dsql.update_cluster(identifier=resource_id, **change)
        if (status := dsql.get_cluster(identifier=resource_id)["status"]) != "ACTIVE":
            said = f"unexpected state '{status}', wanted target 'ACTIVE'. last error: %!s(<nil>)"
            raise ProviderError(f"waiting for {self.noun} ({resource_id}) update: {said}")

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("dsql").untag_resource(resourceArn=state["arn"], tagKeys=list(gone))
        if tags:
            site.client("dsql").tag_resource(resourceArn=state["arn"], tags=tags)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        dsql = site.client("dsql")
        if state.get("forceDestroy"):
            dsql.update_cluster(identifier=resource_id, deletionProtectionEnabled=False)
        dsql.delete_cluster(identifier=resource_id)

    def lingers(self, site: Site, resource_id: str, state: Inputs) -> str:
        site.client("dsql").get_cluster(identifier=resource_id)
        return f"{NOT_GONE}: {_awaited(site, resource_id)}"


class ClusterPeering(Resource):
    """One side of a peering. Nothing of it changes in place, and its deletion leaves the clusters peered."""

    pulumi_type = "aws:dsql/clusterPeering:ClusterPeering"
    service: ClassVar[str] = "dsql"
    noun = "Aurora DSQL Cluster Peering"
    required = ("clusters", "identifier", "witnessRegion")
    saved_at_once = False

    def create(self, site: Site, inputs: Inputs) -> str:
        dsql, identifier = site.client("dsql"), inputs["identifier"]
        status = dsql.get_cluster(identifier=identifier)["status"]
        if status != "PENDING_SETUP":
            said = "is not in a valid state to create a peering"
            raise ProviderError(f"Aurora DSQL Cluster ({identifier}) {said}: {status}")
        properties = {"witnessRegion": inputs["witnessRegion"], "clusters": inputs["clusters"]}
        dsql.update_cluster(identifier=identifier, multiRegionProperties=properties)
        return identifier

    def unsettled(self, site: Site, resource_id: str, state: Inputs) -> str:
        status = site.client("dsql").get_cluster(identifier=resource_id)["status"]
        return "" if status == "ACTIVE" else f"{NOT_ACTIVE}: {_awaited(site, resource_id)}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        properties = peers(site.client("dsql").get_cluster(identifier=resource_id))
        return {"identifier": resource_id, **properties} if properties else None

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        raise ProviderError("not supported: This resource's Update method should not have been called")

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        """The real provider drops its state and asks AWS for nothing."""


class ClusterPolicy(Resource):
    """Who may connect to a cluster, and from where."""

    pulumi_type = "aws:dsql/clusterPolicy:ClusterPolicy"
    service: ClassVar[str] = "dsql"
    noun = "Aurora DSQL Cluster Policy"
    operation = "PutClusterPolicy"
    required = ("identifier", "policy")
    replace = ("identifier",)
    computed = ("policyVersion",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return {"identifier": inputs["identifier"], "policy": inputs["policy"]}

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("dsql").put_cluster_policy(**self.parameters(inputs))
        return inputs["identifier"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = site.client("dsql").get_cluster_policy(identifier=resource_id)
        policy = known.get("policy", found["policy"])
        return {"identifier": resource_id, "policy": policy, "policyVersion": found["policyVersion"]}

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        return {"policy": site.client("dsql").get_cluster_policy(identifier=resource_id)["policy"]}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("dsql").put_cluster_policy(**self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("dsql").delete_cluster_policy(identifier=resource_id)


def peers(cluster: dict[str, Any]) -> Inputs:
    """A cluster's properties of several regions without the cluster itself, which DSQL lists too."""
    properties = mapped(cluster, "multiRegionProperties")
    if not properties:
        return {}
    others = [arn for arn in properties.get("clusters", []) if arn != cluster["arn"]]
    return {"clusters": others, "witnessRegion": properties.get("witnessRegion", "")}


def _awaited(site: Site, resource_id: str) -> str:
    """What keeps a cluster in the state that it is in."""
    from moto.dsql.models import dsql_backends  # pyright: ignore[reportMissingTypeStubs]

    backends: Any = dsql_backends
    cluster: Any = backends[site.account][site.region].clusters.get(resource_id)
    return cluster.awaited() if cluster else ""

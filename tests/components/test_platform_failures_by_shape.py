"""The documented failures that Karpenter, its pools and its identity hold by their shape: whatever the configs legally
say, the mistake is not in what gets registered."""

import itertools
import json
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from invariants import by_slug, texts_in
from platforms import GENERAL, platform
from registrations import CONTROL_PLANE, Registered, Registration

from pokayoke_eks import PoolConfig
from pokayoke_eks.catalogue import FAILURES, Level
from pokayoke_eks.iam.karpenter import NODE_POLICIES, controller_policies
from pokayoke_eks.instances import instance_type
from pokayoke_eks.rules.text import unresolved_placeholder

ADDON = "aws:eks/addon:Addon"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ENTRY = "aws:eks/accessEntry:AccessEntry"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
RELEASE = "kubernetes:helm.sh/v3:Release"

SAID: list[dict[str, Any]] = [
    {},
    {"tags": {"team": "platform"}},
    {"pools": ({"name": "sizes", "families": ["m7g"], "cpu": [2, 4], "limits": GENERAL["limits"]},)},
    {"pools": (GENERAL, {**GENERAL, "name": "intel", "instances": ["m7i.large"], "capacity": ["on-demand"]})},
    {
        "pools": (
            {
                **GENERAL,
                "taints": [{"key": "example.com/only", "value": "batch", "effect": "NoExecute"}],
                "startup_taints": [{"key": "example.com/agent", "effect": "NoSchedule", "removed_by": "agent"}],
                "labels": {"example.com/kind": "batch"},
                "max_pods": 20,
                "disk_gib": 100,
                "expire_after": "24h",
                "grace": "1h",
            },
        )
    },
]
"""What users say, and between them every field that a pool has."""


@pytest.fixture(scope="module")
def legal() -> list[Registered]:
    """What comes of it, for either lifecycle."""
    return [platform(lifecycle, **said) for lifecycle, said in itertools.product(("disposable", "retained"), SAID)]


def specs(made: Registered, kind: str) -> list[dict[str, Any]]:
    return [dict(one.inputs["spec"]) for one in made.of_type(kind)]


def required(pool: dict[str, Any], key: str) -> list[str]:
    (one,) = [one for one in pool["template"]["spec"]["requirements"] if one["key"] == key]
    assert one["operator"] == "In"
    return list(one["values"])


def controller(made: Registered) -> Registration:
    return made.one(RELEASE, name="karpenter")


def ami_architecture_mismatch(made: Registered) -> None:
    """The image is the family's, for the architecture that Karpenter finds in the pool: its types' own."""
    for pool in specs(made, NODE_POOL):
        types = [instance_type(name) for name in required(pool, "node.kubernetes.io/instance-type")]
        found = {{"arm64": "arm64", "x86_64": "amd64"}[kind.architecture] for kind in types if kind}
        assert found == set(required(pool, "kubernetes.io/arch"))
        assert len(found) == 1


def unbounded_instance_size(made: Registered) -> None:
    for pool in specs(made, NODE_POOL):
        assert {one["operator"] for one in pool["template"]["spec"]["requirements"]} == {"In"}
        assert required(pool, "node.kubernetes.io/instance-type")
        assert pool["limits"].keys() == {"cpu", "memory"}


def pod_identity_namespace_mismatch(made: Registered) -> None:
    one = controller(made)
    association = made.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert one.inputs["namespace"] == association.inputs["namespace"]
    assert one.inputs["values"]["serviceAccount"] == {"create": False, "name": association.inputs["serviceAccount"]}
    assert {"name": "AWS_REGION", "value": "ap-northeast-2"} in one.inputs["values"]["controller"]["env"]
    for needed in (association, made.one(ADDON, addonName="eks-pod-identity-agent")):
        assert made.goes_before(one, needed)


def controller_permission_missing(made: Registered) -> None:
    attached = [one for one in made.of_type(ATTACHMENT) if one.inputs["role"] == "demo-apne2-kube-system-karpenter"]
    documents = {
        policy.inputs["name"].rpartition("-")[2]: json.loads(policy.inputs["policy"])
        for policy in made.of_type("aws:iam/policy:Policy")
        if any(one.inputs["policyArn"].endswith(f"/{policy.name}") for one in attached)
    }
    wanted = controller_policies("aws", "ap-northeast-2", "123456789012", "demo", "role", "queue")
    for name, document in wanted.items():
        sids = [(one["Sid"], one["Action"]) for one in document["Statement"]]
        assert [(one["Sid"], one["Action"]) for one in documents[name]["Statement"]] == sids
    assert all(made.goes_before(controller(made), one) for one in attached)


def duplicate_node_role(made: Registered) -> None:
    names = [one.inputs["name"] for one in made.of_type("aws:iam/role:Role")]
    assert len(names) == len(set(names))
    principals = [one.inputs["principalArn"] for one in made.of_type(ENTRY)]
    principals += [one.inputs["nodeRoleArn"] for one in made.of_type("aws:eks/nodeGroup:NodeGroup")]
    assert len(principals) == len(set(principals))


def leftover_node_role(made: Registered) -> None:
    """Karpenter makes profiles for a `role`, none where it is given one: ours, which goes with the rest."""
    for spec in specs(made, NODE_CLASS):
        assert "role" not in spec
        assert spec["instanceProfile"] == made.one(PROFILE).inputs["name"]
    assert made.goes_before(controller(made), made.one(PROFILE))


def node_role_policies_missing(made: Registered) -> None:
    role = made.one(PROFILE).inputs["role"]
    attached = [one for one in made.of_type(ATTACHMENT) if one.inputs["role"] == role]
    assert {one.inputs["policyArn"].rpartition("/")[2] for one in attached} == set(NODE_POLICIES)
    for node_class in made.of_type(NODE_CLASS):
        assert all(made.goes_before(node_class, one) for one in attached)


def public_registry_credentials(made: Registered) -> None:
    for one in made.of_type(RELEASE):
        assert one.inputs["chart"].startswith("oci://public.ecr.aws/")
        assert not {"repositoryOpts", "keyring", "verify"} & one.inputs.keys()
    settings = json.loads(made.one("pulumi:providers:kubernetes").inputs["helmReleaseSettings"])
    assert settings["registryConfigPath"]


def untyped_helm_values(made: Registered) -> None:
    for one in made.of_type(RELEASE):
        assert "valueYamlFiles" not in one.inputs
        assert not [text for text in texts_in(one.inputs.get("values", {})) if "\n" in text]


def user_data_invalid(made: Registered) -> None:
    for spec in specs(made, NODE_CLASS):
        assert spec["amiSelectorTerms"][0]["alias"].startswith("bottlerocket@")
        assert tomllib.loads(spec["userData"]).keys() == {"settings"}


def startup_taint_deadlock(made: Registered) -> None:
    """EKS's DaemonSets tolerate every taint unless they are told otherwise; the volume driver's is told to."""
    for name in ("vpc-cni", "kube-proxy"):
        assert "toleration" not in made.one(ADDON, addonName=name).inputs.get("configurationValues", "").lower()
    agent = json.loads(made.one(ADDON, addonName="eks-pod-identity-agent").inputs["configurationValues"])
    assert agent == {"tolerations": [{"operator": "Exists"}]}
    driver = json.loads(made.one(ADDON, addonName="aws-ebs-csi-driver").inputs["configurationValues"])
    assert driver["node"] == {"tolerateAllTaints": True}


def unresolved_placeholder_anywhere(made: Registered) -> None:
    for one in (*made.of_type(NODE_CLASS), *made.of_type(NODE_POOL), *made.of_type(RELEASE)):
        assert not [text for text in texts_in(one.inputs) if unresolved_placeholder(text)]


def security_group_selector(made: Registered) -> None:
    for node_class in made.of_type(NODE_CLASS):
        assert node_class.inputs["spec"]["securityGroupSelectorTerms"] == [{"id": "sg-made-by-eks"}]


def subnet_tags_missing(made: Registered) -> None:
    private = [{"id": one} for one in made.one("aws:eks/nodeGroup:NodeGroup").inputs["subnetIds"]]
    for spec in specs(made, NODE_CLASS):
        assert spec["subnetSelectorTerms"] == private


def stale_vpc_id(made: Registered) -> None:
    subnets = {one.urn for one in made.of_type("aws:ec2/subnet:Subnet") if "-private-" in one.name}
    for node_class in made.of_type(NODE_CLASS):
        assert subnets <= node_class.by_property["spec"]


def ami_version_skew(made: Registered) -> None:
    release_of_nodes = made.one("aws:eks/nodeGroup:NodeGroup").inputs["releaseVersion"].partition("-")[0]
    for spec in specs(made, NODE_CLASS):
        assert spec["amiSelectorTerms"] == [{"alias": f"bottlerocket@v{release_of_nodes}"}]


def missing_resource_limits(made: Registered) -> None:
    resources = controller(made).inputs["values"]["controller"]["resources"]
    assert resources["limits"] == resources["requests"]
    assert resources["limits"].keys() == {"cpu", "memory"}


def crd_not_installed(made: Registered) -> None:
    definitions = made.one(RELEASE, name="karpenter-crd")
    for one in (*made.of_type(NODE_CLASS), *made.of_type(NODE_POOL)):
        assert made.goes_before(one, definitions)


def vpc_delete_blocked(made: Registered) -> None:
    """Instances are gone while what removes them still runs, and that before the network."""
    (wait,) = [one for one in made if one.name.endswith("-instances-gone")]
    for one in (*made.of_type(NODE_CLASS), *made.of_type(NODE_POOL)):
        assert made.goes_before(one, wait)
    assert made.goes_before(wait, controller(made))
    for network in (*made.of_type("aws:ec2/vpc:Vpc"), *made.of_type("aws:ec2/natGateway:NatGateway")):
        assert made.goes_before(controller(made), network)


def no_egress(made: Registered) -> None:
    for pool in made.of_type(NODE_POOL):
        for one in (*made.of_type("aws:ec2/route:Route"), *made.of_type("aws:ec2/natGateway:NatGateway")):
            assert made.goes_before(pool, one)


def extended_support(made: Registered) -> None:
    assert made.one(CONTROL_PLANE).inputs["upgradePolicy"] == {"supportType": "STANDARD"}


INVARIANTS: dict[str, Callable[[Registered], None]] = {
    "unresolved-placeholder": unresolved_placeholder_anywhere,
    **by_slug(
        ami_architecture_mismatch,
        ami_version_skew,
        controller_permission_missing,
        crd_not_installed,
        duplicate_node_role,
        extended_support,
        leftover_node_role,
        missing_resource_limits,
        no_egress,
        node_role_policies_missing,
        pod_identity_namespace_mismatch,
        public_registry_credentials,
        security_group_selector,
        stale_vpc_id,
        startup_taint_deadlock,
        subnet_tags_missing,
        unbounded_instance_size,
        untyped_helm_values,
        user_data_invalid,
        vpc_delete_blocked,
    ),
}


@pytest.mark.parametrize("slug", INVARIANTS)
def test_no_legal_config_can_write_it(legal: list[Registered], slug: str) -> None:
    for made in legal:
        INVARIANTS[slug](made)


@pytest.mark.parametrize("slug", INVARIANTS)
def test_it_is_documented_under_that_name(slug: str) -> None:
    assert {Level.SHAPE, Level.VALUE, Level.TEARDOWN} & set(FAILURES[slug].held)


def test_what_users_say_here_covers_every_field_of_a_pool() -> None:
    said = {key for one in SAID for pool in one.get("pools", ()) for key in pool}
    assert PoolConfig.model_fields.keys() <= said

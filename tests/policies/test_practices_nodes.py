"""What is asked of nodes, their disks and their images, and where popular checks of the same are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GROUP = "aws:eks/nodeGroup:NodeGroup"
CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
SUBNET, TABLE, ROUTE = "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable", "aws:ec2/route:Route"
CLOSED: dict[str, Any] = {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1.0}
DISK: dict[str, Any] = {"deviceName": "/dev/xvda", "ebs": {"encrypted": "true", "volumeType": "gp3"}}
DISKS = "nodes-volumes-encrypted"
NO_SECOND = "it lists no /dev/xvdb, which then follows the account's default, off"
OPEN = 'parameters.encrypted: it is not "true"'
DEAR = "parameters.type: gp2 costs more and does less than gp3"
EARLY = "volumeBindingMode: it is Immediate, by default or by word"
NODE_CLASS: dict[str, Any] = {"amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}], "role": "nodes"}


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """In which each rule with settings is made anew."""
    return anew


def of_template(pack: Pack, **said: Any) -> dict[str, list[str]]:
    sound = {"metadataOptions": CLOSED, "blockDeviceMappings": [DISK]}
    return pack.advice(TEMPLATE, {key: value for key, value in {**sound, **said}.items() if value is not None})


def of_class(pack: Pack, **said: Any) -> dict[str, list[str]]:
    return pack.advice(CLASS, {"metadata": {"name": "general"}, "spec": {**NODE_CLASS, **said}})


class TestMetadataService:
    """`nodes-imds-closed` judges tokens and hops together."""

    def test_a_closed_one_is_told_nothing(self, pack: Pack) -> None:
        assert of_template(pack) == {}
        assert of_template(pack, metadataOptions={"httpTokens": "required"}) == {}
        assert of_class(pack, metadataOptions=CLOSED) == {}

    def test_left_out_karpenter_closes_it_and_a_template_does_not(self, pack: Pack) -> None:
        """A check of the hop limit alone passes a template that says nothing."""
        assert of_class(pack) == {}
        assert of_class(pack, metadataOptions={"httpPutResponseHopLimit": 1}) == {}
        (message,) = of_template(pack, metadataOptions=None)["nodes-imds-closed"]
        assert message.startswith("metadataOptions.httpTokens: it is left out, and nothing else requires tokens; ")

    @pytest.mark.parametrize(
        ("other", "what"),
        [
            ({"httpTokens": "optional"}, "httpTokens: tokens are optional"),
            ({"httpPutResponseHopLimit": 2}, "httpPutResponseHopLimit: it is more than 1"),
            ({"httpPutResponseHopLimit": 2.0}, "httpPutResponseHopLimit: it is more than 1"),
            ({"httpPutResponseHopLimit": "2"}, "httpPutResponseHopLimit: it is more than 1"),
            (
                {"httpEndpoint": "disabled", "httpTokens": "optional"},
                "httpEndpoint: it is disabled, and a node that cannot read its metadata does not join",
            ),
        ],
    )
    def test_each_opening_is_told_with_its_place(self, pack: Pack, other: dict[str, Any], what: str) -> None:
        (message,) = of_template(pack, metadataOptions={**CLOSED, **other})["nodes-imds-closed"]
        assert message.partition("; ")[0] == f"metadataOptions.{what}"
        (message,) = of_class(pack, metadataOptions={**CLOSED, **other})["nodes-imds-closed"]
        assert message.partition("; ")[0] == f"spec.metadataOptions.{what}"
        assert "nodes-imds-closed" in pack.advice(f"{CLASS}Patch", {"spec": {"metadataOptions": other}})

    def test_what_is_not_known_hides_nothing(self, pack: Pack) -> None:
        assert of_template(pack, metadataOptions=UNKNOWN) == {"unknown": ["nodes-imds-closed"]}
        found = of_template(pack, metadataOptions={"httpTokens": UNKNOWN, "httpPutResponseHopLimit": 3})
        assert found.keys() == {"nodes-imds-closed", "unknown"}

    def test_two_hops_may_be_allowed(self) -> None:
        pack = Pack()
        pack.configure("nodes-imds-closed", "ADVISORY", {"mostHops": 2})
        assert of_template(pack, metadataOptions={**CLOSED, "httpPutResponseHopLimit": 2}) == {}
        assert "nodes-imds-closed" in of_template(pack, metadataOptions={**CLOSED, "httpPutResponseHopLimit": 3})


class TestPublicNodes:
    """`nodes-private` looks at where nodes start: a public subnet without nodes is sound."""

    @pytest.mark.parametrize(
        "said",
        [
            {"subnet": {"mapPublicIpOnLaunch": True}},
            {"subnet": {"mapPublicIpOnLaunch": "true"}},
            {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-0123"}]},
            {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}], "sources": {"routes": "internet"}},
            {"route": {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}},
        ],
        ids=["addresses", "addresses-in-words", "gateway-by-id", "gateway-of-this-stack", "route-of-its-own"],
    )
    def test_nodes_in_a_public_subnet_are_told(self, pack: Pack, said: dict[str, Any]) -> None:
        found = pack.advice_on(*self.network(**said), self.group())
        ((name, message),) = found["nodes-private"]
        assert name == "nodes"
        why = "gives public addresses" if "subnet" in said else "leads to an internet gateway"
        assert message.partition("; ")[0] == f"subnetIds: the subnet 'subnet' {why}"
        assert "nodes-private" not in pack.advice_on(*self.network(**said))

    def test_nodes_of_a_pool_in_one_are_too(self, pack: Pack) -> None:
        spec = {**NODE_CLASS, "subnetSelectorTerms": [{"tags": {"tier": "web"}}]}
        node_class = Resource(CLASS, "class", {"metadata": {"name": "x"}, "spec": spec})
        subnets = self.network(subnet={"mapPublicIpOnLaunch": True, "tags": {"tier": "web"}})
        ((name, message),) = pack.advice_on(*subnets, node_class)["nodes-private"]
        assert name == "class"
        assert message.startswith("spec.subnetSelectorTerms: the subnet 'subnet' gives public addresses; ")

    def test_nodes_behind_a_nat_gateway_are_not(self, pack: Pack) -> None:
        routes = [{"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-0123", "gatewayId": ""}]
        assert "nodes-private" not in pack.advice_on(*self.network(routes=routes), self.group())

    def test_a_public_address_is_told_wherever_it_is_asked_for(self, pack: Pack) -> None:
        for said in (True, "true"):
            assert "nodes-private" in of_template(pack, networkInterfaces=[{"associatePublicIpAddress": said}])
        (message,) = of_template(pack, networkInterfaces=[{}, {"associatePublicIpAddress": True}])["nodes-private"]
        assert message.startswith("networkInterfaces[1].associatePublicIpAddress: it is on; ")
        configuration = "aws:ec2/launchConfiguration:LaunchConfiguration"
        (message,) = pack.advice(configuration, {"associatePublicIpAddress": "true"})["nodes-private"]
        assert message.startswith("associatePublicIpAddress: it is on; ")
        assert "nodes-private" not in pack.advice(configuration, {"associatePublicIpAddress": False})
        (message,) = of_class(pack, associatePublicIPAddress=True)["nodes-private"]
        assert message.startswith("spec.associatePublicIPAddress: it is on; ")
        (message,) = of_class(pack, advancedNetworking={"associatePublicIPAddress": True})["nodes-private"]
        assert message.startswith("spec.advancedNetworking.associatePublicIPAddress: it is on; ")
        assert of_template(pack, networkInterfaces=[{"associatePublicIpAddress": "false"}]) == {}

    def test_a_route_of_its_own_is_read_by_the_gateway_that_it_names(self, pack: Pack) -> None:
        for gateway, told in (("igw-0123", True), ("vgw-0123", False)):
            route = Resource(ROUTE, "route", {"gatewayId": gateway}, sources={"routeTableId": "table"})
            assert ("nodes-private" in pack.advice_on(*self.network(), route, self.group())) is told

    def test_routes_of_which_nothing_is_told_lead_nowhere(self, pack: Pack) -> None:
        found = pack.advice_on(*self.network(routes=UNKNOWN), self.group())
        assert "nodes-private" not in found
        assert "nodes-private" not in str(found.get("unknown"))

    def group(self) -> Resource:
        return Resource(GROUP, "nodes", {"subnetIds": [UNKNOWN], "amiType": "CUSTOM"}, sources={"subnetIds": "subnet"})

    def network(
        self,
        subnet: dict[str, Any] | None = None,
        routes: Any = None,
        route: dict[str, Any] | None = None,
        sources: dict[str, str] | None = None,
    ) -> list[Resource]:
        found = [
            Resource("aws:ec2/internetGateway:InternetGateway", "internet", {}),
            Resource(SUBNET, "subnet", {"cidrBlock": "10.0.0.0/24", **(subnet or {})}),
            Resource(TABLE, "table", {"routes": routes or []}, sources=sources or {}),
            Resource(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                "way",
                {"subnetId": UNKNOWN, "routeTableId": UNKNOWN},
                sources={"subnetId": "subnet", "routeTableId": "table"},
            ),
        ]
        return found + (
            [Resource(ROUTE, "route", route, sources={"routeTableId": "table", "gatewayId": "internet"})]
            if route
            else []
        )


@pytest.mark.parametrize(
    ("access", "sound"),
    [
        ({"ec2SshKey": "mine"}, False),
        ({"ec2SshKey": "mine", "sourceSecurityGroupIds": []}, False),
        ({"ec2SshKey": "mine", "sourceSecurityGroupIds": [UNKNOWN]}, True),
        ({"ec2SshKey": "mine", "sourceSecurityGroupIds": UNKNOWN}, True),
        ({}, True),
        (None, True),
    ],
)
def test_a_key_alone_opens_ssh_to_the_world(pack: Pack, access: Any, *, sound: bool) -> None:
    told = [one.partition("; ")[0] for one in pack.advice(GROUP, {"remoteAccess": access}).get("nodes-no-open-ssh", [])]
    assert told == ([] if sound else ["remoteAccess.sourceSecurityGroupIds: it is left out beside a key"])


class TestDisks:
    """`nodes-volumes-encrypted`: what is left out follows the account's default, which is off."""

    @pytest.mark.parametrize(
        ("said", "how"),
        [
            ({"encrypted": "false"}, "it is off"),
            ({"encrypted": False}, "it is off"),
            ({"volumeType": "gp3"}, "it is left out, which means the account's default, off"),
        ],
    )
    def test_a_disk_that_is_not_encrypted_is_told(self, pack: Pack, said: dict[str, Any], how: str) -> None:
        mappings = [DISK, {"virtualName": "ephemeral0"}, {"deviceName": "/dev/xvdb", "ebs": said}]
        place = "blockDeviceMappings[2].ebs.encrypted"
        (message,) = of_template(pack, blockDeviceMappings=mappings)[DISKS]
        assert message.startswith(f"{place}: {how}; ")
        (message,) = of_class(pack, blockDeviceMappings=mappings)[DISKS]
        assert message.startswith(f"spec.{place}: {how}; ")
        (message,) = pack.advice("aws:ebs/volume:Volume", {"size": 10, **said})[DISKS]
        assert message.startswith(f"encrypted: {how}; ")

    def test_encrypted_in_any_spelling_of_a_snapshot_or_an_instances_own_is_not(self, pack: Pack) -> None:
        sound: list[Any] = [
            {"encrypted": True},
            {"encrypted": "true"},
            {"snapshotId": "snap-1"},
            {"snapshotId": UNKNOWN},
        ]
        mappings = [{"deviceName": f"/dev/xvd{index}", "ebs": one} for index, one in enumerate(sound)]
        assert of_template(pack, blockDeviceMappings=[*mappings, {"virtualName": "ephemeral0"}]) == {}
        named = [{**DISK, "deviceName": name, "ebs": {"snapshotID": "snap-1"}} for name in ("/dev/xvda", "/dev/xvdb")]
        assert of_class(pack, blockDeviceMappings=named) == {}
        for said in ({"encrypted": True}, {"snapshotId": "snap-1"}):
            assert pack.advice("aws:ebs/volume:Volume", {"size": 10, **said}) == {}

    def test_karpenter_encrypts_by_itself_until_a_list_says_otherwise(self, pack: Pack) -> None:
        assert of_class(pack) == {}
        (message,) = of_class(pack, blockDeviceMappings=[DISK])[DISKS]
        assert message.startswith(f"spec.blockDeviceMappings: {NO_SECOND}; ")
        assert of_class(pack, blockDeviceMappings=[DISK, {**DISK, "deviceName": "/dev/xvdb"}]) == {}
        by_family = {"amiFamily": "Bottlerocket", "amiSelectorTerms": [{"id": "ami-1"}]}
        assert DISKS in of_class(pack, **by_family, blockDeviceMappings=[DISK])
        al2023 = [{"alias": "al2023@v20261101"}]
        assert of_class(pack, amiSelectorTerms=al2023, blockDeviceMappings=[DISK]) == {}

    def test_what_is_not_known_is_said_to_be(self, pack: Pack) -> None:
        for untold in (UNKNOWN, {"encrypted": UNKNOWN}):
            mappings = [{"deviceName": "x", "ebs": untold}, {"deviceName": "y", "ebs": {"encrypted": False}}]
            found = of_template(pack, blockDeviceMappings=mappings)
            assert (len(found[DISKS]), found["unknown"]) == (1, [DISKS])
        assert of_class(pack, blockDeviceMappings=[DISK, UNKNOWN]) == {"unknown": [DISKS]}
        assert of_class(pack, blockDeviceMappings=[DISK, {**DISK, "deviceName": UNKNOWN}]) == {"unknown": [DISKS]}

    @pytest.mark.parametrize(
        ("mappings", "what"),
        [
            pytest.param(None, "it is left out, and disks follow the account's default, off", id="none"),
            pytest.param([DISK], NO_SECOND, id="one-of-two"),
            pytest.param([DISK, {**DISK, "deviceName": "/dev/xvdb"}], "", id="both"),
        ],
    )
    def test_a_template_of_a_node_group_lists_all_its_disks(self, pack: Pack, mappings: Any, what: str) -> None:
        template = Resource(TEMPLATE, "template", {"metadataOptions": CLOSED, "blockDeviceMappings": mappings})
        group = self.group("nodes", amiType="BOTTLEROCKET_ARM_64", launchTemplate={"id": UNKNOWN})
        found = pack.advice_on(template, self.group("a", launchTemplate=UNKNOWN), group)
        told = [(name, message.partition("; ")[0]) for name, message in found.get(DISKS, [])]
        assert told == ([("template", f"blockDeviceMappings: {what}")] if what else [])
        assert ("", DISKS) in found["unknown"]
        others = self.group("nodes", amiType="AL2023_x86_64_STANDARD", launchTemplate={"id": UNKNOWN})
        assert (DISKS in pack.advice_on(template, others)) is (mappings is None)

    def group(self, name: str, **said: Any) -> Resource:
        sources = {"launchTemplate": "template"} if said.get("launchTemplate") == {"id": UNKNOWN} else {}
        return Resource(GROUP, name, {"releaseVersion": "x", **said}, sources=sources)

    def test_a_group_without_a_template_is_told_unless_the_account_encrypts(self, pack: Pack) -> None:
        ((_, message),) = pack.advice_on(self.group("nodes"))[DISKS]
        assert message.startswith("launchTemplate: it is left out, and disks follow the account's default, off; ")
        assert DISKS not in pack.advice_on(self.group("nodes", launchTemplate={"id": "lt-1"}))
        for said in ({}, {"enabled": True}, {"enabled": UNKNOWN}):
            assert DISKS not in pack.advice_on(self.group("nodes"), self.account(**said))
        assert DISKS in pack.advice_on(self.group("nodes"), self.account(enabled=False))

    def account(self, **said: Any) -> Resource:
        return Resource("aws:ebs/encryptionByDefault:EncryptionByDefault", "account", said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, []),
        ({"parameters": {"type": "gp3", "encrypted": True}}, []),
        ({"parameters": {}}, [OPEN]),
        ({"parameters": {"encrypted": "false", "type": "gp2"}}, [OPEN, DEAR]),
        ({"parameters": {"encrypted": UNKNOWN, "type": "gp2"}}, [DEAR]),
        ({"parameters": UNKNOWN, "volumeBindingMode": "Immediate"}, [EARLY]),
        ({"volumeBindingMode": None}, [EARLY]),
        (
            {"provisioner": "kubernetes.io/aws-ebs", "parameters": None, "volumeBindingMode": UNKNOWN},
            ["provisioner: it names the driver that was part of Kubernetes once", OPEN],
        ),
        ({"provisioner": "efs.csi.aws.com", "parameters": {"type": "gp2"}, "volumeBindingMode": None}, []),
    ],
)
def test_a_storage_class_of_ebs_is_the_drivers_encrypted_and_bound_late(
    pack: Pack, said: dict[str, Any], told: list[str]
) -> None:
    sound = {
        "provisioner": "ebs.csi.aws.com",
        "parameters": {"type": "gp3", "encrypted": "true"},
        "volumeBindingMode": "WaitForFirstConsumer",
    }
    found = pack.advice("kubernetes:storage.k8s.io/v1:StorageClass", {**sound, **said})
    assert [message.partition("; ")[0] for message in found.get("storageclass-sound", [])] == told
    assert found.get("unknown", []) == ["storageclass-sound"] * (UNKNOWN in str(said))


@pytest.mark.parametrize(
    ("said", "template", "sound"),
    [
        pytest.param({}, None, False, id="none"),
        pytest.param({"nodeGroupName": "general"}, None, False, id="none-beside-a-name"),
        pytest.param({"releaseVersion": "1.65.0-0be31b34"}, None, True, id="named"),
        pytest.param({"releaseVersion": UNKNOWN}, None, True, id="named-elsewhere"),
        pytest.param({"amiType": "CUSTOM"}, None, True, id="an-image-of-ones-own"),
        pytest.param({"launchTemplate": {"id": UNKNOWN}}, {"imageId": UNKNOWN}, True, id="the-templates-image"),
        pytest.param({"launchTemplate": {"id": UNKNOWN}}, {}, False, id="a-template-without-image"),
        pytest.param({"launchTemplate": {"id": "lt-1"}}, None, True, id="somebody-elses-template"),
        pytest.param(
            {"launchTemplate": {"id": "lt-1"}, "amiType": "BOTTLEROCKET_x86_64"}, None, False, id="an-image-type"
        ),
    ],
)
def test_a_node_group_whose_image_is_of_eks_names_its_release(
    pack: Pack, said: dict[str, Any], template: dict[str, Any] | None, *, sound: bool
) -> None:
    resources = [Resource(TEMPLATE, "template", template)] if template is not None else []
    group = Resource(GROUP, "nodes", said, sources={"launchTemplate": "template"} if resources else {})
    found = pack.advice_on(*resources, group).get("nodes-release-pinned", [])
    what = "releaseVersion: it is left out, which means the newest of its day"
    assert [(name, message.partition("; ")[0]) for name, message in found] == ([] if sound else [("nodes", what)])


def test_a_group_of_which_too_little_is_known_hides_no_other(pack: Pack) -> None:
    for said in ({"amiType": UNKNOWN}, {"launchTemplate": UNKNOWN}):
        untold = Resource(GROUP, "untold", said)
        assert "nodes-release-pinned" not in pack.advice_on(untold)
        assert [name for name, _ in pack.advice_on(untold, Resource(GROUP, "b", {}))["nodes-release-pinned"]] == ["b"]


@pytest.mark.parametrize(
    ("term", "what"),
    [
        ({"alias": "al2023@latest"}, "alias: it is @latest"),
        ({"alias": "al2023@v20261101"}, ""),
        ({"name": "my-nodes-*"}, "name: it is a pattern"),
        ({"name": "my-nodes-?"}, "name: it is a pattern"),
        ({"name": "my-nodes-7"}, ""),
        ({"tags": {"team": "shop"}}, "tags: whatever carries the tags is taken"),
        ({"tags": {"team": "shop"}, "id": "ami-1"}, ""),
        ({"tags": {"team": "shop"}, "name": "my-nodes-7"}, ""),
        ({"tags": {"team": "shop"}, "ssmParameter": "/nodes/image"}, ""),
        ({"id": UNKNOWN}, ""),
    ],
)
def test_a_node_class_names_the_version_of_its_image(pack: Pack, term: dict[str, Any], what: str) -> None:
    told = of_class(pack, amiSelectorTerms=[{"id": "ami-1"}, term]).get("kp-ami-pinned", [])
    assert [one.partition("; ")[0] for one in told] == ([f"spec.amiSelectorTerms[1].{what}"] if what else [])
    beside = of_class(pack, amiSelectorTerms=[{"name": UNKNOWN}, term])
    assert len(beside.get("kp-ami-pinned", [])) == bool(what)
    assert "kp-ami-pinned" in beside["unknown"]
    assert "kp-ami-pinned" in of_class(pack, amiSelectorTerms=[{"alias": UNKNOWN}])["unknown"]

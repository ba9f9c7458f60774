"""Waits end when AWS says so, say what they waited for when it does not, and never change the state by themselves."""

import base64
import importlib.util
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
import pulumi
import pytest
from moto import mock_aws
from pulumi.dynamic.dynamic import serialize_provider
from registrations import record

from pokayoke_eks import waiting
from pokayoke_eks.waiting import Leftover, Waiting, addon_active, association_visible, nothing_left
from pokayoke_eks.waiting_poll import SECONDS_BETWEEN, StillWaitingError, poll

REGION = "ap-northeast-2"
IMAGE = "ami-12c6146b"
WAITING = "pulumi-python:dynamic/pokayoke:Waiting"


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Eks:
    """Lists an association from a certain call on."""

    appears_after: int
    calls: int = 0

    def list_pod_identity_associations(self, **asked: str) -> dict[str, list[str]]:
        assert asked == {"clusterName": "demo", "namespace": "kube-system", "serviceAccount": "driver"}
        self.calls += 1
        return {"associations": ["a-1"] if self.calls > self.appears_after else []}


ASSOCIATION = association_visible("demo", namespace="kube-system", service_account="driver")


def test_a_wait_ends_as_soon_as_the_association_is_visible() -> None:
    clock, eks = Clock(), Eks(appears_after=2)
    poll([ASSOCIATION], region=REGION, minutes=5, clients=lambda _: eks, clock=clock, sleep=clock.sleep)
    assert clock.slept == [SECONDS_BETWEEN, SECONDS_BETWEEN]


def test_a_wait_does_not_outlast_its_limit_and_names_what_it_waited_for() -> None:
    clock, eks = Clock(), Eks(appears_after=10_000)
    with pytest.raises(StillWaitingError, match=r"after 2 minutes in ap-northeast-2 still: .*kube-system/driver"):
        poll([ASSOCIATION], region=REGION, minutes=2, clients=lambda _: eks, clock=clock, sleep=clock.sleep)
    assert clock.now == 120


def test_an_add_on_holds_the_wait_until_eks_says_that_it_is_active() -> None:
    class Eks:
        statuses = ["DEGRADED", "ACTIVE"]

        def describe_addon(self, **asked: str) -> dict[str, Any]:
            assert asked == {"clusterName": "demo", "addonName": "agent"}
            status = self.statuses.pop(0)
            return {"addon": {"status": status, "health": {"issues": [{"message": "too few replicas"}]}}}

    clock, active = Clock(), [addon_active("demo", addon="agent")]
    poll(active, region=REGION, minutes=5, clients=lambda _: Eks(), clock=clock, sleep=clock.sleep)
    assert clock.slept == [SECONDS_BETWEEN]
    Eks.statuses = ["DEGRADED"] * 2
    words = r"the add-on agent of cluster demo is DEGRADED \(too few replicas\)"
    with pytest.raises(StillWaitingError, match=words):
        poll(active, region=REGION, minutes=0.05, clients=lambda _: Eks(), clock=clock, sleep=clock.sleep)


def test_a_wait_for_nothing_asks_nobody() -> None:
    def nobody(service: str) -> Any:
        raise AssertionError(service)

    poll([], region=REGION, minutes=1, clients=nobody)


@pytest.fixture(scope="module")
def mocked() -> Iterator[None]:
    """An AWS whose descriptions boto3 reads once."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        with mock_aws():
            yield


@pytest.fixture
def account(mocked: None) -> str:
    """An account with a VPC of each test's own; its id."""
    return ec2().create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@cache
def ec2() -> Any:
    return boto3.client("ec2", region_name=REGION)


def subnet(vpc: str, zone: str = "a") -> str:
    block = {"a": "10.0.0.0/24", "b": "10.0.1.0/24"}[zone]
    made = ec2().create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"{REGION}{zone}")
    return made["Subnet"]["SubnetId"]


def left(vpc: str, of: Leftover, cluster: str = "demo") -> str:
    """What a wait of no time says is left; empty when nothing is."""
    try:
        poll([nothing_left(of, vpc=vpc, tag="cluster", value=cluster)], region=REGION, minutes=0)
    except StillWaitingError as still:
        return str(still)
    return ""


def test_an_interface_that_a_node_left_behind_holds_the_wait_until_it_is_gone(account: str) -> None:
    tags = [{"ResourceType": "network-interface", "Tags": [{"Key": "cluster", "Value": "demo"}]}]
    made = ec2().create_network_interface(SubnetId=subnet(account), Description="aws-K8S-i-0", TagSpecifications=tags)
    interface = made["NetworkInterface"]["NetworkInterfaceId"]
    assert f"network interface {interface} (available, aws-K8S-i-0)" in left(account, Leftover.NETWORK_INTERFACE)
    ec2().delete_network_interface(NetworkInterfaceId=interface)
    assert left(account, Leftover.NETWORK_INTERFACE) == ""


def test_an_instance_holds_the_wait_until_it_is_terminated(account: str) -> None:
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "cluster", "Value": "demo"}]}]
    made = ec2().run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=subnet(account), TagSpecifications=tags)
    instance = made["Instances"][0]["InstanceId"]
    assert f"instance {instance} (running)" in left(account, Leftover.INSTANCE)
    ec2().terminate_instances(InstanceIds=[instance])
    assert left(account, Leftover.INSTANCE) == ""


def test_a_load_balancer_that_a_controller_made_holds_the_wait(account: str) -> None:
    balancers: Any = boto3.client("elbv2", region_name=REGION)
    made = balancers.create_load_balancer(
        Name="shop",
        Type="network",
        Subnets=[subnet(account, zone) for zone in "ab"],
        Tags=[{"Key": "cluster", "Value": "demo"}],
    )["LoadBalancers"][0]
    assert "/shop/" in left(account, Leftover.LOAD_BALANCER)
    balancers.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    assert left(account, Leftover.LOAD_BALANCER) == ""


def test_what_belongs_to_another_cluster_holds_nobody(account: str) -> None:
    other = [{"Key": "cluster", "Value": "other"}]
    where = subnet(account)
    ec2().create_network_interface(
        SubnetId=where, TagSpecifications=[{"ResourceType": "network-interface", "Tags": other}]
    )
    ec2().run_instances(
        ImageId=IMAGE,
        MinCount=1,
        MaxCount=1,
        SubnetId=where,
        TagSpecifications=[{"ResourceType": "instance", "Tags": other}],
    )
    balancers: Any = boto3.client("elbv2", region_name=REGION)
    balancers.create_load_balancer(Name="other", Type="network", Subnets=[where, subnet(account, "b")], Tags=other)
    assert [left(account, kind) for kind in Leftover] == ["", "", ""]
    assert all(left(account, kind, "other") for kind in Leftover)


def test_a_long_list_of_leftovers_is_counted_not_recited(account: str) -> None:
    where = subnet(account)
    for _ in range(12):
        ec2().create_network_interface(
            SubnetId=where,
            TagSpecifications=[{"ResourceType": "network-interface", "Tags": [{"Key": "cluster", "Value": "demo"}]}],
        )
    text = left(account, Leftover.NETWORK_INTERFACE)
    assert text.count("network interface") == 8
    assert text.endswith(", and 4 more")


# In the state


def test_what_the_state_keeps_of_the_provider_is_a_name_and_so_never_changes() -> None:
    kept = serialize_provider(waiting._Provider())
    assert serialize_provider(waiting._Provider()) == kept
    assert len(kept) < 100
    assert type(pickle.loads(base64.b64decode(kept))) is waiting._Provider  # noqa: S301


def test_a_plain_destroy_waits_with_nothing_but_the_state(account: str) -> None:
    tags = [{"ResourceType": "network-interface", "Tags": [{"Key": "cluster", "Value": "demo"}]}]
    ec2().create_network_interface(SubnetId=subnet(account), TagSpecifications=tags)
    state = {
        "region": REGION,
        "beforeReady": [],
        "beforeGone": [nothing_left(Leftover.NETWORK_INTERFACE, vpc=account, tag="cluster", value="demo")],
        "minutes": 0.0,
    }
    provider = pickle.loads(base64.b64decode(serialize_provider(waiting._Provider())))  # noqa: S301
    assert provider.create(state).outs == state
    with pytest.raises(StillWaitingError):
        provider.delete("id", state)


def test_a_changed_wait_is_waited_for_again(account: str) -> None:
    provider = waiting._Provider()
    blocked = nothing_left(Leftover.NETWORK_INTERFACE, vpc=account, tag="cluster", value="demo")
    state = {"region": REGION, "beforeReady": [blocked], "beforeGone": [], "minutes": 0.0}
    assert provider.update("id", {}, state).outs == state
    ec2().create_network_interface(
        SubnetId=subnet(account),
        TagSpecifications=[{"ResourceType": "network-interface", "Tags": [{"Key": "cluster", "Value": "demo"}]}],
    )
    with pytest.raises(StillWaitingError):
        provider.update("id", {}, state)


def test_without_boto3_the_program_ends_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(pulumi.RunError, match=r"install pokayoke-eks\[cli\]"):
        record(lambda: Waiting("wait", region=REGION, minutes=1))


def test_the_conditions_stand_in_the_state_as_plain_data() -> None:
    made = record(lambda: Waiting("wait", region=REGION, before_ready=[ASSOCIATION], minutes=1)).one(WAITING)
    assert made.inputs["beforeReady"] == [
        {
            "kind": "association-visible",
            "cluster": "demo",
            "namespace": "kube-system",
            "serviceAccount": "driver",
        }
    ]
    assert made.inputs["__provider"] == serialize_provider(waiting._Provider())

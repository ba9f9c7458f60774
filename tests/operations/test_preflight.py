"""`pokayoke preflight`: what would stand in the way of `pulumi up` is said before it, and nothing is changed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError
from living import clusters, role

from pokayoke.preflight.command import preflight
from pokayoke.preflight.machine import ThisMachine
from pokayoke_eks.rules import names

SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
ACCOUNT = "111122223333"
CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/platform/me"
Account = Callable[[str, str], Any]


@dataclass
class Here:
    """A machine on which all is well, unless a test says otherwise."""

    caller: str = CALLER
    servers: frozenset[str] = frozenset()
    address: str = "8.8.8.8"
    logged_in: frozenset[str] = frozenset()
    charts: bool = True
    answers: bool = True
    commands: list[Sequence[str]] = field(default_factory=list[Sequence[str]])

    def run(self, command: Sequence[str]) -> tuple[int, str]:
        self.commands.append(command)
        return (0, json.dumps({"Arn": self.caller})) if self.caller else (127, "")

    def name_servers(self, domain: str) -> frozenset[str]:
        return self.servers

    def public_address(self) -> str:
        return self.address

    def version(self, endpoint: str, token: str, authority: bytes) -> str:
        if not self.answers:
            raise OSError("timed out")
        return "v1.36.1"

    def logins(self) -> frozenset[str]:
        return self.logged_in

    def has_chart(self, repository: str, name: str, version: str) -> bool:
        return self.charts

    def has_file(self, url: str) -> bool:
        return self.charts


class Answers:
    """Services that moto does not have, or in which it has other versions than the config pins."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.caller, self.quotas, self.status = CALLER, {}, "STANDARD_SUPPORT"
        self.images, self.refused = True, ""

    def __call__(self, service: str, region: str) -> Any:
        if service == self.refused:
            return Refusing()
        return {
            "sts": self._sts,
            "service-quotas": self._quotas,
            "eks": lambda: self._eks(region),
            "ssm": self._ssm,
        }.get(service, lambda: self._account(service, region))()

    def _sts(self) -> Any:
        return SimpleNamespace(get_caller_identity=lambda: {"Account": self.caller.split(":")[4], "Arn": self.caller})

    def _quotas(self) -> Any:
        def quota(**asked: str) -> Any:
            return {"Quota": {"Value": self.quotas.get(asked["QuotaCode"], 500.0)}}

        return SimpleNamespace(get_service_quota=quota)

    def _eks(self, region: str) -> Any:
        def addons(**asked: str) -> Any:
            fits = [{"clusterVersion": asked["kubernetesVersion"]}]
            return [{"addons": [{"addonVersions": [{"addonVersion": "v1.2.3", "compatibilities": fits}]}]}]

        real = self._account("eks", region)
        return SimpleNamespace(
            describe_cluster_versions=lambda **_: {"clusterVersions": [{"versionStatus": self.status}]},
            get_paginator=lambda _: SimpleNamespace(paginate=addons),
            list_clusters=real.list_clusters,
            describe_cluster=real.describe_cluster,
        )

    def _ssm(self) -> Any:
        class MissingError(Exception):
            """As boto3 makes it."""

        def get_parameter(**asked: str) -> Any:
            if not self.images:
                raise MissingError(asked["Name"])
            return {}

        return SimpleNamespace(get_parameter=get_parameter, exceptions=SimpleNamespace(ParameterNotFound=MissingError))


class Refusing:
    """A service that refuses whatever is asked."""

    def __getattr__(self, call: str) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, call)

        return refuse


@pytest.fixture
def clients(account: Account) -> Answers:
    """An account in which nothing stands in the way of the stack."""
    account("iam", SEOUL).create_service_linked_role(AWSServiceName="elasticloadbalancing.amazonaws.com")
    return Answers(account)


@pytest.fixture
def checked(stack: Path, clients: Answers) -> Callable[..., tuple[int, list[str]]]:
    """What preflight says of the stack with these fields, from this machine."""

    def check(machine: Here | None = None, **fields: Any) -> tuple[int, list[str]]:
        file = stack / "Pulumi.dev.yaml"
        written = yaml.safe_load(file.read_text())
        platform = written["config"]["pokayoke-eks:platform"]
        platform |= {"admins": [f"arn:aws:iam::{ACCOUNT}:role/team/platform"], **fields}
        file.write_text(yaml.safe_dump(written))
        told: list[str] = []
        code = preflight("dev", directory=stack, clients=clients, machine=machine or Here(), tell=told.append)
        return code, told

    return check


def refusals(told: list[str]) -> list[str]:
    return [line.partition(" ")[2].strip() for line in told if line.startswith("refused ")]


def test_an_account_that_is_ready_is_told_so(checked: Callable[..., tuple[int, list[str]]]) -> None:
    code, told = checked()
    assert (code, refusals(told)) == (0, [])
    assert told[0].split() == ["ok", "account", ACCOUNT]
    assert "ok      platform is among the admins" in told
    assert told[-1].split(" ok")[0].isdigit()


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "another role": ({"admins": [f"arn:aws:iam::{ACCOUNT}:role/other"]}, "is not among `admins`"),
    "documentation's account": (
        {"admins": ["arn:aws:iam::123456789012:role/platform"]},
        "123456789012, which is only documentation's",
    ),
    "another account": (
        {"admins": ["arn:aws:iam::444455556666:role/platform"]},
        "are of account 111122223333, the config is for 444455556666 [environment-isolation]",
    ),
    "documentation's range": ({"api_access": {"public": ["203.0.113.0/24"]}}, "a range of documentation"),
    "a range elsewhere": ({"api_access": {"public": ["198.18.0.0/24"]}}, "8.8.8.8 is not in `api_access`"),
    "documentation's domain": (
        {"edge": {"domain": "dev.example.com", "gateway": "alb"}},
        "dev.example.com is a domain of documentation",
    ),
    "no such zone": ({"edge": {"domain": "dev.acme.test", "gateway": "alb"}}, "no public hosted zone dev.acme.test"),
    "spot without its role": (
        {
            "pools": [
                {
                    "name": "general",
                    "instances": ["m7g.large", "c7g.large", "r7g.large"],
                    "capacity": ["spot"],
                    "limits": {"cpu": 8, "memory": "32Gi"},
                }
            ]
        },
        "no AWSServiceRoleForEC2Spot",
    ),
    "an add-on that is not offered": (
        {"addons": {"coredns": "v9.9.9-eksbuild.1"}},
        "EKS offers no coredns v9.9.9-eksbuild.1",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_the_config_gets_wrong_is_refused(mistake: str, checked: Callable[..., tuple[int, list[str]]]) -> None:
    fields, text = MISTAKES[mistake]
    code, told = checked(**fields)
    assert code == 1
    assert any(text in line for line in refusals(told)), told


MACHINES = {
    "no AWS CLI": (Here(caller=""), "the AWS CLI is not installed"),
    "another profile": (Here(caller=f"arn:aws:iam::{ACCOUNT}:user/me"), "the program would be"),
    "no chart": (Here(charts=False), "there is no chart karpenter-crd 1.14.1"),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_what_the_machine_lacks_is_refused(machine: str, checked: Callable[..., tuple[int, list[str]]]) -> None:
    here, text = MACHINES[machine]
    code, told = checked(here)
    assert code == 1
    assert any(text in line for line in refusals(told)), told


def test_a_login_for_a_public_registry_is_warned_of(checked: Callable[..., tuple[int, list[str]]]) -> None:
    _, told = checked(Here(logged_in=frozenset({"public.ecr.aws", "registry.example.com"})))
    assert [line for line in told if "logged in to public.ecr.aws, a" in line and "public-registry-credentials" in line]


def test_in_another_account_nothing_else_is_asked(checked: Callable[..., tuple[int, list[str]]]) -> None:
    machine = Here()
    code, told = checked(machine, account="444455556666", admins=["arn:aws:iam::444455556666:role/platform"])
    assert (code, len(told), machine.commands) == (1, 2, [])


def test_quotas_leftovers_and_support_are_the_account_s(
    clients: Answers, account: Account, checked: Callable[..., tuple[int, list[str]]]
) -> None:
    clients.quotas = {"L-0263D0A3": 0.0, "L-F678F1CE": 1.0, "L-1216C47A": 2.0}
    clients.status, clients.images = "EXTENDED_SUPPORT", False
    taken = names.role_name("demo", SEOUL, names.Purpose.POOL_NODES)
    role(account, SEOUL, taken)
    account("logs", TOKYO).create_log_group(logGroupName="/aws/eks/demo/cluster")
    code, told = checked()
    said = "\n".join(told)
    assert code == 1
    assert "1 elastic IPs are needed, 0 of 0 are taken" in said
    assert "all 1 VPCs of the region are taken" in said
    assert "nodes may grow to 12 vCPUs on demand, the quota is 2" in said
    assert "EKS says EXTENDED_SUPPORT of Kubernetes 1.36 [extended-support]" in said
    assert "no Bottlerocket 1.65.0-0be31b34 for Kubernetes 1.36" in said
    assert f"roles of these names are there already: {taken} [leftover-node-role]" in said
    assert "ap-northeast-1: an earlier cluster left the log group /aws/eks/demo/cluster" in said


def test_a_zone_that_nobody_can_find_is_refused_and_a_delegated_one_is_fine(
    account: Account, checked: Callable[..., tuple[int, list[str]]]
) -> None:
    client = account("route53", SEOUL)
    made = client.create_hosted_zone(Name="dev.acme.test", CallerReference="1")
    servers = frozenset(made["DelegationSet"]["NameServers"])
    edge = {"domain": "dev.acme.test", "gateway": "alb"}
    _, told = checked(edge=edge)
    assert any("public DNS delegates dev.acme.test to nobody" in line for line in refusals(told))
    code, told = checked(Here(servers=servers), edge=edge)
    assert (code, refusals(told)) == (0, [])


def test_a_cluster_that_is_there_is_asked_for_its_version(
    account: Account, checked: Callable[..., tuple[int, list[str]]]
) -> None:
    clusters(account, SEOUL, TOKYO)
    code, told = checked()
    assert "the API server answers: v1.36.1" in "\n".join(told)
    code, told = checked(Here(answers=False))
    assert code == 1
    assert any("does not answer here: timed out" in line for line in refusals(told))


def test_what_aws_refuses_to_say_is_told_and_the_rest_goes_on(
    clients: Answers, checked: Callable[..., tuple[int, list[str]]]
) -> None:
    clients.refused = "service-quotas"
    code, told = checked()
    assert code == 1
    assert sum(line.startswith("unasked ") for line in told) == 6
    assert any("the API server will have no public endpoint" in line for line in told)


def test_a_broken_config_is_refused_before_anything_is_asked(stack: Path, checked: Any) -> None:
    from pokayoke.failing import CommandError

    with pytest.raises(CommandError, match="kubernetes: "):
        checked(kubernetes="1.20")


def test_logins_are_read_where_docker_and_helm_keep_them(tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    written = {"auths": {"https://public.ecr.aws/v2/": {}}, "credHelpers": {"ghcr.io": "x"}}
    (tmp_path / ".docker" / "config.json").write_text(json.dumps(written))
    helm = tmp_path / "helm.json"
    helm.write_text("no JSON")
    machine = ThisMachine({"HOME": str(tmp_path), "HELM_REGISTRY_CONFIG": str(helm)})
    assert machine.logins() == {"public.ecr.aws", "ghcr.io"}
    assert machine.run(["no-such-command-here"]) == (127, "")

"""`pokayoke pins`: what it asks, what it writes, what it leaves alone."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from soundness import TODAY

from pokayoke.failing import CommandError
from pokayoke.pins import pin
from pokayoke.pins_aws import AwsVersions
from pokayoke_eks.config import load
from pokayoke_eks.config.schema import KEY

STACK = """\
# yaml-language-server: $schema=./docs/platform.schema.json
config:
  pokayoke-eks:platform:
    name: demo-dev   # named by the team
    lifecycle: disposable
    regions:
      ap-northeast-2: {cidr: 10.0.0.0/16, zones: [a, b, c]}
      ap-northeast-1: {cidr: 10.1.0.0/16, zones: [a, c, d]}
    # the version that we tested
    kubernetes: "1.36"
    bottlerocket: 1.62.1-ea1afdd6   # moved by `pokayoke pins`
    api_access: {public: [203.0.113.0/24]}
    admins:
      - 'arn:aws:iam::123456789012:role/platform'
  aws:skipMetadataApiCheck: "true"
encryptionsalt: v1:abc=
"""
NEWEST = {
    "vpc-cni": "v1.23.2-eksbuild.1",
    "kube-proxy": "v1.36.0-eksbuild.25",
    "coredns": "v1.14.6-eksbuild.4",
    "eks-pod-identity-agent": "v1.4.0-eksbuild.2",
    "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
    "metrics-server": "v0.9.0-eksbuild.11",
}


@dataclass
class Offer:
    """What a region offers, without asking AWS."""

    release: str = "1.65.0-0be31b34"
    versions: dict[str, list[str]] = field(default_factory=lambda: {name: [one] for name, one in NEWEST.items()})

    def addons(self, name: str, kubernetes: str) -> list[str]:
        assert kubernetes == "1.36"
        return self.versions[name]

    def bottlerocket(self, kubernetes: str) -> str:
        assert kubernetes == "1.36"
        return self.release


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(STACK)
    (tmp_path / "Pulumi.yaml").write_text("name: pokayoke-eks\n")
    return path


def pinned(stack: Path, *offers: Offer) -> str:
    """Pins the stack; with one offer for all regions, or one for each in turn."""
    left = list(offers)
    return pin("dev", directory=stack.parent, ask=lambda _region: left.pop(0) if len(left) > 1 else left[0])


def platform(stack: Path) -> dict[str, Any]:
    return yaml.safe_load(stack.read_text())["config"][KEY]


def test_release_and_addons_are_written_and_everything_else_stays(stack: Path) -> None:
    told = pinned(stack, Offer())
    addons = "".join(f"      {name}: {version}\n" for name, version in NEWEST.items())
    expected = STACK.replace("1.62.1-ea1afdd6", "1.65.0-0be31b34").replace(
        "    api_access", f"    addons:\n{addons}    api_access"
    )
    assert stack.read_text() == expected
    assert load(platform(stack), today=TODAY).errors == ()
    assert told.splitlines()[:3] == [
        "Pulumi.dev.yaml, for Kubernetes 1.36:",
        "  bottlerocket: 1.62.1-ea1afdd6 -> 1.65.0-0be31b34",
        "  addons.vpc-cni: unset -> v1.23.2-eksbuild.1",
    ]


def test_a_second_time_nothing_changes(stack: Path) -> None:
    pinned(stack, Offer())
    before = stack.read_text()
    assert pinned(stack, Offer()) == "Pulumi.dev.yaml: already the newest for Kubernetes 1.36"
    assert stack.read_text() == before


def test_a_stack_that_never_named_a_release_gets_one(stack: Path) -> None:
    stack.write_text("".join(line for line in STACK.splitlines(True) if "bottlerocket" not in line))
    assert "  bottlerocket: unset -> 1.65.0-0be31b34" in pinned(stack, Offer())
    assert list(platform(stack))[3:6] == ["kubernetes", "bottlerocket", "addons"]


def test_the_newest_is_told_by_number_not_by_text(stack: Path) -> None:
    offer = Offer()
    offer.versions["coredns"] = ["v1.9.3-eksbuild.40", "v1.14.6-eksbuild.4", "v1.14.6-eksbuild.12"]
    pinned(stack, offer)
    assert platform(stack)["addons"]["coredns"] == "v1.14.6-eksbuild.12"


def test_only_what_every_region_has_is_pinned(stack: Path) -> None:
    ahead = Offer(release="1.66.0-abcdef01")
    ahead.versions["coredns"] = ["v1.15.0-eksbuild.1", *ahead.versions["coredns"]]
    pinned(stack, ahead, Offer())
    assert platform(stack)["bottlerocket"] == "1.65.0-0be31b34"
    assert platform(stack)["addons"]["coredns"] == NEWEST["coredns"]


def test_an_addon_that_a_region_lacks_is_one_clear_error_and_nothing_is_written(stack: Path) -> None:
    offer = Offer()
    offer.versions["coredns"] = []
    with pytest.raises(CommandError, match=r"EKS offers no version of coredns for Kubernetes 1\.36"):
        pinned(stack, offer)
    assert stack.read_text() == STACK


def test_an_answer_in_another_form_is_not_believed(stack: Path) -> None:
    with pytest.raises(CommandError, match=r"AWS answered what this release does not know: 'latest'"):
        pinned(stack, Offer(release="latest"))
    assert stack.read_text() == STACK


def test_the_layout_of_a_file_is_kept_however_it_is_indented(stack: Path) -> None:
    text = (
        "config:\n    pokayoke-eks:platform:\n        name: demo\n        kubernetes: '1.36'\n        admins:\n"
        "        -   arn:x\n        regions: {eu-west-1: {cidr: 10.0.0.0/16, zones: [a, b]}}\n"
        "        addons: {coredns: v1.13.2-eksbuild.31}  # only this one\n"
    )
    stack.write_text(text.replace("-   arn", "- arn"))
    pinned(stack, Offer())
    written = stack.read_text()
    assert "        - arn:x\n" in written
    assert "kubernetes: '1.36'\n        bottlerocket: 1.65.0-0be31b34\n" in written
    assert written.endswith("metrics-server: v0.9.0-eksbuild.11} # only this one\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: [\n", "is no YAML"),
        ("", "has no mapping under `config`, `pokayoke-eks:platform`"),
        ("config: {}\n", "has no mapping under"),
        ("config: {pokayoke-eks:platform: [1]}\n", "has no mapping under"),
        ("config: {pokayoke-eks:platform: {name: x}}\n", "kubernetes: it is missing"),
        (STACK.replace('"1.36"', '"1.20"'), "[extended-support]"),
        (STACK.replace("ap-northeast-1", "ap-northeast-9"), "there is no region 'ap-northeast-9'"),
    ],
)
def test_a_file_that_cannot_be_pinned_is_a_clear_error(text: str, said: str, stack: Path) -> None:
    stack.write_text(text)
    with pytest.raises(CommandError) as raised:
        pinned(stack, Offer())
    assert said in str(raised.value)
    assert stack.read_text() == text


def test_a_stack_is_looked_for_up_to_the_folder_of_the_project(stack: Path) -> None:
    inner = stack.parent / "infra"
    inner.mkdir()
    assert "bottlerocket" in pin("organization/project/dev", directory=inner, ask=lambda _region: Offer())
    with pytest.raises(CommandError, match=r"there is no Pulumi\.prod\.yaml in"):
        pin("prod", directory=inner, ask=lambda _region: Offer())


class Client:
    """Answers as the two AWS calls do."""

    class exceptions:  # noqa: N801 - boto3's own name
        class ParameterNotFound(Exception):  # noqa: N818
            pass

    def __init__(self, pages: list[dict[str, Any]] | None = None, parameter: str | None = None) -> None:
        self.pages, self.parameter, self.asked = pages or [], parameter, list[dict[str, Any]]()

    def get_paginator(self, name: str) -> "Client":
        assert name == "describe_addon_versions"
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        self.asked.append(asked)
        return self.pages

    def get_parameter(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if self.parameter is None:
            raise self.exceptions.ParameterNotFound
        return {"Parameter": {"Value": self.parameter}}


def aws(eks: Client, ssm: Client) -> AwsVersions:
    versions = AwsVersions.__new__(AwsVersions)
    versions.__dict__.update(_region="eu-west-1", _eks=eks, _ssm=ssm)
    return versions


def test_aws_is_asked_for_this_minor_and_this_architecture() -> None:
    def version(name: str, minor: str, *architectures: str) -> dict[str, Any]:
        return {
            "addonVersion": name,
            "architecture": list(architectures),
            "compatibilities": [{"clusterVersion": minor}],
        }

    pages = [
        {"addons": [{"addonVersions": [version("v1", "1.36", "amd64", "arm64"), version("v2", "1.37", "arm64")]}]},
        {"addons": [{"addonVersions": [version("v3", "1.36", "amd64")]}]},
    ]
    eks, ssm = Client(pages), Client(parameter="1.65.0-0be31b34")
    assert aws(eks, ssm).addons("coredns", "1.36") == ["v1"]
    assert aws(eks, ssm).bottlerocket("1.36") == "1.65.0-0be31b34"
    assert eks.asked == [{"addonName": "coredns", "kubernetesVersion": "1.36"}]
    assert ssm.asked == [{"Name": "/aws/service/bottlerocket/aws-k8s-1.36/arm64/latest/image_version"}]


def test_a_release_that_does_not_exist_yet_is_a_clear_error() -> None:
    with pytest.raises(CommandError, match=r"eu-west-1 has no Bottlerocket image for Kubernetes 1\.37 yet"):
        aws(Client(), Client()).bottlerocket("1.37")


def test_missing_credentials_are_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(CommandError, match=r"eks:DescribeAddonVersions in eu-west-1 was not answered: .*credentials"):
        AwsVersions("eu-west-1").addons("coredns", "1.36")

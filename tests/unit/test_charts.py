"""Helm charts as releases name them, and what is known of some."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pokayoke_eks.rules import charts


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("karpenter", "karpenter"),
        ("./karpenter.tgz", "karpenter"),
        ("./chartX/", "chartX"),
        ("oci://public.ecr.aws/karpenter/karpenter", "karpenter"),
        ("oci://public.ecr.aws/karpenter/karpenter:1.14.1", "karpenter"),
        ("oci://public.ecr.aws/karpenter/karpenter@sha256:abc", "karpenter"),
        ("./charts/karpenter/", "karpenter"),
        ("https://example.com/charts/karpenter-1.14.1.tgz", "karpenter"),
        ("https://example.com/charts/aws-load-balancer-controller-v3.5.0-rc.1.tgz", "aws-load-balancer-controller"),
        ("eks/aws-load-balancer-controller", "aws-load-balancer-controller"),
        ("karpenter-crd", "karpenter-crd"),
        ("", ""),
    ],
)
def test_a_chart_is_known_by_its_name_however_it_is_referred_to(reference: str, name: str) -> None:
    assert charts.chart_name(reference) == name


@pytest.mark.parametrize(
    ("reference", "repository", "host"),
    [
        ("oci://public.ecr.aws/karpenter/karpenter", None, "public.ecr.aws"),
        ("app", "https://Charts.Example.com:8443/x", "charts.example.com"),
        ("oci://registry.k8s.io", None, "registry.k8s.io"),
        ("./charts/app", None, None),
        ("app", None, None),
    ],
)
def test_the_registry_is_that_of_reference_or_repository(
    reference: str, repository: str | None, host: str | None
) -> None:
    assert charts.registry_host(reference, repository) == host


@pytest.mark.parametrize(
    ("release", "values", "account"),
    [
        ("karpenter", {}, "karpenter"),
        ("my-karpenter", {}, "my-karpenter"),
        ("nodes", {}, "nodes-karpenter"),
        ("nodes", {"nameOverride": "k"}, "nodes-k"),
        ("nodes", {"fullnameOverride": "k"}, "k"),
        ("nodes", {"serviceAccount": {"name": "k"}}, "k"),
        ("nodes", {"serviceAccount": {"create": False}}, "default"),
        ("a" * 60, {}, f"{'a' * 60}-ka"),
        ("a" * 62, {}, "a" * 62),
        ("-karpenter", {}, "-karpenter"),
        ("nodes", {"fullnameOverride": f"-{'a' * 61}-b"}, f"-{'a' * 61}"),
        ("nodes", {"fullnameOverride": f"{'a' * 63}b"}, "a" * 63),
        ("nodes", {"fullnameOverride": f"{'a' * 61}--"}, f"{'a' * 61}-"),
    ],
)
def test_pods_run_as_the_account_that_helm_names(release: str, values: dict[str, Any], account: str) -> None:
    assert charts.service_account("karpenter", release, values) == account


@pytest.mark.parametrize(
    ("host", "needless"),
    [
        ("public.ecr.aws", True),
        ("aws.github.io", True),
        ("github.io", False),
        ("registry.example.com", False),
        (None, False),
    ],
)
def test_credentials_for_a_public_registry_are_needless(host: str | None, needless: bool) -> None:
    assert (charts.needless_credentials(host) is not None) is needless


@pytest.mark.parametrize(
    ("name", "values", "calls"),
    [
        ("karpenter", {"provider": "google"}, True),
        ("external-dns", {}, True),
        ("external-dns", {"provider": "aws"}, True),
        ("external-dns", {"provider": "google"}, False),
        ("external-dns", {"provider": {}}, True),
        ("external-dns", {"provider": {"name": "aws"}}, True),
        ("external-dns", {"provider": {"name": "google"}}, False),
    ],
)
def test_external_dns_calls_aws_unless_its_provider_is_another(name: str, values: dict[str, Any], calls: bool) -> None:
    known = charts.known(name, None)
    assert known is not None
    assert known.calls_aws(values) is calls


def test_nothing_is_known_of_another_publishers_chart_of_the_same_name() -> None:
    assert charts.known("external-dns", "https://charts.bitnami.com/bitnami") is None
    assert charts.known("oci://registry-1.docker.io/Bitnamicharts/external-dns", None) is None
    assert charts.known("never-heard", None) is None


@pytest.mark.upstream
@pytest.mark.parametrize("name", ["karpenter", "aws-load-balancer-controller", "external-dns"])
def test_a_known_charts_values_are_upstreams(name: str, shared: Path) -> None:
    known = charts.known(name, None)
    assert known is not None
    values = yaml.safe_load((shared / "data" / "charts" / name / "values.yaml").read_text())

    def at(path: tuple[str, ...]) -> Any:
        value = values
        for key in path:
            assert key in value, path
            value = value[key]
        return value

    for path in known.resources:
        assert not at(path), "the chart states resources of its own there"
    for path in known.literal:
        at(path)
    assert values["serviceAccount"]["create"] is True
    assert known.calls_aws(values)

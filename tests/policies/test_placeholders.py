"""The policy `unresolved-placeholder`."""

import json
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack
from judging import in_one_line

SLUG = "unresolved-placeholder"
SUBNET = "aws:ec2/subnet:Subnet"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
POLICY = "aws:iam/policy:Policy"


def kubernetes(api_version: str, kind: str, **content: Any) -> tuple[str, dict[str, Any]]:
    module = api_version if "/" in api_version else f"core/{api_version}"
    stated = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, **content}
    return f"kubernetes:{module}:{kind}", stated


def node_class(tag: str) -> tuple[str, dict[str, Any]]:
    terms = [{"tags": {"karpenter.sh/discovery": tag}}]
    return kubernetes("karpenter.k8s.aws/v1", "EC2NodeClass", spec={"subnetSelectorTerms": terms})


def test_a_selector_that_says_its_value_passes(pack: Pack) -> None:
    assert pack.refusals(*node_class("demo")) == {}


def test_the_selector_of_the_log_is_refused(pack: Pack) -> None:
    found = pack.refusals(*node_class("${cluster_name}"))
    (message,) = found.pop(SLUG)
    assert message == (
        "spec.subnetSelectorTerms[0].tags.karpenter.sh/discovery: the placeholder '${cluster_name}' was never filled "
        "in [unresolved-placeholder]. Write the value itself; a program hands it in: "
        'pulumi.Output.format("{0}-nodes", cluster.name). See pokayoke-eks/docs/policies.md#unresolved-placeholder'
    )
    assert found == {}


POD = {"containers": [{"name": "a", "resources": {"limits": {"cpu": 1, "memory": "1Gi"}}}]}
OVERRIDE = {"launchTemplateSpecification": {"launchTemplateName": "${template}"}}
WRONG: list[tuple[str, tuple[str, dict[str, Any]]]] = [
    ("tags.Name", (SUBNET, {"tags": {"Name": "{{ name }}"}})),
    ("tags.owner", (SUBNET, {"tags": {"owner": "${aws:username}"}})),
    ("addonName", ("aws:eks/addon:Addon", {"addonName": "${aws:username}"})),
    ("a key of tags", (SUBNET, {"tags": {"kubernetes.io/cluster/${name}": "owned"}})),
    ("labels.team", ("aws:eks/nodeGroup:NodeGroup", {"labels": {"team": "${team}"}, "amiType": "CUSTOM"})),
    ("clusterName", ("aws:eks/addon:Addon", {"clusterName": "${cluster}"})),
    (
        "tags[0].value",
        ("aws:autoscaling/group:Group", {"tags": [{"key": "Name", "value": "{{name}}", "propagateAtLaunch": True}]}),
    ),
    (
        "mixedInstancesPolicy.launchTemplate.overrides[0].launchTemplateSpecification.launchTemplateName",
        ("aws:autoscaling/group:Group", {"mixedInstancesPolicy": {"launchTemplate": {"overrides": [OVERRIDE]}}}),
    ),
    (
        "tagSpecifications[0].tags.a",
        (
            "aws:ec2/launchTemplate:LaunchTemplate",
            {"tagSpecifications": [{"resourceType": "volume", "tags": {"a": "${a"}}]},
        ),
    ),
    ("selectors[0].namespace", ("aws:eks/fargateProfile:FargateProfile", {"selectors": [{"namespace": "${ns}"}]})),
    ("tags[0].value", ("aws-native:eks:Addon", {"tags": [{"key": "a", "value": "${a}"}]})),
    (
        "metadata.annotations.eks.amazonaws.com/role-arn",
        kubernetes(
            "v1", "ServiceAccount", metadata={"name": "x", "annotations": {"eks.amazonaws.com/role-arn": "${arn}"}}
        ),
    ),
    ("spec.selector.app", kubernetes("v1", "Service", spec={"selector": {"app": "${app}"}})),
    ("spec.nodeSelector.pool", kubernetes("v1", "Pod", spec={**POD, "nodeSelector": {"pool": "{{ pool }}"}})),
    ("spec.serviceAccountName", kubernetes("v1", "Pod", spec={**POD, "serviceAccountName": "${sa}"})),
    (
        "spec.template.metadata.labels.a",
        kubernetes("apps/v1", "Deployment", spec={"template": {"metadata": {"labels": {"a": "${a}"}}, "spec": POD}}),
    ),
    (
        "spec.selector.matchLabels.a",
        kubernetes(
            "apps/v1", "Deployment", spec={"selector": {"matchLabels": {"a": "${a}"}}, "template": {"spec": POD}}
        ),
    ),
    (
        "spec.podSelector.matchExpressions[0].key",
        kubernetes(
            "networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {"matchExpressions": [{"key": "${k}"}]}}
        ),
    ),
    (
        "metadata.labels.team",
        kubernetes("example.com/v1", "Thing", metadata={"name": "x", "labels": {"team": "${team}"}}),
    ),
    (
        "items[0]: metadata.name",
        kubernetes("v1", "List", items=[{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{x}}"}}]),
    ),
    (
        "spec.role",
        (NODE_CLASS, {"apiVersion": "karpenter.k8s.aws/v1", "kind": "EC2NodeClass", "spec": {"role": "${role}"}}),
    ),
    ("namespace", (RELEASE, {"name": "app", "namespace": "${namespace}", "chart": "app"})),
    (
        "values.objects[0]: metadata.name",
        (
            RELEASE,
            {"chart": "app", "values": {"objects": [{"apiVersion": "v1", "kind": "X", "metadata": {"name": "${x}"}}]}},
        ),
    ),
    ("name", (RELEASE, {"name": "${name}", "chart": "app"})),
    ("chart", (RELEASE, {"chart": "app-${x}"})),
    ("version", (RELEASE, {"chart": "app", "version": "${x}"})),
]


@pytest.mark.parametrize(("place", "wrong"), WRONG, ids=lambda one: in_one_line(json.dumps(one))[:70])
def test_a_placeholder_in_a_name_tag_label_annotation_or_selector_is_refused(
    place: str, wrong: tuple[str, dict[str, Any]], pack: Pack
) -> None:
    found = pack.refusals(*wrong)
    (message,) = found.pop(SLUG)
    assert message.startswith(f"{place}: the placeholder")
    assert found == {}


RULES = [{"alert": "Down", "labels": {"severity": "{{ $labels.x }}"}, "annotations": {"summary": "{{ $value }}"}}]
LAWFUL: list[tuple[str, dict[str, Any]]] = [
    ("aws:ec2/launchTemplate:LaunchTemplate", {"userData": "#!/bin/sh\necho ${HOME} {{ x }}", "tags": {"a": "b"}}),
    ("aws:lambda/function:Function", {"environment": {"variables": {"NAME_TEMPLATE": "${name}"}}}),
    ("aws:ssm/document:Document", {"name": "doc", "content": '{"parameters": "{{ region }}"}'}),
    ("aws:iot/topicRule:TopicRule", {"cloudwatchMetric": {"metricName": "${topic()}"}}),
    ("aws:imagebuilder/distributionConfiguration:DistributionConfiguration", {"name": "{{ imagebuilder:buildDate }}"}),
    ("datadog:index/monitor:Monitor", {"name": "CPU on {{host.name}}", "tags": ["{{env}}"]}),
    (SUBNET, {"tags": {"price": "$5 {a} }}", "b": UNKNOWN}}),
    kubernetes("v1", "ConfigMap", data={"name": "${POD_NAME}", "app.yaml": "name: {{ .x }}"}),
    kubernetes("v1", "Pod", spec={"containers": [{**POD["containers"][0], "env": [{"name": "A", "value": "${A}"}]}]}),
    kubernetes("v1", "Pod", spec={"containers": [{**POD["containers"][0], "args": ["--name=${NAME}"]}]}),
    kubernetes("monitoring.coreos.com/v1", "PrometheusRule", spec={"groups": [{"name": "{{ g }}", "rules": RULES}]}),
    kubernetes("argoproj.io/v1alpha1", "ApplicationSet", spec={"template": {"metadata": {"name": "{{name}}"}}}),
    kubernetes("kyverno.io/v1", "ClusterPolicy", spec={"rules": [{"name": "{{request.object.metadata.name}}"}]}),
    kubernetes(
        "v1", "Pod", metadata={"annotations": {"vault.hashicorp.com/agent-inject-template-a": "{{ x }}"}}, spec=POD
    ),
    kubernetes(
        "networking.k8s.io/v1",
        "Ingress",
        metadata={"annotations": {"nginx.ingress.kubernetes.io/configuration-snippet": "set $a ${b};"}},
    ),
    kubernetes("karpenter.k8s.aws/v1", "EC2NodeClass", spec={"userData": "{{ x }}", "role": "nodes"}),
    (
        RELEASE,
        {"chart": "grafana", "values": {"dashboards": {"name": "${DS}"}, "labels": {"a": "{{ .Release.Name }}"}}},
    ),
]


@pytest.mark.parametrize(("kind", "properties"), LAWFUL, ids=lambda one: in_one_line(json.dumps(one))[:70])
def test_what_programs_and_other_tools_fill_in_themselves_passes(
    kind: str, properties: dict[str, Any], pack: Pack
) -> None:
    assert pack.refusals(kind, properties) == {}


def karpenter(**settings: Any) -> dict[str, Any]:
    resources = {"limits": {"cpu": "1", "memory": "1Gi"}}
    return {
        "chart": "oci://public.ecr.aws/karpenter/karpenter",
        "values": {"controller": {"resources": resources}, **settings},
    }


def test_values_that_a_known_chart_takes_literally_are_judged(pack: Pack) -> None:
    assert pack.refusals(RELEASE, karpenter(settings={"clusterName": "demo"})) == {}
    (message,) = pack.refusals(RELEASE, karpenter(settings={"clusterName": "${cluster_name}"}))[SLUG]
    assert message.startswith("values.settings.clusterName: ")
    annotated = {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::${ACCOUNT}:role/x"}}
    assert SLUG in pack.refusals(RELEASE, karpenter(serviceAccount=annotated))
    wrong = karpenter(settings={"clusterName": "${cluster_name}"})
    for key in ("chart", "repositoryOpts"):
        found = pack.refusals(RELEASE, {**wrong, key: UNKNOWN})
        assert SLUG not in (*found, *found["unknown"])


def document(resource: str) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}]})


@pytest.mark.parametrize(
    "variable",
    [
        "${aws:username}",
        "${aws:PrincipalTag/team, 'company-wide'}",
        "${www.amazon.com:user_id}",
        "${oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub}",
        "${s3:prefix}",
        "${*}${?}${$}",
    ],
)
def test_iams_own_variables_are_lawful_in_its_documents(variable: str, pack: Pack) -> None:
    assert pack.refusals(POLICY, {"policy": document(f"arn:aws:s3:::b/{variable}/*")}) == {}


@pytest.mark.parametrize("text", ["${cluster_name}", "${AWS::Partition}", "{{ bucket }}", "${}"])
def test_any_other_placeholder_in_an_iam_document_is_refused(text: str, pack: Pack) -> None:
    for kind, key in ((POLICY, "policy"), ("aws:iam/role:Role", "assumeRolePolicy")):
        (message,) = pack.refusals(kind, {key: document(f"arn:aws:s3:::{text}/*")})[SLUG]
        assert message.startswith(f"{key}: the placeholder ")
    inline = {"inlinePolicies": [{"name": "a", "policy": document(text)}]}
    (message,) = pack.refusals("aws:iam/role:Role", inline)[SLUG]
    assert message.startswith("inlinePolicies[0].policy: the placeholder ")


def test_no_message_prints_text_that_may_be_secret(pack: Pack) -> None:
    (message,) = pack.refusals(SUBNET, {"tags": {"a": "hunter2 {{ correct horse; battery }} staple"}})[SLUG]
    assert "hunter2" not in message
    assert "horse" not in message


def test_an_unknown_value_is_passed_over_in_silence(pack: Pack) -> None:
    assert pack.refusals(SUBNET, {"tags": UNKNOWN}) == {}
    assert pack.refusals(*kubernetes("v1", "Service", metadata=UNKNOWN, spec={"selector": UNKNOWN})) == {}


def test_a_key_that_was_not_filled_in_is_told_with_what_it_is_in(pack: Pack) -> None:
    said = {"tags": {"kubernetes.io/cluster/${name}": "owned", "Name": {"a": ["b", "${c}"]}}}
    first, second = sorted(pack.refusals(SUBNET, said)[SLUG])
    assert first.startswith("a key of tags: the placeholder ")
    assert second.startswith("tags.Name.a[1]: the placeholder ")


def test_what_eks_fills_in_by_session_is_no_placeholder_in_a_user_s_name(pack: Pack) -> None:
    entry = "aws:eks/accessEntry:AccessEntry"
    assert "unresolved-placeholder" not in pack.refusals(entry, {"userName": "system:node:{{EC2PrivateDNSName}}"})
    assert "unresolved-placeholder" in pack.refusals(entry, {"userName": "{{user}}:{{SessionName}}"})
    (message,) = pack.refusals(entry, {"clusterName": "{{SessionName}}"})["unresolved-placeholder"]
    assert message.startswith("clusterName: the placeholder ")

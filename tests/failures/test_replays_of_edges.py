"""Logs 001 to 003: naive programs that make the same mistake in other words break as documented, and mended ones live
whole."""

from __future__ import annotations

import pytest

from replayed import Change, Replays, documented

ATTACHED = """
made = raw.aws.iam.Policy("lbc", policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}), opts=raw.here)
allowed = raw.aws.iam.RolePolicyAttachment("lbc", role=role.name, policy_arn=made.arn, opts=raw.here)
identity"""
MONITORED = """
k8s.yaml.v2.ConfigGroup(
    "monitors",
    objs=[{"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "web"}}],
    opts=cluster.after(),
)


def unused"""
ALIASES = """    aliases=[
        {
            "name": web.status.load_balancer.ingress[0].hostname,
            "zone_id": raw.aws.lb.get_hosted_zone_id(
                load_balancer_type="network", opts=raw.pulumi.InvokeOptions(provider=raw.provider)
            ).id,
            "evaluate_target_health": False,
        }
    ],
"""

MUTATED: dict[str, tuple[Change, ...]] = {
    "network-policy-blocks-api-server": (
        ('{"matchLabels": {"app.kubernetes.io/name": raw_lb.NAME}}', "{}"),
        ('        "policyTypes": ["Egress"],\n', ""),
        ('{"to": [{"namespaceSelector": {}}], ', '{"to": [{"namespaceSelector": {}, "podSelector": {}}], '),
    ),
    "stale-vpc-id": (("vpc-0123456789abcdef0", "vpc-0fedcba9"), ('"web"', '"orders"')),
    "webhook-not-ready": (
        ('values={"clusterName": cluster.eks.name}', 'values={"clusterName": raw.NAME, "region": raw.REGION}'),
        ("raw_lb.service(", "raw_lb.ingress("),
        (', type="ClusterIP", loadBalancerClass=None', ""),
    ),
    "vpc-delete-blocked": (
        ('type="ClusterIP", loadBalancerClass=None', 'type="LoadBalancer"'),
        ("deleted_with=cluster.eks", "retain_on_delete=True"),
    ),
    "istio-gateway-chart-in-ambient": (
        ('istiod", base, profile="ambient"', 'istiod", base, env={"PILOT_ENABLE_AMBIENT": "true"}'),
        ('name="istio-ingressgateway", labels={"istio": "ingressgateway"}', 'kind="DaemonSet"'),
    ),
    "lbc-iam-incomplete": (
        ('"Action": reads', '"NotAction": "ec2:Create*"'),
        ("\nidentity", ATTACHED),
        ('"web"', '"orders"'),
    ),
    "stale-dns-record": (
        ('type="CNAME"', 'type="A"'),
        ("    ttl=300,\n", ""),
        ("    records=[web.status.load_balancer.ingress[0].hostname],\n", ALIASES),
        ("web.example.com", "www.example.com"),
    ),
    "alias-zone-mismatch": (
        ('load_balancer_type="network"', 'load_balancer_type="application"'),
        ("ZWKZPGTI48KDX", "ZIBE1TIR4HY56"),
        ('type="A"', 'type="AAAA"'),
        ('"api"', '"shop"'),
    ),
    "nlb-tls-termination": (
        ('"ssl-ports": "443"', '"ssl-ports": "p443"'),
        ('        "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",\n', ""),
        ('"web"', '"orders"'),
    ),
    "crd-not-installed": (("\n\ndef monitoring", MONITORED), ("\nmonitoring(", "\n0 and monitoring(")),
}
"""The same mistake: other names and ids, other kinds of what it is made with, other ways of saying it."""

KINDS = """operator = k8s.helm.v3.Release(
    "kinds",
    chart="prometheus-operator-crds",
    version="16.0.0",
    namespace="monitoring",
    create_namespace=True,
    repository_opts={"repo": "https://prometheus-community.github.io/helm-charts"},
    opts=cluster.after(),
)


def monitoring"""
GATEWAY = """import raw_lb
controller = raw_lb.Controller(cluster, *raw_lb.gateway_kinds(cluster), ztunnel)
balancer = "service.beta.kubernetes.io/aws-load-balancer-"
inside = {"annotations": {f"{balancer}type": "external", f"{balancer}nlb-target-type": "ip"}}
raw_lb.gateway(cluster, controller.release, of="istio", infrastructure=inside)
"""
CERTIFICATE = """
parent = raw.aws.route53.get_zone(name="example.com", opts=raw.pulumi.InvokeOptions(provider=raw.provider))
asked = raw.aws.acm.Certificate("web", domain_name="web.example.com", validation_method="DNS", opts=raw.here)
option = asked.domain_validation_options[0]
proof = raw.aws.route53.Record(
    "proof",
    zone_id=parent.zone_id,
    name=option.resource_record_name,
    type=option.resource_record_type,
    records=[option.resource_record_value],
    ttl=60,
    opts=raw.here,
)
certificate = raw.aws.acm.CertificateValidation("web", certificate_arn=asked.arn, opts=raw.after(proof))
pods ="""
REPAIRED: dict[str, tuple[Change, ...]] = {
    "network-policy-blocks-api-server": (
        ('[{"namespaceSelector": {}}]', '[{"namespaceSelector": {}}, {"ipBlock": {"cidr": "172.20.0.1/32"}}]'),
    ),
    "stale-vpc-id": (('"vpc-0123456789abcdef0"', "cluster.network.vpc.id"),),
    "webhook-not-ready": (
        (
            'values={"clusterName": cluster.eks.name}, skip_await=True',
            'values={"clusterName": raw.NAME, "region": raw.REGION, "vpcId": cluster.network.vpc.id}',
        ),
    ),
    "vpc-delete-blocked": (("deleted_with=cluster.eks", "depends_on=[controller.release]"),),
    "istio-gateway-chart-in-ambient": (
        ('raw_edge.istio(cluster, "gateway"', GATEWAY + '0 and raw_edge.istio(cluster, "gateway"'),
    ),
    "lbc-iam-incomplete": (('json.dumps({"Version": "2012-10-17", "Statement": [statement]})', "raw_lb.policy()"),),
    "alias-zone-mismatch": (('"ZWKZPGTI48KDX"', "nlb.zone_id"),),
    "stale-dns-record": (
        ("import raw_lb", "import raw_edge\nimport raw_lb"),
        ("public =", "dns = raw_edge.ExternalDns(cluster, force_destroy=True)\npublic ="),
        ("controller.release, pods,", "controller.release, dns.release, pods, host=f'web.{raw_edge.DOMAIN}',"),
        ('name="web.example.com"', "name=raw_edge.DOMAIN"),
        ('type="CNAME"', 'type="NS"'),
        ("[web.status.load_balancer.ingress[0].hostname]", "dns.zone.name_servers"),
    ),
    "nlb-tls-termination": (
        ("\npods =", CERTIFICATE),
        ('"ssl-ports": "443"', '"ssl-cert": certificate.certificate_arn, "ssl-ports": "443"'),
    ),
    "crd-not-installed": (
        ("def monitoring", KINDS),
        ("opts=cluster.after(),\n    )\n\n\nmon", "opts=cluster.after(operator),\n    )\n\n\nmon"),
    ),
}


AT_THE_END = "vpc-delete-blocked"


def test_each_mistake_has_other_words_and_is_mended() -> None:
    assert MUTATED.keys() == REPAIRED.keys()


@pytest.mark.parametrize("slug", sorted(MUTATED.keys() - {AT_THE_END}))
def test_in_other_words_it_breaks_as_documented_and_mended_it_lives_and_goes_whole(replays: Replays, slug: str) -> None:
    broken, mended = replays.mended(slug, MUTATED[slug], REPAIRED[slug])
    assert documented(slug, broken), broken.told
    assert mended.sound, mended.told


def test_a_service_that_outlives_its_controller_keeps_the_network_too(replays: Replays) -> None:
    """`vpc-delete-blocked`: what breaks only as it is destroyed needs a world of its own to be mended in."""
    broken = replays.live(AT_THE_END, *MUTATED[AT_THE_END])
    assert broken.broke == "destroy"
    assert documented(AT_THE_END, broken), broken.told
    mended = replays.live(AT_THE_END, *REPAIRED[AT_THE_END])
    assert mended.sound, mended.told

"""What the controller makes of Services and Ingresses, where, and what it says when it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from lb_lab import PROGRAM, Lab, imported
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, finalizers_of
from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Stage

POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"


@pytest.fixture(scope="module")
def seen(stage: Stage) -> dict[str, Any]:
    played = stage.play(PROGRAM, [Act.UP], look=_experiments)
    assert played.last.ok, played.told
    return played.seen[0]


def test_a_service_of_its_class_gets_a_balancer_and_keeps_it_until_it_is_gone(seen: dict[str, Any]) -> None:
    assert seen["class given"] == "service.k8s.aws/nlb"
    assert seen["balancer"]["Type"] == "network"
    assert seen["balancer"]["Scheme"] == "internal"
    assert seen["held"] == ["service.k8s.aws/resources"]
    assert seen["tags"] == {
        "elbv2.k8s.aws/cluster": "demo",
        "service.k8s.aws/stack": "default/plain",
        "service.k8s.aws/resource": "LoadBalancer",
    }
    assert seen["after"] == ({}, [], [], [])


def test_pods_by_ip_are_its_targets_and_their_nodes_let_it_in(seen: dict[str, Any]) -> None:
    assert len(seen["targets"]) == 2
    assert all(one["Target"]["Id"].startswith("10.0.") for one in seen["targets"])
    (rule,) = seen["node rules"]
    assert (rule["FromPort"], rule["ToPort"]) == (8080, 8080)


def test_tls_ends_at_the_ports_that_say_so(seen: dict[str, Any]) -> None:
    """`nlb-tls-termination`"""
    listeners = {one["Port"]: one for one in seen["tls"]}
    assert {port: one["Protocol"] for port, one in listeners.items()} == {80: "TCP", 443: "TLS"}
    assert listeners[443]["SslPolicy"] == POLICY
    assert listeners[443]["Certificates"][0]["CertificateArn"] == seen["certificate"]
    assert seen["tls balancer"]["Scheme"] == "internet-facing"
    assert seen["tls health"] == {("HTTP", "15021", "/healthz/ready")}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pending", "Failed deploy model due to operation error Elastic Load Balancing v2: CreateListener"),
        ("pending", "UnsupportedCertificate: The certificate '"),
        ("unused", "Unused port in ssl-ports annotation [8443]"),
        ("strange", "unknown scheme: public"),
        ("instances", 'unsupported service type "ClusterIP" for load balancer target type "instance"'),
        ("one zone", "subnets count less than minimal required count: 1 < 2"),
        (
            "full",
            "Evaluated 2 subnets: 1 are tagged for other clusters, and 1 have insufficient available IP addresses",
        ),
        ("protected", "deletion_protection is enabled, cannot delete the service: protected"),
        ("powerless", "is not authorized to perform: elasticloadbalancing:DescribeLoadBalancers because"),
    ],
)
def test_what_it_cannot_do_stands_in_an_event(seen: dict[str, Any], name: str, told: str) -> None:
    """`nlb-tls-termination`, `subnet-ip-exhaustion`, `lbc-iam-incomplete`"""
    assert told in seen["told"][name]


def test_a_service_that_keeps_its_balancer_from_being_deleted_stays(seen: dict[str, Any]) -> None:
    assert seen["protected"] == ["service.k8s.aws/resources"]


def test_a_controller_without_rights_takes_no_finalizer_off(seen: dict[str, Any]) -> None:
    assert seen["powerless"] == (["service.k8s.aws/resources"], {})


def test_ingresses_of_a_group_share_a_balancer_until_the_last_one_leaves(seen: dict[str, Any]) -> None:
    first, second = seen["group"]
    assert first["LoadBalancerArn"] == second["LoadBalancerArn"]
    assert first["Type"] == "application"
    assert seen["rules"] == [("a.example.com", "/*"), ("b.example.com", "/*")]
    assert seen["one left"] == (1, [("b.example.com", "/*")])
    assert seen["none left"] == 0


def _experiments(inside: Inside) -> dict[str, Any]:
    lab = Lab(inside, {"told": {}})
    lab.web()
    for experiment in (_plain, _tls, _refused, _held, _groups, _places):
        experiment(lab)
    return lab.seen


def _plain(lab: Lab) -> None:
    service = lab.service("plain")
    found = lab.balancer_of(service)
    lab.seen |= {
        "class given": at(service, "spec", "loadBalancerClass"),
        "balancer": found,
        "held": finalizers_of(service),
    }
    described = lab.elb.describe_tags(ResourceArns=[found["LoadBalancerArn"]])["TagDescriptions"][0]["Tags"]
    lab.seen["tags"] = {one["Key"]: one["Value"] for one in described}
    (group,) = lab.elb.describe_target_groups()["TargetGroups"]
    lab.seen["targets"] = lab.elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])[
        "TargetHealthDescriptions"
    ]
    shared = next(one for name, one in lab.groups().items() if name.startswith("k8s-traffic-demo-"))["GroupId"]
    lab.seen["node rules"] = [
        rule
        for one in lab.groups().values()
        for rule in one["IpPermissions"]
        if any(pair["GroupId"] == shared for pair in rule["UserIdGroupPairs"])
    ]
    left = lab.delete("v1", "Service", "plain")
    target_groups = lab.elb.describe_target_groups()["TargetGroups"]
    lab.seen["after"] = (
        left,
        lab.balancers(),
        target_groups,
        [name for name in lab.groups() if name.startswith("k8s-")],
    )


def _tls(lab: Lab) -> None:
    acm = lab.inside.client("acm")
    asked = {"DomainName": "web.example.com", "ValidationMethod": "DNS"}
    arn = acm.request_certificate(**asked)["CertificateArn"]
    marks = {
        "scheme": "internet-facing",
        "ssl-cert": arn,
        "ssl-ports": "443",
        "ssl-negotiation-policy": POLICY,
        "healthcheck-protocol": "http",
        "healthcheck-port": "15021",
        "healthcheck-path": "/healthz/ready",
    }
    lab.seen["told"]["pending"] = lab.told(lab.service("secure", 80, 443, marks=marks))
    arn = marks["ssl-cert"] = imported(acm, "web.example.com")
    lab.service("secure", 80, 443, marks=marks)
    service = lab.find("v1", "Service", "secure")
    groups = lab.elb.describe_target_groups()["TargetGroups"]
    lab.seen |= {
        "certificate": arn,
        "tls": lab.listeners_of(service),
        "tls balancer": lab.balancer_of(service),
        "tls health": {(one["HealthCheckProtocol"], one["HealthCheckPort"], one["HealthCheckPath"]) for one in groups},
    }
    lab.seen["told"]["unused"] = lab.told(lab.service("unused", marks={**marks, "ssl-ports": "8443"}))
    for name in ("secure", "unused"):
        assert lab.delete("v1", "Service", name) == {}


def _refused(lab: Lab) -> None:
    cases: dict[str, dict[str, Any]] = {
        "strange": {"marks": {"scheme": "public"}},
        "instances": {
            "marks": {"type": "external", "nlb-target-type": "instance"},
            "type": "ClusterIP",
        },
    }
    for name, asked in cases.items():
        lab.seen["told"][name] = lab.told(lab.service(name, **asked))
        lab.delete("v1", "Service", name)


def _held(lab: Lab) -> None:
    protects = {"attributes": "deletion_protection.enabled=true"}
    lab.service("protected", marks=protects)
    left = lab.delete("v1", "Service", "protected")
    lab.seen |= {"protected": finalizers_of(left)}
    lab.seen["told"]["protected"] = lab.told(left)
    lab.service("protected", marks={"attributes": "deletion_protection.enabled=false"})
    for one in lab.balancers():
        attribute = {"Key": "deletion_protection.enabled", "Value": "false"}
        lab.elb.modify_load_balancer_attributes(LoadBalancerArn=one["LoadBalancerArn"], Attributes=[attribute])
    lab.inside.cluster.look_outside()
    lab.service("powerless")
    left = lab.without_rights(lambda: lab.delete("v1", "Service", "powerless"))
    lab.seen["told"]["powerless"] = lab.told(left)
    lab.inside.cluster.look_outside()
    lab.seen["powerless"] = (finalizers_of(left), lab.find("v1", "Service", "powerless"))


def _groups(lab: Lab) -> None:
    lab.service("web", type="ClusterIP")
    for host in "ab":
        _ingress(lab, host, "shared")
    api = "networking.k8s.io/v1"
    lab.seen["group"] = [lab.balancer_of(lab.find(api, "Ingress", host)) for host in "ab"]
    lab.seen["rules"] = _rules(lab)
    lab.delete(api, "Ingress", "a")
    lab.seen["one left"] = (len(lab.balancers()), _rules(lab))
    lab.delete(api, "Ingress", "b")
    lab.seen["none left"] = len(lab.balancers())


def _places(lab: Lab) -> None:
    subnets = lab.ec2.describe_subnets()["Subnets"]
    private = sorted(one["SubnetId"] for one in subnets if one["CidrBlock"] in ("10.0.0.0/24", "10.0.1.0/24"))
    role = {"Key": "kubernetes.io/role/internal-elb", "Value": "1"}
    lab.ec2.create_tags(Resources=private[:1], Tags=[role])
    _ingress(lab, "one-zone", "alone")
    lab.seen["told"]["one zone"] = lab.told(lab.find("networking.k8s.io/v1", "Ingress", "one-zone"))
    lab.delete("networking.k8s.io/v1", "Ingress", "one-zone")
    vpc = next(one["VpcId"] for one in subnets if one["SubnetId"] in private)
    small = lab.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.200.0/28")["Subnet"]["SubnetId"]
    for _ in range(4):
        lab.ec2.create_network_interface(SubnetId=small)
    lab.ec2.create_tags(Resources=[small], Tags=[role])
    lab.ec2.create_tags(Resources=private[:1], Tags=[{"Key": "kubernetes.io/cluster/other", "Value": "owned"}])
    lab.seen["told"]["full"] = lab.told(lab.service("full"))


def _ingress(lab: Lab, name: str, group: str) -> None:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    rules = [{"host": f"{name}.example.com", "http": {"paths": [path]}}]
    marks = {"alb.ingress.kubernetes.io/group.name": group}
    lab.apply("networking.k8s.io/v1", "Ingress", name, {"ingressClassName": "alb", "rules": rules}, **marks)


def _rules(lab: Lab) -> list[tuple[str, str]]:
    (balancer,) = lab.balancers()
    (listener,) = lab.elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    rules = lab.elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    held = [one["Conditions"] for one in rules if not one["IsDefault"]]
    return [(host["HostHeaderConfig"]["Values"][0], path["PathPatternConfig"]["Values"][0]) for host, path in held]

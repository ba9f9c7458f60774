"""Who gets through from outside, and what those say who do not: names, balancers, TLS and targets, one mistake each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lb_lab import PREFIX, Lab, imported
from pokayoke_rehearsal.doubles.kubernetes.istio.definitions import definitions
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at
from pokayoke_rehearsal.engine import Act
from pokayoke_rehearsal.operating.reach import lines, unreached
from rehearsed import Inside, Stage

PROGRAM = """
import raw, raw_lb
cluster = raw.Cluster(raw.Network())
raw_lb.Controller(cluster, values={"defaultTargetType": "ip", "enableServiceMutatorWebhook": False})
"""
PUBLIC = {"scheme": "internet-facing"}
CLASS = "service.k8s.aws/nlb"
HOSTNAME = "external-dns.kubernetes.io/hostname"
GONE = "k8s-default-gone-0123456789-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"
Seen = dict[str, Any]


@pytest.fixture(scope="module")
def seen(stage: Stage) -> Seen:
    played = stage.play(PROGRAM, [Act.UP], look=_experiments)
    assert played.last.ok, played.told
    return played.seen[0]


@pytest.mark.parametrize("host", ["web", "meant", "elsewhere", "fronted"])
def test_who_is_served_as_asked_is_told_nothing(seen: Seen, host: str) -> None:
    """Also who says outright that nobody comes from outside, or has its zone or what stands before it elsewhere."""
    assert seen["told"][host] == []


def test_a_way_is_told_from_its_record_to_its_targets(seen: Seen) -> None:
    (line,) = [one for one in seen["lines"] if one.startswith("https://web.example.com")]
    assert line.startswith("https://web.example.com: record web.example.com CNAME -> NLB k8s-default-web-")
    assert line.endswith(f" (internet-facing) -> TLS with certificate {seen['certificate']} -> {seen['pods']}")


@pytest.mark.parametrize(
    ("host", "said", "why"),
    [
        pytest.param("half", "wrong version number", "port 443 of NLB", id="TLS-asked-without-a-certificate"),
        pytest.param("plain", "wrong version number", "speaks plain HTTP", id="TLS-nowhere"),
        pytest.param("other", "no alternative certificate subject name matches", "are for web.example.com", id="name"),
        pytest.param("twice", "curl: (52) Empty reply from server", "has decrypted", id="pods-expect-TLS"),
        pytest.param("every", "curl: (52) Empty reply from server", "port 80 of NLB", id="TLS-on-every-port"),
        pytest.param("inner", "Port 80: Connection timed out", "private addresses only", id="internal"),
    ],
)
def test_https_that_is_set_up_by_halves_fails_at_the_client(seen: Seen, host: str, said: str, why: str) -> None:
    """`nlb-tls-termination`"""
    (told,) = seen["told"][host]
    assert said in told
    assert why in told


def test_a_record_to_a_balancer_that_is_gone_times_out(seen: Seen) -> None:
    """`stale-dns-record`: whether or not anything in a cluster states the name."""
    for host in ("gone", "moved"):
        (told,) = seen["told"][host]
        assert f"example.com: Port {443 if host == 'gone' else 80}: Connection timed out: record {host}." in told
        assert f"leads to {GONE}, a load balancer that is gone" in told


def test_a_record_to_the_balancer_of_another_object_is_told(seen: Seen) -> None:
    """`stale-dns-record`"""
    (told,) = seen["told"]["past"]
    assert "somebody else answers: record past.example.com CNAME" in told
    assert "which was made for default/web, and Service default/past is at k8s-default-past-" in told


def test_a_stated_host_without_a_record_is_not_resolved(seen: Seen) -> None:
    (told,) = seen["told"]["named"]
    assert "curl: (6) Could not resolve host: named.example.com" in told


@pytest.mark.parametrize(
    ("stage_of", "why"),
    [
        ("nodes closed", "no security group of its node"),
        ("balancer closed", "no security group of NLB"),
        ("listener gone", "has no listener at port 80"),
    ],
)
def test_where_nobody_is_let_in_a_client_waits_in_vain(seen: Seen, stage_of: str, why: str) -> None:
    """`lbc-iam-incomplete`: what a controller leaves that may not change security groups or listeners."""
    (told,) = [one for one in seen[stage_of]["web"] if one.startswith("http://")]
    assert "Port 80: Connection timed out" in told
    assert why in told


def test_a_balancer_without_targets_serves_nobody(seen: Seen) -> None:
    (told,) = seen["told"]["nobody"]
    assert "has no registered targets at port 80" in told


def test_what_eks_makes_by_itself_checks_no_pod(seen: Seen) -> None:
    """`in-tree-load-balancer`"""
    working, idle = seen["classic"], seen["idle"]
    assert len(working) == 1
    assert "In-service, Health status description: Not applicable" in working[0]
    assert "its health check is TCP:3" in working[0]
    assert any("OutOfService: Instance has failed at least the UnhealthyThreshold" in one for one in idle)
    assert any("Port 80: Connection timed out" in one for one in idle)


def test_an_ingress_answers_by_host(seen: Seen) -> None:
    assert seen["told"]["shop"] == []
    assert seen["told"]["lost"] == [
        "http://lost.example.com: HTTP 503: ALB k8s-default-lost-"
        + seen["lost"]
        + " (internal) answers by itself, since "
        "no target group of it is for this"
    ]


def test_a_mesh_gateway_whose_proxy_nobody_injects_has_no_pod(seen: Seen) -> None:
    """`istio-gateway-chart-in-ambient`"""
    (told,) = [one for one in seen["all"] if "default/ingress" in one and one.startswith("Istio")]
    assert told.startswith("Istio Ingress Gateway Deployment: 0/1 replicas: default/ingress: ")


def test_pods_of_a_mesh_answer_a_balancer_only_where_the_nearest_rule_takes_plain_text(seen: Seen) -> None:
    told = "curl: (52) Empty reply from server: NLB k8s-default-web-"
    for stage in ("mesh strict", "pods strict"):
        (line,) = [one for one in seen[stage]["web"] if one.startswith("https://")]
        assert told in line
        assert " goes past the mesh: pod default/web-" in line
    assert "PeerAuthentication istio-system/default is STRICT" in "".join(seen["mesh strict"]["web"])
    assert "PeerAuthentication default/web is STRICT" in "".join(seen["pods strict"]["web"])
    for stage in ("mesh permissive", "namespace permissive", "port permissive", "not in the mesh"):
        assert seen[stage]["web"] == []


def test_an_alb_says_of_pods_that_hang_up_that_the_gateway_is_bad(seen: Seen) -> None:
    (told,) = seen["mesh strict"]["shop"]
    assert "HTTP 502: Bad gateway: ALB k8s-default-shop-" in told


def _experiments(inside: Inside) -> Seen:
    lab = Lab(inside)
    lab.web()
    _Zone(lab)
    return lab.seen


class _Zone:
    """A zone with a name for each of the Services, which ask for balancers as somebody would by mistake."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._client = lab.inside.client("route53")
        self._zone = self._client.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
        self._services()
        self._others()
        told = unreached(lab.inside.world, lab.inside.stores)
        shown = lines(lab.inside.world, lab.inside.stores)
        hosts = [
            "web",
            "meant",
            "half",
            "plain",
            "other",
            "twice",
            "every",
            "inner",
            "gone",
            "moved",
            "past",
            "named",
            "fronted",
        ]
        lab.seen |= {"all": told, "lines": shown}
        lab.seen["told"] = {
            host: [one for one in told if f"//{host}.example." in one] for host in (*hosts, "nobody", "shop", "lost")
        } | {"elsewhere": [one for one in told if "elsewhere" in one]}
        for name in ("classic", "idle"):
            host = self._host(lab.find("v1", "Service", name))
            lab.seen[name] = [one for one in told if f"default/{name}:" in one or host in one]
        self._meshed()
        self._closed()

    def _services(self) -> None:
        lab = self._lab
        acm = lab.inside.client("acm")
        web, every = imported(acm, "web.example.com"), imported(acm, "*.example.com")
        tls = {**PUBLIC, "ssl-ports": "443"}
        behind = {"port": 443, "targetPort": 8443, "appProtocol": "https"}
        asked: dict[str, tuple[tuple[int, ...], Mapping[str, str], Mapping[str, Any]]] = {
            "web": ((80, 443), {**tls, "ssl-cert": web}, {}),
            "half": ((443,), tls, {"ports": [{"name": "p443", "port": 443, "targetPort": 3000}]}),
            "plain": ((80, 443), PUBLIC, {}),
            "other": ((443,), {"internal": "false", "ssl-cert": web}, {}),
            "twice": ((443,), {**tls, "ssl-cert": every}, {"ports": [behind]}),
            "every": ((80, 443), {**PUBLIC, "ssl-cert": every}, {}),
            "inner": ((80,), {}, {}),
            "meant": ((80,), {"scheme": "internal"}, {}),
            "nobody": ((80,), PUBLIC, {"selector": {"app": "nobody"}}),
        }
        for name, (ports, marks, spec) in asked.items():
            service = lab.service(name, *ports, marks=marks, loadBalancerClass=CLASS, **spec)
            self._record(f"{name}.example.com", self._host(service))
            if name == "web":
                lab.seen |= {"certificate": web, "pods": _targets(lab, service)}
        lab.service("classic", 80)
        lab.service("idle", 80, selector={"app": "nobody"})

    def _others(self) -> None:
        lab = self._lab
        web = self._host(lab.find("v1", "Service", "web"))
        for host, target in (("gone", GONE), ("moved", GONE), ("past", web), ("fronted", "d1234.cloudfront.net")):
            self._record(f"{host}.example.com", target)
        for name, host in (
            ("moved", "moved.example.com"),
            ("past", "past.example.com"),
            ("named", "named.example.com"),
        ):
            self._named(name, host)
        self._named("elsewhere", "elsewhere.example.org")
        backend = {"service": {"name": "web", "port": {"number": 80}}}
        for host, path in (("shop", backend), ("lost", {"service": {"name": "absent", "port": {"number": 80}}})):
            rules = [{"host": f"{host}.example.com", "http": {"paths": [{**_ANY, "backend": path}]}}]
            spec = {"ingressClassName": "alb", "rules": rules}
            lab.apply("networking.k8s.io/v1", "Ingress", host, spec, **{"alb.ingress.kubernetes.io/scheme": "internal"})
        lost = self._host(lab.find("networking.k8s.io/v1", "Ingress", "lost"))
        lab.seen["lost"] = lost.removeprefix("internal-").split("-")[3]
        labels = {"app": "ingress"}
        pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "istio-proxy", "image": "auto"}]}}
        lab.apply(
            "apps/v1", "Deployment", "ingress", {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod}
        )
        lab.service("ingress", 80, marks={"scheme": "internal"}, loadBalancerClass=CLASS, selector=labels)

    def _meshed(self) -> None:
        """The web Service's pods in a mesh, under one rule after the other, the last ones nearer."""
        lab = self._lab
        for definition in definitions():
            lab.inside.cluster.apply(definition, "user", force=True)
        home = {"apiVersion": "v1", "kind": "Namespace"}
        lab.inside.cluster.apply({**home, "metadata": {"name": "istio-system"}}, "user", force=True)
        for mode in ("ambient", "none", "ambient"):
            labels = {"istio.io/dataplane-mode": mode}
            lab.inside.cluster.apply({**home, "metadata": {"name": "default", "labels": labels}}, "user", force=True)
            if mode == "none":
                self._rule("istio-system", "default", "STRICT")
                self._look("not in the mesh")
        self._look("mesh strict")
        self._rule("istio-system", "default", "PERMISSIVE")
        self._look("mesh permissive")
        self._rule("istio-system", "default", "STRICT")
        self._rule("default", "default", "PERMISSIVE")
        self._look("namespace permissive")
        selector = {"selector": {"matchLabels": {"app": "web"}}}
        self._rule("default", "other", "STRICT", selector={"matchLabels": {"app": "other"}})
        self._rule("default", "web", "STRICT", **selector)
        self._look("pods strict")
        self._rule("default", "web", "STRICT", **selector, portLevelMtls={"8080": {"mode": "PERMISSIVE"}})
        self._look("port permissive")

    def _rule(self, namespace: str, name: str, mode: str, **spec: Any) -> None:
        said = {"mtls": {"mode": mode}, **spec}
        self._lab.apply("security.istio.io/v1", "PeerAuthentication", name, said, namespace)

    def _closed(self) -> None:
        """What of the web Service's balancer is there when its controller may not make all of it."""
        lab = self._lab
        groups = lab.groups()
        nodes = next(one for name, one in groups.items() if name.startswith("eks-cluster-sg-"))
        shared = next(one["GroupId"] for name, one in groups.items() if name.startswith("k8s-traffic-"))
        rules = [
            {**rule, "UserIdGroupPairs": pairs}
            for rule in nodes["IpPermissions"]
            if (pairs := [_pair(one) for one in rule["UserIdGroupPairs"] if one["GroupId"] == shared])
        ]
        lab.ec2.revoke_security_group_ingress(GroupId=nodes["GroupId"], IpPermissions=rules)
        self._look("nodes closed")
        lab.ec2.authorize_security_group_ingress(GroupId=nodes["GroupId"], IpPermissions=rules)
        service = lab.find("v1", "Service", "web")
        balancer = lab.balancer_of(service)
        own = next(
            one for one in groups.values() if one["GroupId"] in balancer["SecurityGroups"] and one["IpPermissions"]
        )
        lab.ec2.revoke_security_group_ingress(GroupId=own["GroupId"], IpPermissions=own["IpPermissions"])
        self._look("balancer closed")
        for listener in lab.listeners_of(service):
            if listener["Port"] == 80:
                lab.elb.delete_listener(ListenerArn=listener["ListenerArn"])
        self._look("listener gone")

    def _look(self, name: str) -> None:
        told = unreached(self._lab.inside.world, self._lab.inside.stores)
        self._lab.seen[name] = {
            host: [one for one in told if f"//{host}.example.com" in one] for host in ("web", "shop")
        }

    def _named(self, name: str, host: str) -> None:
        ports = [{"name": "http", "port": 80, "targetPort": 8080}]
        spec = {"type": "LoadBalancer", "loadBalancerClass": CLASS, "selector": {"app": "web"}, "ports": ports}
        self._lab.apply("v1", "Service", name, spec, **{HOSTNAME: host, f"{PREFIX}scheme": "internet-facing"})

    def _record(self, name: str, target: str) -> None:
        record = {"Name": name, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": target}]}
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        self._client.change_resource_record_sets(HostedZoneId=self._zone, ChangeBatch=batch)

    @staticmethod
    def _host(obj: Object) -> str:
        return str(at(obj, "status", "loadBalancer", "ingress", 0, "hostname"))


_ANY = {"path": "/", "pathType": "Prefix"}


def _pair(held: Mapping[str, str]) -> dict[str, str]:
    return {key: held[key] for key in ("GroupId", "Description")}


def _targets(lab: Lab, service: Object) -> str:
    """How many targets the listener of its port 443 has, in words: two pods may get the same address."""
    listener = next(one for one in lab.listeners_of(service) if one["Port"] == 443)
    group = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"][0]["TargetGroupArn"]
    count = len(lab.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"])
    return f"{count} healthy target{'s' if count != 1 else ''}"

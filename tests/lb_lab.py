"""A cluster in which the load balancer controller runs, and a hand that asks it for balancers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pokayoke_rehearsal.doubles.kubernetes.events import about
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, at, labels_of, name_of
from rehearsed import Inside

PROGRAM = """
import raw, raw_lb
cluster = raw.Cluster(raw.Network())
raw_lb.Controller(cluster, values={"defaultTargetType": "ip"})
"""
NAME = "aws-load-balancer-controller"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
GATEWAYS, OWN = "gateway.networking.k8s.io/v1", "gateway.k8s.aws/v1"


@dataclass
class Lab:
    """Applies and deletes objects as a user, and tells what came of them."""

    inside: Inside
    seen: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def elb(self) -> Any:
        return self.inside.client("elbv2")

    @property
    def ec2(self) -> Any:
        return self.inside.client("ec2")

    def apply(
        self,
        api: str,
        kind: str,
        name: str,
        spec: Mapping[str, Any] | None = None,
        namespace: str = "default",
        **marks: str,
    ) -> Object:
        meta: Object = {"name": name, "annotations": marks}
        if namespace:
            meta["namespace"] = namespace
        manifest: Object = {"apiVersion": api, "kind": kind, "metadata": meta}
        if spec is not None:
            manifest["spec"] = dict(spec)
        return self.inside.cluster.apply(manifest, "user", force=True)

    def service(self, name: str, *ports: int, marks: Mapping[str, str] | None = None, **spec: Any) -> Object:
        listed = [{"name": f"p{port}", "port": port, "targetPort": 8080} for port in ports or (80,)]
        said = {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": listed, **spec}
        stated = {f"{PREFIX}{key}": value for key, value in (marks or {}).items()}
        self.apply("v1", "Service", name, said, **stated)
        return self.find("v1", "Service", name)

    def find(self, api: str, kind: str, name: str, namespace: str = "default") -> Object:
        group, _, version = api.rpartition("/")
        return self.inside.cluster.find(Kind(group, version, kind), name, namespace) or {}

    def delete(self, api: str, kind: str, name: str, namespace: str = "default") -> Object:
        """What is left of it."""
        group, _, version = api.rpartition("/")
        self.inside.cluster.delete(Kind(group, version, kind), name, namespace, propagation="Background")
        return self.find(api, kind, name, namespace)

    def told(self, obj: Object) -> str:
        return "; ".join(one["message"] for one in about(self.inside.cluster, obj))

    def balancers(self) -> list[Any]:
        return self.elb.describe_load_balancers()["LoadBalancers"]

    def balancer_of(self, obj: Object) -> Any:
        """The balancer at the address that an object's status shows."""
        ingress = at(obj, "status", "loadBalancer", "ingress", 0, "hostname")
        host = ingress or at(obj, "status", "addresses", 0, "value")
        return next((one for one in self.balancers() if one["DNSName"] == host), None)

    def listeners_of(self, obj: Object) -> list[Any]:
        arn = self.balancer_of(obj)["LoadBalancerArn"]
        return self.elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]

    def groups(self) -> dict[str, Any]:
        found = self.ec2.describe_security_groups()["SecurityGroups"]
        return {one["GroupName"]: one for one in found if one["GroupName"] != "default"}

    def web(self) -> None:
        """Two pods behind the label `app: web`."""
        labels = {"app": "web"}
        container = {"name": "web", "image": "registry.example.com/web:1.0.0", "ports": [{"containerPort": 8080}]}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
        self.apply(
            "apps/v1", "Deployment", "web", {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
        )

    def pods(self) -> list[Object]:
        """The controller's."""
        found = self.inside.objects("Pod")
        return [one for one in found if labels_of(one).get("app.kubernetes.io/instance") == NAME]

    def restart(self) -> None:
        """The controller starts again."""
        for pod in self.pods():
            self.inside.cluster.delete(Kind("", "v1", "Pod"), name_of(pod), "kube-system")

    def without_rights(self, do: Callable[[], Any]) -> Any:
        """What happens while the controller's role may do nothing."""
        iam = self.inside.client("iam")
        name = iam.list_role_policies(RoleName="lbc")["PolicyNames"][0]
        kept = iam.get_role_policy(RoleName="lbc", PolicyName=name)["PolicyDocument"]
        iam.delete_role_policy(RoleName="lbc", PolicyName=name)
        try:
            return do()
        finally:
            iam.put_role_policy(RoleName="lbc", PolicyName=name, PolicyDocument=json.dumps(kept))


def imported(acm: Any, host: str) -> str:
    """The ARN of a certificate for a host that somebody else issued."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, today = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, today, today + timedelta(days=90))
    made = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return acm.import_certificate(Certificate=made, PrivateKey=private)["CertificateArn"]

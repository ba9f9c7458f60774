"""A provider instance of the double that is asked as the engine asks it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from pokayoke_rehearsal.doubles.base import INSTANCE, Call, Difference, Inputs, Secret
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind
from pokayoke_rehearsal.world.model import Node

REGION, NAME, ENDPOINT = "ap-northeast-2", "demo", "https://demo.gr7.ap-northeast-2.eks.amazonaws.com"

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
SERVICE = "kubernetes:core/v1:Service"
SECRET = "kubernetes:core/v1:Secret"
NAMESPACE = "kubernetes:core/v1:Namespace"
DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
RELEASE = "kubernetes:helm.sh/v3:Release"
WIDGET = "kubernetes:example.com/v1:Widget"
CONFIG_MAP_KIND = Kind("", "v1", "ConfigMap")
WIDGET_KIND = Kind("example.com", "v1", "Widget")


@dataclass
class Resource:
    """What the engine keeps of a resource between two runs."""

    token: str
    name: str
    inputs: Inputs
    resource_id: str = ""
    outputs: Inputs = field(default_factory=dict)

    def call(self, *, preview: bool = False, seed: bytes = b"seed") -> Call:
        return Call(f"urn:pulumi:dev::test::{self.token}::{self.name}", self.resource_id, preview=preview, seed=seed)


class Provider:
    """Runs check, diff, create, update and delete of one provider instance in the engine's order."""

    def __init__(self, double: KubernetesDouble, **config: Any) -> None:
        self.double = double
        self.config = {"kubeconfig": kubeconfig(), **config}

    def check(self, token: str, name: str, inputs: Inputs, olds: Inputs | None = None, seed: bytes = b"seed") -> Inputs:
        asked = Resource(token, name, inputs).call(seed=seed)
        return plain(self.run(lambda: self.double.check_resource(asked, olds, inputs)))

    def create(self, token: str, name: str, inputs: Inputs) -> Resource:
        made = Resource(token, name, self.check(token, name, inputs))
        created = self.run(lambda: self.double.create_resource(made.call(), made.inputs))
        made.resource_id, made.outputs = created.resource_id, plain(created.outputs)
        return made

    def preview(self, token: str, name: str, inputs: Inputs) -> Inputs:
        asked = Resource(token, name, self.check(token, name, inputs))
        return self.run(lambda: self.double.create_resource(asked.call(preview=True), asked.inputs)).outputs

    def diff(self, resource: Resource, inputs: Inputs) -> Difference:
        news = self.check(resource.token, resource.name, inputs, resource.inputs)
        asked = resource.call()
        return self.run(lambda: self.double.diff_resource(asked, resource.inputs, resource.outputs, news))

    def update(self, resource: Resource, inputs: Inputs, *, preview: bool = False) -> Inputs:
        news = self.check(resource.token, resource.name, inputs, resource.inputs)
        asked = resource.call(preview=preview)
        outputs = plain(self.run(lambda: self.double.update_resource(asked, resource.inputs, resource.outputs, news)))
        if not preview:
            resource.inputs, resource.outputs = news, outputs
        return outputs

    def read(self, resource: Resource) -> tuple[Inputs, Inputs] | None:
        return self.run(lambda: self.double.read_resource(resource.call(), resource.inputs, resource.outputs))

    def delete(self, resource: Resource) -> None:
        self.run(lambda: self.double.delete_resource(resource.call(), resource.inputs, resource.outputs))

    def run(self, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        async def asked() -> Any:
            INSTANCE.set(await self.double.configure_instance(self.config))
            return await ask()

        return asyncio.run(asked())


def kubeconfig(server: str = ENDPOINT, *, role: str = "", namespace: str = "") -> str:
    """A kubeconfig as EKS' own tools write it."""
    arguments = ["eks", "get-token", "--cluster-name", NAME, *(["--role-arn", role] if role else [])]
    context = {"cluster": "it", "user": "it", **({"namespace": namespace} if namespace else {})}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "it",
            "clusters": [{"name": "it", "cluster": {"server": server}}],
            "contexts": [{"name": "it", "context": context}],
            "users": [{"name": "it", "user": {"exec": {"command": "aws", "args": arguments}}}],
        }
    )


def node(name: str = "ip-10-0-0-1", **more: Any) -> Node:
    """A machine of the system group."""
    return Node(name, "i-0123456789abcdef0", "t4g.medium", f"{REGION}a", "10.0.0.1", "system", **more)


def deployment(name: str = "web", *, labels: dict[str, str] | None = None, **pod: Any) -> Inputs:
    """A Deployment of one replica whose pods are labelled `app: NAME`."""
    selected = {"app": name}
    template = {"metadata": {"labels": labels or selected}, "spec": {"containers": [container()], **pod}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"replicas": 1, "selector": {"matchLabels": selected}, "template": template},
    }


def container(name: str = "main", **more: Any) -> dict[str, Any]:
    return {"name": name, "image": "registry.example.com/main:1.0.0", **more}


def unnamed(data: dict[str, str] | None = None) -> Inputs:
    """A ConfigMap that leaves its name to the provider."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}, "data": data or {"colour": "blue"}}


def config_map(name: str = "settings", data: dict[str, str] | None = None, **meta: Any) -> Inputs:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, **meta},
        "data": data if data is not None else {"colour": "blue"},
    }


def definition(kind: str = "Widget", *, scope: str = "Cluster", **spec: Any) -> Inputs:
    """A CustomResourceDefinition of `example.com/v1` whose spec needs a size."""
    plural = f"{kind.lower()}s"
    schema = {
        "type": "object",
        "required": ["spec"],
        "properties": {
            "spec": {
                "type": "object",
                "required": ["size"],
                "properties": {
                    "size": {"type": "integer", "minimum": 1, "maximum": 9},
                    "colour": {"type": "string", "enum": ["red", "blue"]},
                    "after": {"type": "string", "pattern": "^[0-9]+s$"},
                    "parts": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
                    "grade": {"type": "string", "default": "plain"},
                    **spec,
                },
            },
            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        },
    }
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.example.com"},
        "spec": {
            "group": "example.com",
            "scope": scope,
            "names": {"kind": kind, "plural": plural},
            "versions": [{**version, "subresources": {"status": {}}}],
        },
    }


def widget(name: str = "w", spec: dict[str, Any] | None = None, **meta: Any) -> Inputs:
    return {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": name, **meta},
        "spec": {"size": 3} if spec is None else spec,
    }


def plain(value: Any) -> Any:
    """Values as the wire hands them back: secrets unwrapped."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value

"""GatewayClass, gateway.networking.k8s.io/v1. Source: Gateway API v1.6.1, standard channel."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ..cel import Transition
from ..constraints import Pattern
from ..part import Part
from ..resource import Resource
from .initial_status import waiting_for_controller
from .names import SUBDOMAIN, Group, KindName, NamespaceName, ObjectName


class ParametersReference(Part):
    """An object that says more of the class; of a namespaced kind it needs the namespace."""

    group: Group
    kind: KindName
    name: ObjectName
    namespace: NamespaceName | None = None


class GatewayClassSpec(Part):
    """Which controller serves the Gateways of this class: `gateway.k8s.aws/nlb`, ..."""

    controller_name: Annotated[
        str,
        Field(min_length=1, max_length=253),
        Pattern(rf"^{SUBDOMAIN}\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$"),
    ]
    description: Annotated[str, Field(max_length=64)] | None = None
    parameters_ref: ParametersReference | None = None


class GatewayClass(Resource):
    """A kind of Gateway that some controller serves. Cluster-scoped."""

    plural = "gatewayclasses"
    transitions = (Transition("spec.controllerName", "Value is immutable", lambda old, new: new == old),)

    api_version: Literal["gateway.networking.k8s.io/v1"] = "gateway.networking.k8s.io/v1"
    kind: Literal["GatewayClass"] = "GatewayClass"
    spec: GatewayClassSpec
    status: dict[str, Any] | None = waiting_for_controller("Accepted")

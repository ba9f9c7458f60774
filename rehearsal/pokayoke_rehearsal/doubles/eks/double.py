"""The `eks` double: it registers the children that the provider of pulumi-eks 4.4.0 registers, and no others."""

# ruff: noqa: ARG002 - a resource that is but a name needs little of what it is asked with
from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import pulumi
from pulumi.runtime import proto

from pokayoke_rehearsal.doubles.base import (
    UNKNOWN,
    Call,
    Created,
    Difference,
    Double,
    Inputs,
    ProviderError,
    difference,
)
from pokayoke_rehearsal.doubles.eks import construct, kubeconfig
from pokayoke_rehearsal.doubles.eks.addons import Addon
from pokayoke_rehearsal.doubles.eks.arguments import check_names
from pokayoke_rehearsal.doubles.eks.cluster import Cluster
from pokayoke_rehearsal.doubles.eks.managed_node_group import ManagedNodeGroup
from pokayoke_rehearsal.doubles.eks.node_group import NodeGroup
from pokayoke_rehearsal.doubles.eks.node_group_v2 import NodeGroupV2
from pokayoke_rehearsal.doubles.eks.references import arguments
from pokayoke_rehearsal.doubles.eks.security_group import NodeGroupSecurityGroup
from pokayoke_rehearsal.doubles.eks.vpc_cni import VpcCniAddon

_T = TypeVar("_T")

_COMPONENTS: Mapping[str, Callable[..., Any]] = {
    "eks:index:Addon": Addon,
    "eks:index:Cluster": Cluster,
    "eks:index:ManagedNodeGroup": ManagedNodeGroup,
    "eks:index:NodeGroup": NodeGroup,
    "eks:index:NodeGroupSecurityGroup": NodeGroupSecurityGroup,
    "eks:index:NodeGroupV2": NodeGroupV2,
    "eks:index:VpcCniAddon": VpcCniAddon,
}
_SUFFIX = "eks:index:RandomSuffix"
_KUBECONFIG = "eks:index:Cluster/getKubeconfig"


class EksDouble(Double):
    """The components of pulumi-eks. It keeps nothing: what they make, the doubles of aws and kubernetes keep."""

    package = "eks"
    distribution = "pulumi-eks"
    takes_references = True

    def __init__(self, world: object = None) -> None:
        """`world` is what the world gives to every double; this one needs nothing of it."""

    def knows_type(self, token: str) -> bool:
        return token in _COMPONENTS or token == _SUFFIX

    def knows_function(self, token: str) -> bool:
        return token == _KUBECONFIG

    async def construct_component(self, request: proto.ConstructRequest) -> proto.ConstructResponse:
        """Registers one component with all its children, against the monitor that the request names."""
        build = _COMPONENTS[request.type]

        async def work() -> proto.ConstructResponse:
            args = arguments(request.inputs, {key: item.urns for key, item in request.inputDependencies.items()})
            check_names(request.type, args)
            component = build(request.name, args, construct.options(request))
            return await construct.response(component, component.state())

        return await _told(construct.isolated(request, work))

    async def call_method(self, request: proto.CallRequest) -> proto.CallResponse:
        """Answers `Cluster.getKubeconfig`."""
        if request.tok != _KUBECONFIG:
            raise ProviderError(f"the eks double does not know the function {request.tok}")

        async def work() -> proto.CallResponse:
            args = arguments(request.args, {key: item.urns for key, item in request.argDependencies.items()})
            return await construct.call_response({"result": kubeconfig.method(args["__self__"], args)})

        return await _told(construct.isolated(request, work))

    # `RandomSuffix`, the one resource of the package that is no component: a name with eight random digits.

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        return news

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        return difference(old_inputs, news)

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        if call.preview:
            return Created(UNKNOWN, {"output": UNKNOWN})
        return Created(call.name, _suffixed(inputs))

    async def read_resource(self, call: Call, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        return inputs, state

    async def update_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Inputs:
        return {"output": UNKNOWN} if call.preview else _suffixed(news)

    async def delete_resource(self, call: Call, old_inputs: Inputs, olds: Inputs) -> None:
        return None


async def _told(answer: Awaitable[_T]) -> _T:
    """The answer; a refusal, of the component or of the engine for one of its children, as an error for the user."""
    try:
        return await answer
    except pulumi.RunError as refused:
        raise ProviderError(str(refused)) from refused
    except Exception as error:
        # The SDK raises what the engine said as a bare `Exception`; any subclass is a fault of this double.
        if type(error) is Exception:
            raise ProviderError(str(error)) from error
        raise


def _suffixed(inputs: Inputs) -> Inputs:
    return {"output": f"{inputs['input']}-{secrets.token_hex(4)}"}

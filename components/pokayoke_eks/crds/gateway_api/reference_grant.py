"""ReferenceGrant, gateway.networking.k8s.io/v1. Source: Gateway API v1.6.1, standard channel."""

from typing import Annotated, Literal

from pydantic import Field

from ..part import Part
from ..resource import Resource
from .names import Group, KindName, NamespaceName, ObjectName


class ReferenceGrantFrom(Part):
    """Who may refer: objects of a kind in another namespace."""

    group: Group
    kind: KindName
    namespace: NamespaceName


class ReferenceGrantTo(Part):
    """What may be referred to here: objects of a kind, or one of them."""

    group: Group
    kind: KindName
    name: ObjectName | None = None


class ReferenceGrantSpec(Part):
    """Any of `from_` may refer to any of `to`."""

    from_: Annotated[tuple[ReferenceGrantFrom, ...], Field(alias="from", min_length=1, max_length=16)]
    to: Annotated[tuple[ReferenceGrantTo, ...], Field(min_length=1, max_length=16)]


class ReferenceGrant(Resource):
    """Lets objects of other namespaces refer to objects of its own."""

    plural = "referencegrants"
    namespaced = True

    api_version: Literal["gateway.networking.k8s.io/v1"] = "gateway.networking.k8s.io/v1"
    kind: Literal["ReferenceGrant"] = "ReferenceGrant"
    spec: ReferenceGrantSpec

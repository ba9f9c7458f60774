"""TLS of a Gateway: where it ends, with which certificates. Source: Gateway API v1.6.1, standard channel."""

from typing import Annotated, Literal

from pydantic import Field

from ..constraints import MapOfItems
from ..part import Part
from .names import Group, KindName, NamespaceName, ObjectName, PortNumber


class SecretObjectReference(Part):
    """An object that holds a certificate with its key: a Secret unless another kind is stated."""

    group: Group = ""
    kind: KindName = "Secret"
    name: ObjectName
    namespace: NamespaceName | None = None


class ListenerTLSConfig(Part):
    """TLS at one listener: ended there, with a certificate or the implementation's options, or passed through."""

    mode: Literal["Terminate", "Passthrough"] = "Terminate"
    certificate_refs: Annotated[tuple[SecretObjectReference, ...], Field(max_length=64)] | None = None
    options: Annotated[dict[str, Annotated[str, Field(min_length=0, max_length=4096)]], Field(max_length=16)] | None = (
        None
    )


class ObjectReference(Part):
    """Any object, by group and kind."""

    group: Group
    kind: KindName
    name: ObjectName
    namespace: NamespaceName | None = None


class FrontendTLSValidation(Part):
    """Whose client certificates are taken."""

    ca_certificate_refs: Annotated[tuple[ObjectReference, ...], Field(min_length=1, max_length=16)]
    mode: Literal["AllowValidOnly", "AllowInsecureFallback"] = "AllowValidOnly"


class TLSConfig(Part):
    """What is asked of clients."""

    validation: FrontendTLSValidation | None = None


class TLSPortConfig(Part):
    """What is asked of clients at one port."""

    port: PortNumber
    tls: TLSConfig


class FrontendTLSConfig(Part):
    """What is asked of clients, by default and at some ports."""

    default: TLSConfig
    per_port: Annotated[tuple[TLSPortConfig, ...], Field(max_length=64), MapOfItems("port")] | None = None


class GatewayBackendTLS(Part):
    """The certificate that the Gateway shows to backends."""

    client_certificate_ref: SecretObjectReference | None = None


class GatewayTLSConfig(Part):
    """TLS towards clients and towards backends."""

    backend: GatewayBackendTLS | None = None
    frontend: FrontendTLSConfig | None = None

"""What a rule of an HTTPRoute does to requests and responses. Source: Gateway API v1.6.1, standard channel."""

from typing import Annotated, Literal

from pydantic import Field

from ..constraints import Bool, Int32, MapOfItems, Pattern, SetOfItems
from ..part import Part
from .http_matches import HeaderName, HTTPMethod
from .names import Group, KindName, ObjectName, PortNumber, PreciseHostname
from .references import BackendObjectReference

FilterType = Literal[
    "RequestHeaderModifier",
    "ResponseHeaderModifier",
    "RequestMirror",
    "RequestRedirect",
    "URLRewrite",
    "ExtensionRef",
    "CORS",
]
Origin = Annotated[
    str,
    Field(min_length=1, max_length=253),
    Pattern(r"(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)"),
]


class HTTPHeader(Part):
    """A header with its value."""

    name: HeaderName
    value: Annotated[str, Field(min_length=1, max_length=4096)]


Headers = Annotated[tuple[HTTPHeader, ...], Field(max_length=16), MapOfItems("name")]
HeaderNames = Annotated[tuple[HeaderName, ...], Field(max_length=64), SetOfItems()]


class HTTPHeaderFilter(Part):
    """Headers that are set, added or taken away."""

    set: Headers | None = None
    add: Headers | None = None
    remove: Annotated[tuple[str, ...], Field(max_length=16), SetOfItems()] | None = None


class Fraction(Part):
    """A share: so many of so many."""

    numerator: Annotated[Int32, Field(ge=0)]
    denominator: Annotated[Int32, Field(ge=1)] = 100


class HTTPRequestMirrorFilter(Part):
    """A copy of the requests, or of a share of them, goes to another backend too."""

    backend_ref: BackendObjectReference
    percent: Annotated[Int32, Field(ge=0, le=100)] | None = None
    fraction: Fraction | None = None


class HTTPPathModifier(Part):
    """Another path: all of it, or what the match's prefix becomes."""

    type: Literal["ReplaceFullPath", "ReplacePrefixMatch"]
    replace_full_path: Annotated[str, Field(max_length=1024)] | None = None
    replace_prefix_match: Annotated[str, Field(max_length=1024)] | None = None


class HTTPRequestRedirectFilter(Part):
    """The client is sent elsewhere; what is not stated stays as the request has it."""

    scheme: Literal["http", "https"] | None = None
    hostname: PreciseHostname | None = None
    path: HTTPPathModifier | None = None
    port: PortNumber | None = None
    status_code: Literal[301, 302, 303, 307, 308] = 302


class HTTPURLRewriteFilter(Part):
    """The backend sees another host name or path than the client asked for."""

    hostname: PreciseHostname | None = None
    path: HTTPPathModifier | None = None


class HTTPCORSFilter(Part):
    """Which other origins' pages may ask."""

    allow_origins: Annotated[tuple[Origin, ...], Field(max_length=64), SetOfItems()] | None = None
    allow_credentials: Bool | None = None
    allow_methods: Annotated[tuple[Literal[HTTPMethod, "*"], ...], Field(max_length=9), SetOfItems()] | None = None
    allow_headers: HeaderNames | None = None
    expose_headers: HeaderNames | None = None
    max_age: Annotated[Int32, Field(ge=1)] = 5
    """Seconds."""


class LocalObjectReference(Part):
    """An object in the route's namespace, such as a ListenerRuleConfiguration."""

    group: Group
    kind: KindName
    name: ObjectName


class HTTPRouteFilter(Part):
    """One thing done: `type` says which, and the field of that name says how."""

    type: FilterType
    request_header_modifier: HTTPHeaderFilter | None = None
    response_header_modifier: HTTPHeaderFilter | None = None
    request_mirror: HTTPRequestMirrorFilter | None = None
    request_redirect: HTTPRequestRedirectFilter | None = None
    url_rewrite: HTTPURLRewriteFilter | None = None
    cors: HTTPCORSFilter | None = None
    extension_ref: LocalObjectReference | None = None

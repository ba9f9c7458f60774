"""What the kinds of Gateway API call things, as upstream bounds it. Source: Gateway API v1.6.1, standard channel."""

from typing import Annotated

from pydantic import Field

from ..constraints import Int32, Pattern

SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
"""A name of DNS labels, as a part of upstream's patterns."""

Group = Annotated[str, Field(max_length=253), Pattern(rf"^$|^{SUBDOMAIN}$")]
"""An API group; empty is the core one."""

KindName = Annotated[str, Field(min_length=1, max_length=63), Pattern(r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$")]
"""A kind, such as `Service`."""

ObjectName = Annotated[str, Field(min_length=1, max_length=253)]
"""The name of another object."""

NamespaceName = Annotated[str, Field(min_length=1, max_length=63), Pattern(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
"""The namespace of another object."""

SectionName = Annotated[str, Field(min_length=1, max_length=253), Pattern(rf"^{SUBDOMAIN}$")]
"""The name of a listener, or of a rule of a route."""

Hostname = Annotated[str, Field(min_length=1, max_length=253), Pattern(rf"^(\*\.)?{SUBDOMAIN}$")]
"""A host name, or all of a domain's: `*.example.com`."""

PreciseHostname = Annotated[str, Field(min_length=1, max_length=253), Pattern(rf"^{SUBDOMAIN}$")]
"""One host name."""

PortNumber = Annotated[Int32, Field(ge=1, le=65535)]
"""A port."""

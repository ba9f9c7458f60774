"""One provider instance at work: its settings, and the way to its cluster while there is one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from pokayoke_rehearsal.doubles.base import Call, ProviderError
from pokayoke_rehearsal.doubles.kubernetes.access import Doorkeeper
from pokayoke_rehearsal.doubles.kubernetes.provider.settings import Settings
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import Token
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import unauthorized
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import is_namespaced
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, kind_of
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.waits import Waits

_SCHEMA = "unable to load schema information from the API server"


@dataclass(frozen=True)
class Session:
    """A configured provider instance. Whether there is a way in is asked anew for every request."""

    settings: Settings
    stores: Stores
    admits: Doorkeeper
    declared: dict[tuple[str, str], bool]
    """Kinds of definitions that the program was seen to declare, with whether their objects live in a namespace."""
    waits: Waits

    def cluster(self) -> Cluster | None:
        """The cluster, None when it cannot be reached."""
        server = self._server()
        return server.cluster if server is not None and not self.unreachable() else None

    def require(self) -> Cluster:
        """The cluster; raises what the real provider says when there is no way in."""
        found = self.cluster()
        if found is None:
            raise ProviderError(f"configured Kubernetes cluster is unreachable: {self.unreachable()}")
        return found

    def unreachable(self) -> str:
        """Why there is no way in, empty when there is one."""
        access = self.settings.access
        if access is None:
            return self.settings.unreachable
        server = self._server()
        if server is None:
            host = urlsplit(access.server).hostname or access.server
            request = f'Get "{access.server.rstrip("/")}/openapi/v2?timeout=32s"'
            return f"{_SCHEMA}: {request}: dial tcp: lookup {host}: no such host"
        if not self.admits(server, access.caller):
            return f"{_SCHEMA}: {unauthorized()}"
        return ""

    def is_namespaced(self, kind: Kind) -> bool:
        """Whether the kind's objects live in a namespace; a kind that nobody knows yet is taken for one that does."""
        cluster = self.cluster()
        served = cluster.discovery.any_version(kind.group, kind.kind) if cluster is not None else None
        if served is not None:
            return served.namespaced
        if (kind.group, kind.kind) in self.declared:
            return self.declared[kind.group, kind.kind]
        return is_namespaced(kind)

    def _server(self) -> Server | None:
        access = self.settings.access
        return self.stores.at(access.server) if access is not None else None


@dataclass(frozen=True)
class Asked:
    """A request about one object: who asks, about which resource, and what its type stands for."""

    session: Session
    call: Call
    token: Token

    def kind_of(self, obj: Object | None) -> Kind:
        """The kind that the object says it is, or the type's when it says nothing."""
        found = kind_of(obj) if obj is not None else None
        return found if found is not None and found.version and found.kind else self.token.kind

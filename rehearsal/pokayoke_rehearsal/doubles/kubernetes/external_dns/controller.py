"""ExternalDNS in a cluster: gates its pods, and while one runs, brings records to what the sources ask for."""

from __future__ import annotations

from collections.abc import Sequence

from pokayoke_rehearsal.doubles.kubernetes.attachment import GATEWAY
from pokayoke_rehearsal.doubles.kubernetes.charts import Charts
from pokayoke_rehearsal.doubles.kubernetes.controller_aws import RefusedError
from pokayoke_rehearsal.doubles.kubernetes.controller_pods import ObstacleError, runs
from pokayoke_rehearsal.doubles.kubernetes.events import warn
from pokayoke_rehearsal.doubles.kubernetes.external_dns import running, zones
from pokayoke_rehearsal.doubles.kubernetes.external_dns.charts import CHARTS, IMAGE
from pokayoke_rehearsal.doubles.kubernetes.external_dns.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.external_dns.settings import Settings
from pokayoke_rehearsal.doubles.kubernetes.external_dns.sources import Endpoint, endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, text
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World

MANAGER = "external-dns"

_ROUTES = frozenset((GATEWAY.group, f"{kind}Route") for kind in ("HTTP", "GRPC", "TLS"))
_SOURCES = frozenset(
    {*_ROUTES, (GATEWAY.group, GATEWAY.kind), ("", "Service"), ("networking.k8s.io", "Ingress"), ("", "Namespace")}
)


def install(world: World, stores: Stores, charts: Charts) -> None:
    """Makes the chart known, and has every new cluster run the program where its pods do."""
    charts.add(*CHARTS)
    stores.on_open.append(lambda server: _open(world, server))


def _open(world: World, server: Server) -> None:
    controller = ExternalDns(world, server)
    server.run(controller)
    world.waits.timers.append(controller.tick)


class ExternalDns:
    """The program of one cluster: new and changed records come as soon as it sees the change, what is to be deleted
    goes when time passes. So nothing is deleted by a program that goes at once after what it served."""

    def __init__(self, world: World, server: Server) -> None:
        self._world, self._server = world, server
        self._account = Account(world, server.region)
        self._starts = self._works = False
        self._seen: dict[str, list[Endpoint]] = {}
        """What each pod, by uid, last brought records to."""

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        return frozenset({*_SOURCES, DEFINITION, ("", "Pod")})

    def gate(self, cluster: Cluster, pod: Object) -> tuple[str, str] | None:
        """What keeps one of its placed pods from becoming ready."""
        if not runs(pod, IMAGE):
            return None
        try:
            running.start(cluster, pod)
        except ObstacleError as obstacle:
            return obstacle.reason, obstacle.message
        return None

    def react(self, cluster: Cluster, event: Event) -> None:  # noqa: ARG002 - the work looks at the whole
        self._starts = self._starts or event.key.group_kind == DEFINITION
        self._works = self._works or event.key.group_kind in _SOURCES or runs(event.object, IMAGE)

    def work(self) -> None:
        """Does what changes have made due, but for deletions."""
        cluster = self._server.cluster
        if self._starts:
            self._starts = False
            self._server.kubelet.reconsider(cluster, running.programs(cluster))
        if self._works:
            self._works = False
            self._sync(deletes=False)

    def tick(self) -> None:
        """The interval is over."""
        if not self._server.cluster.closed:
            self._sync(deletes=True)

    def _sync(self, *, deletes: bool) -> None:
        cluster = self._server.cluster
        changed = False
        for program in running.acting(cluster, self._account, self._server.name):
            wanted = endpoints(cluster, program.settings)
            uid = text(program.pod["metadata"].get("uid"))
            if not deletes and self._seen.get(uid, []) == wanted:
                continue
            self._seen[uid] = wanted
            try:
                changed |= _brought(program, wanted, deletes=deletes)
            except RefusedError as error:
                told = f"Failed to do run once: soft error\nrecords retrieval failed: {error}"
                warn(cluster, program.pod, "SyncFailed", told, MANAGER)
            except _UnsubmittedError as error:
                warn(cluster, program.pod, "SyncFailed", str(error), MANAGER)
        if changed:
            self._world.waits.happened()


class _UnsubmittedError(Exception):
    """Some changes were refused; the others are done."""


def _brought(program: Acting, wanted: Sequence[Endpoint], *, deletes: bool) -> bool:
    """Brings records to what is wanted; answers whether anything changed. Raises RefusedError, _UnsubmittedError."""
    found = zones.zones(program.aws, program.settings)
    refused: list[str] = []
    changed = False
    for zone in found:
        own = [one for one in wanted if zone is max(_covering(found, one), key=lambda one: len(one.name), default=None)]
        groups = list(_changes(program, zone, own, deletes=deletes))
        if groups:
            problem = zones.submit(program.aws, zone, groups)
            refused += [problem] if problem else []
            changed = True
    if refused:
        raise _UnsubmittedError("\n".join(refused))
    return changed


def _covering(found: Sequence[zones.Zone], endpoint: Endpoint) -> list[zones.Zone]:
    return [zone for zone in found if zone.covers(endpoint.name)]


def _changes(
    program: Acting, zone: zones.Zone, wanted: Sequence[Endpoint], *, deletes: bool
) -> list[list[zones.Change]]:
    """What is to be done in a zone, each record with its note (plan/plan.go)."""
    settings = program.settings
    held = {one.key: one for one in zones.held(zone, settings)}
    asked = {(one.name, one.type, one.set_identifier): one for one in wanted}
    groups: list[list[zones.Change]] = []
    for key, endpoint in asked.items():
        there, record = held.get(key), zones.wanted(endpoint, zone)
        neighbours = [one for one in held.values() if (one.key[0], one.key[2]) == (key[0], key[2])]
        if there is None:
            # A name that somebody else holds in any way is left alone.
            if all(one.owner == settings.owner for one in neighbours):
                groups.append(_both("CREATE", record, zones.noted(endpoint, settings)))
        elif _may_change(there, settings) and not zones.same(there.record, record):
            groups.append(_both("UPSERT", record, zones.noted(endpoint, settings)))
    if deletes and settings.policy == "sync":
        for key, one in held.items():
            if key not in asked and one.owner == settings.owner:
                groups.append(_both("DELETE", one.record, zones.note_of(one, settings)))
    return groups


def _may_change(there: zones.Held, settings: Settings) -> bool:
    return there.owner == settings.owner and settings.policy != "create-only"


def _both(action: str, record: zones.RecordSet, note: zones.RecordSet | None) -> list[zones.Change]:
    return [{"Action": action, "ResourceRecordSet": one} for one in (record, note) if one is not None]

"""Checks on node pools."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Network

from ...instances import instance_type
from ...rules import (
    addresses,
    architectures,
    combinations,
    durations,
    labels,
    pod_density,
    pools,
    subnets,
    system_nodes,
)
from ...rules.finding import Finding
from ...rules.quantities import quantity
from ...rules.text import unresolved_placeholder
from ..errors import ConfigError
from ..reading import Partial, regional


def there_is_a_pool(config: Partial, today: date) -> Iterator[ConfigError]:
    """At least one pool is stated."""
    if "pools" in config.values and not config.part("pools").paths:
        none = Finding("it names no pool", "State one, e.g. {name: general, instances: [m7g.large], limits: ...}.")
        yield ConfigError.at(config.path("pools"), none)


def types_are_stated(config: Partial, today: date) -> Iterator[ConfigError]:
    """The sizes of a pool's nodes are said, once, and every type, family and size exists."""
    for pool in each(config):
        listed, families, cpus = (pool.part(key) for key in ("instances", "families", "cpu"))
        read = all(key in pool.values for key in ("instances", "families", "cpu"))
        unsaid = pools.sizes_unsaid(list(listed.paths), list(families.paths), list(cpus.paths)) if read else None
        if unsaid:
            at = "cpu" if not families.paths and cpus.paths else "families" if families.paths else "instances"
            yield ConfigError.at(pool.path(at), unsaid)
        for path, name in pool.items("instances", str):
            yield from _at(path, architectures.unknown_type(name))
        unknown = False
        for path, family in pool.items("families", str):
            finding = pools.unknown_family(family)
            unknown = unknown or finding is not None
            yield from _at(path, finding)
        for path, cpu in pool.items("cpu", int):
            yield from _at(path, None if unknown else pools.size_without_type(cpu, _texts(pool, "families")))
        for key in ("instances", "families", "cpu", "capacity"):
            yield from _repeated(pool, key)


def types_are_of_one_architecture(config: Partial, today: date) -> Iterator[ConfigError]:
    """All types that a pool can bring start from one image."""
    for pool in each(config):
        at = "families" if pool.part("families").paths else "instances"
        yield from _at(pool.path(at), architectures.mixed(types_of(pool)))


def nodes_can_come(config: Partial, today: date) -> Iterator[ConfigError]:
    """The limits allow a node, each type has room for pods, and some capacity type is asked for."""
    for pool in each(config):
        types = types_of(pool)
        capacity = pool.part("capacity")
        if "capacity" in pool.values and not capacity.values and not capacity.paths:
            none = Finding("it asks for no capacity", "Write [spot, on-demand], or leave it out.", pools.INCOMPATIBLE)
            yield ConfigError.at(pool.path("capacity"), none)
        for name in types:
            kind = instance_type(name)
            small = pod_density.too_small(kind) if kind else None
            if small:
                at = next((path for path, one in pool.items("instances", str) if one == name), pool.path("cpu"))
                yield ConfigError.at(at, small)
                break
        limits = pool.part("limits")
        for key in ("cpu", "memory"):
            yield from _at(limits.path(key), _below_one_node(types, key, limits.get(key, str)))


def pods_fit_the_nodes(config: Partial, today: date) -> Iterator[ConfigError]:
    """A stated `max_pods` is within addresses, memory and AWS's bound on every type."""
    for pool in each(config):
        pods = pool.get("max_pods", int)
        kinds = [kind for name in types_of(pool) if (kind := instance_type(name))]
        findings = (pod_density.too_many_pods(kind, pods) for kind in kinds) if pods is not None else ()
        yield from _at(pool.path("max_pods"), next((one for one in findings if one), None))


def labels_and_taints_are_free(config: Partial, today: date) -> Iterator[ConfigError]:
    """Labels and taints are of legal form, nobody else's, and stated once."""
    for pool in each(config):
        for key in pool.part("labels").values:
            finding = unresolved_placeholder(key) or labels.bad_key(key) or labels.restricted_label(key)
            yield from _at(pool.part("labels").path(key), finding)
        seen: set[tuple[str, str]] = set()
        for field in ("taints", "startup_taints"):
            for taint in pool.part(field).values.values():
                yield from _taint(taint, seen) if isinstance(taint, Partial) else ()


def lives_end_in_order(config: Partial, today: date) -> Iterator[ConfigError]:
    """A node's grace is no longer than its life."""
    for pool in each(config):
        life, grace = pool.get("expire_after", str), pool.get("grace", str)
        if life and grace and durations.seconds(grace) > durations.seconds(life):
            longer = Finding(f"the grace of {grace} is longer than a node's life of {life}", f"Write at most {life}.")
            yield ConfigError.at(pool.path("grace"), longer)


def pools_have_names_of_their_own(config: Partial, today: date) -> Iterator[ConfigError]:
    """No two pools share a name."""
    seen: dict[str, str] = {}
    for pool in each(config):
        name = pool.get("name", str)
        if name in seen:
            again = Finding(f"a pool of this name stands at {seen[name]} already", "Choose another name, or join them.")
            yield ConfigError.at(pool.path("name"), again)
        elif name:
            seen[name] = pool.path("name").rpartition(".")[0]


def regions_offer_the_types(config: Partial, today: date) -> Iterator[ConfigError]:
    """Every region offers a type of every pool, as far as is known."""
    for pool in each(config):
        for view in regional(config):
            region = view.get("region", str)
            finding = pools.not_offered(types_of(pool), region) if region else None
            if finding:
                yield ConfigError.at(pool.path("families" if pool.part("families").paths else "instances"), finding)


def subnets_hold_the_pools(config: Partial, today: date) -> Iterator[ConfigError]:
    """Each region's private subnets hold what the pools' limits allow, with one zone down."""
    demands = [one for pool in each(config) if (one := demand_of(pool))]
    stated = config.get("system_instance", str)
    system = instance_type(stated or system_nodes.smallest_type())
    for view in regional(config):
        cidr = view.get("cidr", IPv4Network)
        zones = tuple(dict.fromkeys(letter for _, letter in view.items("zones", str)))
        if cidr and zones and system and not subnets.bad_vpc_range(cidr):
            endpoints = len(view.part("interface_endpoints").paths)
            finding = addresses.too_few_addresses(cidr, zones, demands, endpoints=endpoints, system=system)
            yield from _at(view.path("cidr"), finding)


def karpenter_serves_kubernetes(config: Partial, today: date) -> Iterator[ConfigError]:
    """Karpenter's version is known to work with the cluster's."""
    kubernetes, version = config.get("kubernetes", str), config.get("version", str)
    found = combinations.unknown_combination(kubernetes, {"karpenter": version}) if kubernetes and version else None
    yield from _at(config.path("version"), found[1] if found else None)


def spot_rests_on_few_types(config: Partial, today: date) -> Iterator[str]:
    """Warns of spot pools that few types serve."""
    for pool in each(config):
        warning = pools.few_spot_types(types_of(pool), _texts(pool, "capacity"))
        if warning:
            yield f"{pool.path('capacity')}: {warning}."


OF_EACH = (
    types_are_stated,
    types_are_of_one_architecture,
    nodes_can_come,
    pods_fit_the_nodes,
    labels_and_taints_are_free,
    lives_end_in_order,
)
ALL = (*OF_EACH, pools_have_names_of_their_own, regions_offer_the_types)


def each(config: Partial) -> list[Partial]:
    """The pools of a config; a pool alone is its own."""
    if "pools" not in config.paths:
        return [config]
    return [one for one in config.part("pools").values.values() if isinstance(one, Partial)]


def types_of(pool: Partial) -> tuple[str, ...]:
    """The known types that a pool can bring, as far as it parsed."""
    cpus = tuple(value for _, value in pool.items("cpu", int))
    return pools.types_of(tuple(_texts(pool, "instances")), tuple(_texts(pool, "families")), cpus)


def demand_of(pool: Partial) -> addresses.Demand | None:
    """What a pool's limits allow it to take of the subnets; None where that cannot be told."""
    types, limits = types_of(pool), pool.part("limits")
    cpu, memory = (quantity(limits.get(key, str)) for key in ("cpu", "memory"))
    if not types or cpu is None or memory is None:
        return None
    pods = pool.get("max_pods", int) or pod_density.default_pods(pools.smallest(types))
    return addresses.demand(types, pods, cpu, memory)


def _taint(taint: Partial, seen: set[tuple[str, str]]) -> Iterator[ConfigError]:
    key, effect = taint.get("key", str), taint.get("effect", str)
    if key is None:
        return
    yield from _at(taint.path("key"), labels.restricted_taint(key))
    if effect and (key, effect) in seen:
        again = Finding(f"the pool has a taint {key}:{effect} already", "Leave one out.")
        yield ConfigError.at(taint.path("key"), again)
    elif effect:
        seen.add((key, effect))


def _below_one_node(types: tuple[str, ...], key: str, limit: str | None) -> Finding | None:
    kinds = [kind for name in types if (kind := instance_type(name))]
    amount = quantity(limit)
    if not kinds or amount is None or limit is None:
        return None
    least = min(kind.vcpus if key == "cpu" else kind.visible_memory * 2**20 for kind in kinds)
    if amount >= least:
        return None
    there = f"{least} vCPUs" if key == "cpu" else f"{least // 2**20} MiB"
    return Finding(
        f"no node ever fits into {limit}: the smallest one has {there}",
        "Raise the limit, or take smaller types.",
        pools.INCOMPATIBLE,
    )


def _repeated(pool: Partial, key: str) -> Iterator[ConfigError]:
    seen: set[object] = set()
    for path, item in pool.items(key, object):
        if item in seen:
            yield ConfigError.at(path, Finding(f"{item} is stated twice", "Leave one out."))
        seen.add(item)


def _texts(pool: Partial, key: str) -> list[str]:
    return [value for _, value in pool.items(key, str)]


def _at(path: str, finding: Finding | None) -> Iterator[ConfigError]:
    if finding:
        yield ConfigError.at(path, finding)

"""The policy `dsql-delete-deadlock`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

SLUG = "dsql-delete-deadlock"
WITNESS = {"multiRegionProperties": {"witnessRegion": "ap-northeast-3"}}


def cluster(name: str, *after: str, parent: str = "", **said: Any) -> Resource:
    fields = {"sources": said.pop("sources", {}), "provider": said.pop("provider", "")}
    return Resource("aws:dsql/cluster:Cluster", name, {**WITNESS, **said}, after=after, parent=parent, **fields)


def peering(name: str, own: str, other: str, *after: str, **fields: Any) -> Resource:
    said = {"identifier": UNKNOWN, "clusters": [UNKNOWN], "witnessRegion": "ap-northeast-3"}
    sources = {"identifier": own, "clusters": other}
    return Resource("aws:dsql/clusterPeering:ClusterPeering", name, said, after=after, sources=sources, **fields)


PEERINGS = (peering("seoul-peering", "seoul", "tokyo"), peering("tokyo-peering", "tokyo", "seoul"))


def test_two_clusters_side_by_side_with_a_peering_each_pass(pack: Pack) -> None:
    consumer = Resource(
        "aws:iam/policy:Policy", "access", {"policy": UNKNOWN}, after=("seoul-peering", "tokyo-peering")
    )
    assert pack.of_stack(cluster("seoul"), cluster("tokyo"), *PEERINGS, consumer) == {}


def test_a_cluster_that_depends_on_its_peer_is_refused_as_in_the_log(pack: Pack) -> None:
    found = pack.of_stack(cluster("seoul"), cluster("tokyo", "seoul"), *PEERINGS)
    ((name, message),) = found.pop(SLUG)
    assert name == "tokyo"
    assert "it depends on its peer ('tokyo' -> 'seoul'), and neither can be deleted before the other is" in message
    assert found == {}


@pytest.mark.parametrize(
    ("between", "tokyo"),
    [
        (
            (Resource("aws:kms/key:Key", "key", after=("seoul",)),),
            cluster("tokyo", sources={"kmsEncryptionKey": "key"}),
        ),
        ((Resource("my:index:Tokyo", "part", after=("seoul",)),), cluster("tokyo", parent="part")),
        (
            (Resource("my:index:A", "a"), Resource("my:index:B", "b", parent="a", after=("seoul",))),
            cluster("tokyo", "a"),
        ),
        ((Resource("pulumi:providers:aws", "aws", after=("seoul",)),), cluster("tokyo", provider="aws")),
        ((), cluster("tokyo", parent="seoul")),
        ((), cluster("tokyo", sources={"multiRegionProperties": "seoul"})),
    ],
    ids=["value", "parent-waits", "component", "provider", "parent", "property"],
)
def test_any_path_from_one_to_the_other_is_refused(between: tuple[Resource, ...], tokyo: Resource, pack: Pack) -> None:
    ((name, message),) = pack.of_stack(cluster("seoul"), *between, tokyo, *PEERINGS)[SLUG]
    assert name == "tokyo"
    assert "'tokyo' -> " in message
    assert message.count("'seoul'") == 1


def test_a_component_that_holds_one_cluster_and_waits_for_another_that_holds_its_peer_is_refused(pack: Pack) -> None:
    seoul, tokyo = Resource("my:index:Region", "first"), Resource("my:index:Region", "second", after=("first",))
    clusters = cluster("seoul", parent="first"), cluster("tokyo", parent="second")
    assert [name for name, _ in pack.of_stack(seoul, tokyo, *clusters, *PEERINGS)[SLUG]] == ["tokyo"]


def test_a_peering_that_waits_for_its_peers_is_refused(pack: Pack) -> None:
    waits = peering("tokyo-peering", "tokyo", "seoul", "seoul-peering")
    ((name, message),) = pack.of_stack(cluster("seoul"), cluster("tokyo"), PEERINGS[0], waits)[SLUG]
    assert name == "tokyo-peering"
    assert "'seoul-peering'), and the first waits for ACTIVE, which only the second brings about" in message


def test_peers_are_known_without_a_peering_by_what_they_state(pack: Pack) -> None:
    assert SLUG in pack.of_stack(cluster("seoul"), cluster("tokyo", "seoul"))
    arn = "arn:aws:dsql:ap-northeast-2:123456789012:cluster/a"
    known = cluster("seoul", arn=arn)
    stating = {"multiRegionProperties": {"witnessRegion": UNKNOWN, "clusters": [arn]}}
    assert SLUG in pack.of_stack(known, cluster("tokyo", "seoul", **stating))


def test_clusters_that_are_no_peers_may_depend_on_one_another(pack: Pack) -> None:
    single = {"multiRegionProperties": None}
    assert pack.of_stack(cluster("a", **single), cluster("b", "a", **single)) == {}
    others = {"multiRegionProperties": {"witnessRegion": "us-west-2"}}
    assert pack.of_stack(cluster("a"), cluster("b", "a", **others)) == {}
    pairs = [*PEERINGS, peering("c-peering", "c", "d"), peering("d-peering", "d", "c")]
    four = [cluster("seoul"), cluster("tokyo"), cluster("c", "seoul"), cluster("d", "tokyo")]
    assert pack.of_stack(*four, *pairs) == {}


def test_one_of_two_that_is_protected_is_refused(pack: Pack) -> None:
    kept = cluster("seoul", deletionProtectionEnabled=True)
    ((name, message),) = pack.of_stack(kept, cluster("tokyo"), *PEERINGS)[SLUG]
    assert name == "tokyo"
    assert "deletionProtectionEnabled is on for 'seoul' and off for its peer 'tokyo'" in message
    later = cluster("tokyo", deletionProtectionEnabled=True)
    assert [name for name, _ in pack.of_stack(cluster("seoul"), later, *PEERINGS)[SLUG]] == ["seoul"]
    both = cluster("tokyo", deletionProtectionEnabled=True)
    assert pack.of_stack(kept, both, *PEERINGS) == {}
    forced = cluster("seoul", deletionProtectionEnabled=True, forceDestroy=True)
    assert pack.of_stack(forced, cluster("tokyo"), *PEERINGS) == {}
    assert pack.of_stack(kept, cluster("tokyo", deletionProtectionEnabled=UNKNOWN), *PEERINGS) == {}


def test_pulumis_own_protection_of_one_is_refused_too(pack: Pack) -> None:
    kept = Resource("aws:dsql/cluster:Cluster", "seoul", WITNESS, protect=True)
    ((_, message),) = pack.of_stack(kept, cluster("tokyo"), *PEERINGS)[SLUG]
    assert "protect is on for 'seoul'" in message


def test_peerings_of_which_it_is_not_known_whose_they_are_are_taken_for_one_pair(pack: Pack) -> None:
    kind = PEERINGS[0].type
    said = {"identifier": UNKNOWN, "clusters": UNKNOWN}
    first, second = Resource(kind, "first", said), Resource(kind, "second", said, after=("first",))
    ((name, _),) = pack.of_stack(first, second)[SLUG]
    assert name == "second"


SINGLE: dict[str, Any] = {"multiRegionProperties": None}


def test_a_peering_alone_makes_peers(pack: Pack) -> None:
    clusters = cluster("seoul", **SINGLE), cluster("tokyo", "seoul", **SINGLE)
    assert [name for name, _ in pack.of_stack(*clusters, PEERINGS[0])[SLUG]] == ["tokyo"]
    others = cluster("x", **SINGLE), cluster("y", **SINGLE), peering("z", "x", "y")
    assert [name for name, _ in pack.of_stack(*clusters, *others, PEERINGS[0])[SLUG]] == ["tokyo"]


@pytest.mark.parametrize("own", [{}, {"identifier": "tokyo"}], ids=["unknown", "itself"])
def test_a_peering_that_tells_no_pair_does_not_hide_that_of_the_witness(own: dict[str, str], pack: Pack) -> None:
    said = {"identifier": UNKNOWN, "clusters": [UNKNOWN]}
    useless = Resource(PEERINGS[0].type, "useless", said, sources={**own, "clusters": "tokyo"})
    assert [name for name, _ in pack.of_stack(cluster("seoul"), cluster("tokyo", "seoul"), useless)[SLUG]] == ["tokyo"]


def test_peerings_of_other_pairs_may_wait_for_one_another(pack: Pack) -> None:
    clusters = [cluster(name, **SINGLE) for name in ("a", "b", "c", "d")]
    first = peering("first", "a", "b")
    assert pack.of_stack(*clusters, first, peering("second", "c", "d", "first")) == {}
    assert SLUG in pack.of_stack(*clusters, first, peering("second", "b", "c", "first"))
    nobodys = Resource(first.type, "first", first.properties)
    assert SLUG in pack.of_stack(*clusters, nobodys, peering("second", "c", "d", "first"))
    assert SLUG in pack.of_stack(*clusters, first, Resource(first.type, "second", first.properties, after=("first",)))


def test_a_witness_that_is_not_known_yet_makes_no_peers(pack: Pack) -> None:
    for later in (UNKNOWN, {"witnessRegion": UNKNOWN}):
        said: dict[str, Any] = {"multiRegionProperties": later}
        assert pack.of_stack(cluster("a", **said), cluster("b", "a", **said)) == {}


def test_whether_a_deletion_is_forced_may_not_be_known_yet(pack: Pack) -> None:
    kept = cluster("seoul", deletionProtectionEnabled=True, forceDestroy=UNKNOWN)
    assert pack.of_stack(kept, cluster("tokyo"), *PEERINGS) == {}

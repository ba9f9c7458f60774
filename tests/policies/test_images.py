"""The policies `mutable-image-tag`, `discontinued-image` and `chart-image-swap`."""

from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource

from pokayoke_eks.rules.images import mutable_tag
from pokayoke_policies.images import images_of_pods
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError

MUTABLE, GONE, SWAPPED = "mutable-image-tag", "discontinued-image", "chart-image-swap"
CHART = "kubernetes:helm.sh/v4:Chart"
POD, CRON_JOB = "kubernetes:core/v1:Pod", "kubernetes:batch/v1:CronJob"
AMOUNTS = {"limits": {"cpu": "1", "memory": "1Gi"}}
DIGEST = f"sha256:{'0' * 64}"
BITNAMI = "oci://registry-1.docker.io/bitnamicharts/rabbitmq"


def pod(image: Any, group: str = "containers") -> dict[str, Any]:
    return {"kind": "Pod", "spec": {group: [{"name": "a", "image": image, "resources": AMOUNTS}]}}


def found(pack: Pack, slug: str, kind: str, said: dict[str, Any]) -> list[str]:
    return pack.refusals(kind, said).get(slug, [])


@pytest.mark.parametrize(
    ("image", "fits"),
    [
        ("registry.example.com/shop:1.0.0", True),
        (f"registry.example.com/shop@{DIGEST}", True),
        (f"registry.example.com/shop:latest@{DIGEST}", True),
        ("registry.example.com:5000/shop:1", True),
        ("registry.example.com/shop:latest", False),
        ("registry.example.com/shop", False),
        ("registry.example.com:5000/shop", False),
        ("localhost:5000/shop", False),
        ("nginx", False),
        ("nginx:1.29", True),
        ("", True),
        (None, True),
        (5, True),
    ],
)
def test_an_image_has_a_tag_of_its_own_or_a_digest(image: Any, fits: bool, pack: Pack) -> None:
    messages = found(pack, MUTABLE, POD, pod(image))
    assert (messages == []) == fits
    assert all(message.startswith("spec.containers[0].image: ") for message in messages)


def test_every_image_of_a_pod_is_looked_at(pack: Pack) -> None:
    for group in ("initContainers", "ephemeralContainers"):
        assert len(found(pack, MUTABLE, POD, pod("nginx", group))) == 1
    mounted = {"spec": {"volumes": [{"name": "a", "image": {"reference": "nginx:latest"}}]}}
    (message,) = found(pack, MUTABLE, POD, mounted)
    assert message.startswith("spec.volumes[0].image.reference: ")
    nested = {"spec": {"jobTemplate": {"spec": {"template": {"spec": pod("nginx")["spec"]}}}}}
    assert len(found(pack, MUTABLE, CRON_JOB, nested)) == 1
    assert len(found(pack, MUTABLE, "kubernetes:core/v1:List", {"items": [{"apiVersion": "v1", **pod("nginx")}]})) == 1


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"image": {"repository": "shop", "tag": "latest"}}, "values.image.tag"),
        ({"image": {"registry": "registry.example.com", "repository": "shop", "tag": "latest"}}, "values.image.tag"),
        ({"sidecars": [{"image": "registry.example.com/shop"}]}, "values.sidecars[0].image"),
        ({"image": {"repository": "shop", "tag": "1.0.0"}}, ""),
        ({"image": {"repository": "shop"}}, ""),
        ({"image": {"repository": "shop", "tag": "latest", "digest": DIGEST}}, ""),
        ({"image": "shop"}, ""),
        ({"image": "shop:latest"}, "values.image"),
        ({"kind": "DaemonSet", "agent": {"image": "shop:latest"}}, "values.agent.image"),
        (UNKNOWN, ""),
    ],
    ids=str,
)
def test_images_in_values_count(values: Any, path: str, pack: Pack) -> None:
    messages = found(pack, MUTABLE, RELEASE, {"chart": "shop", "values": values})
    assert [message.partition(": ")[0] for message in messages] == ([path] if path else [])


@pytest.mark.parametrize(
    ("image", "gone"),
    [
        ("docker.io/bitnami/rabbitmq:4.1.3-debian-12-r1", True),
        ("bitnami/rabbitmq:3.13.7-debian-12-r0", True),
        ("registry-1.docker.io/bitnami/redis:7", True),
        (f"bitnami/redis@{DIGEST}", True),
        ("bitnamilegacy/rabbitmq:4.1.3-debian-12-r1", False),
        ("registry.example.com/bitnami/rabbitmq:4.1.3", False),
        ("rabbitmq:4.1.3", False),
    ],
)
def test_what_bitnami_took_away_is_refused(image: str, gone: bool, pack: Pack) -> None:
    messages = found(pack, GONE, POD, pod(image))
    assert bool(messages) == gone
    assert all("on 2025-08-28" in message for message in messages)
    in_values = {"chart": "shop", "values": {"broker": {"image": image}}}
    assert bool(found(pack, GONE, RELEASE, in_values)) == gone


@pytest.mark.parametrize(
    ("registry", "gone"), [({}, True), ({"registry": "docker.io"}, True), ({"registry": "registry.example.com"}, False)]
)
def test_in_values_too_an_image_is_gone_from_docker_hub_alone(registry: Any, gone: bool, pack: Pack) -> None:
    values = {"image": {**registry, "repository": "bitnami/redis", "tag": "7.4.2"}}
    assert bool(found(pack, GONE, RELEASE, {"chart": "shop", "values": values})) == gone


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"chart": BITNAMI}, False),
        ({"chart": "rabbitmq", "repositoryOpts": {"repo": "https://charts.bitnami.com/bitnami"}}, False),
        ({"chart": BITNAMI, "values": {"global": {"imageRegistry": "registry.example.com"}}}, True),
        ({"chart": BITNAMI, "values": {"image": {"repository": "bitnamilegacy/rabbitmq"}}}, True),
        ({"chart": BITNAMI, "values": {"image": {"registry": "registry.example.com"}}}, True),
        ({"chart": BITNAMI, "values": {"image": UNKNOWN}}, True),
        ({"chart": BITNAMI, "values": {"replicaCount": 3}}, False),
        ({"chart": BITNAMI, "valueYamlFiles": [{}]}, True),
        ({"chart": "rabbitmq", "repositoryOpts": {"repo": "https://example.com/charts"}}, True),
    ],
    ids=str,
)
def test_a_chart_of_bitnami_is_told_where_its_images_are(said: dict[str, Any], fits: bool, pack: Pack) -> None:
    assert [message.partition(": ")[0] for message in found(pack, GONE, RELEASE, said)] == ([] if fits else ["chart"])
    assert (GONE not in pack.of_stack(Resource(CHART, "broker", said))) == fits


@pytest.mark.parametrize(
    ("chart", "repository", "swapped"),
    [
        (BITNAMI, "library/rabbitmq", True),
        (BITNAMI, "rabbitmq", True),
        (BITNAMI, "bitnamilegacy/rabbitmq", False),
        (BITNAMI, "mirror/bitnami/rabbitmq", False),
        (BITNAMI, "", False),
        ("oci://registry.example.com/charts/rabbitmq", "library/rabbitmq", False),
    ],
)
def test_chart_and_image_are_of_one_publisher(chart: str, repository: str, swapped: bool, pack: Pack) -> None:
    said = {"chart": chart, "values": {"image": {"repository": repository, "tag": "4.1.3"}}}
    for kind in (RELEASE, CHART):
        messages = found(pack, SWAPPED, kind, said)
        assert bool(messages) == swapped
        assert all(message.startswith("values.image.repository: ") for message in messages)


def test_an_image_that_is_not_known_yet_is_said_to_be_unknown(pack: Pack) -> None:
    told = pack.refusals(
        POD, {"spec": {"containers": [*pod(UNKNOWN)["spec"]["containers"], *pod("nginx")["spec"]["containers"]]}}
    )
    assert MUTABLE in told["unknown"]
    assert [message.partition(": ")[0] for message in told[MUTABLE]] == ["spec.containers[1].image"]
    with pytest.raises(NotKnownError, match=r"^spec\.volumes\[0\]\.image\.reference$"):
        list(images_of_pods(mutable_tag, ("spec",), {"spec": {"volumes": [LATER]}}))

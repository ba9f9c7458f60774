"""istiod in a cluster: lets Istio's pods become ready, and while it runs, serves Gateways and takes off its taint."""

from __future__ import annotations

import json

from pokayoke_rehearsal.doubles.kubernetes.attachment import GATEWAY, GATEWAY_CLASS
from pokayoke_rehearsal.doubles.kubernetes.charts import Charts
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_ready
from pokayoke_rehearsal.doubles.kubernetes.events import warn
from pokayoke_rehearsal.doubles.kubernetes.istio import gateway_chart, gateways, status, webhooks
from pokayoke_rehearsal.doubles.kubernetes.istio.charts import CHARTS
from pokayoke_rehearsal.doubles.kubernetes.istio.names import (
    CLASSES,
    CONTROLLER,
    INJECTOR,
    MANAGER,
    NAMESPACE,
    NODE_AGENT,
    NOT_READY,
    PROXY,
    ROUTES,
    SERVICE,
    ZTUNNEL,
)
from pokayoke_rehearsal.doubles.kubernetes.store.admission import Operation, ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    clone,
    fields,
    items,
    metadata,
    name_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores


def install(stores: Stores, charts: Charts) -> None:
    """Makes the charts known, and has every new cluster run istiod where its pods do."""
    charts.add(*CHARTS)
    stores.on_open.append(_open)


def _open(server: Server) -> None:
    controller = Istiod(server)
    server.cluster.admission.behaviours[webhooks.BY_LABEL] = controller.inject
    server.run(controller)


class Istiod:
    """The control plane of one cluster. It does nothing unless one of its pods is ready."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._works = self._starts = False

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        kinds = {(kind.group, kind.kind) for kind in (GATEWAY, GATEWAY_CLASS, *ROUTES)}
        core = {("", kind) for kind in ("Pod", "Node", "Service", "ConfigMap", "Namespace")}
        return frozenset({*kinds, *core, DEFINITION})

    def gate(self, cluster: Cluster, pod: Object) -> tuple[str, str] | None:
        """What keeps one of Istio's placed pods from becoming ready."""
        if _runs(pod, gateway_chart.IMAGE):
            return "ImagePullBackOff", _NOT_INJECTED
        if (_runs(pod, PROXY) or _runs(pod, ZTUNNEL)) and not self._is_there(cluster):
            return "Unhealthy", _NO_CONTROL_PLANE
        return None

    def inject(self, pod: Object, old: Object | None, operation: Operation) -> Object:  # noqa: ARG002
        """Gives a pod that asks for it its proxy; in ambient mode the old chart's pods stay without one."""
        cluster = self._server.cluster
        if "PILOT_ENABLE_AMBIENT" in _environment(cluster):
            return pod
        injected = fields(clone(pod))
        for container in map(fields, items(at(injected, "spec", "containers"))):
            if container.get("image") == gateway_chart.IMAGE:
                container["image"] = _proxy_image(cluster)
        return injected

    def react(self, cluster: Cluster, event: Event) -> None:  # noqa: ARG002 - the work looks at the whole
        if event.key.kind == "Pod" and _runs(event.object, "pilot"):
            self._starts = True
        self._works = self._works or event.key.kind not in ("Pod", "Node") or _concerns(event)

    def work(self) -> None:
        """Does what changes have made due, until nothing is."""
        cluster = self._server.cluster
        if self._starts:
            self._starts = False
            waiting = [pod for pod in cluster.list("", "Pod") if _runs(pod, PROXY) or _runs(pod, ZTUNNEL)]
            self._server.kubelet.reconsider(cluster, waiting)
            self._works = True
        if self._works:
            self._works = False
            if self._is_there(cluster):
                self._reconcile(cluster)

    def _is_there(self, cluster: Cluster) -> bool:
        service = cluster.find_named("", "Service", SERVICE, NAMESPACE)
        return service is not None and bool(ready_endpoints(cluster, service))

    def _reconcile(self, cluster: Cluster) -> None:
        webhooks.close(cluster)
        environment = _environment(cluster)
        if environment.get("PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS") == "true":
            _untaint(cluster)
        if not cluster.discovery.serves(GATEWAY_CLASS):
            return
        _make_classes(cluster, ambient="PILOT_ENABLE_AMBIENT" in environment)
        own = {name_of(one) for one in cluster.list(GATEWAY_CLASS.group, GATEWAY_CLASS.kind) if _is_own(one)}
        found = [
            gateway
            for gateway in cluster.list(GATEWAY.group, GATEWAY.kind)
            if at(gateway, "spec", "gatewayClassName") in own and "deletionTimestamp" not in metadata(gateway)
        ]
        for gateway in found:
            _deploy(cluster, gateway)
        status.report(cluster, [live for gateway in found if (live := _live(cluster, gateway)) is not None])


def _make_classes(cluster: Cluster, *, ambient: bool) -> None:
    for name, (controller, description) in CLASSES.items():
        found = cluster.find(GATEWAY_CLASS, name)
        if found is None and (ambient or name != "istio-waypoint"):
            made = {
                "apiVersion": GATEWAY_CLASS.api_version,
                "kind": GATEWAY_CLASS.kind,
                "metadata": {"name": name},
                "spec": {"controllerName": controller, "description": description},
            }
            found = cluster.create(made, MANAGER)
        if found is not None and at(found, "spec", "controllerName") == controller:
            status.class_accepted(cluster, found)


def _deploy(cluster: Cluster, gateway: Object) -> None:
    if not gateways.is_managed(gateway):
        return
    try:
        gateways.deploy(cluster, gateway)
    except (gateways.UnusableParametersError, ApiError) as error:
        # istiod says so in its log only: here it stands with the object.
        warn(cluster, gateway, "DeploymentFailed", f"error rendering templates: {error}", "istiod")


def _live(cluster: Cluster, gateway: Object) -> Object | None:
    return cluster.find(GATEWAY, name_of(gateway), text(metadata(gateway).get("namespace")))


def _is_own(gateway_class: Object) -> bool:
    return at(gateway_class, "spec", "controllerName") == CONTROLLER


def _untaint(cluster: Cluster) -> None:
    agents = cluster.list("", "Pod", labels=NODE_AGENT)
    for name in {text(at(pod, "spec", "nodeName")) for pod in agents if is_ready(pod)}:
        node = cluster.find_named("", "Node", name)
        if node is not None and any(at(taint, "key") == NOT_READY for taint in items(at(node, "spec", "taints"))):
            cluster.edit(node, _without_taint)


def _without_taint(node: Object) -> None:
    spec = fields(node["spec"])
    spec["taints"] = [taint for taint in items(spec.get("taints")) if at(taint, "key") != NOT_READY]


def _concerns(event: Event) -> bool:
    """Whether a change of a pod or a node may have made something due: Gateways' pods, agents, tainted nodes."""
    if event.key.kind == "Node":
        return any(at(taint, "key") == NOT_READY for taint in items(at(event.object, "spec", "taints")))
    labels = fields(metadata(event.object).get("labels"))
    return "gateway.networking.k8s.io/gateway-name" in labels or labels.items() >= NODE_AGENT.items()


def _environment(cluster: Cluster) -> dict[str, str]:
    deployment = cluster.find_named("apps", "Deployment", "istiod", NAMESPACE)
    stated = items(at(deployment, "spec", "template", "spec", "containers", 0, "env"))
    return {text(at(item, "name")): text(at(item, "value")) for item in stated}


def _proxy_image(cluster: Cluster) -> str:
    injector = cluster.find_named("", "ConfigMap", INJECTOR, NAMESPACE)
    return str(json.loads(text(at(injector, "data", "values")) or "{}").get("image", ""))


def _runs(pod: Object, name: str) -> bool:
    images = [text(at(item, "image")) for item in items(at(pod, "spec", "containers"))]
    return any(image.rpartition("/")[2].split(":")[0] == name for image in images)


_NOT_INJECTED = (
    'Back-off pulling image "auto": failed to pull and unpack image "docker.io/library/auto:latest": not found'
)
_NO_CONTROL_PLANE = "Readiness probe failed: HTTP probe failed with statuscode: 503"

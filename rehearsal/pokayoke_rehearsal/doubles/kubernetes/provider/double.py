"""The `kubernetes` double: pulumi-kubernetes over the world's API servers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.base import Call, Created, Difference, Double, Inputs, ProviderError
from pokayoke_rehearsal.doubles.kubernetes import (
    by_hand,
    external_dns,
    in_tree_balancers,
    istio,
    karpenter,
    load_balancer,
    pod_network,
    prometheus_operator,
    startup_taints,
)
from pokayoke_rehearsal.doubles.kubernetes.access import AccessEntries, Doorkeeper
from pokayoke_rehearsal.doubles.kubernetes.charts import CHARTS, Charts
from pokayoke_rehearsal.doubles.kubernetes.definitions import judge
from pokayoke_rehearsal.doubles.kubernetes.manifests import Manifests
from pokayoke_rehearsal.doubles.kubernetes.pod_identity import inject
from pokayoke_rehearsal.doubles.kubernetes.provider import planning, settings, wording
from pokayoke_rehearsal.doubles.kubernetes.provider.groups import construct_group, manifests_in
from pokayoke_rehearsal.doubles.kubernetes.provider.objects import Objects
from pokayoke_rehearsal.doubles.kubernetes.provider.releases import Releases
from pokayoke_rehearsal.doubles.kubernetes.provider.session import Asked, Session
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import DECODE_YAML, RELEASE, is_known, parse
from pokayoke_rehearsal.doubles.kubernetes.store.objects import text
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.plan import Story
from pokayoke_rehearsal.world.model import World


class KubernetesDouble(Double):
    """Answers for every kind of object, for Helm releases of known charts and for groups of manifests.

    It gives the world its stores (`world.clusters`), whose `on_open` is where others extend each new cluster; `charts`
    and `manifests` are where they make charts and manifest URLs known. `admits` says who may enter a cluster; by
    default the world's access entries do.
    """

    package: ClassVar[str] = "kubernetes"
    distribution: ClassVar[str] = "pulumi_kubernetes"

    def __init__(self, world: World, *, admits: Doorkeeper | None = None) -> None:
        self.world = world
        self.stores = Stores()
        self.charts = Charts(CHARTS)
        self.manifests = Manifests()
        self._admits = admits or AccessEntries(world)
        self._declared: dict[tuple[str, str], bool] = {}
        self._objects, self._releases = Objects(), Releases(self.charts, world.public_registry)
        self.stores.on_open.append(inject(world))
        self.stores.on_open.append(lambda server: judge(server.cluster))
        karpenter.install(world, self.stores, self.charts)
        load_balancer.install(world, self.stores, self.charts)
        pod_network.install(world, self.stores)
        startup_taints.install(self.stores)
        in_tree_balancers.install(world, self.stores)
        istio.install(self.stores, self.charts)
        external_dns.install(world, self.stores, self.charts)
        self.charts.add(prometheus_operator.CHART)
        self.stores.on_open.append(lambda server: server.cluster.subscribe(world.waits.happened))
        world.waits.timers.append(self.stores.look_outside)
        world.clusters = self.stores

    def answered(self) -> None:
        self.world.waits.happened()

    def change_by_hand(self, resources: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
        return by_hand.change(self.stores, resources)

    def remove_by_hand(self, resources: Sequence[Mapping[str, Any]]) -> None:
        by_hand.remove(self.stores, resources)

    def observe(self) -> Story:
        from pokayoke_rehearsal.operating import observe

        return observe(self.world, self.stores)

    def knows_type(self, token: str) -> bool:
        return is_known(token)

    def knows_function(self, token: str) -> bool:
        return token == DECODE_YAML

    async def check_instance(self, news: Inputs) -> Inputs:
        return settings.check(news)

    async def diff_instance(self, olds: Inputs, news: Inputs) -> Difference:
        return settings.diff(olds, news)

    async def configure_instance(self, args: Inputs) -> Session:
        return Session(settings.configure(args), self.stores, self._admits, self._declared, self.world.waits)

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        if call.type == RELEASE:
            return self._releases.check(self.instance, call, olds, news)
        return planning.check(self._asked(call), olds, news)

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        if call.type == RELEASE:
            return self._releases.diff(old_inputs, olds, news)
        return planning.diff(self._asked(call), old_inputs, olds, news)

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        if call.type == RELEASE:
            return await self._releases.create(self.instance, call, inputs)
        return await self._objects.create(self._asked(call), inputs)

    async def read_resource(self, call: Call, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        session: Session = self.instance
        if reason := session.unreachable():
            if session.settings.delete_unreachable:
                return None
            if session.settings.skip_update_unreachable:
                return inputs, state
            raise ProviderError(wording.unreadable(reason))
        if call.type == RELEASE:
            return self._releases.read(session, call, inputs, state)
        return await self._objects.read(self._asked(call), inputs, state)

    async def update_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Inputs:  # noqa: ARG002
        if call.type == RELEASE:
            return await self._releases.update(self.instance, call, news)
        return await self._objects.update(self._asked(call), olds, news)

    async def delete_resource(self, call: Call, old_inputs: Inputs, olds: Inputs) -> None:
        if call.type == RELEASE:
            await self._releases.delete(self.instance, olds)
        else:
            await self._objects.delete(self._asked(call), old_inputs, olds)

    async def invoke_function(self, token: str, args: Inputs, preview: bool) -> Inputs:  # noqa: ARG002
        return {"result": manifests_in(text(args.get("text")), text(args.get("defaultNamespace")))}

    async def construct_component(self, request: Any) -> Any:
        session: Session = self.instance
        if reason := session.unreachable():
            raise ProviderError(f"configured Kubernetes cluster is unreachable: {reason}")
        return await construct_group(request, session, self.manifests)

    def _asked(self, call: Call) -> Asked:
        token = parse(call.type)
        if token is None:
            raise ProviderError(f"the kubernetes double does not know the resource type {call.type}")
        session: Session = self.instance
        return Asked(session, call, token)

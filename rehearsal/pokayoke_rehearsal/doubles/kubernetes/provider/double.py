"""The `kubernetes` double: pulumi-kubernetes over the world's API servers."""

from __future__ import annotations

from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.base import Call, Created, Difference, Double, Inputs, ProviderError
from pokayoke_rehearsal.doubles.kubernetes.provider import planning, settings, waiting
from pokayoke_rehearsal.doubles.kubernetes.provider.kubeconfig import Caller
from pokayoke_rehearsal.doubles.kubernetes.provider.objects import Objects
from pokayoke_rehearsal.doubles.kubernetes.provider.session import Asked, Session
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import is_known, parse
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.model import World


class KubernetesDouble(Double):
    """Answers for every kind of object, refuses Pulumi's own rendering components by name.

    It gives the world its stores (`world.clusters`). A world with a method `admits(region, name, role, profile)` says
    who may enter a cluster; without it everybody may. `still_for` is how long a cluster stands still before a wait is
    given up, in seconds.
    """

    package: ClassVar[str] = "kubernetes"
    distribution: ClassVar[str] = "pulumi_kubernetes"

    def __init__(self, world: World, *, still_for: float = waiting.STILL_FOR) -> None:
        self.world = world
        self.stores = Stores()
        self.declared: dict[tuple[str, str], bool] = {}
        self._objects = Objects(still_for)
        world.clusters = self.stores

    def knows_type(self, token: str) -> bool:
        return is_known(token)

    def knows_function(self, token: str) -> bool:  # noqa: ARG002
        return False

    async def check_instance(self, news: Inputs) -> Inputs:
        return settings.check(news)

    async def diff_instance(self, olds: Inputs, news: Inputs) -> Difference:
        return settings.diff(olds, news)

    async def configure_instance(self, args: Inputs) -> Session:
        return Session(settings.configure(args), self.stores, self._admits, self.declared)

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        return planning.check(self._asked(call), olds, news)

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        return planning.diff(self._asked(call), old_inputs, olds, news)

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        return await self._objects.create(self._asked(call), inputs)

    async def read_resource(self, call: Call, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        return await self._objects.read(self._asked(call), inputs, state)

    async def update_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Inputs:  # noqa: ARG002
        return await self._objects.update(self._asked(call), olds, news)

    async def delete_resource(self, call: Call, old_inputs: Inputs, olds: Inputs) -> None:
        await self._objects.delete(self._asked(call), old_inputs, olds)

    def _asked(self, call: Call) -> Asked:
        token = parse(call.type)
        if token is None:
            raise ProviderError(f"the kubernetes double does not know the resource type {call.type}")
        session: Session = self.instance
        return Asked(session, call, token)

    def _admits(self, server: Server, caller: Caller) -> bool:
        ask: Any = getattr(self.world, "admits", None)
        return ask is None or bool(ask(server.region, server.name, caller.role, caller.profile))

"""What the SDK's analyzer (pulumi_policy 1.21) need not do: it puts a resource's options, provider and arguments
together for every policy, and all resources of a stack anew for every stack policy, however little these look at."""
# pyright: reportMissingSuperCall=false, reportUnknownMemberType=false, reportUnknownParameterType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import pulumi_policy.policy as sdk
from pulumi_policy import EnforcementLevel

from .policy import FailurePolicy, StackFailurePolicy
from .stack import Shown


class Sparing(sdk._PolicyAnalyzerServicer):  # pyright: ignore[reportPrivateUsage]
    """Asks each of our policies only about what it looks at, and shows them a stack once. Policies of others are asked
    as ever."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._asked = _Asked()

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802 the methods of a gRPC service
        """What policies say of one resource."""
        with self._asked.of(request.type):
            return super().Analyze(request, context)

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802
        """What policies say of all of them."""
        with self._asked.of(None):
            return super().AnalyzeStack(_Resources(request.resources, self._asked), context)

    def _get_enforcement_level(self, policy: sdk.Policy) -> EnforcementLevel:
        """The level at which a policy runs: none, for the time of a resource that it does not look at."""
        level: EnforcementLevel = super()._get_enforcement_level(policy)
        if level == EnforcementLevel.DISABLED:
            return level
        config = self._get_policy_config(policy.name) or {}
        return level if self._asked.is_for(policy, config) else EnforcementLevel.DISABLED


class _Asked(threading.local):
    """What is asked right now, in a thread."""

    policy: sdk.Policy | None = None
    kind: str | None = None

    @contextmanager
    def of(self, kind: str | None) -> Generator[None, None, None]:
        """A question about a resource of a type, or (None) about a stack."""
        self.kind, self.told = kind, set[Shown]()
        try:
            yield
        finally:
            self.kind = None

    def is_for(self, policy: sdk.Policy, config: dict[str, Any]) -> bool:
        """Whether a policy is to hear of it."""
        self.policy = policy
        if self.kind is None or not isinstance(policy, FailurePolicy):
            return True
        remembering = policy.remembering(self.kind)
        if remembering is not None and remembering not in self.told:
            self.told.add(remembering)
            return True
        return policy.is_asked_of(self.kind, config)


class _Resources:
    """The request for a stack, whose resources are there for the first of the policies that share what was shown."""

    def __init__(self, resources: Sequence[Any], asked: _Asked) -> None:
        self._resources = resources
        self._asked = asked

    @property
    def resources(self) -> Sequence[Any]:
        """Those that the policy is handed which is asked right now."""
        shown = self._asked.policy.shown if isinstance(self._asked.policy, StackFailurePolicy) else None
        if shown is None:
            return self._resources
        if shown in self._asked.told:
            shown.goes_on = True
            return ()
        self._asked.told.add(shown)
        return self._resources

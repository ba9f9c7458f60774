"""The SDK's analyzer (pulumi_policy 1.21), which takes level `remediate` for any policy, forgets the hashes of assets
on the way through a remedy, and does not tell policies what is secret."""
# pyright: reportMissingSuperCall=false, reportUnknownMemberType=false, reportUnknownParameterType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

import grpc
import pulumi_policy.policy as sdk
from pulumi.runtime import proto
from pulumi_policy.deserialize import SPECIAL_ARCHIVE_SIG, SPECIAL_ASSET_SIG, SPECIAL_SIG_KEY

from .configuring import mistakes
from .sealing import Secrets
from .sparing import Sparing

_FILES = (SPECIAL_ASSET_SIG, SPECIAL_ARCHIVE_SIG)


class Analyzer(Sparing):
    """Refuses a configuration that cannot be meant, changes nothing but what a remedy says, and tells no secret."""

    _mends = False

    def __init__(self, name: str, version: str, policies: list[sdk.Policy], *others: Any) -> None:
        super().__init__(name, version, policies, *others)
        self._secrets = Secrets()
        self._known = {one.name for one in policies}
        self._mendable = {
            one.name for one in policies if isinstance(one, sdk.ResourceValidationPolicy) and one.has_remediation()
        }

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802 the methods of a gRPC service
        """Takes the configuration of each policy, before anything is judged."""
        if wrong := mistakes(request.policyConfig, self._known, self._mendable):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{'; '.join(wrong)}.")
        remediate = proto.EnforcementLevel.Value("REMEDIATE")
        self._mends = any(one.enforcementLevel == remediate for one in request.policyConfig.values())
        return super().Configure(request, context)

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802
        """What policies say of one resource."""
        self._secrets.learn(request.properties)
        return self._sealed(super().Analyze(request, context))

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802
        """What policies say of all of them."""
        for one in request.resources:
            self._secrets.learn(one.properties)
            self._secrets.learn(one.provider.properties)
        return self._sealed(super().AnalyzeStack(request, context))

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802
        """What level `remediate` changes in a resource; the engine asks of every one, whatever is configured."""
        if not self._mends:
            return proto.RemediateResponse()
        answer = super().Remediate(request, context)
        for one in answer.remediations:
            _restore(one.properties.fields, request.properties.fields)
        return answer

    def _sealed(self, answer: Any) -> Any:
        for one in answer.diagnostics:
            one.message = self._secrets.blanked(one.message)
        return answer


def install() -> None:
    """Has the SDK's `PolicyPack` serve this analyzer."""
    module: Any = sdk
    module._PolicyAnalyzerServicer = Analyzer


def _restore(changed: Any, original: Any) -> None:
    """Puts assets and archives back as they came."""
    for key, before in original.items():
        if key in changed:
            _restore_value(changed[key], before)


def _restore_value(now: Any, before: Any) -> None:
    if before.HasField("list_value"):
        # No remedy makes a list longer.
        for index, one in enumerate(now.list_value.values):
            _restore_value(one, before.list_value.values[index])
    elif before.HasField("struct_value"):
        fields = before.struct_value.fields
        if getattr(fields.get(SPECIAL_SIG_KEY), "string_value", None) in _FILES:
            now.CopyFrom(before)
        else:
            _restore(now.struct_value.fields, fields)

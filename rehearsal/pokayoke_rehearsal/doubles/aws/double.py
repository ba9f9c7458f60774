"""The `aws` double: Pulumi's AWS provider over the world's AWS. Which types it knows is `types.py`'s table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace as replace_fields
from typing import Any, ClassVar, cast

from botocore.exceptions import BotoCoreError, ClientError  # pyright: ignore[reportMissingTypeStubs]

from pokayoke_rehearsal.doubles.aws import by_hand
from pokayoke_rehearsal.doubles.aws.drift import live_inputs
from pokayoke_rehearsal.doubles.aws.functions import FUNCTIONS
from pokayoke_rehearsal.doubles.aws.resource import Resource
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.aws.types import TYPES
from pokayoke_rehearsal.doubles.aws.validation import violations
from pokayoke_rehearsal.doubles.base import (
    UNKNOWN,
    Call,
    CheckError,
    Created,
    Difference,
    Double,
    Inputs,
    PartialError,
    ProviderError,
    autoname,
    difference,
    without_nulls,
)
from pokayoke_rehearsal.world.model import World
from pokayoke_rehearsal.world.shapes import mapped


class AwsDouble(Double):
    """Answers for every type in `types.TYPES` and function in `functions.FUNCTIONS`, and refuses all others by name."""

    package: ClassVar[str] = "aws"
    distribution: ClassVar[str] = "pulumi_aws"

    def __init__(self, world: World) -> None:
        self.world = world

    def answered(self) -> None:
        self.world.waits.happened()

    def change_by_hand(self, resources: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
        return by_hand.change(self.world, resources)

    def knows_type(self, token: str) -> bool:
        return token in TYPES

    def knows_function(self, token: str) -> bool:
        return token in FUNCTIONS

    async def configure_instance(self, args: Inputs) -> Site:
        tags: Inputs = _structured(args.get("defaultTags")) or {}
        allowed, forbidden = _structured(args.get("allowedAccountIds")), _structured(args.get("forbiddenAccountIds"))
        account = self.world.account
        if (allowed and account not in allowed) or (forbidden and account in forbidden):
            raise ProviderError(f"AWS account ID not allowed: {account}")
        region = args.get("region")
        if not region:
            raise ProviderError("Missing region configuration: Could not find AWS region for this provider")
        return Site(self.world, region, mapped(tags, "tags"))

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        kind = TYPES[call.type]
        inputs: Inputs = without_nulls(news)
        failures = [(name, f"Missing required argument: '{name}'") for name in kind.required if name not in inputs]
        if failures := failures or kind.refusals(inputs):
            raise CheckError(*failures)
        if kind.autoname and kind.autoname.key not in inputs and kind.autoname.prefix_key not in inputs:
            rule = kind.autoname
            inputs[rule.key] = autoname(call, olds, key=rule.key, longest=rule.longest, suffix=rule.suffix)
        site: Site = self.instance
        if kind.tagged and inputs.get("tags") is not UNKNOWN and (tags := site.with_default_tags(inputs.get("tags"))):
            inputs["tags"] = tags
        if kind.operation:
            await self.world.started()
            shape = site.client(kind.service).meta.service_model.operation_model(kind.operation).input_shape
            if found := violations(shape, kind.parameters(inputs)):
                raise CheckError(*(("", reason) for reason in found))
        return inputs

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:  # noqa: ARG002
        kind = TYPES[call.type]
        replace = (*kind.replace, "region") if kind.regional else kind.replace
        if kind.autoname:
            replace = (*replace, kind.autoname.key, kind.autoname.prefix_key)
        found = difference(old_inputs, news, replace=replace, delete_before_replace=kind.delete_before_replace)
        if also := kind.also_replacing(old_inputs, news, found):
            found = replace_fields(found, replacing=found.replacing | set(also))
        return found

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        kind = TYPES[call.type]
        site = self._site(kind, inputs)
        if call.preview:
            unknown = {key: UNKNOWN for key in kind.computed if key not in inputs}
            return Created(UNKNOWN, {**unknown, **self._known(kind, site, inputs), **kind.planned(site, inputs)})
        await self.world.started()
        name = inputs.get(kind.autoname.key) if kind.autoname else None
        with _Worded(f"creating {kind.noun} ({name})" if name else f"creating {kind.noun}"):
            made = kind.create(site, inputs)
            resource_id, told = made if isinstance(made, tuple) else (made, None)
            reason = await self._settled(kind, site, resource_id, inputs)
            if told is None:
                told = kind.read(site, resource_id, inputs) or {}
        outputs = {**self._known(kind, site, inputs), **told}
        if reason:
            said = f"waiting for {kind.noun} ({kind.told_by(resource_id, inputs)}) create: {reason}"
            raise PartialError(resource_id, outputs, said) if kind.saved_at_once else ProviderError(said)
        return Created(resource_id, outputs)

    async def read_resource(self, call: Call, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        kind = TYPES[call.type]
        site = self._site(kind, inputs or state)
        await self.world.started()
        with _Worded(f"reading {kind.noun} ({call.resource_id})"):
            try:
                outputs = kind.read(site, call.resource_id, state or inputs)
            except ClientError as error:
                if _is_gone(error):
                    return None
                raise
            if outputs is None:
                return None
            if not inputs:
                live = {key: value for key, value in outputs.items() if key not in kind.computed}
            else:
                live = live_inputs(kind, inputs, {**outputs, **kind.live(site, call.resource_id, state)})
        stated = {key: _over(outputs.get(key), live[key]) for key in inputs if key in live}
        return live, {**self._known(kind, site, live), **outputs, **stated}

    async def update_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Inputs:
        kind = TYPES[call.type]
        site = self._site(kind, news)
        if call.preview:
            return {**olds, **self._known(kind, site, news), **kind.kept(olds, news)}
        await self.world.started()
        changed = {path.split(".")[0].split("[")[0] for path in difference(old_inputs, news).changed}
        with _Worded(f"updating {kind.noun} ({call.resource_id})"):
            if kind.tagged and "tags" in changed:
                changed.discard("tags")
                gone = mapped(old_inputs, "tags").keys() - mapped(news, "tags").keys()
                kind.retag(site, call.resource_id, olds, sorted(gone), mapped(news, "tags"))
            kind.update(site, call.resource_id, changed, olds, news)
            reason = await self._settled(kind, site, call.resource_id, news)
            outputs = {**self._known(kind, site, news), **(kind.read(site, call.resource_id, {**olds, **news}) or {})}
        if reason:
            raise PartialError(
                call.resource_id, outputs, f"waiting for {kind.noun} ({call.resource_id}) update: {reason}"
            )
        return outputs

    async def delete_resource(self, call: Call, old_inputs: Inputs, olds: Inputs) -> None:
        kind = TYPES[call.type]
        site = self._site(kind, {**old_inputs, **olds})
        await self.world.started()
        with _Worded(f"deleting {kind.noun} ({call.resource_id})"):
            held = await self._deleted(kind, site, call.resource_id, {**old_inputs, **olds})
        if held:
            raise ProviderError(f"deleting {kind.noun} ({call.resource_id}): {held}")

    async def invoke_function(self, token: str, args: Inputs, preview: bool) -> Inputs:  # noqa: ARG002
        site: Site = self.instance
        await self.world.started()
        with _Worded(f"invoking {token}"):
            return FUNCTIONS[token](site.at(args.get("region")), without_nulls(args))

    async def _settled(self, kind: Resource, site: Site, resource_id: str, state: Inputs) -> str:
        """Waits for the resource to become well as long as that can be; answers what stays wrong with it."""
        reason = ""

        def settled() -> bool:
            nonlocal reason
            reason = kind.unsettled(site, resource_id, state)
            return not reason or kind.final(site, resource_id)

        await self.world.waits.until(settled, lambda: f"{kind.noun} {kind.told_by(resource_id, state)}: {reason}")
        return reason

    async def _deleted(self, kind: Resource, site: Site, resource_id: str, state: Inputs) -> str:
        """Deletes the resource and waits until it is gone; answers what keeps it when that can not be."""
        asked, reason = False, ""

        def gone() -> bool:
            nonlocal asked, reason
            try:
                if not asked:
                    kind.delete(site, resource_id, state)
                asked, reason = True, kind.lingers(site, resource_id, state)
            except ClientError as error:
                if _is_gone(error):
                    reason = ""
                    return True
                if _told(error)[0] not in kind.delete_again_after:
                    raise
                reason = _worded(error)
            return not reason

        await self.world.waits.until(gone, lambda: f"{kind.noun} {resource_id}: {reason}")
        return reason

    def _site(self, kind: Resource, inputs: Inputs) -> Site:
        site: Site = self.instance
        return site.at(inputs.get("region")) if kind.regional else site

    def _known(self, kind: Resource, site: Site, inputs: Inputs) -> Inputs:
        known = dict(inputs)
        if kind.regional:
            known["region"] = site.region
        if kind.tagged:
            known["tagsAll"] = inputs.get("tags", {})
        return known


class _Worded:
    """Turns boto3's errors into one line as the real provider words them: what was done, operation, code, message."""

    def __init__(self, doing: str) -> None:
        self._doing = doing

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ClientError):
            raise ProviderError(f"{self._doing}: {_worded(error)}") from None
        if isinstance(error, BotoCoreError):
            raise ProviderError(f"{self._doing}: {error}") from None


GONE = (
    "NotFound",
    "NoSuchEntity",
    "NotFoundException",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchHostedZone",
    "NoSuchLifecycleConfiguration",
    "NotFoundError",
    "NonExistentQueue",
    "ParameterNotFound",
    "NoSuchTagSet",
)


def _is_gone(error: ClientError) -> bool:
    return _told(error)[0].endswith(GONE)


def _told(error: Any) -> tuple[str, str, str]:
    """Code, message and operation of boto3's error."""
    answer = error.response.get("Error", {})
    return answer.get("Code", ""), answer.get("Message", ""), error.operation_name


def _worded(error: Any) -> str:
    code, message, operation = _told(error)
    return f"operation error {operation}, {code}: {message}"


def _over(computed: Any, stated: Any) -> Any:
    """What was stated, with what AWS computes beside it in the same object."""
    if not (isinstance(computed, dict) and isinstance(stated, dict)):
        return stated
    beside, said = cast("Inputs", computed), cast("Inputs", stated)
    return {**beside, **{key: _over(beside.get(key), value) for key, value in said.items()}}


def _structured(value: Any) -> Any:
    """Structured provider configuration, which arrives as JSON text."""
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value

"""One policy a documented failure or practice: what it concerns, and the pure judges that look at it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Protocol

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UnknownValueError

from pokayoke_eks.catalogue import failure
from pokayoke_eks.rules.finding import Finding

from . import native, objects
from .documentation import linked
from .exemptions import is_exempt, schema, told
from .lacking import lacking, told_of
from .practice import Practice, set_by
from .raw import NotKnownError, plain
from .remedies import CannotMendError, Remedy, mended, readable
from .sharing import Kept
from .stack import Shown, Stack

Judge = Callable[[Mapping[str, Any]], Iterable[Finding]]
"""A pure function over raw properties under the provider's own (camelCase) names. Raises `NotKnownError` at a value
that preview cannot tell, which keeps no other judge from speaking. Its findings print no value that may be secret."""


class ProtectionJudge(Protocol):
    """The same over properties and whether Pulumi protects the resource from deletion."""

    def __call__(self, properties: Mapping[str, Any], /, *, protected: bool) -> Iterable[Finding]: ...


StackJudge = Callable[[Stack], Iterable[tuple[str, Finding]]]
"""A pure function over all resources of a stack: findings, each with the URN of the resource that it concerns."""

EVERY_KIND = "*"


@dataclass(frozen=True)
class Rule:
    """The judges of a failure, or of a practice."""

    slug: str
    judges: Mapping[str, tuple[Judge, ...]] = field(default_factory=dict[str, tuple[Judge, ...]])
    """By resource type, or by package for every type of it."""
    kinds: Mapping[str, tuple[Judge, ...]] = field(default_factory=dict[str, tuple[Judge, ...]])
    """By kind of Kubernetes object (`apps/Deployment`), or `EVERY_KIND`, in whatever resource the object comes."""
    patches: Collection[str] = ()
    """The kinds of which its judges look at what is stated alone. They judge patches of such objects too; of others a
    patch tells too little, as what it leaves out may well be there."""
    protection: Mapping[str, ProtectionJudge] = field(default_factory=dict[str, ProtectionJudge])
    """By resource type."""
    exempt: tuple[str, ...] = ()
    """What the beginnings of resource types say that no judge of `judges` looks at."""
    stack: tuple[StackJudge, ...] = ()
    """What only shows between resources. Judged after the steps, in preview and up alike."""
    practice: Practice | None = None
    """What it only advises of; None for a documented failure."""
    tuned: Callable[[Mapping[str, Any]], "Rule"] | None = None
    """Makes the rule under other settings than its own."""
    own_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Of a documented failure, what its policy's configuration may change; a practice states that itself."""
    remedies: Mapping[str, Remedy] = field(default_factory=dict[str, Remedy])
    """By resource type, what level `remediate` does; at every other level nothing is changed."""

    def under(self, config: Mapping[str, Any]) -> "Rule":
        """The rule as a policy's configuration wants it."""
        return self.tuned(set_by(config, self.settings)) if self.tuned else self

    @property
    def settings(self) -> Mapping[str, Mapping[str, Any]]:
        """What the policy's configuration may change: by name a JSON schema with a `default`."""
        return self.practice.settings if self.practice else self.own_settings

    def of_type(self, resource_type: str) -> tuple[Judge, ...]:
        """The judges of a resource type."""
        if resource_type.startswith(self.exempt):
            return ()
        package = resource_type.partition(":")[0]
        return (*self.judges.get(resource_type, ()), *self.judges.get(package, ()))

    def policies(self, shown: Shown, today: date) -> list[Policy]:
        """The rule as the SDK takes it: a policy on each resource; where the stack is judged too, both under one
        name. `shown` is the whole pack's; exemptions hold by the date of `today`."""
        if not self.stack:
            return [FailurePolicy(self, today)]
        return [FailurePolicy(self, today, shown), StackFailurePolicy(self, today, shown)]


Question = tuple[str, Judge, Mapping[str, Any]]
"""Where in the resource, who judges, and what."""


def questions(
    rule: Rule,
    judges: tuple[Judge, ...],
    kind: str,
    told: Callable[[], Mapping[str, Any]],
    *,
    protected: bool,
) -> Iterator[Question]:
    """What a rule, with its judges of the resource's type, asks of one resource; its properties are `told` only where
    anybody asks. Raises `NotKnownError` where objects in it are unknown."""
    kinds = rule.kinds
    patched = objects.patched(kind)
    of_patch = kinds[patched] if patched in rule.patches else ()
    holds = bool(of_patch) or (bool(kinds) and objects.may_hold(kind, None if EVERY_KIND in kinds else kinds))
    protection = rule.protection.get(kind)
    shape = native.SHAPES.get(kind)
    # Who names the native type is asked in its own words.
    native_too = shape is not None and kind not in rule.judges and shape.type in rule.judges
    if not judges and not holds and not native_too and protection is None:
        return
    properties = told()
    if shape is not None and native_too:
        read = shape.read(properties)
        yield from (("", partial(shape.judged, judge), read) for judge in rule.judges[shape.type])
    if protection is not None:
        yield "", partial(protection, protected=protected), properties
    for judge in judges:
        yield "", judge, properties
    if holds:
        for found in objects.in_resource(kind, properties):
            for judge in (*of_patch, *kinds.get(found.key, ()), *kinds.get(EVERY_KIND, ())):
                yield found.place, judge, found.content


class Configured:
    """A rule as the configuration wants it that the engine gave last; what is asked again and again is kept."""

    def __init__(self, rule: Rule) -> None:
        self.stated = self._rule = rule
        self._config: Mapping[str, Any] = {}
        self._known: dict[str, tuple[Judge, ...]] = {}
        self._asking: dict[str, bool] = {}

    def under(self, config: Mapping[str, Any]) -> Rule:
        """The rule under a configuration."""
        if self.stated.tuned is not None and config != self._config:
            self._config = config
            self._rule = self.stated.under(plain(config))
            self._known, self._asking = {}, {}
        return self._rule

    def of_type(self, resource_type: str) -> tuple[Judge, ...]:
        """The judges of a resource type."""
        judges = self._known.get(resource_type)
        if judges is None:
            judges = self._known[resource_type] = self._rule.of_type(resource_type)
        return judges

    def asks(self, resource_type: str) -> bool:
        """Whether it looks at resources of a type at all."""
        asking = self._asking.get(resource_type)
        if asking is None:
            judges = self.of_type(resource_type)
            try:
                asking = any(questions(self._rule, judges, resource_type, _looked, protected=False))
            except _LookedError:
                asking = True
            self._asking[resource_type] = asking
        return asking


class _LookedError(Exception):
    pass


def _looked() -> Mapping[str, Any]:
    raise _LookedError


class FailurePolicy(ResourceValidationPolicy):
    """Refuses resources that lead to one documented failure, and remembers the inputs of all for the stack's policy."""

    def __init__(self, rule: Rule, today: date, shown: Shown | None = None) -> None:
        super().__init__(**_described(rule))  # pyright: ignore[reportUnknownMemberType] - untyped awaitables
        self._rule = Configured(rule)
        self._today = today
        self._shown = shown
        self._left: dict[str, CannotMendError | NotKnownError] = {}

    def is_asked_of(self, resource_type: str, config: Mapping[str, Any]) -> bool:
        """Whether it has anything to say of a resource of a type, under a configuration."""
        self._rule.under(config)
        return bool(self._left) or self._rule.asks(resource_type)

    def remembering(self, resource_type: str) -> Shown | None:
        """What remembers the inputs of such a resource, by way of this policy."""
        return self._shown if resource_type.startswith(_REMEMBERED) else None

    def has_remediation(self) -> bool:
        """Whether level `remediate` is for this policy."""
        return bool(self._rule.stated.remedies)

    def remediate(self, args: ResourceValidationArgs) -> Any:
        """The inputs as the rule's remedy wants them, on the wire; None where there is nothing to mend, an exemption
        holds, or it cannot be: then what is found, right after, tells why."""
        config, kind = args.get_config(), args.resource_type
        rule = self._rule.under(config)
        remedy = rule.remedies.get(kind)
        if remedy is None or is_exempt(config, args.urn, self._today):
            return None
        inputs = serialize_properties(args.props)
        properties = readable(inputs)
        asked = questions(rule, self._rule.of_type(kind), kind, lambda: properties, protected=bool(args.opts.protect))
        if not _any_objects(list(asked)):
            return None
        try:
            edits = remedy(properties)
            return mended(inputs, edits) if edits else None
        except (CannotMendError, NotKnownError) as why:
            self._left[args.urn] = why
            return None

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        """Reports what the judges of this type find; where one lacks a value, the SDK's own notice says so."""
        if remembering := self.remembering(args.resource_type):
            remembering.remember(args.urn, args.props)
        rule, unknown, left = self._rule.under(args.get_config()), None, self._left.pop(args.urn, None)
        if isinstance(left, NotKnownError):  # Whether there will be anything to object to, `up` tells.
            raise UnknownValueError(UNKNOWN_OBJECT_VALUE, list(left.path))
        if not self._rule.asks(args.resource_type):
            return
        note = f" It is not remediated: {left}." if left else ""
        try:
            for place, judge, properties in self._asked(rule, args):
                try:
                    for finding in judge(properties):
                        if message := told(args.get_config(), args.urn, f"{place}{finding}{note}", self._today):
                            report_violation(linked(message, rule.slug), None)
                except NotKnownError as error:
                    unknown = error
        except NotKnownError as error:  # Of the objects in the resource, the rest is not known.
            unknown = error
        if unknown:
            raise UnknownValueError(UNKNOWN_OBJECT_VALUE, list(unknown.path))

    def _asked(self, rule: Rule, args: ResourceValidationArgs) -> Iterator["Question"]:
        kind = args.resource_type
        judges = self._rule.of_type(kind)
        return questions(rule, judges, kind, lambda: _kept(args.props), protected=bool(args.opts.protect))


def _any_objects(asked: list[Question]) -> bool:
    """Whether a judge of the resource does; whatever shows between resources only is left to the remedy."""
    return not asked or any(_objects(judge, properties) for _, judge, properties in asked)


def _objects(judge: Judge, properties: Mapping[str, Any]) -> bool:
    try:
        return any(True for _ in judge(properties))
    except NotKnownError:
        return False


class StackFailurePolicy(StackValidationPolicy):
    """Refuses what leads to one documented failure between the resources of a stack."""

    def __init__(self, rule: Rule, today: date, shown: Shown) -> None:
        super().__init__(**_described(rule), validate=self._judge)  # pyright: ignore[reportUnknownMemberType]
        self._rule = Configured(rule)
        self._today = today
        self.shown = shown

    def _judge(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        stack = self.shown.stack(args.resources, _kept)
        rule, unknown = self._rule.under(args.get_config()), None
        for judge in rule.stack:
            try:
                for urn, finding in judge(stack):
                    said = str(stack.in_own_words(urn, finding))
                    if message := told(args.get_config(), urn, said, self._today):
                        report_violation(linked(message, rule.slug), urn)
            except NotKnownError as error:
                unknown = error
        if unknown:
            raise UnknownValueError(UNKNOWN_OBJECT_VALUE, [f"{unknown}{told_of(lacking(stack, unknown.path))}"])


_kept = Kept(plain)
_REMEMBERED = ("aws:", "aws-native:", "kubernetes:")


def _described(rule: Rule) -> dict[str, Any]:
    practice = rule.practice
    if practice:
        return {
            "name": rule.slug,
            "description": f"{practice.title}: {practice.why} ({practice.source}).",
            "enforcement_level": EnforcementLevel.ADVISORY,
            "config_schema": schema(rule.settings),
            "remediation_steps": practice.remedy,
        }
    documented = failure(rule.slug)
    return {
        "name": rule.slug,
        "description": f"{documented.title}.",
        "enforcement_level": EnforcementLevel.MANDATORY,
        "config_schema": schema(rule.settings),
        "remediation_steps": documented.remedy,
    }

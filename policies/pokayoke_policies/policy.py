"""One policy a documented failure: which types it concerns, and the pure judges that look at them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy
from pulumi_policy.proxy import UNKNOWN_OBJECT_VALUE, UnknownValueError

from pokayoke_eks.catalogue import failure
from pokayoke_eks.rules.finding import Finding

from .raw import NotKnownError, plain

Judge = Callable[[Mapping[str, Any]], Iterable[Finding]]
"""A pure function over raw properties under the provider's own (camelCase) names. Raises `NotKnownError` at a value
that preview cannot tell, which keeps no other judge from speaking. Its findings print no value that may be secret."""


@dataclass(frozen=True)
class Rule:
    """A failure's judges, by the resource types that they look at."""

    slug: str
    judges: Mapping[str, tuple[Judge, ...]]


class FailurePolicy(ResourceValidationPolicy):
    """Refuses resources that lead to one documented failure."""

    def __init__(self, rule: Rule) -> None:
        documented = failure(rule.slug)
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - the SDK's awaitables have no type
            name=rule.slug,
            description=f"{documented.title}.",
            enforcement_level=EnforcementLevel.MANDATORY,
            remediation_steps=documented.remedy,
        )
        self._judges = dict(rule.judges)

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        """Reports what the judges of this type find; where one lacks a value, the SDK's own notice says so."""
        judges = self._judges.get(args.resource_type)
        if not judges:
            return
        properties = plain(args.props)
        unknown: NotKnownError | None = None
        for judge in judges:
            try:
                for finding in judge(properties):
                    report_violation(str(finding), None)
            except NotKnownError as error:
                unknown = error
        if unknown:
            raise UnknownValueError(UNKNOWN_OBJECT_VALUE, list(unknown.path))

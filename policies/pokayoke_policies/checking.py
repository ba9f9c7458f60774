"""The pack's rules over resources that no engine shows: an exported state, plain manifests."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from .documentation import linked
from .exemptions import told
from .lacking import lacking, told_of
from .pack import rules
from .policy import Rule, questions
from .raw import NotKnownError
from .stack import Member, Stack


@dataclass(frozen=True)
class Found:
    """What a policy says of a resource. `judged` is False where it needs a value that is not told: then `message` names
    the property."""

    policy: str
    urn: str
    message: str
    judged: bool = True
    advice: bool = False
    """Whether it is of a practice, not of a documented failure."""


Configs = Mapping[str, Mapping[str, Any]]
"""By policy what its configuration schema asks for: settings and exemptions."""


def check(
    members: Iterable[Member], today: date, *, whole: bool, configs: Configs = MappingProxyType({})
) -> tuple[Found, ...]:
    """What every policy of the pack says of resources. Those that judge a stack are asked only where it is there as a
    `whole`: a folder of manifests is but a part of what a cluster holds."""
    stack = Stack(members)
    return tuple(
        found for stated in rules(today) for found in _judged(stated, stack, configs.get(stated.slug, {}), today, whole)
    )


def _judged(stated: Rule, stack: Stack, config: Mapping[str, Any], today: date, whole: bool) -> Iterator[Found]:
    rule = stated.under(config)
    for found in (*_each(rule, stack), *(_all(rule, stack) if whole else ())):
        message = told(config, found.urn, found.message, today)
        if message is not None:
            yield replace(found, message=linked(message, rule.slug) if found.judged else message)


def _each(rule: Rule, stack: Stack) -> Iterator[Found]:
    for urn, member in stack.written.items():
        asked = questions(
            rule, rule.of_type(member.type), member.type, lambda one=member: one.properties, protected=member.protected
        )
        try:
            for place, judge, properties in asked:
                try:
                    yield from (_found(rule, urn, f"{place}{finding}") for finding in judge(properties))
                except NotKnownError as error:
                    yield _unknown(rule, urn, str(error))
        except NotKnownError as error:
            yield _unknown(rule, urn, str(error))


def _all(rule: Rule, stack: Stack) -> Iterator[Found]:
    for judge in rule.stack:
        try:
            yield from (_found(rule, urn, str(stack.in_own_words(urn, finding))) for urn, finding in judge(stack))
        except NotKnownError as error:
            urns = lacking(stack, error.path)
            yield _unknown(rule, urns[0] if len(urns) == 1 else "", f"{error}{told_of(urns)}")


def _found(rule: Rule, urn: str, message: str) -> Found:
    return Found(rule.slug, urn, message, advice=rule.practice is not None)


def _unknown(rule: Rule, urn: str, lacks: str) -> Found:
    return Found(rule.slug, urn, f"{lacks} is not told", judged=False)

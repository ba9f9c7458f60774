"""ListenerRuleConfiguration, gateway.k8s.aws/v1. Source: AWS Load Balancer Controller v3.5.0, `config/crd/gateway`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from ..cel import Rule, every, has
from ..constraints import Int
from ..part import Part
from ..resource import Resource
from .listener_rule_actions import Action


class SourceIPConfig(Part):
    """CIDR blocks."""

    values: Annotated[tuple[str, ...], Field(min_length=1)]


class Condition(Part):
    """A condition that Gateway API has no match for; it goes with the matches of these indexes, or with all."""

    field: Literal["source-ip"]
    match_indexes: tuple[Int, ...] | None = None
    source_ip_config: SourceIPConfig | None = None


class ListenerRuleConfigurationSpec(Part):
    """What a rule asks and does beyond its HTTPRoute; routes name it by `extension_ref`."""

    actions: Annotated[tuple[Action, ...], Field(min_length=1, max_length=2)] | None = None
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = None
    tags: dict[str, str] | None = None


_PRE_ROUTING = ("authenticate-oidc", "authenticate-cognito", "jwt-validation")
_ROUTING = ("fixed-response", "forward", "redirect")
_CONFIGS = {
    "forward": "forwardConfig",
    "redirect": "redirectConfig",
    "fixed-response": "fixedResponseConfig",
    "authenticate-cognito": "authenticateCognitoConfig",
    "authenticate-oidc": "authenticateOIDCConfig",
    "jwt-validation": "jwtValidationConfig",
}


def _types_are_known(spec: Mapping[str, Any]) -> bool:
    return every(spec.get("actions", ()), lambda one: one["type"] in (*_PRE_ROUTING, *_ROUTING))


def _at_most_one(types: Sequence[str]) -> Callable[[Mapping[str, Any]], bool]:
    return lambda spec: len([one for one in spec.get("actions", ()) if one["type"] in types]) <= 1


def _goes_with(kind: str, by: str, field: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda holder: has(holder, field) == (holder[by] == kind)


class ListenerRuleConfiguration(Resource):
    """What Gateway API cannot say of a rule of an ALB: authentication, fixed answers, source addresses."""

    plural = "listenerruleconfigurations"
    namespaced = True
    rules = (
        Rule(
            "spec",
            "At least one action must be specified if actions field is present",
            lambda spec: not has(spec, "actions") or len(spec["actions"]) > 0,
        ),
        Rule(
            "spec",
            "Only forward, redirect, authenticate-oidc, authenticate-cognito, jwt-validation, and fixed-response action"
            " types are supported",
            _types_are_known,
        ),
        Rule(
            "spec",
            "At most one pre-routing action (authenticate-oidc, authenticate-cognito, or jwt-validation) can be"
            " specified",
            _at_most_one(_PRE_ROUTING),
        ),
        Rule(
            "spec",
            "At most one routing action (fixed-response or forward or redirect) can be specified",
            _at_most_one(_ROUTING),
        ),
        *(
            Rule(
                "spec.actions[]",
                f"{field} must be specified only when type is '{kind}'",
                _goes_with(kind, "type", field),
            )
            for kind, field in _CONFIGS.items()
        ),
        Rule(
            "spec.actions[].fixedResponseConfig.statusCode",
            "StatusCode must be a valid HTTP status code in the 2XX, 4XX, or 5XX range",
            lambda status: 200 <= status <= 299 or 400 <= status <= 599,
        ),
        Rule(
            "spec.conditions[]",
            "sourceIPConfig must be specified only when field is 'source-ip'",
            _goes_with("source-ip", "field", "sourceIPConfig"),
        ),
    )

    api_version: Literal["gateway.k8s.aws/v1"] = "gateway.k8s.aws/v1"
    kind: Literal["ListenerRuleConfiguration"] = "ListenerRuleConfiguration"
    spec: ListenerRuleConfigurationSpec | None = None

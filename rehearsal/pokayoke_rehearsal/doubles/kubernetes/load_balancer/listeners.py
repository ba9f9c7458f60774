"""Listeners of a balancer, with their certificates and rules.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/deploy/elbv2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Need, carried, requested
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.elb import ELB, call, listed, tagging, tags_of
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import Action, ListenerWanted, Rule, Stack
from pokayoke_rehearsal.world.load_balancers.facts import Act, Balancer, Listener, ListenerRule


def remove_others(acting: Acting, stack: Stack, balancer: Balancer) -> None:
    """Deletes the listeners of ports that are wanted no longer. Raises RefusedError."""
    wanted = {one.port for one in stack.listeners}
    for listener in balancer.listeners:
        if listener.port not in wanted:
            call(acting, "DeleteListener", [listener.arn], {}, ListenerArn=listener.arn)


def reconcile(
    acting: Acting, stack: Stack, balancer: Balancer, wanted: ListenerWanted, targets: Mapping[str, str]
) -> None:
    """Brings the listener of one port to what is wanted; `targets` are ARNs by id. Raises RefusedError."""
    acting.aws.read(f"{ELB}:DescribeListeners", f"{ELB}:DescribeTags")
    found = next((one for one in balancer.listeners if one.port == wanted.port), None)
    actions = [_action(wanted.action, targets)]
    asked: dict[str, Any] = {"DefaultActions": actions}
    if wanted.certificates:
        asked["Certificates"] = [{"CertificateArn": wanted.certificates[0]}]
        asked["SslPolicy"] = wanted.policy
    if wanted.alpn:
        asked["AlpnPolicy"] = [wanted.alpn]
    if found is not None and found.protocol != wanted.protocol:
        call(acting, "DeleteListener", [found.arn], {}, ListenerArn=found.arn)
        found = None
    tags = tags_of(acting, stack, str(wanted.port))
    if found is None:
        listener = balancer.arn.replace(":loadbalancer/", ":listener/")
        needs = [
            Need(f"{ELB}:CreateListener", balancer.arn, {**carried(ELB, balancer.tags), **requested(tags)}),
            tagging("CreateListener", f"{listener}/*", tags),
        ]
        made = acting.aws.call(
            f"{ELB}:CreateListener",
            needs,
            LoadBalancerArn=balancer.arn,
            Protocol=wanted.protocol,
            Port=wanted.port,
            Tags=listed(tags),
            **asked,
        )
        arn, extra = str(made["Listeners"][0]["ListenerArn"]), wanted.certificates[1:]
    else:
        arn, extra = found.arn, _more(found, wanted)
        if _differs(found, wanted, targets):
            call(acting, "ModifyListener", [arn], {}, ListenerArn=arn, **asked)
    acting.aws.read(f"{ELB}:DescribeListenerAttributes")
    if wanted.certificates:
        acting.aws.read(f"{ELB}:DescribeListenerCertificates")
    if extra:
        more = [{"CertificateArn": one} for one in extra]
        call(acting, "AddListenerCertificates", [arn], {}, ListenerArn=arn, Certificates=more)
    if stack.kind == "application":
        _rules(acting, stack, arn, found.rules if found is not None else (), wanted, targets)


def _rules(
    acting: Acting,
    stack: Stack,
    listener: str,
    held: Sequence[ListenerRule],
    wanted: ListenerWanted,
    targets: Mapping[str, str],
) -> None:
    acting.aws.read(f"{ELB}:DescribeRules", f"{ELB}:DescribeTags")
    if [(one.conditions, one.act) for one in held] == [
        (one.conditions, _act(one.action, targets)) for one in wanted.rules
    ]:
        return
    for rule in held:
        call(acting, "DeleteRule", [rule.arn], {}, RuleArn=rule.arn)
    for priority, rule in enumerate(wanted.rules, start=1):
        tags = tags_of(acting, stack, f"{wanted.port}:{priority}")
        needs = [
            Need(f"{ELB}:CreateRule", listener, requested(tags)),
            tagging("CreateRule", f"{listener.replace(':listener/', ':listener-rule/')}/*", tags),
        ]
        acting.aws.call(
            f"{ELB}:CreateRule",
            needs,
            ListenerArn=listener,
            Priority=priority,
            Conditions=_conditions(rule),
            Actions=[_action(rule.action, targets)],
            Tags=listed(tags),
        )


def _action(action: Action, targets: Mapping[str, str]) -> dict[str, Any]:
    if action.redirect:
        return {"Type": "redirect", "RedirectConfig": dict(action.redirect)}
    if action.status:
        return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": action.status}}
    forward = [{"TargetGroupArn": targets[one]} for one in action.targets]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": forward}}


def _conditions(rule: Rule) -> list[dict[str, Any]]:
    configs = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}
    return [{"Field": name, configs[name]: {"Values": list(values)}} for name, values in rule.conditions]


def _differs(found: Listener, wanted: ListenerWanted, targets: Mapping[str, str]) -> bool:
    asked = (_act(wanted.action, targets), wanted.certificates[:1], wanted.policy)
    return (found.default, found.certificates[:1], found.policy) != asked


def _act(action: Action, targets: Mapping[str, str]) -> Act:
    return Act(tuple(targets[one] for one in action.targets), action.redirect, action.status)


def _more(found: Listener, wanted: ListenerWanted) -> list[str]:
    return [one for one in wanted.certificates[1:] if one not in found.certificates]

"""What is asked of Karpenter: that it hears of interruptions, may replace nodes, and comes to an end with it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.json_text import from_json
from pokayoke_eks.rules.workloads import POD_SPECS
from pokayoke_policies.eks import label
from pokayoke_policies.inventory import Held, Install, installs, installs_near, known_map, objects_near, objects_of
from pokayoke_policies.near import Near
from pokayoke_policies.placement import read_requirements
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, list_of, over, stated
from pokayoke_policies.references import referred, referring
from pokayoke_policies.selection import KARPENTERS_CLASS, terms_of
from pokayoke_policies.stack import Member, Stack

from .images import images_are_of_a_version
from .queues import QUEUE

POOL = "karpenter.sh/NodePool"
_CAPACITY = "karpenter.sh/capacity-type"
_KEPT = "karpenter.sh/do-not-disrupt"
_RULE, _TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
_EVENTS = ("AWS Health Event", "EC2 Spot Instance Interruption Warning", "EC2 Instance State-change Notification")
"""Those on which it drains nodes (Karpenter 1.14, disruption, "Interruption"; getting started, CloudFormation)."""
_REASONS = {"Drifted", "Underutilized", "Empty"}

INTERRUPTION = Practice(
    "kp-interruption-on",
    "Karpenter does not hear that a node is about to go",
    "the two minutes' notice passes, and pods are cut off instead of moved",
    "Set settings.interruptionQueue to the queue's name, with an EventRule and EventTarget for each kind of event.",
    "EKS best practices, autoscaling/karpenter; Karpenter, disruption and FAQ",
)
BUDGETS = Practice(
    "kp-budgets-open",
    "Karpenter may replace no node, or all of them at once",
    "images with known flaws stay for ever, or an application loses all of its nodes together",
    'Set disruption.budgets: [{nodes: "10%"}]; a budget of zero takes a schedule (in UTC) and a duration.',
    "Karpenter, disruption, NodePool disruption budgets",
)
LIFETIME = Practice(
    "kp-lifetime-bounded",
    "A node has no last day",
    "it runs an image of long ago, or drains for ever behind a pod that will not go",
    "Set expireAfter: 720h and terminationGracePeriod: 1h in the NodePool's template.",
    "EKS best practices, upgrades; Karpenter, disruption, expiration and TerminationGracePeriod",
)


def interruptions_are_heard(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each release of Karpenter whose values are to be seen."""
    seen = [one for one in installs(stack, "karpenter") if one.values is not None]
    yield from over(seen, lambda install: ((install.member.urn, one) for one in _deaf(stack, install)))


def budgets_let_some_go(node_pool: Mapping[str, Any]) -> Iterator[Finding]:
    """Budgets that hold always and whatever the reason: none is of no node, not all are of all nodes."""
    always: list[tuple[int, str]] = []
    for index, budget in each(list_at(node_pool, "spec", "disruption", "budgets")):
        reasons = list_at(budget, "reasons")
        if stated(budget, "schedule") is None and (not reasons or {str(one) for one in reasons} >= _REASONS):
            always.append((index, str(stated(budget, "nodes"))))
    for index, nodes in always:
        if nodes in ("0", "0.0", "0%"):
            yield BUDGETS.finding(f"spec.disruption.budgets[{index}].nodes", "it is zero, always and for every reason")
    if always and all(nodes == "100%" for _, nodes in always):
        yield BUDGETS.finding(
            f"spec.disruption.budgets[{always[0][0]}].nodes", "it is 100%, and nothing else holds back"
        )


def nodes_come_to_an_end(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Pools whose nodes neither expire nor drift, and pools whose nodes expire and wait for pods that do not go."""
    kept = Near((None, one.cluster, one) for one in objects_of(stack, *POD_SPECS) if _is_kept(one))

    def judged(pool: Held) -> Iterator[tuple[str, Finding]]:
        place = f"{pool.place}spec.template.spec"
        if stated(pool.content, "spec", "template", "spec", "expireAfter") == "Never":
            if any(_is_pinned(one) for one in _classes(stack, pool)):
                yield pool.member.urn, LIFETIME.finding(f"{place}.expireAfter", "it is Never, and the image is pinned")
        elif stated(pool.content, "spec", "template", "spec", "terminationGracePeriod") is None:
            held = kept.of(pool.cluster)
            if held:
                problem = f"it is left out, and pods of '{label(held[0].member.urn)}' are marked {_KEPT}"
                yield pool.member.urn, LIFETIME.finding(f"{place}.terminationGracePeriod", problem)

    yield from over(objects_of(stack, POOL), judged)


RULES = (
    Rule(INTERRUPTION.slug, stack=(interruptions_are_heard,), practice=INTERRUPTION),
    Rule(BUDGETS.slug, kinds={POOL: (budgets_let_some_go,)}, patches=(POOL,), practice=BUDGETS),
    Rule(LIFETIME.slug, stack=(nodes_come_to_an_end,), practice=LIFETIME),
)


def _deaf(stack: Stack, install: Install) -> Iterator[Finding]:
    place = "values.settings.interruptionQueue"
    for _ in installs_near(stack, install.cluster, "aws-node-termination-handler"):
        problem = "aws-node-termination-handler acts on the same events"
        yield INTERRUPTION.finding("", problem, "Take aws-node-termination-handler out.")
    queue = install.value("settings", "interruptionQueue")
    if queue is UNKNOWN:
        raise NotKnownError(("values", "settings", "interruptionQueue"))
    if not queue:
        takes_spot = stack.once(_any_takes_spot, install.cluster)
        if isinstance(takes_spot, NotKnownError):
            raise NotKnownError(takes_spot.path)
        if takes_spot:
            yield INTERRUPTION.finding(place, "it is left out, and a pool of the stack may take spot capacity")
        return
    if ":" in str(queue) or "/" in str(queue):
        yield INTERRUPTION.finding(place, "it is an ARN or a URL, and Karpenter looks a queue up by its name")
        return
    for one in stack.once(_queues).of(None, queue):
        missing = sorted(set(_EVENTS) - set(_sent(stack, one)))
        if missing:
            yield INTERRUPTION.finding(place, f"no rule of the stack sends that queue {' nor '.join(missing)}")


def _queues(stack: Stack) -> Near[Member]:
    return Near((one.properties.get("name"), None, one) for one in stack.of_type(QUEUE))


def _any_takes_spot(stack: Stack, cluster: str | None) -> bool | NotKnownError:
    """Whether a pool of a cluster may."""
    try:
        return any(over(objects_near(stack, cluster, POOL), _takes_spot))
    except NotKnownError as error:
        return error


def _takes_spot(pool: Held) -> Iterator[bool]:
    """Whether a pool may; one that says nothing of capacity takes spot first (Karpenter, NodePools)."""
    said = read_requirements(pool.content, "spec", "template", "spec", "requirements")
    if all(one.allows("spot") for one in said if one.key == _CAPACITY):
        yield True


def _sent(stack: Stack, queue: Member) -> Iterator[str]:
    """The kinds of events that rules send to a queue."""
    for target in referring(stack, _TARGET, "arn", queue):
        for rule in referred(stack, target, "rule", _RULE):
            pattern = stated(rule.properties, "eventPattern")
            yield from (str(one) for one in list_of(known_map(from_json(pattern)).get("detail-type")))


def _is_kept(held: Held) -> bool:
    metadata: Any = held.content
    for key in (*POD_SPECS[held.key][:-1], "metadata", "annotations"):
        metadata = known_map(metadata).get(key)
    return str(known_map(metadata).get(_KEPT)).lower() == "true"


def _classes(stack: Stack, pool: Held) -> Sequence[Held]:
    """Karpenter's own class of a pool, where it is the stack's."""
    reference = stated(pool.content, "spec", "template", "spec", "nodeClassRef")
    name = known_map(reference).get("name")
    return stack.once(_by_name).of(pool.cluster, name)


def _by_name(stack: Stack) -> Near[Held]:
    return Near((one.metadata.get("name"), one.cluster, one) for one in objects_of(stack, KARPENTERS_CLASS))


def _is_pinned(node_class: Held) -> bool:
    terms = terms_of(node_class, "amiSelectorTerms")
    return bool(terms) and UNKNOWN not in terms and not list(images_are_of_a_version(node_class.content))

"""What is asked of databases that are to last: that they can be restored."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.dsql import CLUSTER, peers
from pokayoke_policies.near import Near
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each
from pokayoke_policies.raw import NotKnownError, list_at, over, stated
from pokayoke_policies.references import is_given, referred, region_of, texts_in
from pokayoke_policies.selection import candidate
from pokayoke_policies.stack import Member, Stack

from .production import STACKS, is_one_of

_PLAN, _SELECTION = "aws:backup/plan:Plan", "aws:backup/selection:Selection"

BACKED_UP = Practice(
    "dsql-backed-up",
    "A database of production cannot be restored",
    "what a program or a person deletes in it is gone",
    "Make a backup.Selection with resources: [CLUSTER.arn] and a backup.Plan; of peered clusters, give its rules "
    "copyActions to the other's Region.",
    "AWS Backup developer guide, Amazon Aurora DSQL backups; DSQL user guide, backup and restore",
    STACKS,
)


def backed_up_databases(settings: Mapping[str, Any]) -> Rule:
    """In production each database, or a peer of it, is in a selection, and what is made in one Region is copied where
    there are two."""

    def databases_are_backed_up(stack: Stack) -> Iterator[tuple[str, Finding]]:
        asked = is_one_of(stack, settings["stacks"])
        groups = {one.urn: pair for pair in reversed(peers(stack)) for one in pair}

        def judged(cluster: Member) -> Iterator[tuple[str, Finding]]:
            group = groups.get(cluster.urn, (cluster,))
            selections = _selections(stack, group)
            if not selections:
                yield cluster.urn, BACKED_UP.finding("", "no backup.Selection of the stack holds it")
            elif len(group) > 1 and not any(_is_copied(stack, one) for one in selections):
                problem = "it has a peer, and no rule of its backup.Plan has copyActions to another Region"
                yield cluster.urn, BACKED_UP.finding("", problem)

        yield from over(stack.of_type(CLUSTER) if asked else (), judged)

    return Rule(BACKED_UP.slug, stack=(databases_are_backed_up,), practice=BACKED_UP, tuned=backed_up_databases)


RULES = (backed_up_databases(BACKED_UP.set_by({})),)


def _selections(stack: Stack, group: Sequence[Member]) -> list[Member]:
    """Those that are of one of these databases; what is not known of one matters where no other is."""
    found: list[Member] = []

    def held(one: Member) -> list[Member]:
        return [one] if any(_holds(stack, one, cluster) for cluster in group) else []

    near = dict(placed for cluster in group for placed in _near(stack, cluster))
    try:
        found.extend(over((near[place] for place in sorted(near)), held))
    except NotKnownError:
        if not found:
            raise
    return found


def _holds(stack: Stack, selection: Member, cluster: Member) -> bool:
    """Whether a selection is of a database: by its ARN, a pattern of ARNs, or a tag. Under conditions it may be."""
    region, own = region_of(selection), region_of(cluster)
    if region and own and region != own:
        return False
    if cluster in referred(stack, selection, "resources", CLUSTER) or _is_of_all(selection, own):
        return True
    wanted = _tags(selection)
    return any(tag in candidate(stack, cluster).tags.items() for tag in wanted)


def _near(stack: Stack, cluster: Member) -> Iterator[tuple[int, Member]]:
    """The selections that may be of a database, each with its place among all."""
    near = stack.once(_by_what_they_name, region_of(cluster))
    for key in (None, cluster.urn, *candidate(stack, cluster).tags.items()):
        yield from near.of(None, key)


def _by_what_they_name(stack: Stack, region: str | None) -> Near[tuple[int, Member]]:
    """Selections by databases and by tags; under None those of all databases of a region, or of nobody knows which."""

    def names(selection: Member) -> Iterator[Any]:
        yield from (one.urn for one in referred(stack, selection, "resources", CLUSTER))
        try:
            yield from (None,) if _is_of_all(selection, region) else _tags(selection)
        except NotKnownError:
            yield None

    every = enumerate(stack.of_type(_SELECTION))
    return Near((name, None, (place, one)) for place, one in every for name in names(one))


def _is_of_all(selection: Member, region: str | None) -> bool:
    """Whether a pattern of a selection is of any database of a region."""
    arn = f"arn:aws:dsql:{region}:0:cluster/0"
    return any(fnmatchcase(arn, text) for text in texts_in(stated(selection.properties, "resources")))


def _tags(selection: Member) -> list[tuple[str, Any]]:
    """The tags of which a selection wants one."""
    said = list_at(selection.properties, "selectionTags")
    return [(str(stated(one, "key")), stated(one, "value")) for _, one in each(said)]


def _is_copied(stack: Stack, selection: Member) -> bool:
    """Whether a rule of a selection's plan copies what it makes; of a plan of others nothing is known."""
    plans = referred(stack, selection, "planId", _PLAN)
    rules = [rule for plan in plans for _, rule in each(list_at(plan.properties, "rules"))]
    return not plans or any(is_given(rule.get("copyActions")) for rule in rules)

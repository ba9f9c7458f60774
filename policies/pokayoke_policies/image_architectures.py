"""The policy `image-architecture-mismatch`: among nodes of both architectures a workload with images of one's own says
on which it runs; and no image is, by its name, for an architecture that no node has."""

from collections.abc import Iterator

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.image_architectures import SLUG, architectures, unsaid
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS

from .inventory import Held, known_map
from .placement import offered_nodes, pods_of
from .policy import Rule
from .raw import NotKnownError, known_list, mapping_at
from .references import texts_in
from .stack import Stack


def workloads_say_where_they_run(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every workload, against the nodes of the stack that can take it."""
    unknown: list[NotKnownError] = []
    for held, pod in pods_of(stack, unknown):
        taking = [one for offer in offered_nodes(stack, held.cluster, unknown) for one in offer.machines(pod)]
        finding = unsaid(pod, {name for one in taking for name in architectures(one)}, _images(held))
        if finding:
            yield held.member.urn, finding.at(held.pods)
    if unknown:
        raise unknown[0]


RULE = Rule(SLUG, stack=(workloads_say_where_they_run,))


def _images(held: Held) -> list[str]:
    """The images of its containers, as far as they are known."""
    spec = mapping_at(held.content, *POD_SPECS[held.key])
    containers = [one for group in CONTAINERS for one in known_list(spec.get(group))]
    return list(texts_in([known_map(one).get("image") for one in containers]))

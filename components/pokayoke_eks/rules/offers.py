"""Nodes by what they give: of many pools of their own a pod meets those that it may mean, and none of the others."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from .finding import Finding
from .pools import INCOMPATIBLE
from .scheduling import POOL, Nodes, Pod, Requirement, is_well_known, misfit
from .taints import BLOCKING, Taint

_ALL, _ANY_LABEL = object(), object()
"""What every node gives, and what those give whose labels are not all known."""
_TOLD = 3
"""Of how many it is told why they do not take a pod."""


class Offer:
    """Nodes that are offered to pods."""

    def __init__(self, nodes: Iterable[Nodes]) -> None:
        self.nodes = tuple(nodes)
        self._giving: dict[Hashable, dict[Nodes, list[Nodes]]] = {}
        """By what nodes give, and by their machines."""
        self._number: Counter[Hashable] = Counter()
        self._taking: dict[str, list[Nodes]] = {}
        self._fitting: dict[tuple[str, Nodes], bool] = {}
        for one in self.nodes:
            machines, gives = _machines(one), list(_given(one))
            self._number.update(gives)
            for given in gives:
                self._giving.setdefault(given, {}).setdefault(machines, []).append(one)

    def machines(self, pod: Pod) -> list[Nodes]:
        """The machines of the nodes that take a pod: these nodes, without names and all that is of their own."""
        told = repr(pod)
        if told not in self._taking:
            self._taking[told] = list(self._found(pod))
        return self._taking[told]

    def _found(self, pod: Pod) -> Iterator[Nodes]:
        asked = _of_machines(pod)
        told = repr(asked)
        for given in {one for term in pod.terms for one in self._fewest(pod, term)}:
            for machines, alike in self._giving.get(given, {}).items():
                if self._fits(told, asked, machines) and any(misfit(pod, one) is None for one in alike):
                    yield machines

    def _fewest(self, pod: Pod, term: Iterable[Requirement]) -> Collection[Hashable]:
        """One of these is given by all nodes that take a pod by this term; and by as few others as can be told."""
        ways = [_tolerated(pod), *(_asked(one) for one in term if one.operator == "In" and _is_own(one.key))]
        return min(ways, key=lambda way: sum(self._number[one] for one in way))

    def _fits(self, told: str, asked: Pod, machines: Nodes) -> bool:
        if (told, machines) not in self._fitting:
            self._fitting[told, machines] = misfit(asked, machines) is None
        return self._fitting[told, machines]


def unplaceable(pod: Pod, offers: Sequence[Offer]) -> Finding | None:
    """Why the pod runs on none of the nodes that are offered."""
    number = sum(len(one.nodes) for one in offers)
    if not number or any(one.machines(pod) for one in offers):
        return None
    first = islice(chain.from_iterable(one.nodes for one in offers), _TOLD)
    told = "; ".join(f"'{nodes.name}': {misfit(pod, nodes)}" for nodes in first)
    more = f"; and {number - _TOLD} more" if number > _TOLD else ""
    return Finding(
        f"no node of the stack can take its pods ({told}{more})",
        "Let nodeSelector, affinity, tolerations and resources.requests meet what one pool or node group offers, e.g. "
        "nodeSelector: {kubernetes.io/arch: arm64}.",
        INCOMPATIBLE,
    )


def _given(nodes: Nodes) -> Iterator[Hashable]:
    yield _ALL
    if nodes.free_labels:
        yield _ANY_LABEL
    if nodes.is_pool:
        yield POOL, nodes.name
    for one in nodes.requirements:
        yield from ((one.key, value) for value in (one.values if one.operator == "In" else (None,)))
    yield Taint, next((one.key for one in nodes.taints if one.effect in BLOCKING), None)


def _asked(asked: Requirement) -> list[Hashable]:
    return [*((asked.key, value) for value in (*asked.values, None)), _ANY_LABEL]


def _tolerated(pod: Pod) -> list[Hashable]:
    if pod.tolerations is None:
        return [_ALL]
    keys = [one.get("key") for one in pod.tolerations]
    if not all(keys):
        return [_ALL]
    return [(Taint, key) for key in (*keys, None) if key is None or isinstance(key, str)]


def _is_own(key: str) -> bool:
    """Whether nodes have a label by their pool or group alone."""
    return key == POOL or not is_well_known(key)


def _machines(nodes: Nodes) -> Nodes:
    known = tuple(one for one in nodes.requirements if not _is_own(one.key))
    return replace(nodes, name="", requirements=known, taints=())


def _of_machines(pod: Pod) -> Pod:
    """What a pod asks of machines, whosever they are."""
    known = tuple(tuple(one for one in term if not _is_own(one.key)) for term in pod.terms)
    return replace(pod, terms=known, tolerations=None)

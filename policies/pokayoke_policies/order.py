"""What is there before what, worked out for all resources of a stack together: resource by resource, each would go over
most of the stack again."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence

Graph = Mapping[Hashable, Iterable[Hashable]]
"""By what leans, what it leans on right away. Texts are URNs; anything else only leads on."""


class Urns(Collection[str]):
    """Some of the URNs of a stack, a bit each."""

    def __init__(self, places: Mapping[str, int], urns: Sequence[str], bits: int) -> None:
        self._places = places
        """By URN, which bit is its own."""
        self._urns = urns
        """By bit, whose it is."""
        self._bits = bits

    def __contains__(self, urn: object) -> bool:
        return urn in self._places and bool(self._bits >> self._places[str(urn)] & 1)

    def __iter__(self) -> Iterator[str]:
        left = self._bits
        while left:
            yield self._urns[(left ^ (left - 1)).bit_length() - 1]
            left &= left - 1

    def __len__(self) -> int:
        return self._bits.bit_count()

    def __or__(self, others: "Urns") -> "Urns":
        return self._of(self._bits | others._bits)

    def both(self, others: "Urns") -> "Urns":
        """Those that are in both. The others are of the same stack."""
        return self._of(self._bits & others._bits)

    def without(self, others: "Urns") -> "Urns":
        """Those that are not among the others, which are of the same stack."""
        return self._of(self._bits & ~others._bits)

    def meets(self, others: "Urns") -> bool:
        """Whether some are in both. The others are of the same stack."""
        return self._bits & others._bits != 0

    def _of(self, bits: int) -> "Urns":
        return Urns(self._places, self._urns, bits)


class Order:
    """All that each resource leans on, by whatever way."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._places: dict[str, int] = {}
        """Which bit each URN has."""
        self._urns: list[str] = []
        """Whose each bit is."""
        self._closed: dict[Hashable, int] = {}
        """By what leans, it and all behind it, a bit each."""
        self._open: list[Hashable] = []
        self._since: dict[Hashable, int] = {}
        """Where each stands among what is open."""
        self._numbers: dict[Hashable, int] = {}
        for start in graph:
            if start not in self._numbers:
                self._walk(start)

    def behind(self, *urns: str) -> Urns:
        """All that is there before one of the resources; none is there before itself."""
        bits = 0
        for urn in urns:
            bits |= self._closed.get(urn, 0) & ~self._bit(urn)
        return Urns(self._places, self._urns, bits)

    def among(self, urns: Iterable[str]) -> Urns:
        """Resources of the stack, to be met with what is behind others."""
        bits = 0
        for urn in urns:
            bits |= self._bit(urn)
        return Urns(self._places, self._urns, bits)

    def _bit(self, node: Hashable) -> int:
        return 1 << self._places[node] if isinstance(node, str) and node in self._places else 0

    def _walk(self, start: Hashable) -> None:
        """Tarjan's strongly connected components, without recursion: what leans on one another has all in common."""
        lowest: dict[Hashable, int] = {}
        way = [self._entered(start, lowest)]
        while way:
            node, ahead = way[-1]
            for other in ahead:
                if other not in self._numbers:
                    way.append(self._entered(other, lowest))
                    break
                if other not in self._closed:
                    lowest[node] = min(lowest[node], self._numbers[other])
            else:
                way.pop()
                if way:
                    above = way[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == self._numbers[node]:
                    self._close(node)

    def _entered(self, node: Hashable, lowest: dict[Hashable, int]) -> tuple[Hashable, Iterator[Hashable]]:
        lowest[node] = self._numbers[node] = len(self._numbers)
        self._since[node] = len(self._open)
        self._open.append(node)
        return node, iter(self._graph.get(node, ()))

    def _close(self, first: Hashable) -> None:
        """Ends what leans on one another: all that was entered since the first of it."""
        since = self._since[first]
        together = self._open[since:]
        del self._open[since:]
        bits = 0
        for node in together:
            if isinstance(node, str):
                # Low places for what all others lean on: short numbers.
                self._places[node] = len(self._urns)
                self._urns.append(node)
                bits |= self._bit(node)
            for other in self._graph.get(node, ()):
                bits |= self._closed.get(other, 0)
        self._closed.update(dict.fromkeys(together, bits))

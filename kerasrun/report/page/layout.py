"""Where the nodes of a graph are drawn: in layers from top to bottom, so that lines cross little and lead down.

The way of Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981: a node
lies one layer below the lowest of those that it reads, lines across several layers get a place in each, and the order
within a layer follows the mean place of the neighbours.
"""

from dataclasses import dataclass, field
from itertools import pairwise

# So often the order within the layers is improved, down and up.
SWEEPS = 6

Way = list[tuple[float, int]]
"""Places that a line goes through: across, in widths of a node, and the layer."""


@dataclass
class Layout:
    """Places of nodes and ways of lines, `across` in widths of a node.

    Args:
        places: of each node: across, and the layer.
        ways: of each line, from the node that is read to the one that reads.
        width: of the widest layer.
    """

    places: list[tuple[float, int]]
    ways: list[Way]
    width: float
    depth: int


@dataclass
class _Layers:
    ranks: list[list[int]]
    above: dict[int, list[int]] = field(default_factory=dict)
    below: dict[int, list[int]] = field(default_factory=dict)


def lay_out(num_nodes: int, lines: list[tuple[int, int]]) -> Layout:
    """Lay out a graph; one with circles, which no model has, comes out somehow.

    Args:
        num_nodes: nodes are 0 to num_nodes - 1.
        lines: pairs of nodes, from the one that is read to the one that reads.
    """
    rank = _ranks(num_nodes, lines)
    used = sorted(set(rank))
    rank, depth = [used.index(layer) for layer in rank], len(used)
    layers = _Layers([[node for node in range(num_nodes) if rank[node] == layer] for layer in range(depth)])
    chains: list[list[int]] = []
    bends = num_nodes
    for source, target in lines:
        chain = [source]
        for layer in range(rank[source] + 1, rank[target]):
            layers.ranks[layer].append(bends)
            chain.append(bends)
            bends += 1
        chain.append(target)
        chains.append(chain)
        for upper, lower in pairwise(chain):
            layers.below.setdefault(upper, []).append(lower)
            layers.above.setdefault(lower, []).append(upper)
    _order(layers)
    across = _across(layers, num_nodes)
    layer_of = {node: layer for layer, nodes in enumerate(layers.ranks) for node in nodes}
    left = min(across.values(), default=0.0)
    where = {node: (across[node] - left, layer_of[node]) for node in across}
    width = max((place for place, _ in where.values()), default=0.0) + 1
    return Layout([where[node] for node in range(num_nodes)], [[where[n] for n in c] for c in chains], width, depth)


def _ranks(num_nodes: int, lines: list[tuple[int, int]]) -> list[int]:
    """The layer of each node: the longest way to it."""
    rank = [0] * num_nodes
    for _ in range(num_nodes):
        moved = False
        for source, target in lines:
            if rank[target] <= rank[source]:
                rank[target], moved = rank[source] + 1, True
        if not moved:
            break
    return rank


def _order(layers: _Layers) -> None:
    """Order each layer by the mean place of its neighbours in the one before, downwards and upwards in turn."""
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        neighbours = layers.above if downwards else layers.below
        for nodes in layers.ranks if downwards else reversed(layers.ranks):
            place = {node: index for rank in layers.ranks for index, node in enumerate(rank)}

            def mean(node: int, place: dict[int, int] = place) -> float:
                near = [place[other] for other in neighbours.get(node, [])]  # noqa: B023
                return sum(near) / len(near) if near else place[node]

            nodes.sort(key=mean)


def _across(layers: _Layers, num_nodes: int) -> dict[int, float]:
    """Places within the layers: each node as near to the mean of its neighbours as those before it leave room."""
    across = {node: float(index) for nodes in layers.ranks for index, node in enumerate(nodes)}
    for sweep in range(2 * SWEEPS):
        neighbours = layers.above if sweep % 2 == 0 else layers.below
        for nodes in layers.ranks if sweep % 2 == 0 else reversed(layers.ranks):
            wanted = [_mean([across[other] for other in neighbours.get(node, [])], across[node]) for node in nodes]
            for node, place in zip(nodes, _apart(nodes, wanted, num_nodes), strict=True):
                across[node] = place
    return across


def _mean(values: list[float], other: float) -> float:
    return sum(values) / len(values) if values else other


def _apart(nodes: list[int], wanted: list[float], num_nodes: int) -> list[float]:
    """Places in order, far enough from one another, moved together so that they lie around those wanted."""
    places: list[float] = []
    for index, node in enumerate(nodes):
        # A line that only passes by needs less room than a node.
        room = 0.0 if not index else (1.15 if max(node, nodes[index - 1]) < num_nodes else 0.65)
        places.append(max(wanted[index], places[-1] + room) if places else wanted[index])
    shift = sum(wanted) / len(wanted) - sum(places) / len(places)
    return [place + shift for place in places]

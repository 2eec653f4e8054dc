"""The order in which a jury discusses its files: contenders first, and people who stand aside leave as seldom as can be.

Between two files, the people to be moved are those recused on one and not on the other. The number of times somebody leaves
the room is half the sum of these moves over the whole order, the empty room before and after included; so the best order is a
shortest path through the sets of recused people (M. Held and R. Karp, 1962, for the exact one).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Distinct sets of recused people up to which the order is the best there is; beyond, it is only a good one.
EXACT_SETS = 11

People = frozenset[str]


@dataclass(frozen=True, slots=True)
class DiscussedFile:
    """A file to discuss, whether it contends for a place, and who leaves for it."""

    key: str
    is_contender: bool
    recused: People


def departures(order: Sequence[DiscussedFile]) -> int:
    """Return how many times somebody leaves the room over ``order``."""
    rooms = [frozenset(), *(file.recused for file in order), frozenset()]
    return sum(len(before ^ after) for before, after in pairwise(rooms)) // 2


def discussion_order(files: Sequence[DiscussedFile]) -> tuple[DiscussedFile, ...]:
    """Return ``files`` with the contenders first and, within each part, as few departures as can be found.

    Files with the same people out stay together in the order handed in. The answer depends on the files alone.
    """
    ordered: list[DiscussedFile] = []
    inside: People = frozenset()
    for is_contender in (True, False):
        part = [file for file in files if file.is_contender is is_contender]
        groups: dict[People, list[DiscussedFile]] = {}
        for file in part:
            groups.setdefault(file.recused, []).append(file)
        path = _path(inside, list(groups))
        ordered += [file for people in path for file in groups[people]]
        inside = path[-1] if path else inside
    return tuple(ordered)


def _path(start: People, rooms: list[People]) -> list[People]:
    """Return ``rooms`` in the order of a short path from ``start`` back to the empty room."""
    if len(rooms) <= 1:
        return rooms
    if len(rooms) <= EXACT_SETS:
        return _shortest(start, rooms)
    return min(_improved(start, _nearest(start, rooms)), rooms, key=lambda path: _length(start, path))


def _shortest(start: People, rooms: list[People]) -> list[People]:
    """Return the shortest path, by the dynamic programme of Held and Karp over (visited, last)."""
    best: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << place, place): (len(start ^ room), (place,)) for place, room in enumerate(rooms)
    }
    for _ in range(len(rooms) - 1):
        following: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
        for (visited, last), (length, path) in best.items():
            for place, room in enumerate(rooms):
                if visited >> place & 1:
                    continue
                found = (length + len(rooms[last] ^ room), (*path, place))
                state = (visited | 1 << place, place)
                if state not in following or found < following[state]:
                    following[state] = found
        best = following
    _length, path = min((length + len(rooms[last]), path) for (_, last), (length, path) in best.items())
    return [rooms[place] for place in path]


def _length(start: People, path: list[People]) -> int:
    return sum(len(before ^ after) for before, after in pairwise([start, *path, frozenset()]))


def _nearest(start: People, rooms: list[People]) -> list[People]:
    left, path, here = list(rooms), [], start
    while left:
        here = min(left, key=lambda room: len(here ^ room))
        left.remove(here)
        path.append(here)
    return path


def _improved(start: People, path: list[People]) -> list[People]:
    """Turn stretches of the path round while that shortens it (2-opt)."""
    shortest = _length(start, path)
    improved = True
    while improved:
        improved = False
        for first in range(len(path) - 1):
            for last in range(first + 2, len(path) + 1):
                turned = path[:first] + path[first:last][::-1] + path[last:]
                if (found := _length(start, turned)) < shortest:
                    path, shortest, improved = turned, found, True
    return path


def leaving(order: Sequence[DiscussedFile]) -> Mapping[str, tuple[People, People]]:
    """Return for each file, by key, who leaves before it and who comes back."""
    moves: dict[str, tuple[People, People]] = {}
    out: People = frozenset()
    for file in order:
        moves[file.key] = (file.recused - out, out - file.recused)
        out = file.recused
    return moves

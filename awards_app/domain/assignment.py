"""Who reads what, as a problem in plain values: what is asked, what a good answer is, why there is none.

A plan gives each file at least k readers, keeps what was given before, gives nothing to a person who stands aside,
parts the work within a given gap (one file, unless asked otherwise), and leaves every pair of jurors linked by a chain
of shared files, without which their severities could not be compared. Among all such plans the lots decide: each
pair of a file and a juror has a number drawn from the seed, and the plan of the least sum is taken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from awards_app.domain.juror_groups import juror_groups
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

Pair = tuple[str, str]

MOST_READERS = 30
MOST_SPREAD = 1000
# A plan with more open pairs than this is worked out by a worker.
AT_ONCE = 2_000
_LOTS = 1000


class AssignmentIsImpossible(Refusal):
    """One demand cannot hold; ``why`` says which."""

    sentence = N_("Cette répartition est impossible : une des demandes ne peut pas être tenue.")

    def __init__(self, why: "Impossible") -> None:
        super().__init__()
        self.why = why


class PairIsClosed(Refusal):
    """A file is not given to a person who stands aside from it, nor outside of their theme."""

    sentence = N_(
        "Cette personne ne peut pas lire ce dossier : elle s’en déporte, ou il n’est pas de sa thématique."
    )


class AssignmentsOnlyGrow(Refusal):
    """Once scoring is open, readings are added, never taken away (PAN-1)."""

    sentence = N_("La notation est ouverte : on peut ajouter des lectures, on n’en retire plus.")


class LastReaders(Refusal):
    """A file that was given keeps at least one reader."""

    sentence = N_("Ce dossier n’aurait plus personne pour le lire. Confiez-le d’abord à quelqu’un d’autre.")


class LinkWouldBreak(Refusal):
    """Without this reading the jury would fall into groups that share no file."""

    sentence = N_(
        "Sans cette lecture, le jury formerait des groupes sans aucun dossier en commun : leurs notes ne pourraient plus être comparées."
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is asked: ``closed`` pairs are never given, ``kept`` ones stay. ``most`` bounds the files of a person."""

    files: tuple[str, ...]
    jurors: tuple[str, ...]
    readers: int
    closed: frozenset[Pair] = frozenset()
    kept: frozenset[Pair] = frozenset()
    most: int | None = None
    spread: int = 1
    seed: str = ""

    @property
    def open_pairs(self) -> tuple[Pair, ...]:
        """Return the pairs that may be given, file by file."""
        return tuple(
            (file, juror)
            for file in self.files
            for juror in self.jurors
            if (file, juror) not in self.closed and (file, juror) not in self.kept
        )

    @property
    def standing(self) -> frozenset[Pair]:
        """Return the kept pairs that still count: of these files and jurors, and not closed since."""
        files, jurors = set(self.files), set(self.jurors)
        return frozenset(
            pair for pair in self.kept if pair[0] in files and pair[1] in jurors and pair not in self.closed
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer: all the pairs, kept ones included; ``is_proven`` when no plan has better lots."""

    pairs: frozenset[Pair]
    is_proven: bool
    links_asked: int = 0


class Demand(StrEnum):
    """What cannot hold."""

    READERS = "readers"
    MOST = "most"
    TOGETHER = "together"
    BALANCE = "balance"
    LINKS = "links"
    NOBODY = "nobody"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why there is no plan: the demand that cannot hold, with what is possible instead.

    ``files`` are short of readers with how many each can have; ``jurors`` cannot follow the others with how many
    each can read. ``possible`` is the nearest value of the demand that holds, None when none does.
    """

    demand: Demand
    files: tuple[tuple[str, int], ...] = ()
    jurors: tuple[tuple[str, int], ...] = ()
    possible: int | None = None


def lots(problem: Problem, pairs: Iterable[Pair]) -> dict[Pair, int]:
    """Return the number drawn for each pair: it depends on the seed and on the pair, not on the order."""
    key = problem.seed.encode()[:64]
    return {
        pair: int.from_bytes(blake2b("\n".join(pair).encode(), digest_size=4, key=key).digest(), "big")
        % _LOTS
        for pair in pairs
    }


def loads(jurors: Iterable[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """Return how many files each juror reads."""
    found = dict.fromkeys(jurors, 0)
    for _file, juror in pairs:
        if juror in found:
            found[juror] += 1
    return found


def possible_readers(problem: Problem) -> dict[str, int]:
    """Return how many people could read each file."""
    return {
        file: sum((file, juror) not in problem.closed for juror in problem.jurors) for file in problem.files
    }


def possible_files(problem: Problem) -> dict[str, int]:
    """Return how many files each person could read."""
    return {
        juror: sum((file, juror) not in problem.closed for file in problem.files) for juror in problem.jurors
    }


def carried_over(problem: Problem) -> frozenset[str]:
    """Return the jurors who carry so much already that the others cannot reach them: they are given nothing more.

    The level is that of water poured where loads are lowest: as many readings as are asked for.
    """
    standing = problem.standing
    held = loads(problem.jurors, standing)
    given = dict.fromkeys(problem.files, 0)
    for file, _juror in standing:
        given[file] += 1
    left = sum(max(0, problem.readers - count) for count in given.values())
    level = 0
    while sum(max(0, level + 1 - count) for count in held.values()) <= left and level < len(problem.files):
        level += 1
    return frozenset(juror for juror, count in held.items() if count > level + problem.spread)


def faults(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return what a plan breaks, in code words; empty for a good one. Nothing is trusted that this did not see."""
    found = []
    if any(pair in problem.closed for pair in plan.pairs):
        found.append("closed")
    if not problem.standing <= plan.pairs:
        found.append("kept")
    readers: Mapping[str, int] = loads(problem.files, ((juror, file) for file, juror in plan.pairs))
    if any(count < problem.readers for count in readers.values()):
        found.append("readers")
    work = loads(problem.jurors, plan.pairs)
    above = carried_over(problem)
    held = loads(problem.jurors, problem.standing)
    if problem.most is not None and any(
        count > max(problem.most, held[juror]) for juror, count in work.items()
    ):
        found.append("most")
    shared = [count for juror, count in work.items() if juror not in above]
    if shared and max(shared) - min(shared) > problem.spread:
        found.append("balance")
    if len(groups(problem.jurors, plan.pairs)) > 1:
        found.append("links")
    return tuple(found)


def groups(jurors: Iterable[str], pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """Return the jurors grouped by chains of shared files, the largest first; who reads nothing is alone."""
    listed = tuple(jurors)
    known = set(listed)
    found = juror_groups([pair for pair in pairs if pair[1] in known])
    linked = {juror for group in found for juror in group}
    alone = tuple((juror,) for juror in listed if juror not in linked)
    return tuple(sorted((*found, *alone), key=lambda group: (-len(group), min(group))))

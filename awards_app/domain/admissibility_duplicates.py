"""Files of one edition that may be the same: same identifier, same contact, or names that are nearly equal.

Names are compared folded, without the words of legal forms, word by word, by Dice's coefficient over their trigrams
(L. R. Dice, « Measures of the amount of ecologic association between species », Ecology 26, 1945). Only names that share
the beginning or the end of a word are compared, so that the work grows with the files and not with their pairs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from awards_app.domain.text import sort_key

# In hundredths: « Les Ateliers du Phare » and « Atelier du phare » are above, two neighbours of a street are below.
NEAR = 72
EDGE = 3
# An edge of a word that so many names share says nothing of any of them.
COMMON = 40
_LEGAL = """
association assoc asso loi 1901 scic scop cae sarl sas sasu sa eurl scea gaec cuma gie cooperative cooperatives
societe ste interet collectif fondation fonds dotation mutuelle groupe union federation
"""
_SMALL = "le la les l un une des de du d et en a au aux pour par sur dans chez the"
LEGAL_WORDS = frozenset(_LEGAL.split())
SMALL_WORDS = frozenset(_SMALL.split())


class Ground(StrEnum):
    """Why two files are taken for each other."""

    IDENTIFIER = "identifier"
    NAME = "name"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a file: ``identifiers`` already written one way, ``contact`` an address, folded."""

    id: int
    name: str
    identifiers: frozenset[str] = frozenset()
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files that may be one, the lower identifier first."""

    first: int
    second: int
    grounds: tuple[Ground, ...]

    def other(self, one: int) -> int:
        """Return the other file of the pair."""
        return self.second if one == self.first else self.first


def identifiers_of(
    siren: str | None, siret: str | None, rna: str | None, court_register: str | None
) -> frozenset[str]:
    """Return the numbers of a structure so that two of the same compare equal: a SIRET counts by its SIREN."""
    found = {siren or (siret or "")[:9], (rna or "").upper(), sort_key(court_register or "")}
    return frozenset(number for number in found if number)


def bare_words(name: str) -> tuple[str, ...]:
    """Return the words by which a name is told from others, sorted; all of them when it has no other."""
    words = re.findall(r"[^\W_]+", sort_key(name))
    telling = [word for word in words if word not in LEGAL_WORDS and word not in SMALL_WORDS]
    return tuple(sorted(telling or words))


def trigrams(word: str) -> frozenset[str]:
    """Return the groups of three letters of a word, with two blanks before it and one after."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def likeness(one: str, other: str) -> int:
    """Return how alike two names are, in hundredths rounded down; 0 when one of them has no word."""
    return _likeness(_grams(bare_words(one)), _grams(bare_words(other)))


Grams = tuple[tuple[str, frozenset[str]], ...]


def _grams(words: Iterable[str]) -> Grams:
    return tuple((word, trigrams(word)) for word in words)


def _likeness(one: Grams, other: Grams) -> int:
    """Return the mean, over the words of the longer name, of each word's best match: a long word does not hide another."""
    if not one or not other:
        return 0
    if "".join(word for word, _grams in one) == "".join(word for word, _grams in other):
        return 100
    most = max(len(one), len(other))
    return min(
        sum(max(_dice(mine, theirs) for _word, theirs in against) for _word, mine in words) // most
        for words, against in ((one, other), (other, one))
    )


def _dice(one: frozenset[str], other: frozenset[str]) -> int:
    return 200 * len(one & other) // (len(one) + len(other))


def pairs_alike(files: Sequence[Known]) -> list[Pair]:
    """Return the pairs of files that may be the same, in the order of their identifiers."""
    grounds: dict[tuple[int, int], set[Ground]] = {}
    for ground, groups in (
        (Ground.IDENTIFIER, _shared((number, file.id) for file in files for number in file.identifiers)),
        (Ground.CONTACT, _shared((file.contact, file.id) for file in files if file.contact)),
    ):
        for group in groups:
            for pair in combinations(group, 2):
                grounds.setdefault(pair, set()).add(ground)
    for pair in _near_names(files):
        grounds.setdefault(pair, set()).add(Ground.NAME)
    return [Pair(*pair, tuple(sorted(grounds[pair]))) for pair in sorted(grounds)]


def _near_names(files: Sequence[Known]) -> Iterator[tuple[int, int]]:
    words = {file.id: bare_words(file.name) for file in files}
    grams = {key: _grams(found) for key, found in words.items()}
    edges = (
        (edge, key)
        for key, found in words.items()
        for word in found
        for edge in (word[:EDGE] + "-", "-" + word[-EDGE:])
    )
    whole = (("".join(found), key) for key, found in words.items() if found)
    compared: set[tuple[int, int]] = set()
    for group in _shared(edges, most=COMMON):
        compared |= set(combinations(group, 2))
    for group in _shared(whole):
        compared |= set(combinations(group, 2))
    for first, second in compared:
        if _likeness(grams[first], grams[second]) >= NEAR:
            yield first, second


def _shared(entries: Iterable[tuple[str, int]], most: int | None = None) -> list[list[int]]:
    groups: dict[str, set[int]] = {}
    for key, file_id in entries:
        groups.setdefault(key, set()).add(file_id)
    return [
        sorted(group) for group in groups.values() if len(group) > 1 and (most is None or len(group) <= most)
    ]

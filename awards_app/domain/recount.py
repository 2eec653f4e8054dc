"""A second computation of a ranking, that shares nothing with the first: whole numbers, and each file against each.

`ranking` adds fractions and sorts; here two files are compared by cross-multiplying their totals, and the rank of a file
is one more than the number of files that beat it. Both read the same locked scores. Source: the golden data of the trust
reference, 4.F.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the sheets that were expected: each was given, or its juror stood aside or was excused."""

    expected: int = 0
    given: int = 0
    recused: int = 0
    waived: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.expected + other.expected,
            self.given + other.given,
            self.recused + other.recused,
            self.waived + other.waived,
        )

    @property
    def is_whole(self) -> bool:
        """Say whether given + recused + waived = expected."""
        return self.given + self.recused + self.waived == self.expected


# A sheet set aside is that of a juror whose tie was found later: they stand aside like the others.
_COLUMNS = {"counted": "given", "recused": "recused", "set_aside": "recused", "waived": "waived"}


def recount(scores: Mapping[str, Any]) -> dict[str, int | None]:
    """Return the rank of each file of a theme's locked scores, None for one that no sheet counts for.

    Raises ValueError where a counted sheet lacks a level, or a level is not of the scale.
    """
    weights = {line["code"]: line["weight"] for line in scores["grid"]["criteria"]}
    top = scores["grid"]["top_level"]
    totals = {number: [0, 0] for number in scores["candidacies"]}
    for sheet in scores["sheets"]:
        if sheet["state"] != "counted":
            continue
        total = totals[sheet["candidacy"]]
        total[1] += 1
        for code, weight in weights.items():
            level = sheet["levels"].get(code)
            if type(level) is not int or not 0 <= level <= top:
                raise ValueError(f"{sheet['candidacy']}/{sheet['juror']}/{code}")
            total[0] += weight * level
    return {number: _rank(number, totals) for number in totals}


def _rank(number: str, totals: Mapping[str, list[int]]) -> int | None:
    total, readers = totals[number]
    if not readers:
        return None
    beaten_by = sum(
        other_readers > 0 and other_total * readers > total * other_readers
        for other_total, other_readers in totals.values()
    )
    return 1 + beaten_by


def tally(scores: Mapping[str, Any], expected: int) -> Tally:
    """Return what became of the ``expected`` sheets of a theme, from its locked scores."""
    counts = dict.fromkeys(("given", "recused", "waived"), 0)
    for sheet in scores["sheets"]:
        counts[_COLUMNS[sheet["state"]]] += 1
    return Tally(expected, **counts)

"""The snapshot of a locked round: its scores as canonical bytes, and their hash.

Canonical bytes are JSON with sorted keys, no spaces, nothing escaped that need not be, UTF-8, and no number but
integers: equal values give equal bytes on any machine. Jurors are named by the content of their sheets alone
(``J01``, ``J02``…), so that the snapshot depends neither on names, nor on identifiers, nor on the order of saving.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from awards_app.domain.grid import Grid
from awards_app.domain.ranking import Ballot, Key, Sheet, sheets_by_file

FORMAT = 1

COUNTED = "counted"
RECUSED = "recused"
SET_ASIDE = "set_aside"
WAIVED = "waived"
STATES = (COUNTED, RECUSED, SET_ASIDE, WAIVED)


class CriterionLine(TypedDict):
    """A criterion and its weight, out of 100."""

    code: str
    weight: int


class GridLine(TypedDict):
    """The grid a theme was scored with; criteria in the order of their codes."""

    criteria: list[CriterionLine]
    top_level: int
    shown_out_of: int


class SheetLine(TypedDict):
    """What one juror owes one file: ``state`` is one of ``STATES``; ``levels`` is empty where nothing was given."""

    candidacy: str
    juror: str
    state: str
    levels: dict[str, int | None]


class ThemeScores(TypedDict):
    """The scores of one theme: its files, and one line for each (file, juror called)."""

    grid: GridLine
    candidacies: list[str]
    sheets: list[SheetLine]


class RoundScores(TypedDict):
    """All that a snapshot covers. Its canonical bytes are what is hashed."""

    format: int
    themes: dict[str, ThemeScores]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A round's scores, their canonical bytes' SHA-256 in hexadecimal, and the name each juror goes by in it."""

    scores: RoundScores
    sha256: str
    juror_names: Mapping[Key, str]

    @property
    def canonical(self) -> bytes:
        """The bytes the hash is of."""
        return canonical_bytes(self.scores)


def canonical_bytes(value: object) -> bytes:
    """Return the one way to write ``value``; raise ``ValueError`` for what has no such way.

    Mappings with text keys, lists, tuples, text, integers, booleans and ``None`` only: a float, a date or a
    lone surrogate is refused.
    """
    _check_plain(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def sha256_of(value: object) -> str:
    """Return the SHA-256 of the canonical bytes of ``value``, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


_SIMPLE = (str, int, bool, type(None))


def _check_plain(value: object) -> None:
    # The plainest types first: a copy of a file or a snapshot holds thousands of them.
    if type(value) in _SIMPLE:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"the key {key!r} is not text")
            _check_plain(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _check_plain(inner)
    elif value is not None and not isinstance(value, (str, int)):
        raise ValueError(f"{type(value).__name__} has no canonical form")


def take_snapshot(ballots: Mapping[str, Ballot], numbers: Mapping[Key, str]) -> Snapshot:
    """Take the snapshot of a round: one ballot for each theme code, and the number of each file.

    ``numbers`` are those the files bear in public (text, unique in the edition). A sheet by somebody who is not
    of the panel of that file is kept out. Raises ``ValueError`` when two files bear one number.
    """
    files = [candidacy for ballot in ballots.values() for candidacy in ballot.panel]
    if len({numbers[candidacy] for candidacy in files}) != len(files):
        raise ValueError("two files bear the same number")
    lines: dict[Key, list[tuple[str, SheetLine]]] = {}
    for theme, ballot in ballots.items():
        for juror, line in _sheet_lines(ballot, numbers):
            lines.setdefault(juror, []).append((theme, line))
    names = _juror_names(lines)
    sheets: dict[str, list[SheetLine]] = {theme: [] for theme in ballots}
    for juror, given in lines.items():
        for theme, line in given:
            sheets[theme].append({**line, "juror": names[juror]})
    scores: RoundScores = {
        "format": FORMAT,
        "themes": {
            theme: {
                "grid": grid_line(ballot.grid),
                "candidacies": sorted(numbers[candidacy] for candidacy in ballot.panel),
                "sheets": sorted(sheets[theme], key=lambda line: (line["candidacy"], line["juror"])),
            }
            for theme, ballot in sorted(ballots.items())
        },
    }
    return Snapshot(scores, sha256_of(scores), names)


def grid_line(grid: Grid) -> GridLine:
    """Write a grid as the snapshot holds it."""
    return {
        "criteria": [
            {"code": criterion.code, "weight": criterion.weight}
            for criterion in sorted(grid.criteria, key=lambda criterion: criterion.code)
        ],
        "top_level": grid.top_level,
        "shown_out_of": grid.shown_out_of,
    }


def _sheet_lines(ballot: Ballot, numbers: Mapping[Key, str]) -> list[tuple[Key, SheetLine]]:
    lines = []
    for candidacy, sheets in sheets_by_file(ballot).items():
        for juror in ballot.panel[candidacy]:
            sheet = sheets.get(juror)
            line: SheetLine = {
                "candidacy": numbers[candidacy],
                "juror": "",
                "state": _state(sheet, waived=(juror, candidacy) in ballot.waivers),
                "levels": dict(sorted(sheet.levels.items())) if sheet is not None else {},
            }
            lines.append((juror, line))
    return lines


def _state(sheet: Sheet | None, *, waived: bool) -> str:
    if sheet is not None and sheet.recused:
        return RECUSED
    if sheet is not None and sheet.set_aside:
        return SET_ASIDE
    return WAIVED if waived else COUNTED


def _juror_names(lines: Mapping[Key, list[tuple[str, SheetLine]]]) -> dict[Key, str]:
    content = {
        juror: canonical_bytes(sorted(given, key=lambda pair: (pair[0], pair[1]["candidacy"])))
        for juror, given in lines.items()
    }
    width = max(2, len(str(len(content))))
    ordered = sorted(content, key=lambda juror: content[juror])
    return {juror: f"J{place:0{width}d}" for place, juror in enumerate(ordered, start=1)}

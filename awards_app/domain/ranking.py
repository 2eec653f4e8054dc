"""The official ranking of a round in one theme: the plain weighted mean, in exact arithmetic.

The score of a file is the mean, over the jurors who count, of Σ weight × level / 100, as a ``Fraction`` on the
scale of the levels. Ranks are competition ranks (1-2-2-4). Source: the golden data of the trust reference, 4.F.
Keys of files and jurors are any hashable value; nothing here depends on them.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from awards_app.domain.grid import WEIGHTS_SUM, Grid, is_whole
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

Key = Hashable

NO_JUROR = "no_juror"
ALL_RECUSED = "all_recused"
NO_READER = "no_reader"
REASONS = {
    NO_JUROR: N_("Non classable : aucune personne du jury n’était appelée à lire ce dossier."),
    ALL_RECUSED: N_("Non classable : toutes les personnes appelées à lire ce dossier sont déportées."),
    NO_READER: N_("Non classable : aucune fiche d’évaluation ne compte pour ce dossier."),
}


class MarksAreMissing(Refusal):
    """Scoring cannot be locked nor ranked while a mark is missing without a waiver; ``missing`` lists them."""

    sentence = N_("Fiches d’évaluation manquantes : %(count)s. Complétez-les, ou dispensez-en avec un motif.")

    def __init__(self, missing: tuple["MissingSheet", ...]) -> None:
        super().__init__(count=len(missing))
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Mark:
    """One level given by one juror to one file on one criterion; ``None`` is « je ne peux pas juger »."""

    candidacy: Key
    juror: Key
    criterion: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one juror gave one file. Recused, or set aside after a tie was found: it does not count."""

    juror: Key
    candidacy: Key
    levels: Mapping[str, int | None]
    recused: bool = False
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """All that the ranking of one theme of one round rests on.

    ``panel`` gives for each file in the running the jurors called to read it, recused ones included;
    ``waivers`` the (juror, candidacy) excused by decision. A sheet by a juror who is not of the panel of that
    file never counts.
    """

    grid: Grid
    panel: Mapping[Key, frozenset[Key]]
    sheets: tuple[Sheet, ...]
    waivers: frozenset[tuple[Key, Key]] = frozenset()


@dataclass(frozen=True, slots=True)
class MissingSheet:
    """A juror owes these criteria of this file, in the order of the grid."""

    juror: Key
    candidacy: Key
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file stands: no rank means « non classable », and ``reason`` is then a key of ``REASONS``."""

    candidacy: Key
    score: Fraction | None
    readers: int
    rank: int | None
    tied: bool
    reason: str | None
    recused: int = 0
    waived: int = 0
    set_aside: int = 0


def sheets_of(marks: Iterable[Mark]) -> tuple[Sheet, ...]:
    """Group single marks into sheets that count; raise ``ValueError`` when a mark is given twice."""
    levels: dict[tuple[Key, Key], dict[str, int | None]] = {}
    for mark in marks:
        sheet = levels.setdefault((mark.juror, mark.candidacy), {})
        if mark.criterion in sheet:
            raise ValueError(f"two marks for {mark}")
        sheet[mark.criterion] = mark.level
    return tuple(Sheet(juror, candidacy, given) for (juror, candidacy), given in levels.items())


def weighted_total(grid: Grid, levels: Mapping[str, int | None]) -> int | None:
    """Return Σ weight × level in hundredths of a level, or ``None`` when a mark is missing.

    Raise ``ValueError`` for a level that is no integer of the scale or a criterion that is not of the grid:
    such a row cannot exist, so it is never worked around.
    """
    unknown = set(levels) - grid.codes
    if unknown:
        raise ValueError(f"criteria outside of the grid: {sorted(unknown)}")
    total = 0
    for criterion in grid.criteria:
        level = levels.get(criterion.code)
        if level is None:
            return None
        if not is_whole(level) or not 0 <= level <= grid.top_level:
            raise ValueError(f"level outside of the scale: {level!r}")
        total += criterion.weight * level
    return total


def sheet_score(grid: Grid, levels: Mapping[str, int | None]) -> Fraction | None:
    """Return the score one juror gives, on the scale of the levels, or ``None`` when a mark is missing."""
    total = weighted_total(grid, levels)
    return None if total is None else Fraction(total, WEIGHTS_SUM)


def sheets_by_file(ballot: Ballot) -> dict[Key, dict[Key, Sheet]]:
    """Return each file's sheets by juror, panel members only; raise ``ValueError`` for two sheets in one place."""
    found: dict[Key, dict[Key, Sheet]] = {candidacy: {} for candidacy in ballot.panel}
    for sheet in ballot.sheets:
        if sheet.juror not in ballot.panel.get(sheet.candidacy, frozenset()):
            continue
        if sheet.juror in found[sheet.candidacy]:
            raise ValueError(f"two sheets of juror {sheet.juror!r} for file {sheet.candidacy!r}")
        found[sheet.candidacy][sheet.juror] = sheet
    return found


def missing_marks(ballot: Ballot) -> tuple[MissingSheet, ...]:
    """List what is missing and not waived: (juror, file, criteria). Recused and set aside sheets owe nothing."""
    missing = []
    for candidacy, sheets in sheets_by_file(ballot).items():
        for juror in ballot.panel[candidacy]:
            sheet = sheets.get(juror)
            owes_nothing = (juror, candidacy) in ballot.waivers or (
                sheet is not None and (sheet.recused or sheet.set_aside)
            )
            if owes_nothing:
                continue
            levels: Mapping[str, int | None] = sheet.levels if sheet is not None else {}
            codes = tuple(c.code for c in ballot.grid.criteria if levels.get(c.code) is None)
            if codes:
                missing.append(MissingSheet(juror, candidacy, codes))
    return tuple(missing)


def check_lockable(ballot: Ballot) -> None:
    """Raise ``MarksAreMissing`` while a mark is missing without a waiver."""
    missing = missing_marks(ballot)
    if missing:
        raise MarksAreMissing(missing)


def rank(ballot: Ballot, order: Callable[[Any], Any] = str) -> tuple[Standing, ...]:
    """Rank the files of a ballot; the best first, those « non classables » last.

    ``order`` gives the key by which equal files are laid out, for display only: their rank is the same.
    Raises ``MarksAreMissing``: a missing mark is never counted as zero, nor dropped.
    """
    check_lockable(ballot)
    unranked = [_standing(ballot, candidacy, sheets) for candidacy, sheets in sheets_by_file(ballot).items()]
    unranked.sort(key=lambda standing: order(standing.candidacy))
    scored = [s for s in unranked if s.score is not None]
    scored.sort(key=lambda s: s.score or 0, reverse=True)
    return (*_competition_ranks(scored), *(s for s in unranked if s.score is None))


def _standing(ballot: Ballot, candidacy: Key, sheets: Mapping[Key, Sheet]) -> Standing:
    total = readers = recused = waived = set_aside = 0
    for juror in ballot.panel[candidacy]:
        sheet = sheets.get(juror)
        if sheet is not None and sheet.recused:
            recused += 1
        elif sheet is not None and sheet.set_aside:
            set_aside += 1
        elif (juror, candidacy) in ballot.waivers:
            waived += 1
        elif sheet is not None:
            total += weighted_total(ballot.grid, sheet.levels) or 0
            readers += 1
    score = Fraction(total, WEIGHTS_SUM * readers) if readers else None
    reason = None if readers else _reason(len(ballot.panel[candidacy]), recused)
    return Standing(candidacy, score, readers, None, False, reason, recused, waived, set_aside)


def _reason(called: int, recused: int) -> str:
    if called == 0:
        return NO_JUROR
    return ALL_RECUSED if recused == called else NO_READER


def _competition_ranks(scored: Sequence[Standing]) -> list[Standing]:
    ranked: list[Standing] = []
    for place, standing in enumerate(scored):
        neighbours = (*scored[max(place - 1, 0) : place], *scored[place + 1 : place + 2])
        tied = any(other.score == standing.score for other in neighbours)
        joins_previous = bool(ranked) and ranked[-1].score == standing.score
        number = ranked[-1].rank if joins_previous else place + 1
        ranked.append(replace(standing, rank=number, tied=tied))
    return ranked


def ties_at_cut(standings: Iterable[Standing], places: int) -> tuple[Standing, ...]:
    """Return the equal files of which only some fit in ``places``; empty when no tie crosses the cut."""
    if places < 1:
        return ()
    by_rank: dict[int, list[Standing]] = {}
    for standing in standings:
        if standing.rank is not None:
            by_rank.setdefault(standing.rank, []).append(standing)
    for first, group in by_rank.items():
        if first <= places < first + len(group) - 1:
            return tuple(group)
    return ()

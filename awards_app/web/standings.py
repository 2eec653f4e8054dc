"""How a ranking is laid out: equal files in one cell, charts, tables of who gave what."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.snapshot import COUNTED, RECUSED, SET_ASIDE
from awards_app.queries.juries import JuryRoom
from awards_app.queries.ranking import AttributedSheet, Ranking, StandingLine

# A ranking is whole in its table; its chart and distributions come in stretches where there are many files.
MOST_DETAILED = 40
DETAILED = 15


@dataclass(frozen=True, slots=True)
class RankGroup:
    """Files of one rank: the cell of the rank spans them all."""

    label: str
    lines: tuple[StandingLine, ...]


@dataclass(frozen=True, slots=True)
class AttributionTable:
    """Who gave what in one theme: a row a file, a column a juror."""

    theme: str
    jurors: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def groups(lines: list[StandingLine]) -> list[RankGroup]:
    """Return the lines grouped by rank, the unranked ones last, one by one."""
    found = []
    for rank, members in groupby(lines, key=lambda line: line.rank):
        own = tuple(members)
        if rank is None:
            found += [RankGroup(_("non classable"), (line,)) for line in own]
        elif len(own) > 1:
            found.append(RankGroup(_("%(rank)s ex æquo", rank=rank), own))
        else:
            found.append(RankGroup(str(rank), own))
    return found


def readers_text(line: StandingLine) -> str:
    """Return « 5 lectures »."""
    return ngettext("%(num)s lecture", "%(num)s lectures", line.readers)


def details(lines: Sequence[StandingLine], start: int) -> Sequence[StandingLine]:
    """Return the lines to detail: all of them, or `DETAILED` from ``start`` on where there are many."""
    return lines if len(lines) <= MOST_DETAILED else lines[start : start + DETAILED]


def detail_links(lines: Sequence[StandingLine], start: int) -> list[tuple[str, str, bool]]:
    """Return the label, the address and whether it is shown of each stretch of a long ranking; none for a short one."""
    if len(lines) <= MOST_DETAILED:
        return []
    return [
        (
            _("Dossiers %(first)s à %(last)s", first=first + 1, last=min(first + DETAILED, len(lines))),
            f"?depuis={first}",
            first == start,
        )
        for first in range(0, len(lines), DETAILED)
    ]


def chart(found: Ranking, code: str, start: int = 0) -> list[dict[str, Any]]:
    """Return the rows of a theme's chart on a scale of thousandths of the top, for the lines that are detailed."""
    top = found.grids[code].top_level
    return [
        {
            "label": line.structure,
            "value": int(line.score * 1000 / top),
            "text": line.shown,
            "low": None if line.low_score is None else int(line.low_score * 1000 / top),
            "high": None if line.high_score is None else int(line.high_score * 1000 / top),
            "kind": code if code in ("us", "te") else "",
        }
        for line in details(found.lines[code], start)
        if line.score is not None
    ]


def criteria_of(found: Ranking, code: str) -> dict[str, str]:
    """Return the names of a theme's criteria by code, in order."""
    weighed = {criterion.code for criterion in found.grids[code].criteria}
    return {criterion: name for criterion, name in found.criteria.items() if criterion in weighed}


def headings(found: Ranking, code: str) -> list[tuple[str, str]]:
    """Return the headings of a table with a column a criterion."""
    return [(name, "num") for name in criteria_of(found, code).values()]


def key(found: Ranking, code: str) -> tuple[Hashable, ...]:
    """Return all that a theme's ranking shows, to find it again once drawn."""
    return (*found.lines[code], found.grids[code], *found.criteria.items())


def attribution_tables(room: JuryRoom, sheets: dict[str, list[AttributedSheet]]) -> list[AttributionTable]:
    """Return a table a theme, files and jurors by name."""
    tables = []
    for theme in room.themes:
        own = sheets[theme.code]
        jurors = tuple(sorted({sheet.juror for sheet in own}))
        given = {(sheet.structure, sheet.juror): _cell(sheet) for sheet in own}
        files = sorted({sheet.structure for sheet in own})
        tables.append(
            AttributionTable(
                theme.name,
                jurors,
                tuple((file, tuple(given.get((file, juror), "–") for juror in jurors)) for file in files),
            )
        )
    return tables


def _cell(sheet: AttributedSheet) -> str:
    if sheet.state == COUNTED:
        return sheet.shown
    if sheet.state == RECUSED:
        return _("déport")
    return _("écartée (%(shown)s)", shown=sheet.shown or "–") if sheet.state == SET_ASIDE else _("dispense")

"""The settings of an edition as staff read and change them: weights side by side, calendar, state of the rounds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.phases import PHASE_LABELS, Phase, phase_at
from awards_app.domain.refusals import DoesNotExist, IsForbidden, IsNotThePhase, Refusal
from awards_app.domain.words import N_
from awards_app.models.editions import Criterion, CriterionWeight, Edition, Round, Theme
from awards_app.queries.editions import (
    EditionFacts,
    PrizeFacts,
    ThemeFacts,
    current_edition,
    edition_of_year,
    prizes_of,
    themes_of,
)


class EditionIsUnknown(Refusal):
    """There is no edition of that year, or none at all."""

    sentence = N_("L’édition %(year)s n’existe pas : « awards editions create --year ANNÉE » en crée une.")
    status = 404


@dataclass(frozen=True, slots=True)
class WeightLine:
    """A criterion of a grid with its weight in each theme, by theme code."""

    code: str
    name: str
    weights: dict[str, int]


@dataclass(frozen=True, slots=True)
class GridTable:
    """The grid of a level; ``may_change`` while no round that uses it scores."""

    level: str
    lines: tuple[WeightLine, ...]
    totals: dict[str, int]
    top_level: int
    shown_out_of: int
    may_change: bool


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A moment of the calendar: its words, its local date-time, « region » or an IANA zone."""

    code: str
    label: str
    local: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class EditionSettings:
    """All that the settings page shows."""

    edition: EditionFacts
    themes: tuple[ThemeFacts, ...]
    grids: tuple[GridTable, ...]
    prizes: tuple[PrizeFacts, ...]
    calendar: tuple[CalendarLine, ...]


def settings_of(holder: Holder, year: int, now: datetime) -> EditionSettings:
    """Return the settings of an edition for any person of a chamber, of the national staff, or the auditor.

    Six queries. Raises `DoesNotExist`.
    """
    edition = edition_of_year(year)
    if edition is None or not holder.grants:
        raise DoesNotExist
    themes = themes_of(edition.id)
    return EditionSettings(
        edition=edition,
        themes=themes,
        grids=_grids(holder, edition, themes, now),
        prizes=prizes_of(edition.id),
        calendar=tuple(
            CalendarLine(line["code"], line["label"], datetime.fromisoformat(line["local"]), line["zone"])
            for line in edition.rules.get("calendar", [])
        ),
    )


def open_grid(found: EditionSettings, holder: Holder, level: str) -> GridTable:
    """Return the grid of a level to whoever may change it now.

    Raises `DoesNotExist`, `IsForbidden`, or `IsNotThePhase` once a round that uses it scores.
    """
    table = next((table for table in found.grids if table.level == level), None)
    if table is None:
        raise DoesNotExist
    if not holder.is_national_staff:
        raise IsForbidden
    if not table.may_change:
        raise IsNotThePhase(phase=PHASE_LABELS[Phase.SCORING])
    return table


def _grids(
    holder: Holder, edition: EditionFacts, themes: tuple[ThemeFacts, ...], now: datetime
) -> tuple[GridTable, ...]:
    phases = _latest_phases(edition.id, now)
    rows = db.session.execute(
        select(
            Criterion.level, Criterion.code, Criterion.name, Theme.code.label("theme"), CriterionWeight.weight
        )
        .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
        .join(Theme, Theme.id == CriterionWeight.theme_id)
        .where(Criterion.edition_id == edition.id)
        .order_by(Criterion.level.desc(), Criterion.position, Theme.position)
    )
    lines: dict[str, dict[str, WeightLine]] = {"regional": {}, "national": {}}
    for row in rows:
        line = lines[row.level].setdefault(row.code, WeightLine(row.code, row.name, {}))
        line.weights[row.theme] = row.weight
    return tuple(
        GridTable(
            level=level,
            lines=tuple(found.values()),
            totals={
                theme.code: sum(line.weights.get(theme.code, 0) for line in found.values())
                for theme in themes
            },
            top_level=edition.rules["grids"][level]["top_level"],
            shown_out_of=edition.rules["grids"][level]["shown_out_of"],
            may_change=holder.is_national_staff and phases[level] < Phase.SCORING.value,
        )
        for level, found in lines.items()
        if found
    )


def _latest_phases(edition_id: int, now: datetime) -> dict[str, str]:
    rows: Any = db.session.execute(
        select(Round.region_code, Round.phase, Round.opens_at, Round.closes_at).where(
            Round.edition_id == edition_id, Round.takes_part.is_(True)
        )
    )
    found = {"regional": Phase.PREPARATION.value, "national": Phase.PREPARATION.value}
    for row in rows:
        level = "regional" if row.region_code else "national"
        phase = phase_at(Phase(row.phase), now, row.opens_at, row.closes_at)
        found[level] = max(found[level], phase.value)
    return found


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in the operator's list."""

    year: int
    number: int
    name: str
    preset: str
    is_current: bool


def all_editions() -> tuple[EditionLine, ...]:
    """Return every edition, the latest first."""
    rows = db.session.execute(
        select(Edition.year, Edition.number, Edition.name, Edition.preset, Edition.is_current).order_by(
            Edition.year.desc()
        )
    )
    return tuple(EditionLine(*row) for row in rows)


def edition_for(year: int | None) -> EditionFacts:
    """Return the edition of a year, or the current one when no year is given. Raises `EditionIsUnknown`."""
    found = current_edition() if year is None else edition_of_year(year)
    if found is None:
        raise EditionIsUnknown(year="" if year is None else year)
    return found

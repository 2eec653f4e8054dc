"""Readings of an edition: its regions, rounds, themes, grids, prizes and form."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from awards_app.database import db
from awards_app.domain.phases import Phase, phase_at
from awards_app.models.editions import (
    Edition,
    EndowmentLine,
    Prize,
    Region,
    Round,
    Theme,
    Wording,
)
from awards_app.queries.forms import QuestionFacts, SectionFacts, form_of
from awards_app.queries.grids import CriterionFacts, GridFacts, grid_of

__all__ = [
    "CriterionFacts",
    "EditionFacts",
    "GridFacts",
    "PrizeFacts",
    "QuestionFacts",
    "RegionFacts",
    "RoundLine",
    "SectionFacts",
    "ThemeFacts",
    "WordingFacts",
    "current_edition",
    "edition_of_id",
    "edition_of_year",
    "form_of",
    "grid_of",
    "prizes_of",
    "regions",
    "round_of_id",
    "round_of_region",
    "rounds_of",
    "themes_of",
    "wordings_of",
]


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """An edition with its settings (`rules`, by the preset's names)."""

    id: int
    key: str
    year: int
    number: int
    name: str
    rules: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A region with its chamber and zone."""

    code: str
    name: str
    located: str
    chamber: str
    zone: str
    slug: str


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """A theme of an edition."""

    id: int
    code: str
    name: str
    description: str
    colour: str


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list; ``phase`` is the one that counts at the instant given to the query."""

    id: int
    key: str
    edition_id: int
    region_code: str | None
    region_name: str
    region_slug: str
    chamber: str
    zone: str
    phase: Phase
    takes_part: bool
    opens_at: datetime | None
    closes_at: datetime | None
    scoring_closes_at: datetime | None
    embargo_at: datetime | None
    publication_armed_at: datetime | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class PrizeFacts:
    """A prize with its endowment lines (amount, currency, kind, funder, note)."""

    id: int
    key: str
    level: str
    code: str
    name: str
    outcome: str
    places: int
    per_theme: bool
    endowments: tuple[tuple[int | None, str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class WordingFacts:
    """A wording that staff may edit."""

    code: str
    title: str
    body: str


def current_edition() -> EditionFacts | None:
    """Return the latest edition that is current, None before the first one."""
    return _edition(_CURRENT, {})


def edition_of_year(year: int) -> EditionFacts | None:
    """Return the edition of a year, or None."""
    return _edition(_OF_YEAR, {"year": year})


def edition_of_id(edition_id: int) -> EditionFacts | None:
    """Return the edition, or None."""
    return _edition(_OF_ID, {"edition_id": edition_id})


def _edition_query(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(Edition.id, Edition.key, Edition.year, Edition.number, Edition.name, Edition.rules)
        .where(condition)
        .order_by(Edition.year.desc())
        .limit(1)
    )


# Statements are put together once: that costs several times what asking them does.
_CURRENT = _edition_query(Edition.is_current.is_(True))
_OF_YEAR = _edition_query(Edition.year == bindparam("year"))
_OF_ID = _edition_query(Edition.id == bindparam("edition_id"))


def _edition(query: Select[*tuple[Any, ...]], values: dict[str, int]) -> EditionFacts | None:
    row = db.session.execute(query, values).one_or_none()
    return EditionFacts(*row) if row else None


_REGIONS = select(
    Region.code, Region.name, Region.located, Region.chamber, Region.zone, Region.slug
).order_by(Region.position)


def regions() -> tuple[RegionFacts, ...]:
    """Return the regions in the order of the preset."""
    return tuple(RegionFacts(*row) for row in db.session.execute(_REGIONS))


_THEMES = (
    select(Theme.id, Theme.code, Theme.name, Theme.description, Theme.colour)
    .where(Theme.edition_id == bindparam("edition_id"))
    .order_by(Theme.position)
)


def themes_of(edition_id: int) -> tuple[ThemeFacts, ...]:
    """Return the themes of an edition in order."""
    return tuple(ThemeFacts(*row) for row in db.session.execute(_THEMES, {"edition_id": edition_id}))


def rounds_of(edition_id: int, now: datetime) -> tuple[RoundLine, ...]:
    """Return the rounds of an edition, the national one first, then the regions in order."""
    return _rounds(_ROUNDS, {"edition_id": edition_id}, now)


def round_of_region(edition_id: int, region_code: str | None, now: datetime) -> RoundLine | None:
    """Return the round of a region (None: the national one), or None if there is none."""
    query = _NATIONAL_ROUND if region_code is None else _ROUND_OF_REGION
    found = _rounds(query, {"edition_id": edition_id, "region_code": region_code}, now)
    return found[0] if found else None


def round_of_id(round_id: int, now: datetime) -> RoundLine | None:
    """Return a round by its identifier, or None."""
    found = _rounds(_ROUND, {"round_id": round_id}, now)
    return found[0] if found else None


def _rounds_query(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Round.id,
            Round.key,
            Round.edition_id,
            Round.region_code,
            Region.name.label("region_name"),
            Region.slug.label("region_slug"),
            Region.chamber,
            Round.zone,
            Round.phase,
            Round.takes_part,
            Round.opens_at,
            Round.closes_at,
            Round.scoring_closes_at,
            Round.embargo_at,
            Round.publication_armed_at,
            Round.published_at,
        )
        .outerjoin(Region, Region.code == Round.region_code)
        .where(*conditions)
        .order_by(Round.region_code.is_not(None), Region.position)
    )


_OF_EDITION = Round.edition_id == bindparam("edition_id")
_ROUNDS = _rounds_query(_OF_EDITION)
_NATIONAL_ROUND = _rounds_query(_OF_EDITION, Round.region_code.is_(None))
_ROUND_OF_REGION = _rounds_query(_OF_EDITION, Round.region_code == bindparam("region_code"))
_ROUND = _rounds_query(Round.id == bindparam("round_id"))


def _rounds(query: Select[*tuple[Any, ...]], values: dict[str, Any], now: datetime) -> tuple[RoundLine, ...]:
    return tuple(
        RoundLine(
            id=row.id,
            key=row.key,
            edition_id=row.edition_id,
            region_code=row.region_code,
            region_name=row.region_name or "",
            region_slug=row.region_slug or "",
            chamber=row.chamber or "",
            zone=row.zone,
            phase=phase_at(Phase(row.phase), now, row.opens_at, row.closes_at),
            takes_part=row.takes_part,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            scoring_closes_at=row.scoring_closes_at,
            embargo_at=row.embargo_at,
            publication_armed_at=row.publication_armed_at,
            published_at=row.published_at,
        )
        for row in db.session.execute(query, values)
    )


_PRIZES: Select[*tuple[Any, ...]] = (
    select(
        Prize.id,
        Prize.key,
        Prize.level,
        Prize.code,
        Prize.name,
        Prize.outcome,
        Prize.places,
        Prize.per_theme,
        EndowmentLine.id.label("line_id"),
        EndowmentLine.amount,
        EndowmentLine.currency,
        EndowmentLine.kind,
        EndowmentLine.funder,
        EndowmentLine.note,
    )
    .outerjoin(EndowmentLine, EndowmentLine.prize_id == Prize.id)
    .where(Prize.edition_id == bindparam("edition_id"))
    .order_by(Prize.level.desc(), Prize.position, Prize.id, EndowmentLine.id)
)
_PRIZES_OF_LEVEL = _PRIZES.where(Prize.level == bindparam("level"))


def prizes_of(edition_id: int, level: str | None = None) -> tuple[PrizeFacts, ...]:
    """Return the prizes of an edition, of one level or of both, with their endowments (one query)."""
    query = _PRIZES if level is None else _PRIZES_OF_LEVEL
    rows = db.session.execute(query, {"edition_id": edition_id, "level": level})
    return tuple(
        PrizeFacts(*head, tuple(tuple(line[9:]) for line in group if line.line_id is not None))  # type: ignore[call-arg]  # the head is the other fields, in order
        for head, group in groupby(rows, key=lambda row: row[:8])
    )


def wordings_of(edition_id: int, kind: str) -> tuple[WordingFacts, ...]:
    """Return the wordings of a kind (admissibility_rule, admissibility_reason, message) in order."""
    rows = db.session.execute(
        select(Wording.code, Wording.title, Wording.body)
        .where(Wording.edition_id == edition_id, Wording.kind == kind)
        .order_by(Wording.position)
    )
    return tuple(WordingFacts(*row) for row in rows)

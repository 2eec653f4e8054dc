"""Readings of an edition: its regions, rounds, themes, grids, prizes and form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from awards_app.database import db
from awards_app.domain.grid import Criterion as GridCriterion
from awards_app.domain.grid import Grid
from awards_app.domain.phases import Phase, phase_at
from awards_app.models.editions import (
    Criterion,
    CriterionLevel,
    CriterionWeight,
    Edition,
    EndowmentLine,
    FormQuestion,
    FormSection,
    Prize,
    Region,
    Round,
    Theme,
    Wording,
)


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
class CriterionFacts:
    """A criterion as a juror reads it: its weight in the theme and the words of each level from 0 up."""

    id: int
    code: str
    name: str
    question: str
    weight: int
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridFacts:
    """The grid of one level and theme: for people in ``criteria``, for arithmetic in ``exact``."""

    criteria: tuple[CriterionFacts, ...]
    exact: Grid

    def by_code(self, code: str) -> CriterionFacts | None:
        """Return the criterion of that code, or None."""
        return next((criterion for criterion in self.criteria if criterion.code == code), None)


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
class QuestionFacts:
    """A question of the form."""

    code: str
    section: str
    kind: str
    label: str
    help: str
    example: str
    limit: int | None
    unit: str
    choices: tuple[tuple[str, str], ...]
    accepts: tuple[str, ...]
    max_mib: int | None
    max_count: int | None
    required: bool
    theme_code: str | None
    audience: str
    criterion_code: str | None


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A section of the form with its questions in order."""

    code: str
    title: str
    lead: str
    questions: tuple[QuestionFacts, ...]

    def for_theme(self, theme_code: str | None) -> tuple[QuestionFacts, ...]:
        """Return the questions put to a candidacy of that theme."""
        return tuple(q for q in self.questions if q.theme_code in (None, theme_code))


@dataclass(frozen=True, slots=True)
class WordingFacts:
    """A wording that staff may edit."""

    code: str
    title: str
    body: str


def current_edition() -> EditionFacts | None:
    """Return the latest edition that is current, None before the first one."""
    return _edition(Edition.is_current.is_(True))


def edition_of_year(year: int) -> EditionFacts | None:
    """Return the edition of a year, or None."""
    return _edition(Edition.year == year)


def edition_of_id(edition_id: int) -> EditionFacts | None:
    """Return the edition, or None."""
    return _edition(Edition.id == edition_id)


def _edition(condition: ColumnElement[bool]) -> EditionFacts | None:
    row = db.session.execute(
        select(Edition.id, Edition.key, Edition.year, Edition.number, Edition.name, Edition.rules)
        .where(condition)
        .order_by(Edition.year.desc())
        .limit(1)
    ).one_or_none()
    return EditionFacts(*row) if row else None


def regions() -> tuple[RegionFacts, ...]:
    """Return the regions in the order of the preset."""
    rows = db.session.execute(
        select(Region.code, Region.name, Region.located, Region.chamber, Region.zone, Region.slug).order_by(
            Region.position
        )
    )
    return tuple(RegionFacts(*row) for row in rows)


def themes_of(edition_id: int) -> tuple[ThemeFacts, ...]:
    """Return the themes of an edition in order."""
    rows = db.session.execute(
        select(Theme.id, Theme.code, Theme.name, Theme.description, Theme.colour)
        .where(Theme.edition_id == edition_id)
        .order_by(Theme.position)
    )
    return tuple(ThemeFacts(*row) for row in rows)


def rounds_of(edition_id: int, now: datetime) -> tuple[RoundLine, ...]:
    """Return the rounds of an edition, the national one first, then the regions in order."""
    return _rounds(Round.edition_id == edition_id, now)


def round_of_region(edition_id: int, region_code: str | None, now: datetime) -> RoundLine | None:
    """Return the round of a region (None: the national one), or None if there is none."""
    same_region = Round.region_code.is_(None) if region_code is None else Round.region_code == region_code
    found = _rounds((Round.edition_id == edition_id) & same_region, now)
    return found[0] if found else None


def round_of_id(round_id: int, now: datetime) -> RoundLine | None:
    """Return a round by its identifier, or None."""
    found = _rounds(Round.id == round_id, now)
    return found[0] if found else None


def _rounds(condition: ColumnElement[bool], now: datetime) -> tuple[RoundLine, ...]:
    rows = db.session.execute(
        select(Round, Region.name, Region.slug, Region.chamber)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(condition)
        .order_by(Round.region_code.is_not(None), Region.position)
        .execution_options(populate_existing=True)
    )
    return tuple(
        RoundLine(
            id=row.id,
            key=row.key,
            edition_id=row.edition_id,
            region_code=row.region_code,
            region_name=name or "",
            region_slug=slug or "",
            chamber=chamber or "",
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
        for row, name, slug, chamber in rows
    )


def grid_of(edition_id: int, level: str, theme_id: int) -> GridFacts:
    """Return the grid of ``level`` (« regional », « national ») for a theme (two queries).

    Criteria of weight 0 in the theme are left out: nothing is asked that counts for nothing.
    """
    rules: dict[str, Any] = db.session.scalar(select(Edition.rules).where(Edition.id == edition_id)) or {}
    rows = db.session.execute(
        select(
            Criterion.id,
            Criterion.code,
            Criterion.name,
            Criterion.question,
            CriterionWeight.weight,
            CriterionLevel.words,
        )
        .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
        .join(CriterionLevel, CriterionLevel.criterion_id == Criterion.id)
        .where(
            Criterion.edition_id == edition_id,
            Criterion.level == level,
            CriterionWeight.theme_id == theme_id,
            CriterionWeight.weight > 0,
        )
        .order_by(Criterion.position, CriterionLevel.value)
    )
    words: dict[int, list[str]] = {}
    heads: dict[int, tuple[str, str, str, int]] = {}
    for row in rows:
        words.setdefault(row.id, []).append(row.words)
        heads[row.id] = (row.code, row.name, row.question, row.weight)
    criteria = tuple(
        CriterionFacts(key, code, name, question, weight, tuple(words[key]))
        for key, (code, name, question, weight) in heads.items()
    )
    settings = rules["grids"][level]
    exact = Grid(
        criteria=tuple(GridCriterion(criterion.code, criterion.weight) for criterion in criteria),
        top_level=settings["top_level"],
        shown_out_of=settings["shown_out_of"],
    )
    return GridFacts(criteria, exact)


def prizes_of(edition_id: int, level: str | None = None) -> tuple[PrizeFacts, ...]:
    """Return the prizes of an edition, of one level or of both, with their endowments (two queries)."""
    query = select(Prize).where(Prize.edition_id == edition_id).order_by(Prize.level.desc(), Prize.position)
    if level is not None:
        query = query.where(Prize.level == level)
    prizes = db.session.scalars(query).all()
    lines: dict[int, list[tuple[int | None, str, str, str, str]]] = {}
    for line in db.session.scalars(
        select(EndowmentLine)
        .where(EndowmentLine.prize_id.in_([prize.id for prize in prizes]))
        .order_by(EndowmentLine.id)
    ):
        lines.setdefault(line.prize_id, []).append(
            (line.amount, line.currency, line.kind, line.funder, line.note)
        )
    return tuple(
        PrizeFacts(
            prize.id,
            prize.key,
            prize.level,
            prize.code,
            prize.name,
            prize.outcome,
            prize.places,
            prize.per_theme,
            tuple(lines.get(prize.id, ())),
        )
        for prize in prizes
    )


def form_of(edition_id: int) -> tuple[SectionFacts, ...]:
    """Return the form of an edition, section by section (two queries)."""
    sections = db.session.execute(
        select(FormSection.id, FormSection.code, FormSection.title, FormSection.lead)
        .where(FormSection.edition_id == edition_id)
        .order_by(FormSection.position)
    ).all()
    questions: dict[int, list[QuestionFacts]] = {}
    codes = {row.id: row.code for row in sections}
    for row in db.session.scalars(
        select(FormQuestion).where(FormQuestion.edition_id == edition_id).order_by(FormQuestion.position)
    ):
        questions.setdefault(row.section_id, []).append(
            QuestionFacts(
                code=row.code,
                section=codes[row.section_id],
                kind=row.kind,
                label=row.label,
                help=row.help,
                example=row.example,
                limit=row.limit,
                unit=row.unit,
                choices=tuple((choice["code"], choice["label"]) for choice in row.choices),
                accepts=tuple(row.accepts),
                max_mib=row.max_mib,
                max_count=row.max_count,
                required=row.required,
                theme_code=row.theme_code,
                audience=row.audience,
                criterion_code=row.criterion_code,
            )
        )
    return tuple(
        SectionFacts(row.code, row.title, row.lead, tuple(questions.get(row.id, ()))) for row in sections
    )


def wordings_of(edition_id: int, kind: str) -> tuple[WordingFacts, ...]:
    """Return the wordings of a kind (admissibility_rule, admissibility_reason, message) in order."""
    rows = db.session.execute(
        select(Wording.code, Wording.title, Wording.body)
        .where(Wording.edition_id == edition_id, Wording.kind == kind)
        .order_by(Wording.position)
    )
    return tuple(WordingFacts(*row) for row in rows)

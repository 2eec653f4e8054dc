"""What an import must know of an edition: where files go, and how its lines are read."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.candidacy_cells import LineContext
from awards_app.domain.territory_lookup import Territory
from awards_app.models.editions import Department, FormQuestion, FormSection, Region, Round, Theme
from awards_app.queries.editions import edition_of_year

WRITTEN_KINDS = ("short_text", "long_text")
NARRATIVE_SECTIONS = ("narrative", "theme")


@dataclass(frozen=True, slots=True)
class TargetRound:
    """The round that receives files of a region."""

    id: int
    phase: str
    takes_part: bool


@dataclass(frozen=True, slots=True)
class ImportContext:
    """An edition as an import sees it. ``rounds`` is by region code; None is the national round, where a draft waits
    for its region to be known."""

    edition_id: int
    edition_key: str
    year: int
    rounds: dict[str | None, TargetRound]
    themes: dict[str, int]
    theme_names: dict[str, str]
    territory: Territory
    legal_families: dict[str, str]
    legal_forms: dict[str, tuple[str, str]]
    narratives: dict[str, str]

    def lines(self, today: date) -> LineContext:
        """Return what reading a line needs."""
        return LineContext(
            territory=self.territory,
            themes=self.theme_names,
            legal_families=self.legal_families,
            legal_forms=self.legal_forms,
            today=today,
            narratives=frozenset(self.narratives),
        )


def import_context(year: int) -> ImportContext | None:
    """Return the edition of ``year`` as an import sees it, or None (six queries)."""
    edition = edition_of_year(year)
    if edition is None:
        return None
    rounds = db.session.execute(
        select(Round.region_code, Round.id, Round.phase, Round.takes_part).where(
            Round.edition_id == edition.id
        )
    )
    themes = db.session.execute(
        select(Theme.code, Theme.id, Theme.name).where(Theme.edition_id == edition.id)
    ).all()
    narratives = db.session.execute(
        select(FormQuestion.code, FormQuestion.label)
        .join(FormSection, FormSection.id == FormQuestion.section_id)
        .where(
            FormQuestion.edition_id == edition.id,
            FormSection.code.in_(NARRATIVE_SECTIONS),
            FormQuestion.kind.in_(WRITTEN_KINDS),
            FormQuestion.retired_at.is_(None),
        )
    )
    families = edition.rules["legal_families"]
    return ImportContext(
        edition_id=edition.id,
        edition_key=edition.key,
        year=edition.year,
        rounds={row.region_code: TargetRound(row.id, row.phase, row.takes_part) for row in rounds},
        themes={row.code: row.id for row in themes},
        theme_names={row.code: row.name for row in themes},
        territory=territory(),
        legal_families={family["code"]: family["label"] for family in families},
        legal_forms={
            form["code"]: (form["label"], family["code"]) for family in families for form in family["forms"]
        },
        narratives={row.code: row.label for row in narratives},
    )


def territory() -> Territory:
    """Return the regions and departments of the platform (two queries)."""
    regions = db.session.execute(select(Region.code, Region.name))
    departments = db.session.execute(select(Department.code, Department.name, Department.region_code))
    return Territory(
        {row.code: row.name for row in regions},
        {row.code: (row.name, row.region_code) for row in departments},
    )

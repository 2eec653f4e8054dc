"""The form of an edition as staff write it: all its rows, what is wrong with it, its versions, who answered what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, func, select

from awards_app.database import db
from awards_app.domain.form_checks import Finding, check_form
from awards_app.domain.form_copy import CopyReport, adapted
from awards_app.domain.form_shapes import Form, QuestionFacts, SectionFacts
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.phases import Phase, phase_at
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import Criterion, CriterionWeight, Edition, Round, Theme
from awards_app.queries.access import round_subjects
from awards_app.queries.editions import EditionFacts, edition_of_year
from awards_app.queries.forms import RevisionLine, form_of_revision, revisions_of, whole_form_of


@dataclass(frozen=True, slots=True)
class FormDesk:
    """All that the pages of the form show; ``is_open`` once a call is open, ``may_change`` to this person now."""

    edition: EditionFacts
    form: Form
    themes: Mapping[str, str]
    # The regional criteria that count, by theme code then criterion code.
    criteria: Mapping[str, Mapping[str, str]]
    phase: Phase
    may_change: bool
    revisions: tuple[RevisionLine, ...]
    findings: tuple[Finding, ...]
    answered: Mapping[str, int]

    @property
    def is_open(self) -> bool:
        """Say whether candidates may have read this form: each change is then a version."""
        return self.phase is not Phase.PREPARATION

    @property
    def revision(self) -> int:
        """Return the number of the form as it stands."""
        return self.revisions[0].number if self.revisions else 1

    @property
    def criterion_names(self) -> dict[str, str]:
        """Return the names of the regional criteria by code, whatever the theme."""
        return {code: name for names in self.criteria.values() for code, name in names.items()}

    def question(self, code: str) -> QuestionFacts:
        """Return a question, retired or not; raise `DoesNotExist`."""
        for section in self.form:
            for question in section.questions:
                if question.code == code:
                    return question
        raise DoesNotExist

    def section(self, code: str) -> SectionFacts:
        """Return a section, retired or not; raise `DoesNotExist`."""
        for section in self.form:
            if section.code == code:
                return section
        raise DoesNotExist


def form_desk(holder: Holder, year: int, now: datetime) -> FormDesk:
    """Return the form of an edition for any person of a chamber, of the national staff, or the auditor (six queries).

    Raises `DoesNotExist`.
    """
    edition = edition_of_year(year)
    if edition is None or not holder.grants:
        raise DoesNotExist
    themes, criteria = themes_and_criteria(edition.id)
    form = whole_form_of(edition.id)
    phase = latest_phase(edition.id, now)
    return FormDesk(
        edition=edition,
        form=form,
        themes=themes,
        criteria=criteria,
        phase=phase,
        may_change=holder.is_national_staff and phase < Phase.SCORING,
        revisions=revisions_of(edition.id),
        findings=check_form(form, themes, criteria),
        answered=answered_in(edition.id),
    )


def form_to_change(holder: Holder, year: int, now: datetime) -> FormDesk:
    """Return the form to whoever may change it now; raise the matrix's refusal (SET-1), or `DoesNotExist`."""
    edition = edition_of_year(year)
    if edition is None:
        raise DoesNotExist
    check_may_change(holder, edition.id, now)
    return form_desk(holder, year, now)


def check_may_change(holder: Holder, edition_id: int, now: datetime) -> Phase:
    """Return the phase that counts, or raise the matrix's refusal.

    The form is of the national staff, as the grid its answers are judged by (SET-1): until the first region scores.
    """
    national = db.session.scalar(
        select(Round.id).where(Round.edition_id == edition_id, Round.region_code.is_(None))
    )
    if national is None or not holder.grants:
        raise DoesNotExist
    phase = latest_phase(edition_id, now)
    authorise(Permission.CHANGE_GRID, phase, round_subjects(holder, national, None))
    return phase


def latest_phase(edition_id: int, now: datetime) -> Phase:
    """Return the phase of the regional round that is furthest."""
    rows: Any = db.session.execute(
        select(Round.phase, Round.opens_at, Round.closes_at).where(
            Round.edition_id == edition_id, Round.takes_part.is_(True), Round.region_code.is_not(None)
        )
    )
    phases = (phase_at(Phase(row.phase), now, row.opens_at, row.closes_at) for row in rows)
    return max(phases, default=Phase.PREPARATION, key=lambda phase: phase.value)


_THEMES = (
    select(Theme.code, Theme.name, Criterion.code.label("criterion"), Criterion.name.label("words"))
    .outerjoin(CriterionWeight, (CriterionWeight.theme_id == Theme.id) & (CriterionWeight.weight > 0))
    .outerjoin(Criterion, (Criterion.id == CriterionWeight.criterion_id) & (Criterion.level == "regional"))
    .where(Theme.edition_id == bindparam("edition_id"))
    .order_by(Theme.position, Theme.id, Criterion.position)
)


def themes_and_criteria(edition_id: int) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the names of themes by code, and of the regional criteria that count in each (one query)."""
    themes: dict[str, str] = {}
    criteria: dict[str, dict[str, str]] = {}
    for (code, name), group in groupby(
        db.session.execute(_THEMES, {"edition_id": edition_id}), key=lambda row: row[:2]
    ):
        themes[code] = name
        criteria[code] = {row.criterion: row.words for row in group if row.criterion is not None}
    return themes, criteria


_ANSWERED = (
    select(Answer.question_code, func.count(Answer.id).label("number"))
    .join(Candidacy, Candidacy.id == Answer.candidacy_id)
    .where(Candidacy.edition_id == bindparam("edition_id"), Answer.value != "")
    .group_by(Answer.question_code)
)


def answered_in(edition_id: int) -> dict[str, int]:
    """Return how many candidacies answered each question, by code (one query)."""
    return {
        row.question_code: row.number for row in db.session.execute(_ANSWERED, {"edition_id": edition_id})
    }


@dataclass(frozen=True, slots=True)
class CopySource:
    """Another edition whose form may be taken up, and what a copy would bring."""

    year: int
    name: str
    report: CopyReport


def copy_sources(desk: FormDesk) -> tuple[CopySource, ...]:
    """Return the three editions before this one, with what a copy of their form would bring."""
    rows = db.session.execute(
        select(Edition.id, Edition.year, Edition.name)
        .where(Edition.year < desk.edition.year)
        .order_by(Edition.year.desc())
        .limit(3)
    ).all()
    found = []
    for row in rows:
        _form, report = adapted(whole_form_of(row.id), desk.themes, desk.criterion_names)
        found.append(CopySource(row.year, row.name, report))
    return tuple(found)


def frozen_version(desk: FormDesk, number: int) -> tuple[RevisionLine, Form]:
    """Return a version of the form with what it changed; raise `DoesNotExist`."""
    line = next((line for line in desk.revisions if line.number == number), None)
    # The number is looked for among those there are: a database is never asked for one beyond its integers.
    form = form_of_revision(desk.edition.id, line.number) if line else None
    if line is None or form is None:
        raise DoesNotExist
    return line, form

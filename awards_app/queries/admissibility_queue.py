"""Readings of the chamber's queue: the filed candidacies of a round, and the drafts in progress, which are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from awards_app.database import db
from awards_app.domain.admissibility_queue import (
    PAGE,
    QueueLine,
    Selection,
    Trace,
    Wanted,
    page_of,
    select_lines,
    stage_of,
)
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.admissibility import CompletionAnswer, CompletionRequest
from awards_app.models.candidacies import AdmissibilityDecision, Attachment, Candidacy, Filing
from awards_app.models.editions import Department, Theme
from awards_app.models.structures import Structure
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.duplicates import doubtful_ids, edition_rows
from awards_app.queries.editions import ThemeFacts, themes_of
from awards_app.queries.readers import READERS


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the files of a round after the filters."""

    round: RoundFacts
    themes: tuple[ThemeFacts, ...]
    departments: tuple[str, ...]
    selection: Selection
    page: int
    pages: int

    @property
    def lines(self) -> Sequence[QueueLine]:
        """Return the lines of the page."""
        return self.selection.lines[(self.page - 1) * PAGE : self.page * PAGE]


def queue_of(holder: Holder, round_key: str, now: datetime, wanted: Wanted, page: int = 1) -> Queue:
    """Return the queue of a round for its chamber, the national staff or the auditor (five queries).

    Raises the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.READ_CANDIDACY, now)
    if not facts.subjects & READERS:
        raise DoesNotExist
    alike = doubtful_ids(edition_rows(facts.edition_id, facts.id, facts.phase), facts.edition_id)
    lines = round_lines(facts.id, now, alike)
    selection = select_lines(lines, wanted)
    at, pages = page_of(len(selection.lines), page)
    departments = tuple(sorted({line.department for line in lines if line.department}))
    return Queue(facts, themes_of(facts.edition_id), departments, selection, at, pages)


def whole_selection(holder: Holder, round_key: str, now: datetime, wanted: Wanted) -> tuple[QueueLine, ...]:
    """Return every file that the filters keep, on all pages. Raises as `queue_of`."""
    return queue_of(holder, round_key, now, wanted).selection.lines


def neighbours_of(
    facts: RoundFacts, key: str, now: datetime, wanted: Wanted
) -> tuple[str | None, str | None, tuple[int, int]]:
    """Return the files before and after one in the filtered list, its place and how many there are (one query).

    The right to the round was settled by the caller. Looking for look-alikes asks two more.
    """
    alike: frozenset[int] = frozenset()
    if wanted.looks_alike:
        alike = doubtful_ids(edition_rows(facts.edition_id, facts.id, facts.phase), facts.edition_id)
    selection = select_lines(round_lines(facts.id, now, alike), wanted)
    before, after, place = selection.neighbours(key)
    return before, after, (place, len(selection.lines))


def round_lines(round_id: int, now: datetime, alike: frozenset[int] = frozenset()) -> list[QueueLine]:
    """Return every filed candidacy of a round, for a reader whose right was settled by the caller (one query)."""
    return [_line(row, now, alike) for row in db.session.execute(_lines(round_id))]


def _line(row: Any, now: datetime, alike: frozenset[int]) -> QueueLine:
    trace = Trace(
        is_withdrawn=row.state == "withdrawn",
        verdict=row.verdict,
        decided_at=row.decided_at,
        open_until=row.open_until,
        answered_at=row.answered_at,
    )
    return QueueLine(
        key=row.key,
        title=row.title,
        structure_name=row.structure_name,
        city=row.city,
        department=row.department_name or row.department,
        identifier=row.siret or row.siren or row.rna or "",
        theme_code=row.theme_code,
        theme_name=row.theme_name,
        stage=stage_of(trace, now),
        filed_at=row.filed_at,
        answered_at=trace.answered_at,
        open_until=row.open_until,
        has_files=bool(row.has_files),
        looks_alike=row.id in alike,
    )


def _answered() -> Any:
    """The last answer of each candidacy, and the copy that its first one found."""
    return (
        select(
            CompletionRequest.candidacy_id,
            func.max(CompletionAnswer.answered_at).label("answered_at"),
            func.min(CompletionAnswer.former_filing_id).label("former_filing_id"),
        )
        .join(CompletionAnswer, CompletionAnswer.request_id == CompletionRequest.id)
        .group_by(CompletionRequest.candidacy_id)
        .subquery()
    )


_LIVE = and_(AdmissibilityDecision.candidacy_id == Candidacy.id, AdmissibilityDecision.replaced_at.is_(None))
_OPEN = and_(CompletionRequest.candidacy_id == Candidacy.id, CompletionRequest.state == "open")


def _lines(round_id: int) -> Select[*tuple[Any, ...]]:
    answered = _answered()
    has_files = exists().where(Attachment.candidacy_id == Candidacy.id, Attachment.deleted_at.is_(None))
    return (
        select(
            Candidacy.id,
            Candidacy.key,
            Candidacy.title,
            Candidacy.state,
            Structure.name.label("structure_name"),
            Structure.city,
            Structure.department,
            Structure.siren,
            Structure.siret,
            Structure.rna,
            Department.name.label("department_name"),
            Theme.code.label("theme_code"),
            Theme.name.label("theme_name"),
            AdmissibilityDecision.verdict,
            AdmissibilityDecision.decided_at,
            CompletionRequest.closes_at.label("open_until"),
            answered.c.answered_at,
            # What was filed before the call closed is the deposit; a completed copy is an answer.
            func.coalesce(
                Filing.submitted_at, Candidacy.submitted_at, type_=Candidacy.submitted_at.type
            ).label("filed_at"),
            has_files.label("has_files"),
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(Department, Department.code == Structure.department)
        .outerjoin(Theme, Theme.id == Candidacy.theme_id)
        .outerjoin(AdmissibilityDecision, _LIVE)
        .outerjoin(CompletionRequest, _OPEN)
        .outerjoin(answered, answered.c.candidacy_id == Candidacy.id)
        .outerjoin(Filing, Filing.id == answered.c.former_filing_id)
        .where(
            Candidacy.round_id == round_id,
            or_(
                Candidacy.state == "submitted",
                and_(Candidacy.state == "withdrawn", Candidacy.submitted_at.is_not(None)),
            ),
        )
        .order_by(Candidacy.id)
    )

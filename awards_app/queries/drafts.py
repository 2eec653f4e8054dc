"""Readings of a candidacy by its own structure: the form with its answers, how far it is, what is missing, who is there."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, bindparam, cast, exists, literal, select, union_all
from sqlalchemy.orm import aliased

from awards_app.database import db, read
from awards_app.domain.candidacies import THEME, CandidacyIsDeleted
from awards_app.domain.form_shapes import live_form
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.structures import lacking
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Answer, Attachment, Candidacy, Filing
from awards_app.models.editions import Criterion, CriterionWeight, Edition, Region, Round, Theme
from awards_app.models.presence import Presence
from awards_app.models.structures import Structure
from awards_app.models.types import Instant
from awards_app.models.uploads import Preview
from awards_app.queries.access import CandidacyFacts, candidacy_query, facts_of_row
from awards_app.queries.candidacies import RoundCalendar
from awards_app.queries.draft_facts import (
    AnswerFacts,
    AttachmentLine,
    CriterionRead,
    Draft,
    FilingFacts,
    PresentPerson,
    SectionProgress,
    is_file_question,
    progress_through,
)
from awards_app.queries.editions import ThemeFacts
from awards_app.queries.forms import retired_questions, revision_of_edition, whole_form_of
from awards_app.queries.structures import StructureRecord

__all__ = [
    "AnswerFacts",
    "AttachmentLine",
    "CriterionRead",
    "Draft",
    "FilingFacts",
    "PresentPerson",
    "SectionProgress",
    "answers_of",
    "attachments_of",
    "is_file_question",
    "own_draft",
    "progress_through",
    "written_by_others",
]

# Somebody not heard of for this long has left; browsers say that they are there every thirty seconds.
GONE_AFTER = timedelta(seconds=75)


_STRUCTURE = tuple(getattr(Structure, name).label(f"record_{name}") for name in StructureRecord.__slots__)
_FILING = tuple(getattr(Filing, name).label(f"filing_{name}") for name in FilingFacts.__slots__)


def _has_earlier() -> Any:
    """Say whether the structure has a file in an edition before this one."""
    former, edition = aliased(Candidacy), aliased(Edition)
    return exists(
        select(former.id)
        .join(edition, edition.id == former.edition_id)
        .where(
            former.structure_id == Candidacy.structure_id,
            former.state != "deleted",
            edition.year < Edition.year,
        )
    ).correlate(Candidacy, Edition)


_DRAFT = (
    candidacy_query(Round.id == Candidacy.round_id)
    .add_columns(
        Candidacy.taken_back_at,
        Candidacy.submitted_at,
        Candidacy.withdrawn_at,
        Region.located,
        Region.chamber,
        Round.scoring_closes_at,
        Round.embargo_at,
        Round.published_at,
        revision_of_edition(Round.edition_id).label("form_revision"),
        *_STRUCTURE,
        *_FILING,
        _has_earlier().label("has_earlier"),
    )
    .join(Structure, Structure.id == Candidacy.structure_id)
    .outerjoin(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
)
_DELETED = select(Candidacy.structure_id).where(
    Candidacy.key == bindparam("key"), Candidacy.state == "deleted"
)
# The answers and who is there, in one result: the first column says what a row is.
_WRITTEN: Any = union_all(
    select(
        literal("answer").label("what"),
        Answer.question_code.label("code"),
        Answer.value.label("value"),
        Answer.version.label("version"),
        Answer.saved_at.label("at"),
        Answer.saved_by_id.label("account_id"),
        Account.name.label("name"),
    )
    .outerjoin(Account, Account.id == Answer.saved_by_id)
    .where(Answer.candidacy_id == bindparam("candidacy_id")),
    select(
        literal("here"),
        Presence.section_code,
        literal(""),
        cast(literal(0), Integer),
        Presence.seen_at,
        Presence.account_id,
        Account.name,
    )
    .join(Account, Account.id == Presence.account_id)
    .where(
        Presence.candidacy_id == bindparam("candidacy_id"),
        Presence.seen_at > bindparam("since", type_=Instant),
    ),
)
_THEMES: Any = (
    select(
        Theme.id,
        Theme.code,
        Theme.name,
        Theme.description,
        Theme.colour,
        Criterion.code.label("criterion_code"),
        Criterion.name.label("criterion_name"),
        Criterion.question,
    )
    .outerjoin(CriterionWeight, (CriterionWeight.theme_id == Theme.id) & (CriterionWeight.weight > 0))
    .outerjoin(Criterion, (Criterion.id == CriterionWeight.criterion_id) & (Criterion.level == "regional"))
    .where(Theme.edition_id == bindparam("edition_id"))
    .order_by(Theme.position, Theme.id, Criterion.position)
)


def own_draft(holder: Holder, key: str, now: datetime) -> Draft:
    """Return a candidacy of ``holder``'s structure with its form (five queries, however long the form).

    Raises `DoesNotExist` for any other, `CandidacyIsDeleted` for one of theirs that was deleted.
    """
    found = read(_DRAFT, {"key": key})
    if not found:
        if db.session.scalar(_DELETED, {"key": key}) in holder.structure_ids:
            raise CandidacyIsDeleted(key)
        raise DoesNotExist
    row = found[0]
    facts = facts_of_row(holder, row, now)
    authorise(Permission.READ_OWN_CANDIDACY, facts.round.phase, facts.subjects)
    answers, present, _mine = written_by_others(facts.id, holder, now)
    themes, criteria = _themes(row.edition_id)
    chosen = answers.get(THEME)
    theme = next((t for t in themes if chosen and t.code == chosen.value), None)
    structure = StructureRecord(*(getattr(row, f"record_{name}") for name in StructureRecord.__slots__))
    attachments = attachments_of(facts.id)
    form = whole_form_of(row.edition_id)
    return Draft(
        facts=facts,
        structure=structure,
        title=answers["title"].value if "title" in answers else facts.title,
        theme=theme,
        themes=themes,
        sections=progress_through(live_form(form), answers, attachments, theme),
        answers=answers,
        attachments=attachments,
        filing=_filing_of(row),
        calendar=_calendar_of(row, facts),
        criteria=criteria.get(theme.id, ()) if theme else (),
        present=present,
        has_earlier=bool(row.has_earlier),
        taken_back_at=row.taken_back_at,
        submitted_at=row.submitted_at,
        withdrawn_at=row.withdrawn_at,
        structure_problems=lacking({name: getattr(structure, name) for name in StructureRecord.__slots__}),
        form_revision=row.form_revision,
        retired=retired_questions(form, lambda code: code in answers and bool(answers[code].value)),
    )


def written_by_others(
    candidacy_id: int, holder: Holder, now: datetime
) -> tuple[dict[str, AnswerFacts], tuple[PresentPerson, ...], PresentPerson | None]:
    """Return the answers of a draft by question, the others who have it open, and ``holder`` if they have (one query)."""
    answers: dict[str, AnswerFacts] = {}
    present = []
    mine = None
    values = {"candidacy_id": candidacy_id, "since": now - GONE_AFTER}
    for what, code, value, version, at, account_id, name in read(_WRITTEN, values):
        if what == "answer":
            answers[code] = AnswerFacts(value, version, at, name or "", account_id)
        elif account_id == holder.account_id:
            mine = PresentPerson(account_id, name, code, at)
        else:
            present.append(PresentPerson(account_id, name, code, at))
    return answers, tuple(present), mine


def _themes(edition_id: int) -> tuple[tuple[ThemeFacts, ...], dict[int, tuple[CriterionRead, ...]]]:
    themes, criteria = [], {}
    rows = read(_THEMES, {"edition_id": edition_id})
    for head, group in groupby(rows, key=lambda row: row[:5]):
        themes.append(ThemeFacts(*head))
        criteria[head[0]] = tuple(
            CriterionRead(row.criterion_code, row.criterion_name, row.question)
            for row in group
            if row.criterion_code is not None
        )
    return tuple(themes), criteria


def _calendar_of(row: Any, facts: CandidacyFacts) -> RoundCalendar:
    return RoundCalendar(
        region_name=row.region_name,
        located=row.located,
        chamber=row.chamber,
        zone=row.zone,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        scoring_closes_at=row.scoring_closes_at,
        embargo_at=row.embargo_at,
        published_at=row.published_at,
        phase=facts.round.phase,
    )


def _filing_of(row: Any) -> FilingFacts | None:
    if row.filing_receipt is None:
        return None
    return FilingFacts(*(getattr(row, f"filing_{name}") for name in FilingFacts.__slots__))


# Put together once: freezing many files asks these for each.
_ANSWERS = select(Answer.question_code, Answer.value, Answer.version, Answer.saved_at).where(
    Answer.candidacy_id == bindparam("candidacy_id")
)
_ATTACHMENTS = (
    select(
        Attachment.key,
        Attachment.question_code,
        Attachment.file_name,
        Attachment.media_type,
        Attachment.size,
        Attachment.sha256,
        Attachment.scan_state,
        Preview.state,
    )
    .outerjoin(Preview, Preview.attachment_id == Attachment.id)
    .where(Attachment.candidacy_id == bindparam("candidacy_id"), Attachment.deleted_at.is_(None))
    .order_by(Attachment.uploaded_at, Attachment.id)
)


def answers_of(candidacy_id: int) -> dict[str, AnswerFacts]:
    """Return the answers of a draft by question code (one query)."""
    rows = read(_ANSWERS, {"candidacy_id": candidacy_id})
    return {row.question_code: AnswerFacts(row.value, row.version, row.saved_at) for row in rows}


def attachments_of(candidacy_id: int) -> tuple[AttachmentLine, ...]:
    """Return the attachments of a draft, in the order they came (one query)."""
    rows = read(_ATTACHMENTS, {"candidacy_id": candidacy_id})
    return tuple(AttachmentLine(*row) for row in rows)

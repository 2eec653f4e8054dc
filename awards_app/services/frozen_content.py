"""What a submission freezes: one plain value that the fingerprint covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from awards_app.database import db
from awards_app.domain.candidacies import CandidacyIsIncomplete
from awards_app.domain.filed_copy import FORMAT
from awards_app.domain.form_answers import FILE_KINDS, filed_value
from awards_app.domain.refusals import Refusal
from awards_app.domain.structures import lacking
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.models.editions import Department, Edition, Region, Round
from awards_app.queries.drafts import AnswerFacts, SectionProgress
from awards_app.queries.editions import QuestionFacts, SectionFacts, ThemeFacts, form_of, themes_of
from awards_app.queries.forms import revision_of_edition
from awards_app.queries.structures import StructureRecord

FILED_COLUMNS = (
    "name", "acronym", "legal_family", "legal_form", "siren", "siret", "rna", "court_register",
    "address", "postcode", "city", "website", "is_esus", "network",
)  # fmt: skip


_PLACE = (
    select(
        Edition.year,
        Edition.name,
        Edition.rules,
        Region.code,
        Region.name.label("region"),
        revision_of_edition(Edition.id).label("form_revision"),
    )
    .select_from(Round)
    .join(Edition, Edition.id == Round.edition_id)
    .join(Region, Region.code == Round.region_code)
    .where(Round.id == bindparam("round_id"))
)
_DEPARTMENTS = select(Department.code, Department.name)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is: the row of its edition and region, and the names of departments by code."""

    row: Any
    departments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the files of one round have in common when they are frozen; read once for several of them."""

    themes: tuple[ThemeFacts, ...]
    form: tuple[SectionFacts, ...]
    place: Place


def place_of(round_id: int) -> Place:
    """Return the place of the files of a round (two queries)."""
    departments = {row.code: row.name for row in db.session.execute(_DEPARTMENTS)}
    return Place(db.session.execute(_PLACE, {"round_id": round_id}).one(), departments)


def ground_of(edition_id: int, round_id: int) -> Ground:
    """Return the ground of a round (four queries)."""
    return Ground(themes_of(edition_id), form_of(edition_id), place_of(round_id))


def refuse_incomplete(sections: tuple[SectionProgress, ...], structure: StructureRecord) -> None:
    """Raise `CandidacyIsIncomplete` with every problem of the answers and of the structure's record."""
    problems: dict[str, str] = {}
    for progress in sections:
        problems |= progress.problems
    columns = {name: getattr(structure, name) for name in StructureRecord.__slots__}
    problems |= {f"structure.{name}": sentence for name, sentence in lacking(columns).items()}
    if problems:
        raise CandidacyIsIncomplete(problems)


def frozen_content(
    row: Candidacy,
    place: Place,
    structure: StructureRecord,
    theme: ThemeFacts,
    sections: tuple[SectionProgress, ...],
    answers: Mapping[str, AnswerFacts],
    *,
    has_attachments: bool,
) -> dict[str, Any]:
    """Return the content of a submission: the structure, the answers as filed, the attachments with their hashes."""
    edition = place.row
    department = place.departments.get(structure.department or "")
    labels = {question.code: question.label for progress in sections for question in progress.questions}
    return {
        "format": FORMAT,
        "candidacy": row.key,
        "edition": {"year": edition.year, "name": edition.name},
        "form_revision": edition.form_revision,
        "rules_version": str(edition.rules.get("rules_version", "")),
        "region": {"code": edition.code, "name": edition.region},
        "theme": {"code": theme.code, "name": theme.name},
        "title": row.title,
        "structure": {name: getattr(structure, name) for name in FILED_COLUMNS}
        | {
            "founded_on": structure.founded_on.isoformat() if structure.founded_on else None,
            "department": department or structure.department,
        },
        "sections": [
            {
                "code": progress.section.code,
                "title": progress.section.title,
                "answers": [
                    filed_answer(question, answers)
                    for question in progress.questions
                    if question.kind not in FILE_KINDS
                ],
            }
            for progress in sections
        ],
        "attachments": _filed_attachments(row.id, labels) if has_attachments else [],
    }


def filed_answer(question: QuestionFacts, answers: Mapping[str, AnswerFacts]) -> dict[str, Any]:
    """Return one answer as a submission keeps it."""
    typed = answers[question.code].value if question.code in answers else ""
    try:
        value, kind = filed_value(question, typed), question.kind
    except (Refusal, ValueError):
        # An import may hold what the form would refuse: it is kept as it was written.
        value, kind = typed, "short_text"
    return {
        "code": question.code,
        "label": question.label,
        "kind": kind,
        "audience": question.audience,
        "criterion": question.criterion_code,
        "choices": [list(choice) for choice in question.choices],
        "settings": _shown_settings(question),
        "value": value,
    }


def _shown_settings(question: QuestionFacts) -> dict[str, Any]:
    """Return what of a question's settings its answer needs to be read: the unit, the columns."""
    columns = question.settings.get("columns")
    return ({"unit": question.unit} if question.unit else {}) | ({"columns": columns} if columns else {})


def _filed_attachments(candidacy_id: int, labels: dict[str, str]) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Attachment)
        .where(
            Attachment.candidacy_id == candidacy_id,
            Attachment.deleted_at.is_(None),
            Attachment.question_code.in_(labels),
        )
        .order_by(Attachment.uploaded_at, Attachment.id)
    )
    return [filed_attachment(attachment, labels[attachment.question_code]) for attachment in rows]


def filed_attachment(attachment: Attachment, label: str) -> dict[str, Any]:
    """Return one attachment as a submission names it; ``label`` is that of its question."""
    return {
        "key": attachment.key,
        "question": attachment.question_code,
        "label": label,
        "audience": attachment.audience,
        "name": attachment.file_name,
        "clean_name": attachment.clean_name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }

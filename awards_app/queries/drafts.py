"""Readings of a candidacy by its own structure: the form with its answers, how far it is, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from awards_app.database import db
from awards_app.domain.candidacies import THEME, CandidacyIsDeleted
from awards_app.domain.form_answers import FILE_KINDS, MISSING, State, problems_of, state_of
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.structures import lacking
from awards_app.models.candidacies import Answer, Attachment, Candidacy, Filing
from awards_app.models.editions import Round
from awards_app.queries.access import CandidacyFacts, open_candidacy
from awards_app.queries.editions import QuestionFacts, SectionFacts, ThemeFacts, form_of, themes_of
from awards_app.queries.structures import StructureRecord, record_of


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer as it stands in the draft."""

    value: str
    version: int
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """An attachment of the draft, for its own people."""

    key: str
    question_code: str
    name: str
    media_type: str
    size: int
    sha256: str

    @property
    def is_image(self) -> bool:
        """Say whether a page may show it as a picture."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """The submission that stands."""

    receipt: str
    number: int
    sha256: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A section with the questions put to this candidacy, how far it is, and what is wrong by question."""

    section: SectionFacts
    questions: tuple[QuestionFacts, ...]
    state: State
    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidacy as its own people see it."""

    facts: CandidacyFacts
    structure: StructureRecord
    title: str
    theme: ThemeFacts | None
    themes: tuple[ThemeFacts, ...]
    sections: tuple[SectionProgress, ...]
    answers: Mapping[str, AnswerFacts]
    attachments: tuple[AttachmentLine, ...]
    filing: FilingFacts | None
    taken_back_at: datetime | None
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    structure_problems: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Say whether answers may change: a draft or one taken back (the phase is another question)."""
        return self.facts.state == "draft" or (
            self.facts.state == "submitted" and self.taken_back_at is not None
        )

    @property
    def done(self) -> int:
        """Return how many sections are complete."""
        return sum(progress.state is State.COMPLETE for progress in self.sections)

    def answer(self, code: str) -> AnswerFacts:
        """Return an answer, empty when there is none yet."""
        return self.answers.get(code, AnswerFacts("", 0, None))

    def files_of(self, code: str) -> tuple[AttachmentLine, ...]:
        """Return the attachments of a question."""
        return tuple(line for line in self.attachments if line.question_code == code)

    def progress_of(self, section_code: str) -> SectionProgress | None:
        """Return one section, or None."""
        return next((found for found in self.sections if found.section.code == section_code), None)


def own_draft(holder: Holder, key: str, now: datetime) -> Draft:
    """Return a candidacy of ``holder``'s structure with its form (ten queries, however long the form).

    Raises `DoesNotExist` for any other, `CandidacyIsDeleted` for one of theirs that was deleted.
    """
    try:
        facts = open_candidacy(holder, key, Permission.READ_OWN_CANDIDACY, now)
    except DoesNotExist:
        owner = db.session.scalar(
            select(Candidacy.structure_id).where(Candidacy.key == key, Candidacy.state == "deleted")
        )
        if owner in holder.structure_ids:
            raise CandidacyIsDeleted(key) from None
        raise
    return draft_of(facts)


def draft_of(facts: CandidacyFacts) -> Draft:
    """Return the draft of a candidacy whose right was settled by the caller."""
    row = db.session.execute(
        select(
            Candidacy.edition_id,
            Candidacy.taken_back_at,
            Candidacy.submitted_at,
            Candidacy.withdrawn_at,
            Round.opens_at,
            Round.closes_at,
        )
        .join(Round, Round.id == Candidacy.round_id)
        .where(Candidacy.id == facts.id)
    ).one()
    answers = answers_of(facts.id)
    attachments = attachments_of(facts.id)
    themes = themes_of(row.edition_id)
    chosen = answers.get(THEME)
    theme = next((t for t in themes if chosen and t.code == chosen.value), None)
    structure = record_of(facts.structure_id)
    return Draft(
        facts=facts,
        structure=structure,
        title=answers["title"].value if "title" in answers else facts.title,
        theme=theme,
        themes=themes,
        sections=progress_through(form_of(row.edition_id), answers, attachments, theme),
        answers=answers,
        attachments=attachments,
        filing=_filing_of(facts.id),
        taken_back_at=row.taken_back_at,
        submitted_at=row.submitted_at,
        withdrawn_at=row.withdrawn_at,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        structure_problems=lacking({name: getattr(structure, name) for name in StructureRecord.__slots__}),
    )


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
    )
    .where(Attachment.candidacy_id == bindparam("candidacy_id"), Attachment.deleted_at.is_(None))
    .order_by(Attachment.uploaded_at, Attachment.id)
)


def answers_of(candidacy_id: int) -> dict[str, AnswerFacts]:
    """Return the answers of a draft by question code (one query)."""
    rows = db.session.execute(_ANSWERS, {"candidacy_id": candidacy_id})
    return {row.question_code: AnswerFacts(row.value, row.version, row.saved_at) for row in rows}


def attachments_of(candidacy_id: int) -> tuple[AttachmentLine, ...]:
    """Return the attachments of a draft, in the order they came (one query)."""
    rows = db.session.execute(_ATTACHMENTS, {"candidacy_id": candidacy_id})
    return tuple(AttachmentLine(*row) for row in rows)


def progress_through(
    form: tuple[SectionFacts, ...],
    answers: Mapping[str, AnswerFacts],
    attachments: tuple[AttachmentLine, ...],
    theme: ThemeFacts | None,
) -> tuple[SectionProgress, ...]:
    """Return each section with how far it is; the section of the theme waits for the theme to be chosen."""
    values = {code: answer.value for code, answer in answers.items()}
    files: dict[str, int] = {}
    for line in attachments:
        files[line.question_code] = files.get(line.question_code, 0) + 1
    found = []
    for section in form:
        questions = section.for_theme(theme.code if theme else None)
        problems = problems_of(questions, values, files)
        state = state_of(questions, values, files)
        if section.code == THEME:
            if theme is None:
                problems, state = {THEME: MISSING, **problems}, State.TODO
            elif state is State.TODO:
                state = State.STARTED
        found.append(SectionProgress(section, questions, state, problems))
    return tuple(found)


def is_file_question(question: QuestionFacts) -> bool:
    """Say whether a question is answered by attachments."""
    return question.kind in FILE_KINDS


def _filing_of(candidacy_id: int) -> FilingFacts | None:
    row = db.session.execute(
        select(Filing.receipt, Filing.number, Filing.sha256, Filing.submitted_at).where(
            Filing.candidacy_id == candidacy_id, Filing.replaced_at.is_(None)
        )
    ).one_or_none()
    return FilingFacts(*row) if row else None

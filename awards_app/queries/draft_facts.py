"""A draft as its own people see it: plain values, put together by `queries.drafts`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from awards_app.domain.candidacies import THEME
from awards_app.domain.form_answers import FILE_KINDS, MISSING, State, problems_of, state_of
from awards_app.domain.form_conditions import folded_questions, shown_questions
from awards_app.queries.access import CandidacyFacts
from awards_app.queries.candidacies import RoundCalendar
from awards_app.queries.editions import QuestionFacts, SectionFacts, ThemeFacts
from awards_app.queries.structures import StructureRecord


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer as it stands in the draft, with the name of who saved it."""

    value: str
    version: int
    saved_at: datetime | None
    saved_by: str = ""
    saved_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """An attachment of the draft, for its own people."""

    key: str
    question_code: str
    name: str
    media_type: str
    size: int
    sha256: str
    scan_state: str = "unscanned"
    preview: str | None = None

    @property
    def is_image(self) -> bool:
        """Say whether a page may show it as a picture."""
        return self.media_type.startswith("image/")

    @property
    def has_thumbnail(self) -> bool:
        """Say whether its thumbnail was drawn and may be shown."""
        return self.preview == "done" and self.scan_state != "infected"


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """The submission that stands."""

    receipt: str
    number: int
    sha256: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class PresentPerson:
    """A colleague who has a section of this draft open now."""

    account_id: int
    name: str
    section_code: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class CriterionRead:
    """A criterion that the jury of a theme will read."""

    code: str
    name: str
    question: str


@dataclass(frozen=True)
class SectionProgress:
    """A section with the questions put to this candidacy; how far it is, and what is wrong, is told when asked."""

    section: SectionFacts
    questions: tuple[QuestionFacts, ...]
    values: Mapping[str, str]
    files: Mapping[str, int]
    lacks_theme: bool = False
    # Questions that wait for another answer of the same section, for a script to unfold.
    folded: tuple[QuestionFacts, ...] = ()

    @cached_property
    def problems(self) -> Mapping[str, str]:
        """Return what keeps the section from being submitted, by question."""
        found = problems_of(self.questions, self.values, self.files)
        return {THEME: MISSING, **found} if self.lacks_theme else found

    @cached_property
    def state(self) -> State:
        """Return how far the section is; that of the theme is begun once the theme is chosen."""
        if self.lacks_theme:
            return State.TODO
        state = state_of(self.questions, self.values, self.files)
        return State.STARTED if state is State.TODO and self.section.code == THEME else state


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
    calendar: RoundCalendar
    criteria: tuple[CriterionRead, ...]
    present: tuple[PresentPerson, ...]
    has_earlier: bool
    taken_back_at: datetime | None
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    structure_problems: Mapping[str, str]
    form_revision: int
    # Questions that are no longer asked, and that this draft had answered.
    retired: tuple[QuestionFacts, ...]

    @property
    def opens_at(self) -> datetime | None:
        """Return when the call opens."""
        return self.calendar.opens_at

    @property
    def closes_at(self) -> datetime | None:
        """Return the first instant at which the call is closed."""
        return self.calendar.closes_at

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
        return self.answers.get(code, _NO_ANSWER)

    def files_of(self, code: str) -> tuple[AttachmentLine, ...]:
        """Return the attachments of a question."""
        return tuple(line for line in self.attachments if line.question_code == code)

    def progress_of(self, section_code: str) -> SectionProgress | None:
        """Return one section, or None."""
        return next((found for found in self.sections if found.section.code == section_code), None)

    def last_saved(self, progress: SectionProgress) -> AnswerFacts | None:
        """Return the answer of a section that was saved last, None when there is none."""
        codes = [question.code for question in progress.questions]
        if progress.section.code == THEME:
            codes.append(THEME)
        saved = {
            answer.saved_at: answer for code in codes if (answer := self.answer(code)).saved_at is not None
        }
        return saved[max(saved)] if saved else None


_NO_ANSWER = AnswerFacts("", 0, None)


def progress_through(
    form: tuple[SectionFacts, ...],
    answers: Mapping[str, AnswerFacts],
    attachments: tuple[AttachmentLine, ...],
    theme: ThemeFacts | None,
) -> tuple[SectionProgress, ...]:
    """Return each section that is put to this candidacy, with the questions asked and how far it is."""
    values = {code: answer.value for code, answer in answers.items()}
    files: dict[str, int] = {}
    for line in attachments:
        files[line.question_code] = files.get(line.question_code, 0) + 1
    theme_code = theme.code if theme else None
    shown = shown_questions(form, theme_code, values)
    return tuple(
        SectionProgress(
            section,
            shown[section.code],
            values,
            files,
            lacks_theme=section.code == THEME and theme is None,
            folded=folded_questions(section, shown[section.code], theme_code),
        )
        for section in form
        if section.code in shown
    )


def is_file_question(question: QuestionFacts) -> bool:
    """Say whether a question is answered by attachments."""
    return question.kind in FILE_KINDS

"""What a form is made of: sections, questions, conditions; and the one way a form is written down."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only if another question is answered, or, with ``one_of``, answered by one of these codes."""

    question: str
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question of the form; ``settings`` holds what only its kind has (`domain.question_kinds`)."""

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
    settings: Mapping[str, Any] = field(default_factory=dict)
    condition: Condition | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A section of the form with its questions in order."""

    code: str
    title: str
    lead: str
    questions: tuple[QuestionFacts, ...]
    theme_code: str | None = None
    condition: Condition | None = None
    retired: bool = False

    def for_theme(self, theme_code: str | None) -> tuple[QuestionFacts, ...]:
        """Return the questions that a candidacy of that theme may meet, whatever its answers."""
        if self.theme_code not in (None, theme_code):
            return ()
        return tuple(q for q in self.questions if q.theme_code in (None, theme_code))


Form = tuple[SectionFacts, ...]


def condition_of(data: Mapping[str, Any] | None) -> Condition | None:
    """Return a condition from the way it is stored."""
    return Condition(data["question"], tuple(data.get("one_of", ()))) if data else None


def condition_as_data(condition: Condition | None) -> dict[str, Any] | None:
    """Return a condition the way it is stored."""
    return {"question": condition.question, "one_of": list(condition.one_of)} if condition else None


def questions_of(form: Iterable[SectionFacts], *, retired: bool = False) -> dict[str, QuestionFacts]:
    """Return the questions of a form by code, in order; with ``retired``, those no longer asked too."""
    return {
        question.code: question
        for section in form
        for question in section.questions
        if retired or not (section.retired or question.retired)
    }


def live_form(form: Form) -> Form:
    """Return a form without what was retired."""
    return tuple(
        replace(section, questions=tuple(question for question in section.questions if not question.retired))
        for section in form
        if not section.retired
    )


def form_as_data(form: Form) -> list[dict[str, Any]]:
    """Return a form as plain values, for canonical JSON."""
    return [asdict(section) for section in form]


def form_from_data(data: Iterable[Mapping[str, Any]]) -> Form:
    """Return the form that `form_as_data` wrote."""
    return tuple(
        SectionFacts(
            **{
                **section,
                "condition": condition_of(section["condition"]),
                "questions": tuple(_question(question) for question in section["questions"]),
            }
        )
        for section in data
    )


def _question(data: Mapping[str, Any]) -> QuestionFacts:
    return QuestionFacts(
        **{
            **data,
            "choices": tuple((code, label) for code, label in data["choices"]),
            "accepts": tuple(data["accepts"]),
            "condition": condition_of(data["condition"]),
        }
    )

"""Which questions are put to a candidacy: by its theme, and by its other answers. A question hidden is not asked for."""

from collections.abc import Iterable, Mapping

from awards_app.domain.form_shapes import Condition, Form, QuestionFacts, SectionFacts, questions_of
from awards_app.domain.question_kinds import CHOICE_KINDS, FILE_KINDS
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_

THEME_SECTION = "theme"


class ConditionTurnsRound(Refusal):
    """A question would depend on itself, directly or through others."""

    sentence = N_("Cette condition tourne en rond : « %(label)s » dépendrait d’elle-même.")
    status = 422
    field = "condition"


def is_met(condition: Condition, controlling: QuestionFacts, value: str) -> bool:
    """Say whether an answer meets a condition put on it."""
    if not condition.one_of:
        return bool(value.strip())
    given = value.split(",") if controlling.kind == "multiple_choice" else [value]
    return any(code in condition.one_of for code in given)


def shown_questions(
    form: Iterable[SectionFacts], theme_code: str | None, answers: Mapping[str, str]
) -> dict[str, tuple[QuestionFacts, ...]]:
    """Return the questions put to a candidacy, by section code; a section that is not shown is not there.

    A condition on a question that is not asked is not met. One on a question that no longer exists hides nothing: the
    check list says so to who writes the form.
    """
    sections = [section for section in form if not section.retired]
    known = {question.code: (question, section) for section in sections for question in section.questions}
    found: dict[str, bool] = {}

    def meets(condition: Condition | None) -> bool:
        if condition is None:
            return True
        controlling = known.get(condition.question)
        if controlling is None or controlling[0].retired:
            return True
        return asked(condition.question) and is_met(
            condition, controlling[0], answers.get(condition.question, "")
        )

    def asked(code: str) -> bool:
        if code not in found:
            # A round of conditions cannot be saved; should one exist, it hides its questions rather than never end.
            found[code] = False
            question, section = known[code]
            found[code] = (
                not question.retired
                and question.theme_code in (None, theme_code)
                and section.theme_code in (None, theme_code)
                and meets(section.condition)
                and meets(question.condition)
            )
        return found[code]

    return {
        section.code: tuple(question for question in section.questions if asked(question.code))
        for section in sections
        if section.theme_code in (None, theme_code) and meets(section.condition)
    }


def folded_questions(
    section: SectionFacts, shown: Iterable[QuestionFacts], theme_code: str | None
) -> tuple[QuestionFacts, ...]:
    """Return the questions of a section that wait for another answer of the same section, for a script to unfold."""
    there = {question.code for question in shown}
    mates = {question.code for question in section.questions if not question.retired}
    return tuple(
        question
        for question in section.questions
        if question.code not in there
        and not question.retired
        and question.theme_code in (None, theme_code)
        and question.condition is not None
        and question.condition.question in mates
        and question.kind not in FILE_KINDS
    )


def may_control(question: QuestionFacts) -> bool:
    """Say whether a condition may be put on the answer to a question."""
    return question.kind not in FILE_KINDS


def codes_of(question: QuestionFacts) -> tuple[tuple[str, str], ...]:
    """Return the answers of a question that a condition may name, with their words; none for free answers."""
    if question.kind in CHOICE_KINDS:
        return question.choices
    if question.kind == "yes_no":
        return (("yes", N_("Oui")), ("no", N_("Non")))
    return (("y", N_("Oui")),) if question.kind == "checkbox" else ()


def check_conditions(form: Form) -> None:
    """Return unless a question depends on itself; raise `ConditionTurnsRound`."""
    questions = questions_of(form, retired=True)
    leads_to: dict[str, set[str]] = {}
    for section in form:
        for question in section.questions:
            conditions = (question.condition, section.condition)
            leads_to[question.code] = {c.question for c in conditions if c and c.question in questions}
    done: set[str] = set()

    def walk(code: str, path: tuple[str, ...]) -> None:
        if code in path:
            raise ConditionTurnsRound(label=questions[code].label)
        if code in done:
            return
        for other in sorted(leads_to[code]):
            walk(other, (*path, code))
        done.add(code)

    for code in leads_to:
        walk(code, ())

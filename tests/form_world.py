"""What the tests of the form need: a person of the national staff, typed values of a question, the form as it stands."""

from typing import Any

from awards_app.domain.form_shapes import QuestionFacts, questions_of
from awards_app.domain.holder import Holder
from awards_app.queries.editions import edition_of_year
from awards_app.queries.forms import whole_form_of
from awards_app.services import form_builder
from awards_app.services.accounts import grant_role
from tests.filing_world import BEFORE, YEAR, a_person, holder


def a_national(name: str = "Nadia") -> Holder:
    """Return a person of the national staff."""
    account_id = a_person(name)
    grant_role(None, account_id, "national_staff", None, BEFORE)
    return holder(account_id)


def typed(code: str, **changes: Any) -> dict[str, Any]:
    """Return what a form shows of a question, with changes, as the page would send it."""
    question = question_of(code)
    settings = question.settings
    return {
        "kind": question.kind,
        "label": question.label,
        "help": question.help,
        "example": question.example,
        "limit": question.limit or "",
        "unit": question.unit,
        "choices": "\n".join(label for _code, label in question.choices),
        "accepts": list(question.accepts),
        "max_mib": question.max_mib or "",
        "max_count": question.max_count or "",
        "required": question.required,
        "theme_code": question.theme_code or "",
        "audience": question.audience,
        "criterion_code": question.criterion_code or "",
        "condition_question": question.condition.question if question.condition else "",
        "columns": [dict(column) for column in settings.get("columns", ())],
        "place": place_of(code),
        **changes,
    }


def new_values(**changes: Any) -> dict[str, Any]:
    """Return what a page sends for a new question."""
    return {"kind": "short_text", "label": "Une question", "limit": "100", "place": "project:", **changes}


def the_form() -> Any:
    """Return the form as it stands, with what was retired."""
    edition = edition_of_year(YEAR)
    assert edition is not None
    return whole_form_of(edition.id)


def question_of(code: str) -> QuestionFacts:
    """Return a question of the form."""
    return questions_of(the_form(), retired=True)[code]


def place_of(code: str) -> str:
    """Return the place of a question, « section:question before »."""
    for section in the_form():
        codes = [question.code for question in section.questions]
        if code in codes:
            before = codes[codes.index(code) - 1] if codes.index(code) else ""
            return f"{section.code}:{before}"
    raise LookupError(code)


def change(person: Holder, now: Any, code: str | None, values: dict[str, Any], reason: str = "") -> str:
    """Save a question."""
    return form_builder.save_question(person, YEAR, code, values, reason, now)

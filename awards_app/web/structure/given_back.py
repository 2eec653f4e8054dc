"""What a person typed in a section that was not saved, given back under the questions' own words."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from awards_app.domain.candidacies import THEME
from awards_app.domain.form_shapes import QuestionFacts
from awards_app.queries.editions import EditionFacts, current_edition, themes_of
from awards_app.queries.forms import whole_form_of
from awards_app.queries.public_calls import public_calls
from awards_app.web.moment import the_now
from awards_app.web.refused import typed_text
from awards_app.web.structure.answer_words import answer_words

SECTION = "candidacies.save_section"
# Until a call opens, its questions are its staff's.
NOT_OPEN_YET = ("coming", "absent")


@dataclass(frozen=True, slots=True)
class GivenBack:
    """One text as it was sent: the field's name, its question, and the answer as people read it."""

    name: str
    label: str
    value: str
    words: str


def given_back() -> list[GivenBack]:
    """Return what was typed in this request, each answer beside its question where the form is known.

    The same whatever candidacy the request names: a refusal tells nothing of it.
    """
    typed = typed_text()
    edition = current_edition() if typed and request.endpoint == SECTION else None
    if edition is None or not _was_opened(edition):
        return [GivenBack(name, name, value, value) for name, value in typed]
    asked = {one.code: one for part in whole_form_of(edition.id) for one in part.questions}
    themes = [(theme.code, theme.name) for theme in themes_of(edition.id)]
    return [_beside_its_question(name, value, asked, themes) for name, value in typed]


def _was_opened(edition: EditionFacts) -> bool:
    return any(call.state not in NOT_OPEN_YET for call in public_calls(edition.id, the_now()).regions)


def _beside_its_question(
    name: str, value: str, asked: Mapping[str, QuestionFacts], themes: list[tuple[str, str]]
) -> GivenBack:
    if name == THEME:
        return GivenBack(name, _("Thématique"), value, answer_words("single_choice", value, themes))
    question = asked.get(name.partition(".")[0])
    if question is None:
        return GivenBack(name, name, value, value)
    words = value if "." in name else answer_words(question.kind, value, question.choices)
    return GivenBack(name, question.label, value, words)

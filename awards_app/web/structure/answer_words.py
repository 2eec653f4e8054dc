"""A kept answer as its own people read it back beside another: labels for what was chosen, the text for what was typed."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from awards_app.domain.candidacies import THEME
from awards_app.domain.kept_texts import kept_words
from awards_app.domain.question_kinds import CHOICE_KINDS
from awards_app.queries.drafts import Draft


def answer_words(kind: str, value: str, choices: Sequence[tuple[str, str]] = ()) -> str:
    """Return a kept answer to a question of this kind in words; a code that is no choice any more stays as it is."""
    if kind in CHOICE_KINDS:
        labels = dict(choices)
        return ", ".join(labels.get(code, code) for code in value.split(","))
    if kind == "yes_no":
        return {"yes": _("Oui"), "no": _("Non")}.get(value, value)
    if kind == "checkbox":
        return _("Oui") if value else _("Non")
    return kept_words(value)


def both_in_words(words: Callable[[str], str], yours: str, theirs: str) -> dict[str, str]:
    """Return two answers that met as a page shows them side by side; what was typed as text is read in its field."""
    mine = words(yours)
    return {"theirs_text": words(theirs)} | ({"yours_text": mine} if mine != yours else {})


def words_in_draft(draft: Draft, code: str, value: str) -> str:
    """Return an answer to a question of the draft's form, or to the theme, in words."""
    if code == THEME:
        return answer_words("single_choice", value, [(theme.code, theme.name) for theme in draft.themes])
    found = next((q for part in draft.sections for q in part.section.questions if q.code == code), None)
    return answer_words(found.kind, value, found.choices) if found else kept_words(value)

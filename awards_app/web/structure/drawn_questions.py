"""The questions of a section as they are drawn: the same for everybody but for the answer, so drawn once and filled each time.

Drawing a question by its macros costs a hundred times what filling it costs, and a section has a dozen.
"""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from awards_app.domain.question_kinds import CHOICE_KINDS
from awards_app.queries.drafts import AnswerFacts
from awards_app.queries.forms import QuestionFacts
from awards_app.services.answers import base_of
from awards_app.web.structure.forms import section_form

# Signs of Unicode's private area, which `clean_text` lets nobody type into a label: where the answer and its version go.
_ANSWER, _VERSION = "\ue0f0", "\ue0f1"
# Drawn for each answer they have, since it decides more than one input; a long one is drawn afresh.
_WHOLE = CHOICE_KINDS | {"yes_no", "checkbox", "table", "address"}
LONGEST_WHOLE = 500
MOST_KEPT = 2048
_kept: dict[tuple[object, ...], str] = {}
# Holds each question beside what it says, so that no other object can take its identity.
_contents: dict[int, tuple[QuestionFacts, str]] = {}


def drawn_question(
    key: str,
    question: QuestionFacts,
    answer: AnswerFacts,
    *,
    language: str,
    disabled: bool,
    criterion: str | None,
    folded: bool,
    error: str | None = None,
    base: str | None = None,
) -> Markup:
    """Return a question with its answer, its version and what its form carries beside it; ``error`` is said at the field.

    ``base`` is what the form was opened with, where the answer shown is one that was typed and could not be kept.

    ``language`` is that of the page, asked for once for all its questions.

    An answer that has changed leads to its history.
    """
    # Put together as text: `Markup.format` reads its pattern sign by sign, for each question of a page.
    seen = base_of(answer.version, answer.value) if base is None else base
    beside = Markup(f'<input type="hidden" name="base-{escape(question.code)}" value="{escape(seen)}">')
    whole = question.kind in _WHOLE
    if error is not None or (whole and len(answer.value) > LONGEST_WHOLE):
        drawn = _draw(question, answer.value, answer.version, disabled, criterion, folded, error)
        return beside + _with_history(key, question, answer, str(drawn))
    given = answer.value if whole else _ANSWER
    kept_as = (_content(question), language, disabled, criterion, folded, given)
    frame = _kept.get(kept_as)
    if frame is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        frame = _kept[kept_as] = str(_draw(question, given, _VERSION, disabled, criterion, folded, None))
    filled = frame.replace(_VERSION, str(answer.version)).replace(_ANSWER, str(escape(answer.value)))
    return beside + _with_history(key, question, answer, filled)


def _content(question: QuestionFacts) -> str:
    """Return all that a question says: staff may word it otherwise at any moment, and it is another then.

    Asked for once for each object, which the readings of a form that has not changed share.
    """
    known = _contents.get(id(question))
    if known is not None and known[0] is question:
        return known[1]
    if len(_contents) >= MOST_KEPT:
        _contents.clear()
    said = repr(question)
    _contents[id(question)] = (question, said)
    return said


def _with_history(key: str, question: QuestionFacts, answer: AnswerFacts, drawn: str) -> Markup:
    """Return a question drawn by our own template, its answer escaped, with the link to what it was before."""
    if answer.version < 2:
        return Markup(drawn)
    href = escape(url_for("writing.history", key=key, question_code=question.code))
    named = f'{escape(_("Historique"))}<span class="visually-hidden"> : {escape(question.label)}</span>'
    inside, _end, after = drawn.rpartition("</div>")
    return Markup(f'{inside}<p class="small"><a href="{href}">{named}</a></p></div>{after}')


def _draw(
    question: QuestionFacts,
    value: str,
    version: Any,
    disabled: bool,
    criterion: str | None,
    folded: bool,
    error: str | None,
) -> Markup:
    field = section_form([question], {question.code: AnswerFacts(value, 0, None)})[question.code]
    if error is not None:
        field.errors = [error]
    parts: Any = current_app.jinja_env.get_template("components/questions.html").module
    drawn: Markup = parts.question_field(question, field, version, disabled, criterion, folded)
    return drawn

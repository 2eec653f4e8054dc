"""A save that meets another version of the form: the differences and the text, side by side, for a new save."""

from functools import partial

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from awards_app.domain.form_changes import FormHasChanged
from awards_app.domain.form_shapes import QuestionFacts
from awards_app.domain.question_kinds import FILE_KINDS
from awards_app.queries.drafts import AnswerFacts, Draft, SectionProgress
from awards_app.queries.forms import whole_form_of
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.answer_words import both_in_words, words_in_draft
from awards_app.web.structure.forms import section_form
from awards_app.web.structure.section_page import one_value, text_questions

MOST_DIGITS = 6


def seen_revision() -> int | None:
    """Return the version of the form that the person's page was made with, None when it does not say."""
    text = one_value("formulaire").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def questions_sent(
    draft: Draft, progress: SectionProgress | None, section_code: str, seen: int | None
) -> list[QuestionFacts]:
    """Return the questions that a page of this section may have asked: those of today, and of an older form those retired."""
    asked = text_questions(progress) if progress else []
    if seen is None or seen >= draft.form_revision:
        return asked
    known = {question.code for question in asked}
    form = whole_form_of(draft.facts.round.edition_id)
    return asked + [
        question
        for section in form
        for question in section.questions
        if question.code not in known
        and question.kind not in FILE_KINDS
        and any(name.split(".")[0] == question.code for name in request.form)
    ]


def told(refusal: FormHasChanged) -> list[str]:
    """Return the differences in sentences, then why the form was changed."""
    reasons = [_("Motif : %(reason)s", reason=reason) for reason in refusal.reasons]
    return [sentence_of(change.sentence) for change in refusal.changes] + reasons


def changed_answer(refusal: FormHasChanged, field: str, value: str, draft: Draft) -> ResponseReturnValue:
    """Return what the save of one answer says: the differences, both texts, and the numbers to save again with."""
    stands = draft.answer(field)
    return jsonify(
        message=sentence_of(refusal),
        changes=told(refusal),
        form_revision=refusal.revision,
        field=field,
        yours=value,
        theirs=stands.value,
        version=stands.version,
        **both_in_words(partial(words_in_draft, draft, field), value, stands.value),
    ), 409


def changed_page(
    draft: Draft,
    progress: SectionProgress | None,
    section_code: str,
    sent: list[QuestionFacts],
    refusal: FormHasChanged,
) -> ResponseReturnValue:
    """Return the page of a section sent from an older form: what changed, then every text in its field again."""
    asked = text_questions(progress) if progress else []
    there = {question.code for question in asked}
    typed = {**draft.answers, **{code: AnswerFacts(text, 0, None) for code, text in refusal.yours.items()}}
    page = render_template(
        "structure/form_changed.html",
        draft=draft,
        section_code=section_code,
        title=progress.section.title if progress else "",
        changes=told(refusal),
        revision=refusal.revision,
        asked=asked,
        folded={question.code for question in progress.folded} if progress else set(),
        form=section_form(asked, typed),
        bases={code: request.form.get(f"base-{code}", "") for code in there},
        gone=[question for question in sent if question.code not in there],
        yours=refusal.yours,
    )
    return page, 409

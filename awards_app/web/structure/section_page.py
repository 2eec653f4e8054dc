"""A section of the form as a page, and what its posts share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.candidacies import THEME
from awards_app.domain.form_answers import kept_value
from awards_app.domain.refusals import Refusal
from awards_app.queries.drafts import Draft, SectionProgress, is_file_question, own_draft
from awards_app.queries.forms import QuestionFacts
from awards_app.services.answers import base_of
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.drawn_questions import drawn_question
from awards_app.web.structure.presenters import closing_times, countdown_to, section_state
from awards_app.web.structure.rights import rights_of


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer of a page that is given back: as it was typed, what its form was opened with, why it is refused if it is."""

    value: str
    base: str | None
    refusal: Refusal | None


def refused_texts(
    asked: Sequence[QuestionFacts], values: Mapping[str, str], bases: Mapping[str, str]
) -> dict[str, Typed]:
    """Return every answer sent where no draft keeps one of them (far too long, unreadable); none where all can be kept."""
    found = {
        question.code: Typed(
            values[question.code], bases.get(question.code), _refusal_of(question.kind, values[question.code])
        )
        for question in asked
        if question.code in values
    }
    return found if any(one.refusal for one in found.values()) else {}


def _refusal_of(kind: str, value: str) -> Refusal | None:
    try:
        kept_value(kind, value)
    except Refusal as refusal:
        return refusal
    return None


def section_page(
    draft: Draft,
    progress: SectionProgress,
    *,
    show_problems: bool = False,
    file_errors: dict[str, list[str]] | None = None,
    refused: Mapping[str, Typed] | None = None,
) -> str:
    """Return the page of a section; ``file_errors`` are the sentences of refused files by question.

    ``refused`` are the answers of a page that was refused, each given back in its field.
    """
    texts, typed = text_questions(progress), refused or {}
    problems = (
        progress.problems
        if show_problems
        else {code: one.refusal for code, one in typed.items() if one.refusal is not None}
    )
    may = rights_of(draft)
    criteria = {found.code: found.question or found.name for found in draft.criteria}
    codes = [found.section.code for found in draft.sections]
    language = str(get_locale())
    return render_template(
        "structure/section.html",
        draft=draft,
        section=progress.section,
        state=section_state(progress.state),
        drawn=[
            drawn_question(
                draft.facts.key,
                question,
                replace(draft.answer(question.code), value=typed[question.code].value)
                if question.code in typed
                else draft.answer(question.code),
                language=language,
                disabled=not may["write"],
                criterion=criteria.get(question.criterion_code or ""),
                folded=question in progress.folded,
                error=sentence_of(problems[question.code]) if question.code in problems else None,
                base=typed[question.code].base if question.code in typed else None,
            )
            for question in texts
        ],
        wrong=_wrong(texts, problems),
        files=[question for question in progress.questions if is_file_question(question)],
        file_errors=file_errors or {},
        theme_error=_(problems[THEME]) if THEME in problems else None,
        theme_base=base_of(draft.answer(THEME).version, draft.answer(THEME).value),
        has_next=codes.index(progress.section.code) + 1 < len(codes),
        closing=closing_times(draft.closes_at, draft.facts.round.zone),
        clock=countdown_to(draft.closes_at, draft.facts.round.zone, the_now()),
        last=draft.last_saved(progress),
        may=may,
    )


def _wrong(asked: Sequence[QuestionFacts], problems: Mapping[str, str | Refusal]) -> list[tuple[str, str]]:
    """Return what is wrong with the answers of a page, each line with the address of its field."""
    items = [("#theme", sentence_of(problems[THEME]))] if THEME in problems else []
    return items + [
        (f"#{question.code}", f"{question.label} — {sentence_of(problems[question.code])}")
        for question in asked
        if question.code in problems
    ]


def text_questions(progress: SectionProgress) -> list[QuestionFacts]:
    """Return the questions of a page that take text, in order: those asked, and those that an answer of the page may unfold."""
    there = {question.code for question in (*progress.questions, *progress.folded)}
    return [
        question
        for question in progress.section.questions
        if question.code in there and not is_file_question(question)
    ]


def back_to_question(key: str, code: str, now: datetime) -> BaseResponse:
    """Return to the question whose files changed."""
    draft = own_draft(a_holder(), key, now)
    found = next((p for p in draft.sections if any(q.code == code for q in p.questions)), None)
    if found is None:
        return redirect(url_for("candidacies.show", key=key), 303)
    href = url_for("candidacies.section", key=key, section_code=found.section.code)
    return redirect(f"{href}#{code}", 303)


def one_value(name: str) -> str:
    """Return the one value sent under ``name``, empty when there is none; the same name twice is not understood."""
    values = request.form.getlist(name)
    if len(values) > 1:
        abort(400)
    return values[0] if values else ""

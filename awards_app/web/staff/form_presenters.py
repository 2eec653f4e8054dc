"""What the pages of the form say of sections, questions, checks and removals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import Form

from awards_app.domain.form_conditions import codes_of
from awards_app.domain.form_shapes import Condition, QuestionFacts, SectionFacts, questions_of
from awards_app.domain.question_kinds import FILE_KINDS, KINDS
from awards_app.queries.form_desk import FormDesk
from awards_app.web.phrases import sentence_of
from awards_app.web.question_fields import question_form

AUDIENCE_TAGS = {"jury": "info", "staff": "neutral", "public": "gold"}


@dataclass(frozen=True, slots=True)
class PreviewSection:
    """A section as a candidate of a theme meets it; ``notes`` say of a question when it is asked."""

    section: SectionFacts
    texts: tuple[QuestionFacts, ...]
    files: tuple[QuestionFacts, ...]
    form: Form
    notes: dict[str, str]
    note: str


def kind_name(question: QuestionFacts) -> str:
    """Return the form of the answer in words, with its limit."""
    name = _(KINDS[question.kind].label)
    if question.limit:
        return _("%(kind)s, %(limit)s signes", kind=name, limit=question.limit)
    return name


def audience_tag(question: QuestionFacts) -> tuple[str, str]:
    """Return the word and the tag kind of who reads an answer."""
    words = {"jury": _("jury et CRESS"), "staff": _("CRESS seule"), "public": _("publiée si distinguée")}
    return words[question.audience], AUDIENCE_TAGS[question.audience]


def condition_words(desk: FormDesk, condition: Condition | None) -> str:
    """Return when a question is asked, empty when it always is."""
    if condition is None:
        return ""
    controlling = questions_of(desk.form).get(condition.question)
    if controlling is None:
        return _("dépend d’une question qui n’est plus posée")
    if not condition.one_of:
        return _("si « %(label)s » a une réponse", label=controlling.label)
    words = dict(codes_of(controlling))
    answers = _(" ou ").join(_(words.get(code, code)) for code in condition.one_of)
    return _("si « %(label)s » : %(answers)s", label=controlling.label, answers=answers)


def theme_name(desk: FormDesk, code: str | None) -> str:
    """Return the name of a theme, empty for all."""
    return desk.themes.get(code, code) if code else ""


def finding_items(desk: FormDesk) -> dict[bool, list[tuple[str | None, str]]]:
    """Return the check list, what must be mended (True) apart from advice; each line leads to what it is about."""
    found: dict[bool, list[tuple[str | None, str]]] = {True: [], False: []}
    for finding in desk.findings:
        href = None
        if finding.question:
            href = f"#question-{finding.question}"
        elif finding.section:
            href = f"#rubrique-{finding.section}"
        found[finding.blocks].append((href, sentence_of(finding.sentence)))
    return found


def preview_of(desk: FormDesk, theme: str) -> list[PreviewSection]:
    """Return the form for a theme; questions under a condition are shown, with a note."""
    found = []
    for section in desk.form:
        asked = tuple(q for q in section.for_theme(theme) if not q.retired)
        if section.retired or not (asked or section.code == "theme"):
            continue
        texts = tuple(q for q in asked if q.kind not in FILE_KINDS)
        found.append(
            PreviewSection(
                section=section,
                texts=texts,
                files=tuple(q for q in asked if q.kind in FILE_KINDS),
                form=question_form(texts, {}),
                notes={q.code: _asked(desk, q.condition) for q in asked if q.condition},
                note=_asked(desk, section.condition),
            )
        )
    return found


def _asked(desk: FormDesk, condition: Condition | None) -> str:
    words = condition_words(desk, condition)
    return _("Posée seulement %(condition)s.", condition=words) if words else ""


def removal_effects(desk: FormDesk, what: str, row: SectionFacts | QuestionFacts) -> list[str]:
    """Return what retiring a question or a section does, in sentences."""
    codes = [question.code for question in row.questions] if isinstance(row, SectionFacts) else [row.code]
    answered = max((desk.answered.get(code, 0) for code in codes), default=0)
    effects = [
        ngettext(
            "%(num)s candidature y a répondu : sa réponse est conservée, mais elle ne sera ni déposée ni lue.",
            "%(num)s candidatures y ont répondu : leurs réponses sont conservées, mais elles ne seront ni déposées ni lues.",
            answered,
        )
        if answered
        else _("Aucune candidature n’y a répondu.")
    ]
    depends = [
        one.label
        for one in questions_of(desk.form).values()
        if one.condition and one.condition.question in codes and one.code not in codes
    ]
    effects += [
        _("« %(label)s » en dépend : elle sera posée à tout le monde.", label=label) for label in depends
    ]
    effects.append(_("Vous pourrez la rétablir à tout moment."))
    return effects


def may_delete(desk: FormDesk, what: str, row: SectionFacts | QuestionFacts) -> bool:
    """Say whether a row was never put to anybody and holds nothing."""
    if isinstance(row, SectionFacts):
        return not row.questions
    return not desk.is_open and not desk.answered.get(row.code)


def question_href(desk: FormDesk, question: QuestionFacts) -> str:
    """Return the address of a question's page."""
    return url_for("staff_form.question", year=desk.edition.year, code=question.code)


def stored_beside(form: FlaskForm, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields where what is stored is not what was typed: the field's words, and what is stored."""
    found = []
    for name, value in data.items():
        field = form[name]
        typed, kept = ("\n".join(_lines(one)) for one in (field.data, value))
        if typed != kept:
            words = {one: label for one, label, *_rest in getattr(field, "choices", None) or ()}
            shown = [str(words.get(one, one)) for one in _lines(value)]
            found.append((str(field.label.text), "\n".join(shown)))
    return found


def _lines(value: object) -> list[str]:
    if isinstance(value, bool):
        return [_("oui") if value else _("non")]
    if isinstance(value, (list, tuple)):
        return sorted(str(one) for one in value)
    return str(value or "").strip().splitlines()

"""Readings of an answer's history, for the people of its structure."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, bindparam, select

from awards_app.database import db
from awards_app.domain.answer_history import MOST_KEPT
from awards_app.domain.candidacies import THEME
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, authorise
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.answer_history import AnswerVersion
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import FormQuestion, FormSection, Round, Theme
from awards_app.queries.access import CandidacyFacts, candidacy_query, facts_of_row


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text of the history: « replaced » was the answer, « set_aside » never was; ``by`` is "" when it is not known."""

    key: str
    value: str
    reason: str
    written_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AnswerHistory:
    """One answer as it stands and the texts kept of it, the latest first."""

    facts: CandidacyFacts
    code: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    label: str
    section_code: str
    section_title: str
    value: str
    saved_at: datetime | None
    saved_by: str
    taken_back_at: datetime | None
    texts: tuple[KeptText, ...]


def _theme_of(model: type[Answer | AnswerVersion]) -> ScalarSelect[str]:
    """Return the name of the theme that a row's value is the code of, null for the answer to any question of the form."""
    edition = (
        select(Round.edition_id)
        .join(Candidacy, Candidacy.round_id == Round.id)
        .where(Candidacy.id == model.candidacy_id)
        .correlate(model)
    )
    return (
        select(Theme.name)
        .where(
            model.question_code == THEME,
            Theme.code == model.value,
            Theme.edition_id == edition.scalar_subquery(),
        )
        .correlate(model)
        .scalar_subquery()
    )


_ANSWER = (
    candidacy_query(Round.id == Candidacy.round_id)
    .add_columns(
        Candidacy.taken_back_at,
        FormQuestion.kind,
        FormQuestion.choices,
        FormQuestion.label,
        FormSection.code.label("section_code"),
        FormSection.title.label("section_title"),
        Answer.value,
        Answer.saved_at,
        Account.name.label("saved_by"),
        _theme_of(Answer).label("theme_name"),
    )
    .outerjoin(
        FormQuestion,
        (FormQuestion.edition_id == Round.edition_id) & (FormQuestion.code == bindparam("code")),
    )
    .outerjoin(FormSection, FormSection.id == FormQuestion.section_id)
    .outerjoin(Answer, (Answer.candidacy_id == Candidacy.id) & (Answer.question_code == bindparam("code")))
    .outerjoin(Account, Account.id == Answer.saved_by_id)
)
_TEXTS = (
    select(
        AnswerVersion.key,
        AnswerVersion.value,
        AnswerVersion.reason,
        AnswerVersion.written_at,
        Account.name.label("by"),
        _theme_of(AnswerVersion).label("theme_name"),
    )
    .outerjoin(Account, Account.id == AnswerVersion.written_by_id)
    .where(
        AnswerVersion.candidacy_id == bindparam("candidacy_id"),
        AnswerVersion.question_code == bindparam("code"),
    )
    .order_by(AnswerVersion.id.desc())
    .limit(MOST_KEPT)
)


def history_of(holder: Holder, key: str, code: str, now: datetime) -> AnswerHistory:
    """Return the history of one answer of a draft of ``holder``'s structure (two queries).

    Raises `DoesNotExist` for anybody else's, and for what is no question of text of the form.
    """
    row = db.session.execute(_ANSWER, {"key": key, "code": code}).one_or_none()
    if row is None:
        raise DoesNotExist
    facts = facts_of_row(holder, row, now)
    authorise(Permission.READ_OWN_CANDIDACY, facts.round.phase, facts.subjects)
    if row.label is None and code != THEME:
        raise DoesNotExist
    texts = db.session.execute(_TEXTS, {"candidacy_id": facts.id, "code": code}).all()
    # The theme is chosen from the edition's, not from a question's choices.
    themes = {one.value: one.theme_name for one in (row, *texts) if one.theme_name}
    return AnswerHistory(
        facts=facts,
        code=code,
        kind=row.kind or ("single_choice" if code == THEME else ""),
        choices=tuple(themes.items()) or tuple((one["code"], one["label"]) for one in row.choices or ()),
        label=row.label or "",
        section_code=row.section_code or THEME,
        section_title=row.section_title or "",
        value=row.value or "",
        saved_at=row.saved_at,
        saved_by=row.saved_by or "",
        taken_back_at=row.taken_back_at,
        texts=tuple(KeptText(one.key, one.value, one.reason, one.written_at, one.by or "") for one in texts),
    )

"""Use cases of the structure: prepare the listed answers, then answer the request, once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import (
    CompletionIsNotOpen,
    PreparedMeanwhile,
    check_listed,
    check_open,
)
from awards_app.domain.admissibility_copies import completed_content
from awards_app.domain.candidacies import (
    THEME,
    TITLE,
    AnswerHasChanged,
    CandidacyIsIncomplete,
    check_is_not_juror,
)
from awards_app.domain.form_answers import MISSING, kept_value, problems_of
from awards_app.domain.form_conditions import shown_questions
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import minute_fr
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.models.admissibility import CompletionAnswer, CompletionDraft, CompletionFile
from awards_app.models.candidacies import Answer, Attachment, Candidacy, Filing
from awards_app.queries.drafts import AnswerFacts
from awards_app.queries.editions import QuestionFacts, SectionFacts, ThemeFacts, form_of, themes_of
from awards_app.services.answers import base_of
from awards_app.services.chamber_letters import coordinators_of, file_place, responsible_of, write_to
from awards_app.services.completion_files import waiting_files
from awards_app.services.completion_rows import (
    HeldRequest,
    check_standing,
    forget_prepared,
    hold_request,
    is_of_files,
    known_codes,
    listed_questions,
)
from awards_app.services.filings import Receipt, file_content
from awards_app.services.frozen_content import filed_answer, filed_attachment
from awards_app.services.journal import write_entry

LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """The version a prepared answer has now, when it was saved, in which zone to say so, and what its form carries beside it."""

    version: int
    saved_at: datetime
    zone: str
    base: str


def prepare_answer(
    holder: Holder,
    key: str,
    request_key: str,
    field: str,
    value: str,
    version: int | None,
    now: datetime,
) -> PreparedAnswer:
    """Keep one listed answer on the side; a member of the structure may. Nothing is filed.

    ``version`` is the one the person saw (0: none yet; None: not compared). Raises `FieldIsNotListed`,
    `AnswerHasChanged`, `CompletionIsOver`, `CompletionIsAnswered`, `CompletionIsCancelled`, or the matrix's refusal.
    """
    with atomic():
        found, form = _own_request(holder, key, request_key, now)
        kinds = _kinds(found, form)
        check_listed([field], kinds, [field])
        return _prepare(holder, found, field, kept_value(kinds[field], value), version, now)


def prepare_answers(
    holder: Holder,
    key: str,
    request_key: str,
    values: Mapping[str, str],
    now: datetime,
    *,
    bases: Mapping[str, str] | None = None,
) -> None:
    """Keep several listed answers on the side.

    ``bases`` are the `base_of` each was opened with: one that the person did not touch is left alone; where two people
    met, nothing is written and `PreparedMeanwhile` says where. Raises as `prepare_answer`.
    """
    with atomic():
        found, form = _own_request(holder, key, request_key, now)
        _prepare_all(holder, found, form, values, bases or {}, now)


def answer_completion(
    holder: Holder,
    key: str,
    request_key: str,
    values: Mapping[str, str],
    now: datetime,
    *,
    bases: Mapping[str, str] | None = None,
) -> Receipt:
    """Answer a request: file the former copy with the listed answers in place, and give its receipt.

    ``bases`` as `prepare_answers`: what two people wrote is read before it is filed. Raises `CompletionIsAnswered`, `CompletionIsOver` or `CompletionIsCancelled` with the instant, `FieldIsNotListed`,
    `CandidacyIsIncomplete` by field, `CandidacyIsWithdrawn`, or the matrix's refusal (who is not responsible, the phase).
    """
    with atomic() as session:
        found = hold_request(holder, key, request_key, Permission.ANSWER_COMPLETION, now)
        check_standing(found.held.row)
        check_open(found.row.state, found.row.closes_at, found.row.zone, found.answered_at, now)
        form = form_of(found.held.row.edition_id)
        _prepare_all(holder, found, form, values, bases or {}, now)
        former = session.scalars(
            select(Filing).where(Filing.candidacy_id == found.held.row.id, Filing.replaced_at.is_(None))
        ).one()
        content = _complete(holder, found, form, json.loads(former.content), now)
        row = found.held.row
        taken_back_at = row.taken_back_at
        receipt = file_content(session, row, content, now, holder.account_id)
        row.taken_back_at = taken_back_at
        _close(holder, found, former.id, receipt, now)
        return receipt


def _own_request(
    holder: Holder, key: str, request_key: str, now: datetime
) -> tuple[HeldRequest, tuple[SectionFacts, ...]]:
    found = hold_request(holder, key, request_key, Permission.READ_OWN_CANDIDACY, now)
    if found.held.facts.round.phase is not Phase.ADMISSIBILITY:
        raise CompletionIsNotOpen
    check_standing(found.held.row)
    check_open(found.row.state, found.row.closes_at, found.row.zone, found.answered_at, now)
    return found, form_of(found.held.row.edition_id)


def _kinds(found: HeldRequest, form: tuple[SectionFacts, ...]) -> dict[str, str]:
    kinds = {one.code: one.kind for one in listed_questions(form, found.row.fields)}
    return kinds | ({THEME: "short_text"} if THEME in found.row.fields else {})


def _prepare_all(
    holder: Holder,
    found: HeldRequest,
    form: tuple[SectionFacts, ...],
    values: Mapping[str, str],
    bases: Mapping[str, str],
    now: datetime,
) -> None:
    kinds = _kinds(found, form)
    check_listed(list(values), kinds, known_codes(form))
    sent = {code: kept_value(kinds[code], value) for code, value in values.items() if code in kinds}
    mine = {code: value for code, value in sent.items() if not is_untouched(bases.get(code), value)}
    met = []
    for code, value in mine.items():
        seen = bases.get(code, "").partition(".")[0]
        try:
            _prepare(holder, found, code, value, int(seen) if seen.isdecimal() else None, now)
        except AnswerHasChanged:
            met.append(code)
    if met:
        raise PreparedMeanwhile(mine, met)


def is_untouched(base: str | None, value: str) -> bool:
    """Say whether a kept text is the one that its field was opened with."""
    return base is not None and base.partition(".")[2] == base_of(0, value).partition(".")[2]


def _prepare(
    holder: Holder, found: HeldRequest, code: str, value: str, version: int | None, now: datetime
) -> PreparedAnswer:
    row = db.session.scalar(
        select(CompletionDraft).where(
            CompletionDraft.request_id == found.row.id, CompletionDraft.question_code == code
        )
    )
    zone = found.held.facts.round.zone
    if row is not None and row.value == value:
        return PreparedAnswer(row.version, row.saved_at, zone, base_of(row.version, value))
    current = row.version if row else 0
    if version is not None and version != current:
        raise AnswerHasChanged(code, value, row.value if row else "", current)
    if row is None:
        row = CompletionDraft(request_id=found.row.id, question_code=code, version=0)
        db.session.add(row)
    row.value, row.version = value, current + 1
    row.saved_at, row.saved_by_id = now, holder.account_id
    db.session.flush()
    return PreparedAnswer(row.version, now, zone, base_of(row.version, value))


def _complete(
    holder: Holder,
    found: HeldRequest,
    form: tuple[SectionFacts, ...],
    former: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Write the listed answers and attachments on the candidacy, and return the content to file."""
    row, listed = found.held.row, listed_questions(form, found.row.fields)
    drafts = {
        one.question_code: one.value
        for one in db.session.scalars(
            select(CompletionDraft).where(CompletionDraft.request_id == found.row.id)
        )
    }
    stored = {
        one.question_code: one
        for one in db.session.scalars(select(Answer).where(Answer.candidacy_id == row.id))
    }
    values = {code: one.value for code, one in stored.items()} | drafts
    theme = _theme(found, former, values)
    shown = {one.code for group in shown_questions(form, theme.code, values).values() for one in group}
    asked = [one for one in listed if one.code in shown]
    hidden = {one.code for one in listed} - shown
    files = _files(found, asked, former, drafts)
    problems = problems_of(asked, values, {code: len(group) for code, group in files.items()})
    if problems:
        raise CandidacyIsIncomplete(problems)
    texts = [one for one in asked if not is_of_files(one)]
    facts = {one.code: AnswerFacts(values.get(one.code, ""), 0, None) for one in texts}
    _store(holder, row, stored, {one.code: values[one.code] for one in texts if one.code in values}, now)
    _settle_files(row, files, now)
    if THEME in found.row.fields:
        check_is_not_juror(holder, row.round_id, theme.id)
        _store(holder, row, stored, {THEME: theme.code}, now)
        row.theme_id = theme.id
    if TITLE in facts:
        row.title = facts[TITLE].value[:LONGEST_TITLE]
    return completed_content(
        former,
        {one.code: filed_answer(one, facts) for one in texts},
        files,
        _outline(form, theme.code, hidden),
        title=row.title if TITLE in facts else None,
        theme={"code": theme.code, "name": theme.name},
    )


def _outline(
    form: tuple[SectionFacts, ...], theme_code: str, hidden: set[str]
) -> list[tuple[str, str, list[tuple[str, bool]]]]:
    return [
        (
            part.code,
            part.title,
            [(q.code, q.code in hidden or q.theme_code not in (None, theme_code)) for q in part.questions],
        )
        for part in form
    ]


def _theme(found: HeldRequest, former: dict[str, Any], values: Mapping[str, str]) -> ThemeFacts:
    wanted = values.get(THEME, "") if THEME in found.row.fields else former["theme"]["code"]
    theme = next((one for one in themes_of(found.held.row.edition_id) if one.code == wanted), None)
    if theme is None:
        raise CandidacyIsIncomplete({THEME: MISSING})
    return theme


def _files(
    found: HeldRequest, asked: list[QuestionFacts], former: dict[str, Any], drafts: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Return what each listed question of files will hold: the filed ones kept, then those sent for the request."""
    waiting = waiting_files(found.row.id)
    held: dict[str, list[dict[str, Any]]] = {}
    for question in asked:
        if not is_of_files(question):
            continue
        sent = [
            filed_attachment(one, question.label) for one in waiting if one.question_code == question.code
        ]
        dropped = set(drafts.get(question.code, "").split(","))
        filed = [
            one
            for one in former["attachments"]
            if one["question"] == question.code and one["key"] not in dropped
        ]
        held[question.code] = sent if sent and question.kind == "file" else [*filed, *sent]
    return held


def _settle_files(row: Candidacy, files: Mapping[str, list[dict[str, Any]]], now: datetime) -> None:
    """Take away the attachments of the listed questions that the new copy does not hold; former copies keep them."""
    held = {one["key"] for group in files.values() for one in group}
    for attachment in db.session.scalars(
        select(Attachment).where(
            Attachment.candidacy_id == row.id,
            Attachment.question_code.in_(list(files)),
            Attachment.deleted_at.is_(None),
        )
    ):
        if attachment.key not in held:
            attachment.deleted_at = now


def _store(
    holder: Holder, row: Candidacy, stored: dict[str, Answer], values: Mapping[str, str], now: datetime
) -> None:
    for code, value in values.items():
        answer = stored.get(code)
        if answer is None:
            answer = Answer(candidacy_id=row.id, question_code=code, version=0)
            db.session.add(answer)
        elif answer.value == value:
            continue
        answer.value, answer.version = value, answer.version + 1
        answer.saved_at, answer.saved_by_id = now, holder.account_id


def _close(holder: Holder, found: HeldRequest, former_id: int, receipt: Receipt, now: datetime) -> None:
    row, session = found.row, db.session
    filing_id = session.scalars(select(Filing.id).where(Filing.receipt == receipt.number)).one()
    before = session.scalar(
        select(func.count(CompletionAnswer.id)).where(CompletionAnswer.request_id == row.id)
    )
    answer = CompletionAnswer(
        request_id=row.id,
        number=(before or 0) + 1,
        former_filing_id=former_id,
        filing_id=filing_id,
        closes_at=row.closes_at,
        answered_at=now,
        answered_by_id=holder.account_id,
    )
    session.add(answer)
    row.state, row.settled_at = "answered", now
    # The files sent are the candidacy's own from now on.
    session.execute(delete(CompletionFile).where(CompletionFile.request_id == row.id))
    forget_prepared(row.id, now)
    write_entry(
        holder,
        "answer_completion",
        "candidacy",
        found.held.row.key,
        now,
        round_id=found.held.row.round_id,
        detail={"request": row.key, "receipt": receipt.number, "sha256": receipt.sha256},
    )
    _send(found, receipt, answer.number)


def _send(found: HeldRequest, receipt: Receipt, number: int) -> None:
    place = file_place(found.held.row.id)
    stem = f"{found.row.key}:{number}"
    write_to(
        responsible_of(place.structure_id),
        "correction_answered",
        place,
        f"correction_answered:{stem}",
        {
            "receipt_number": receipt.number,
            "fingerprint": receipt.sha256,
            "submitted_at": minute_fr(receipt.submitted_at, place.zone),
            "link": public_address(f"/candidatures/{place.key}/complement/{found.row.key}"),
        },
        receipt.submitted_at,
    )
    write_to(
        coordinators_of(place.region_code),
        "correction_received",
        place,
        f"correction_received:{stem}",
        {"link": public_address(f"/coordination/{place.round_key}/recevabilite/{place.key}")},
        receipt.submitted_at,
    )

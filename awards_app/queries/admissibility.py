"""Readings of admissibility: the chamber's queue, one file with its advice, and what the candidate was told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, or_, select

from awards_app.database import db
from awards_app.domain.advice import Advice, Known, advise
from awards_app.domain.filed_copy import FiledCopy
from awards_app.domain.form_answers import FILE_KINDS
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, is_allowed
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import sort_key
from awards_app.models.accounts import Account
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy, Filing
from awards_app.models.editions import Round, Theme
from awards_app.models.honours import Honour
from awards_app.models.messages import Message
from awards_app.models.structures import Structure
from awards_app.queries.access import CandidacyFacts, RoundFacts, open_candidacy, open_round
from awards_app.queries.editions import edition_of_id, form_of
from awards_app.queries.filed_copies import STAFF, filed_copy

READERS = STAFF | {Subject.AUDITOR}
TOLD_KINDS = ("admissible", "not_admissible")
STATES = ("waiting", "admissible", "inadmissible", "withdrawn", "draft")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A file of the queue; of a draft only that it exists."""

    key: str
    title: str
    structure_name: str
    city: str
    theme_code: str | None
    theme_name: str | None
    state: str
    submitted_at: datetime | None
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """The files of a round after the filters, and how many there are in each state before that of the state."""

    round: RoundFacts
    lines: tuple[QueueLine, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its reason; ``told_at`` is None until those responsible were told."""

    verdict: str
    reason: str
    decided_at: datetime
    decided_by: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file on the chamber's desk: the copy, the advice by line of the checklist, the decision if there is one."""

    facts: CandidacyFacts
    copy: FiledCopy
    advice: Mapping[str, Advice]
    decision: Decision | None
    closing_day: datetime
    may_decide: bool


def queue_of(
    holder: Holder,
    round_key: str,
    now: datetime,
    *,
    state: str = "",
    theme_code: str = "",
    search: str = "",
) -> Queue:
    """Return the queue of a round for its chamber, the national staff or the auditor.

    Drafts are named in the filing and admissibility phases only, to the chamber only. Raises the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.READ_CANDIDACY, now)
    if not facts.subjects & READERS:
        raise DoesNotExist
    sees_drafts = is_allowed(Permission.KNOW_DRAFTS, facts.phase, facts.subjects)
    stage = _stage()
    conditions: list[ColumnElement[bool]] = [
        Candidacy.round_id == facts.id,
        Candidacy.state.in_(("submitted", "withdrawn", *(("draft",) if sees_drafts else ()))),
        or_(Candidacy.state != "withdrawn", Candidacy.submitted_at.is_not(None)),
    ]
    if theme_code:
        conditions.append(Theme.code == theme_code)
    words = sort_key(search)
    if words:
        conditions.append(Structure.sort_key.contains(words, autoescape=True))
    counts = {
        row.stage: row.number
        for row in db.session.execute(
            select(stage.label("stage"), func.count(Candidacy.id).label("number"))
            .select_from(Candidacy)
            .join(Structure, Structure.id == Candidacy.structure_id)
            .outerjoin(Theme, Theme.id == Candidacy.theme_id)
            .outerjoin(AdmissibilityDecision, _live_decision())
            .where(*conditions)
            .group_by("stage")
        )
    }
    if state in STATES:
        conditions.append(stage == state)
    return Queue(facts, _lines(conditions, stage), {name: counts.get(name, 0) for name in STATES})


def _stage() -> Any:
    return case(
        (Candidacy.state != "submitted", Candidacy.state),
        (AdmissibilityDecision.verdict.is_not(None), AdmissibilityDecision.verdict),
        else_="waiting",
    )


def _live_decision() -> ColumnElement[bool]:
    return (AdmissibilityDecision.candidacy_id == Candidacy.id) & AdmissibilityDecision.replaced_at.is_(None)


def _lines(conditions: list[ColumnElement[bool]], stage: Any) -> tuple[QueueLine, ...]:
    rows = db.session.execute(
        select(
            Candidacy.key,
            Candidacy.title,
            Structure.name,
            Structure.city,
            Theme.code,
            Theme.name.label("theme_name"),
            stage.label("stage"),
            Candidacy.submitted_at,
            Candidacy.touched_at,
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(Theme, Theme.id == Candidacy.theme_id)
        .outerjoin(AdmissibilityDecision, _live_decision())
        .where(*conditions)
        .order_by(stage == "draft", Structure.sort_key, Candidacy.id)
    )
    return tuple(QueueLine(*row) for row in rows)


def examined_file(holder: Holder, round_key: str, key: str, now: datetime) -> ExaminedFile:
    """Return a submitted file with the machine's advice and the decision, for the chamber's desk.

    Raises `DoesNotExist` for a draft or a file of another round, or the matrix's refusal.
    """
    facts = open_candidacy(holder, key, Permission.READ_CANDIDACY, now)
    if facts.round.key != round_key or not facts.subjects & READERS:
        raise DoesNotExist
    audience = "staff" if facts.subjects & STAFF else "jury"
    copy = filed_copy(holder, key, now, audience)
    closes_at, zone = db.session.execute(
        select(Round.closes_at, Round.zone).where(Round.id == facts.own_round_id)
    ).one()
    closing = ((closes_at or now) - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    return ExaminedFile(
        facts=facts,
        copy=copy,
        advice=_advice(facts, copy, closing),
        decision=decision_of(facts.id),
        closing_day=closing,
        may_decide=facts.state == "submitted"
        and is_allowed(Permission.DECIDE_ADMISSIBILITY, facts.round.phase, facts.subjects),
    )


def _advice(facts: CandidacyFacts, copy: FiledCopy, closing: datetime) -> dict[str, Advice]:
    edition = edition_of_id(facts.round.edition_id)
    assert edition is not None
    siblings = db.session.scalar(
        select(func.count(Candidacy.id)).where(
            Candidacy.structure_id == facts.structure_id,
            Candidacy.edition_id == facts.round.edition_id,
            Candidacy.state == "submitted",
            Candidacy.id != facts.id,
        )
    )
    content = db.session.scalar(
        select(Filing.content).where(Filing.candidacy_id == facts.id, Filing.replaced_at.is_(None))
    )
    frozen: dict[str, Any] = json.loads(content or "{}")
    files: dict[str, int] = {}
    for attachment in frozen["attachments"]:
        files[attachment["question"]] = files.get(attachment["question"], 0) + 1
    structure = frozen["structure"]
    families = edition.rules.get("legal_families", [])
    return advise(
        Known(
            legal_family=structure["legal_family"],
            has_identifier=any(structure[name] for name in ("siren", "siret", "rna", "court_register")),
            founded_on=copy.structure.founded_on,
            closing_day=closing.date(),
            minimum_age_months=int(edition.rules["minimum_age_months"]),
            region_matches=_region_matches(facts),
            siblings=siblings or 0,
            laureate_years=_laureate_years(structure),
            year=edition.year,
            excluded_editions=int(edition.rules["laureates_excluded_editions"]),
            missing=_missing(edition.id, copy.theme_code, frozen, files),
            files=files,
            accepted_families=frozenset(f["code"] for f in families if f["accepted"]),
        )
    )


def _region_matches(facts: CandidacyFacts) -> bool | None:
    region = db.session.scalar(select(Structure.region_code).where(Structure.id == facts.structure_id))
    return None if region is None else region == facts.round.region_code


def _laureate_years(structure: Mapping[str, Any]) -> tuple[int, ...]:
    same: ColumnElement[bool] = Honour.sort_key == sort_key(structure["name"])
    if structure["siren"]:
        same = or_(same, Honour.siren == structure["siren"])
    return tuple(
        db.session.scalars(
            select(Honour.year)
            .where(same, Honour.distinction == "laureate", Honour.retracted_at.is_(None))
            .distinct()
            .order_by(Honour.year)
        )
    )


def _missing(edition_id: int, theme_code: str, frozen: Mapping[str, Any], files: Mapping[str, int]) -> int:
    values = {a["code"]: a["value"] for section in frozen["sections"] for a in section["answers"]}
    return sum(
        1
        for section in form_of(edition_id)
        for question in section.for_theme(theme_code)
        if question.required
        and question.code not in ("statutes", "accounts")
        and not (files.get(question.code) if question.kind in FILE_KINDS else values.get(question.code))
    )


def decision_of(candidacy_id: int) -> Decision | None:
    """Return the decision that stands, for a reader whose right was settled by the caller (one query).

    Those responsible are told when a message of the decision left the hands of the staff.
    """
    told = (
        select(func.min(Message.created_at))
        .where(
            Message.object_key == Candidacy.key,
            Message.kind.in_(TOLD_KINDS),
            Message.created_at >= AdmissibilityDecision.decided_at,
            Message.state.in_(("waiting", "sent", "failed")),
        )
        .correlate(Candidacy, AdmissibilityDecision)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            AdmissibilityDecision.verdict,
            AdmissibilityDecision.reason,
            AdmissibilityDecision.decided_at,
            Account.name,
            func.coalesce(AdmissibilityDecision.notified_at, told),
        )
        .join(Candidacy, Candidacy.id == AdmissibilityDecision.candidacy_id)
        .join(Account, Account.id == AdmissibilityDecision.decided_by_id)
        .where(
            AdmissibilityDecision.candidacy_id == candidacy_id, AdmissibilityDecision.replaced_at.is_(None)
        )
    ).one_or_none()
    return Decision(*row) if row else None


def told_decision(facts: CandidacyFacts) -> Decision | None:
    """Return the decision as the responsible person may read it: once told, None before (one query)."""
    if not is_allowed(Permission.READ_ADMISSIBILITY, facts.round.phase, facts.subjects):
        return None
    decision = decision_of(facts.id)
    return decision if decision and decision.told_at is not None else None

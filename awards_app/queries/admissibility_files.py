"""One file on the chamber's desk: the copy, the checklist with what the machine found, what was decided and asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.admissibility_acts import mark_of
from awards_app.domain.admissibility_queue import Stage, Trace, stage_of
from awards_app.domain.advice import Advice, Known, advise
from awards_app.domain.filed_copy import Filed, FiledCopy, read_copy
from awards_app.domain.form_answers import FILE_KINDS
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.admissibility import ChecklistMark, RegionTransfer, RegionWording
from awards_app.models.candidacies import Candidacy, Filing
from awards_app.models.editions import Edition, Region, Round, Wording
from awards_app.models.honours import Honour
from awards_app.models.structures import Structure
from awards_app.queries.access import CandidacyFacts, open_candidacy
from awards_app.queries.admissibility import Decision, decisions_of
from awards_app.queries.completions import RequestLine, requests_of
from awards_app.queries.duplicates import Lookalike, lookalikes_of
from awards_app.queries.editions import form_of
from awards_app.queries.readers import READERS, STAFF
from awards_app.queries.register import Reading, latest_of


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of the checklist: its words, and what the chamber found of it."""

    code: str
    title: str
    help: str
    finding: str
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A wording a decision or a request may start from; ``known`` words fill its places."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file on the desk; ``decisions`` the one that stands first; ``transfer_to`` the region it was proposed to."""

    facts: CandidacyFacts
    copy: FiledCopy
    stage: Stage
    rules: tuple[RuleLine, ...]
    reasons: tuple[ReasonLine, ...]
    advice: Mapping[str, Advice]
    register: Reading | None
    decisions: tuple[Decision, ...]
    requests: tuple[RequestLine, ...]
    lookalikes: tuple[Lookalike, ...]
    transfer_key: str
    transfer_to: str
    closing_day: datetime
    filed_first_at: datetime
    edition_rules: Mapping[str, Any]
    may_decide: bool
    may_transfer: bool

    @property
    def decision(self) -> Decision | None:
        """Return the decision that stands."""
        return next((one for one in self.decisions if one.replaced_at is None), None)

    @property
    def mark(self) -> str:
        """Return a name for where the file stands, which a decision made from this page gives back."""
        standing, running = self.decision, next((one for one in self.requests if one.state == "open"), None)
        return mark_of(
            self.copy.sha256,
            standing.verdict if standing else "",
            standing.reason if standing else "",
            standing.decided_at if standing else None,
            running.key if running else "",
        )


def examined_file(
    holder: Holder,
    round_key: str,
    key: str,
    now: datetime,
    *,
    permission: Permission = Permission.READ_CANDIDACY,
) -> ExaminedFile:
    """Return a submitted file with the machine's advice and the decisions, for the chamber's desk (seven queries).

    ``permission`` is the one of the act that the page is for. An imported file, which no form checked, asks one more. Raises `DoesNotExist` for a draft or a file of another round,
    or the matrix's refusal.
    """
    facts = open_candidacy(holder, key, permission, now)
    if facts.round.key != round_key or not facts.subjects & READERS:
        raise DoesNotExist
    row = db.session.execute(_context(facts)).one_or_none()
    if row is None or facts.state not in ("submitted", "withdrawn"):
        raise DoesNotExist
    is_staff = bool(facts.subjects & STAFF)
    frozen: dict[str, Any] = json.loads(row.content)
    filed = Filed(key, row.receipt, row.sha256, row.submitted_at, row.number, facts.state)
    copy = read_copy(frozen, filed, "staff" if is_staff else "auditor")
    closing = ((row.closes_at or now) - timedelta(microseconds=1)).astimezone(ZoneInfo(row.zone))
    rules, reasons = _wordings(facts)
    decisions, requests = decisions_of(facts.id), requests_of(facts.id)
    asked_file = facts.state == "submitted"
    return ExaminedFile(
        facts=facts,
        copy=copy,
        stage=_stage(facts, decisions, requests, now),
        rules=rules,
        reasons=reasons,
        advice=_advice(facts, copy, frozen, row, closing),
        register=latest_of(facts.structure_id),
        decisions=decisions,
        requests=requests if is_staff else (),
        lookalikes=lookalikes_of(facts, now) if is_staff else (),
        transfer_key=row.transfer_key or "",
        transfer_to=row.transfer_to or "",
        closing_day=closing,
        filed_first_at=row.filed_first_at if len(requests) else row.submitted_at,
        edition_rules=row.rules,
        may_decide=asked_file
        and is_allowed(Permission.DECIDE_ADMISSIBILITY, facts.round.phase, facts.subjects),
        may_transfer=asked_file
        and is_staff
        and not decisions
        and facts.round.phase in (Phase.FILING, Phase.ADMISSIBILITY),
    )


def _stage(
    facts: CandidacyFacts, decisions: tuple[Decision, ...], requests: tuple[RequestLine, ...], now: datetime
) -> Stage:
    standing = next((one for one in decisions if one.replaced_at is None), None)
    answered = [one.answered_at for one in requests if one.answered_at is not None]
    trace = Trace(
        is_withdrawn=facts.state == "withdrawn",
        verdict=standing.verdict if standing else None,
        decided_at=standing.decided_at if standing else None,
        open_until=next((one.closes_at for one in requests if one.state == "open"), None),
        answered_at=max(answered, default=None),
    )
    return stage_of(trace, now)


def _context(facts: CandidacyFacts) -> Any:
    """All that one row can say of a file: its copy, its calendar, and the facts that advice compares."""
    target, region = aliased(Round), aliased(Region)
    return (
        select(
            Filing.content,
            Filing.receipt,
            Filing.sha256,
            Filing.submitted_at,
            Filing.number,
            Candidacy.origin,
            Round.closes_at,
            Round.zone,
            Edition.year,
            Edition.rules,
            Structure.region_code,
            _siblings(facts).label("siblings"),
            _honoured().label("honoured"),
            func.coalesce(_filed_first(facts), Filing.submitted_at, type_=Filing.submitted_at.type).label(
                "filed_first_at"
            ),
            RegionTransfer.key.label("transfer_key"),
            region.name.label("transfer_to"),
        )
        .select_from(Candidacy)
        .join(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
        .join(Round, Round.id == Candidacy.round_id)
        .join(Edition, Edition.id == Round.edition_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .outerjoin(
            RegionTransfer,
            (RegionTransfer.candidacy_id == Candidacy.id) & (RegionTransfer.state == "asked"),
        )
        .outerjoin(target, target.id == RegionTransfer.to_round_id)
        .outerjoin(region, region.code == target.region_code)
        .where(Candidacy.id == facts.id)
    )


def _siblings(facts: CandidacyFacts) -> Any:
    """How many other files the structure has in the edition."""
    other = aliased(Candidacy)
    return (
        select(func.count(other.id))
        .where(
            other.structure_id == facts.structure_id,
            other.edition_id == facts.round.edition_id,
            other.state == "submitted",
            other.id != facts.id,
        )
        .scalar_subquery()
    )


def _honoured() -> Any:
    """The years in which a structure of this name or number was a laureate, with commas between."""
    return (
        select(func.aggregate_strings(cast(Honour.year, String), ","))
        .where(
            or_(
                Honour.sort_key == Structure.sort_key,
                Structure.siren.is_not(None) & (Honour.siren == Structure.siren),
            ),
            Honour.distinction == "laureate",
            Honour.retracted_at.is_(None),
        )
        .correlate(Structure)
        .scalar_subquery()
    )


def _filed_first(facts: CandidacyFacts) -> Any:
    """When the copy that met the deadline of the call was filed."""
    first = aliased(Filing)
    return (
        select(first.submitted_at)
        .where(first.candidacy_id == facts.id, first.submitted_at < Round.closes_at)
        .order_by(first.id.desc())
        .limit(1)
        .correlate(Round)
        .scalar_subquery()
    )


def _wordings(facts: CandidacyFacts) -> tuple[tuple[RuleLine, ...], tuple[ReasonLine, ...]]:
    rows = db.session.execute(
        select(
            Wording.kind,
            Wording.code,
            func.coalesce(RegionWording.title, Wording.title).label("title"),
            func.coalesce(RegionWording.body, Wording.body).label("body"),
            ChecklistMark.finding,
            ChecklistMark.note,
            ChecklistMark.version,
        )
        .outerjoin(
            ChecklistMark,
            (ChecklistMark.rule_code == Wording.code)
            & (ChecklistMark.candidacy_id == facts.id)
            & (Wording.kind == "admissibility_rule"),
        )
        .outerjoin(
            RegionWording,
            (RegionWording.edition_id == Wording.edition_id)
            & (RegionWording.region_code == facts.round.region_code)
            & (RegionWording.kind == Wording.kind)
            & (RegionWording.code == Wording.code),
        )
        .where(
            Wording.edition_id == facts.round.edition_id,
            Wording.kind.in_(("admissibility_rule", "admissibility_reason")),
        )
        .order_by(Wording.position, Wording.id)
    ).all()
    rules = tuple(
        RuleLine(row.code, row.title, row.body, row.finding or "", row.note or "", row.version or 0)
        for row in rows
        if row.kind == "admissibility_rule"
    )
    reasons = tuple(
        ReasonLine(row.code, row.title, row.body) for row in rows if row.kind == "admissibility_reason"
    )
    return rules, reasons


def _advice(
    facts: CandidacyFacts, copy: FiledCopy, frozen: Mapping[str, Any], row: Any, closing: datetime
) -> dict[str, Advice]:
    files: dict[str, int] = {}
    for attachment in frozen["attachments"]:
        files[attachment["question"]] = files.get(attachment["question"], 0) + 1
    structure = frozen["structure"]
    families = row.rules.get("legal_families", [])
    years = {int(year) for year in (row.honoured or "").split(",") if year}
    return advise(
        Known(
            legal_family=structure["legal_family"],
            has_identifier=any(structure[name] for name in ("siren", "siret", "rna", "court_register")),
            founded_on=copy.structure.founded_on,
            closing_day=closing.date(),
            minimum_age_months=int(row.rules["minimum_age_months"]),
            region_matches=None if row.region_code is None else row.region_code == facts.round.region_code,
            siblings=row.siblings,
            laureate_years=tuple(sorted(years)),
            year=row.year,
            excluded_editions=int(row.rules["laureates_excluded_editions"]),
            # What came through the form was refused as long as something was missing.
            missing=_missing(facts.round.edition_id, copy.theme_code, frozen, files) if row.origin else 0,
            files=files,
            accepted_families=frozenset(f["code"] for f in families if f["accepted"]),
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

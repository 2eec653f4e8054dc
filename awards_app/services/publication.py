"""The publication itself: honours written from confirmed decisions, in the transaction that moves the round."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.honours import identity_of
from awards_app.domain.text import slugify, sort_key
from awards_app.models.accounts import PendingAct
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.models.honours import EditionRecord, Honour, NationalEntry
from awards_app.queries.deliberations import DecisionLine, Desk, decided_filings, desk_of
from awards_app.queries.honour_values import amount_of, honour_values
from awards_app.queries.responsible_people import people_responsible
from awards_app.services.certificate_letters import tell_ready
from awards_app.services.messages import queue_message
from awards_app.services.method_accounts import write_account
from awards_app.services.rounds import move_round

# The outcomes whose honour bears the amount of an endowment given to the same structure.
BEARERS = ("title", "special", "laureate")
WAITING_ACTS = ("arm_publication", "publish_now")


def publish(row: Round, desk: Desk, holder: Holder, now: datetime) -> None:
    """Write the honours of a decided round and move it; joins the caller's transaction, which holds the row."""
    with atomic():
        given = [line for line in desk.decisions if line.candidacy_id is not None]
        filings = decided_filings(line.id for line in given)
        for line in sorted(given, key=lambda one: desk.prize(one.prize_id).outcome == "endowment"):
            write_honour(desk, line, filings[line.id].content, now)
        if desk.round.region_code is None:
            _write_record(desk, now)
        write_account(desk, now)
        drop_pending(row, now)
        _date_revocations(row.id, now)
        move_round(row, "publish_honours", now, holder, detail={"honours": len(given)})
        _tell(desk, given, filings, now)
        tell_ready(row.id, now)


def write_honour(
    desk: Desk, line: DecisionLine, content: str, now: datetime, *, erratum: str = "", name: str = ""
) -> None:
    """Write, or add to, the honour of one decision; ``name`` is that of the structure where it was corrected."""
    prize = desk.prize(line.prize_id)
    amount = amount_of(prize)
    if prize.outcome == "endowment":
        held = _honour_of_candidacy(desk, line)
        if held is not None:
            held.amount = (held.amount or 0) + (amount or 0) or None
            if erratum:
                held.erratum, held.published_at = erratum, now
            return
    identity = identity_of(line.key)
    if db.session.scalar(select(Honour.id).where(Honour.identity == identity)) is not None:
        return
    values = honour_values(desk, line, content)
    if name:
        values |= {"structure_name": name, "sort_key": sort_key(name)}
    db.session.add(
        Honour(
            **values,
            slug=_free_slug(values["structure_name"], desk.round.year, prize.code),
            identity=identity,
            decision_id=line.id,
            published_at=now,
            erratum=erratum,
        )
    )
    db.session.flush()


def _honour_of_candidacy(desk: Desk, line: DecisionLine) -> Honour | None:
    identities = [
        identity_of(other.key)
        for other in desk.decisions
        if other.candidacy_id == line.candidacy_id and desk.prize(other.prize_id).outcome in BEARERS
    ]
    return db.session.scalar(
        select(Honour)
        .where(Honour.identity.in_(identities), Honour.retracted_at.is_(None))
        .order_by(Honour.distinction != "laureate", Honour.id)
        .limit(1)
    )


def _free_slug(name: str, year: int, prize_code: str) -> str:
    base = f"{slugify(name) or 'structure'}-{year}"
    wanted = [base, f"{base}-{slugify(prize_code)}"]
    taken = set(db.session.scalars(select(Honour.slug).where(Honour.slug.startswith(base, autoescape=True))))
    for slug in wanted:
        if slug not in taken:
            return slug
    place = 2
    while f"{wanted[1]}-{place}" in taken:
        place += 1
    return f"{wanted[1]}-{place}"


def _date_revocations(round_id: int, now: datetime) -> None:
    """Date before its publication what a round revoked under embargo, whatever its clock said then.

    Such a number is unknown for ever (`queries.certificates`); the journal keeps the instants as they were read.
    """
    db.session.execute(
        update(Certificate)
        .where(Certificate.round_id == round_id, Certificate.revoked_at >= now)
        .values(revoked_at=now - timedelta(microseconds=1))
    )


def _write_record(desk: Desk, now: datetime) -> None:
    """Write what the public reads of the edition, with the nation's publication and not before."""
    held = desk.round
    record = db.session.get(EditionRecord, held.year) or EditionRecord(year=held.year)
    db.session.add(record)
    record.candidacies = db.session.scalar(
        select(func.count())
        .select_from(Candidacy)
        .where(Candidacy.edition_id == held.edition_id, Candidacy.submitted_at.is_not(None))
    )
    record.national_entries = db.session.scalar(
        select(func.count())
        .select_from(NationalEntry)
        .where(NationalEntry.round_id == held.id, NationalEntry.ended_at.is_(None))
    )
    record.themes = [theme.name for theme in desk.themes]
    record.national_amount = (
        max((amount_of(prize) or 0 for prize in desk.prizes if prize.outcome == "laureate"), default=0)
        or None
    )
    record.ceremony_on = now.astimezone(ZoneInfo(held.zone)).date()
    db.session.flush()


def drop_pending(row: Round, now: datetime) -> None:
    """Close the proposals of publication that wait for a second person: what they agreed to has changed."""
    db.session.execute(
        update(PendingAct)
        .where(
            PendingAct.object_key == row.key,
            PendingAct.verb.in_(WAITING_ACTS),
            PendingAct.settled_at.is_(None),
        )
        .values(outcome="refused", settled_at=now)
    )


def _tell(desk: Desk, given: list[DecisionLine], filings: dict[int, Any], now: datetime) -> None:
    """Put one message a responsible person in the outbox, held until somebody has read it and lets it go."""
    prizes: dict[int, list[DecisionLine]] = {}
    for line in given:
        prizes.setdefault(line.candidacy_id or 0, []).append(line)
    people = people_responsible([file.id for file in desk.files if not file.withdrawn])
    structures = {line.id: json.loads(filings[line.id].content)["structure"]["name"] for line in given}
    for file in desk.files:
        lines = prizes.get(file.id, [])
        values: dict[str, object] = {
            "edition": desk.round.edition_name,
            "structure": structures[lines[0].id] if lines else file.structure,
            "title": file.title,
            "theme": next(theme.name for theme in desk.themes if theme.id == file.theme_id),
            "prize": ", ".join(desk.prize(line.prize_id).name for line in lines),
            "citation": next((line.citation for line in lines if line.citation), ""),
            "link": public_address(f"/candidatures/{file.key}" if lines else f"/palmares/{desk.round.year}"),
            "chamber": desk.round.chamber or "ESS France",
        }
        for account_id, email, name in people.get(file.id, ()):
            queue_message(
                "decision_selected" if lines else "decision_not_selected",
                email,
                dedupe=f"result:{desk.round.key}:{file.key}:{account_id}",
                values={**values, "person": name},
                now=now,
                account_id=account_id,
                round_id=desk.round.id,
                object_key=file.key,
                held=True,
            )


def honour_of_decision(decision_id: int) -> Honour | None:
    """Return the honour that a decision made and that still stands."""
    return db.session.scalar(
        select(Honour).where(Honour.decision_id == decision_id, Honour.retracted_at.is_(None))
    )


def certificate_of_decision(decision_id: int) -> Certificate | None:
    """Return the certificate of a decision that still stands."""
    return db.session.scalar(
        select(Certificate)
        .where(Certificate.decision_id == decision_id, Certificate.state != "revoked")
        .with_for_update()
    )


def rewritten_desk(round_id: int) -> Desk:
    """Return the table again after it changed within the transaction."""
    db.session.flush()
    return desk_of(round_id)

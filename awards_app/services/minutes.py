"""The minutes: written by the chair, frozen with their hash at the confirmation, printed after the commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from awards_app.adapters import pdf, storage
from awards_app.adapters.queue import enqueue
from awards_app.database import after_commit, atomic, db
from awards_app.domain.deliberations import DecisionsAreBlocked
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import MONTHS, instant_fr
from awards_app.domain.numbers_fr import parse_date
from awards_app.domain.papers import SignatureLine
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.domain.signatures import ROLES
from awards_app.domain.snapshot import sha256_of
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.words import N_
from awards_app.models.deliberations import Minutes
from awards_app.models.editions import Round
from awards_app.models.signatures import MinutesSignature
from awards_app.queries.deliberations import Desk, desk_of
from awards_app.queries.juries import open_room
from awards_app.queries.minutes import minutes_text, record_of, watermark_of
from awards_app.queries.reconciliation import MINUTES_MISSING
from awards_app.queries.signatures import signatures_of
from awards_app.services.held_rooms import take_room
from awards_app.services.journal import write_entry

RENDER = "minutes.render"
SIMPLE = "signature simple"
AWAITED = "à signer"
LINES = ("place", "held_on", "chair", "secretary")
NEEDED = {
    "place": N_("Indiquez le lieu de la délibération."),
    "held_on": N_("Indiquez le jour de la délibération, sous la forme jj/mm/aaaa."),
    "chair": N_("Indiquez qui a présidé la délibération."),
}


def write_minutes(holder: Holder, round_key: str, content: Mapping[str, object], now: datetime) -> str:
    """Write what the chair types of the minutes, as often as needed until the confirmation; return their number.

    Raises `InputIsInvalid` for a missing place, day or chair.
    """
    with atomic() as session:
        room, row = take_room(holder, round_key, Permission.WRITE_MINUTES, now)
        typed = _typed(content)
        live = session.scalar(
            select(Minutes).where(Minutes.round_id == row.id, Minutes.replaced_at.is_(None))
        )
        if live is not None and live.frozen_at is not None:
            live.replaced_at = now
            session.flush()
            live = None
        if live is None:
            live = Minutes(
                round_id=row.id,
                number=_number(row, room.round.year),
                content={"typed": typed},
                written_by_id=holder.account_id,
                written_at=now,
            )
            session.add(live)
        else:
            live.content, live.written_by_id, live.written_at = {"typed": typed}, holder.account_id, now
        session.flush()
        write_entry(
            holder,
            "write_minutes",
            "minutes",
            live.key,
            now,
            round_id=row.id,
            detail={"sha256": sha256_of(typed)},
        )
        return live.number


def _typed(content: Mapping[str, object]) -> dict[str, Any]:
    typed: dict[str, Any] = {name: clean_line(str(content.get(name) or "")) for name in LINES}
    typed["notes"] = clean_text(str(content.get("notes") or "")).strip()
    errors = {name: sentence for name, sentence in NEEDED.items() if not typed[name]}
    if "held_on" not in errors:
        try:
            day = parse_date(typed["held_on"])
            number = "1er" if day.day == 1 else str(day.day)
            typed["day"], typed["held_on"] = typed["held_on"], f"{number} {MONTHS[day.month - 1]} {day.year}"
        except Refusal:
            errors["held_on"] = NEEDED["held_on"]
    votes = content.get("votes") or []
    typed["votes"] = [_vote(vote) for vote in votes] if isinstance(votes, list) else []
    if errors:
        raise InputIsInvalid(errors)
    return typed


def _vote(vote: Mapping[str, object]) -> dict[str, Any]:
    counts = {}
    for name in ("in_favour", "against", "abstained"):
        text = str(vote.get(name) or "0").strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 3):
            raise InputIsInvalid({"votes": N_("Comptez les voix en nombres entiers.")})
        counts[name] = int(text)
    words = {name: clean_line(str(vote.get(name) or "")) for name in ("question", "ballot", "outcome")}
    return {**words, **counts}


def _number(row: Round, year: int) -> str:
    count = db.session.scalar(select(func.count()).where(Minutes.round_id == row.id)) or 0
    return f"PV-{year}-{row.region_code or 'NAT'}-{count + 1}"


def freeze_minutes(desk: Desk, holder: Holder, now: datetime) -> str:
    """Freeze the live minutes with all they report; return their SHA-256. Joins the confirmation's transaction."""
    with atomic() as session:
        if desk.minutes is None:
            raise DecisionsAreBlocked([(MINUTES_MISSING, {})])
        minutes = session.get_one(Minutes, desk.minutes.id)
        typed = minutes.content["typed"]
        role = "Coordination régionale" if desk.round.region_code else "Coordination nationale"
        zone = desk.round.zone
        # The chair and the secretary sign what is frozen here; who confirms is named in it.
        signatures = [
            {"name": holder.name, "role": f"{role}, confirmation", "signed_at": instant_fr(now, zone)}
        ]
        record = record_of(desk, typed, signatures=signatures)  # type: ignore[arg-type]  # as above
        minutes.content = record
        minutes.sha256 = sha256_of(record)
        minutes.frozen_at = now
        write_entry(
            holder,
            "freeze_minutes",
            "minutes",
            minutes.key,
            now,
            round_id=desk.round.id,
            detail={"sha256": minutes.sha256},
        )
        after_commit(enqueue, RENDER, minutes.id)
        return minutes.sha256


def reopen_minutes(round_id: int, holder: Holder, now: datetime) -> None:
    """Keep the frozen minutes as they are, replaced, and open new ones with what the chair had typed."""
    with atomic() as session:
        live = session.scalar(
            select(Minutes).where(Minutes.round_id == round_id, Minutes.replaced_at.is_(None))
        )
        if live is None or live.frozen_at is None:
            return
        live.replaced_at = now
        session.flush()
        row = session.get_one(Round, round_id)
        session.add(
            Minutes(
                round_id=round_id,
                number=_number(row, int(str(live.content["year"]))),
                content={"typed": live.content["typed"]},
                written_by_id=live.written_by_id,
                written_at=live.written_at,
            )
        )
        session.flush()


def render_minutes(minutes_id: int) -> None:
    """Print frozen minutes that bear both signatures and keep the paper; does nothing the second time."""
    row = db.session.execute(
        select(
            Minutes.number,
            Minutes.content,
            Minutes.sha256,
            Minutes.frozen_at,
            Minutes.storage_key,
            Round.zone,
        )
        .join(Round, Round.id == Minutes.round_id)
        .where(Minutes.id == minutes_id)
    ).one_or_none()
    signed = signature_lines(minutes_id, row.zone) if row else ()
    db.session.rollback()
    if row is None or row.frozen_at is None or row.storage_key is not None:
        return
    if not all(line.signed_at for line in signed):
        return
    text = minutes_text(row.number, row.content, signatures=signed, sha256=row.sha256)
    paper = pdf.render_minutes(text, identifier=row.number, created_at=row.frozen_at)
    key = storage.put(paper)
    with atomic() as session:
        minutes = session.scalar(select(Minutes).where(Minutes.id == minutes_id).with_for_update())
        if minutes is not None and minutes.storage_key is None:
            minutes.storage_key = key
            return
    storage.delete(key)


def signature_lines(minutes_id: int, zone: str) -> tuple[SignatureLine, ...]:
    """Return the signatures of minutes as printed, with an empty line for who has not signed."""
    given = {line.role: line for line in signatures_of(minutes_id)}
    return tuple(
        SignatureLine(given[role].name, words, f"{instant_fr(given[role].signed_at, zone)}, {SIMPLE}")
        if role in given
        else SignatureLine(AWAITED, words)
        for role, words in ROLES.items()
    )


def enqueue_waiting(now: datetime) -> int:
    """Ask the queue again for frozen minutes that have no paper yet."""
    waiting = db.session.scalars(
        select(Minutes.id)
        .join(MinutesSignature, MinutesSignature.minutes_id == Minutes.id)
        .where(Minutes.frozen_at.is_not(None), Minutes.storage_key.is_(None))
        .group_by(Minutes.id)
        .having(func.count(MinutesSignature.id) == len(ROLES))
    ).all()
    for minutes_id in waiting:
        enqueue(RENDER, minutes_id)
    return len(waiting)


def minutes_paper(
    holder: Holder, round_key: str, now: datetime, *, number: str | None = None
) -> tuple[str, bytes]:
    """Return the file name and the PDF of the minutes as ``holder`` may read them.

    Until the publication each page bears the reader's address and the instant; a reader who stands aside in a theme gets
    the minutes of the others. ``number`` asks for former minutes. Raises the matrix's refusal, `DoesNotExist`.
    """
    room = open_room(holder, round_key, Permission.READ_MINUTES, now)
    codes = {theme.code for theme in room.themes}
    whole = room.is_whole(Permission.READ_MINUTES)
    is_draft = room.round.phase is Phase.DELIBERATION
    wanted = Minutes.replaced_at.is_(None) if number is None else Minutes.number == number
    row = db.session.execute(
        select(
            Minutes.id,
            Minutes.number,
            Minutes.content,
            Minutes.sha256,
            Minutes.frozen_at,
            Minutes.storage_key,
        ).where(Minutes.round_id == room.round.id, wanted)
    ).one_or_none()
    if row is None:
        raise DoesNotExist
    name = f"{row.number}.pdf"
    is_public_now = room.round.phase in (Phase.PUBLISHED, Phase.ARCHIVED)
    record = row.content
    if row.frozen_at is None:
        knows = any(
            room.may(permission, theme.id)
            for theme in room.themes
            for permission in (Permission.PROPOSE_DECISION, Permission.CONFIRM_DECISION)
        )
        record = record_of(desk_of(room.round.id), row.content["typed"], decided=knows)
    signed = signature_lines(row.id, room.round.zone) if row.frozen_at is not None else ()
    db.session.rollback()
    if row.storage_key and whole and is_public_now:
        return name, storage.get(row.storage_key)
    text = minutes_text(
        row.number,
        record,
        themes=None if whole else codes,
        watermark=None if is_public_now else watermark_of(holder.email, now, room.round.zone),
        draft=is_draft or row.frozen_at is None,
        signatures=signed,
        sha256=row.sha256 or "",
    )
    return name, pdf.render_minutes(text, identifier=row.number, created_at=row.frozen_at or now)

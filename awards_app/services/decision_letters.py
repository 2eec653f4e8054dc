"""Telling those who may know a decision that it is no longer what they left it; no letter names a structure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.adapters.public_address import public_address
from awards_app.database import db
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Interest, Seat
from awards_app.queries.juries import candidate_seats
from awards_app.services.messages import queue_message

FLAGGED = "decision_flagged"
REPLACED = "entry_replaced"


def tell_decision_flagged(round_id: int, candidacy_id: int, now: datetime) -> int:
    """Tell the panel and the coordination of a round that a file they distinguished was withdrawn; return how many.

    The national staff are told too when it had been sent up.
    Jurors who stand aside from a file of its theme are left out, as they are from the decision (DEC-3).
    """
    row = _round(round_id)
    theme_id = db.session.scalar(select(Candidacy.theme_id).where(Candidacy.id == candidacy_id))
    told = {person.id: (person, f"/jury/{person.key}/decisions") for person in _panel(row, theme_id)}
    told |= {person.id: (person, f"/coordination/{row.key}/decisions") for person in _staff(row.region_code)}
    is_sent_up = select(NationalEntry.id).where(
        NationalEntry.candidacy_id == candidacy_id, NationalEntry.ended_at.is_(None)
    )
    if row.region_code is not None and db.session.scalar(is_sent_up.limit(1)) is not None:
        told |= {person.id: (person, "/coordination/national") for person in _staff(None)}
    return _write(FLAGGED, row, told.values(), f"{candidacy_id}", now)


def tell_entry_replaced(round_id: int, decision_key: str, now: datetime) -> int:
    """Tell the national staff that another file, or none, is sent up now."""
    row = _round(round_id)
    told = {person.id: (person, "/coordination/national") for person in _staff(None)}
    return _write(REPLACED, row, told.values(), decision_key, now)


def _write(kind: str, row: Any, people: Iterable[tuple[Any, str]], cause: str, now: datetime) -> int:
    written = [
        queue_message(
            kind,
            person.email,
            dedupe=f"{kind}:{row.key}:{cause}:{person.id}:{now.isoformat()}",
            values={
                "person": person.name,
                "edition": row.edition,
                "jury": f"jury régional {row.located}" if row.region_code else "jury national",
                "region_name": row.region_name or "France",
                "chamber": row.chamber or "ESS France",
                "link": public_address(path),
            },
            now=now,
            account_id=person.id,
            round_id=row.id,
            object_key=row.key,
        )
        for person, path in people
    ]
    return sum(key is not None for key in written)


def _round(round_id: int) -> Any:
    return db.session.execute(
        select(
            Round.id,
            Round.key,
            Round.region_code,
            Edition.name.label("edition"),
            Region.name.label("region_name"),
            Region.located,
            Region.chamber,
        )
        .join(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(Round.id == round_id)
    ).one()


def _panel(row: Any, theme_id: int | None) -> list[Any]:
    aside = (
        select(Interest.seat_id)
        .join(Candidacy, Candidacy.id == Interest.candidacy_id)
        .where(Interest.verdict == "recused", Interest.replaced_at.is_(None), Candidacy.theme_id == theme_id)
    )
    members = {
        seat_id
        for seat_id, theme in candidate_seats(row.id, is_national=row.region_code is None)
        if theme == theme_id
    }
    return list(
        db.session.execute(
            select(Account.id, Account.email, Account.name, Seat.key)
            .join(Seat, Seat.account_id == Account.id)
            .where(
                Seat.round_id == row.id,
                Seat.accepted_at.is_not(None),
                Seat.left_at.is_(None),
                Seat.theme_id.is_(None) | (Seat.theme_id == theme_id),
                Seat.id.not_in(aside),
                Seat.id.not_in(members),
                Account.disabled_at.is_(None),
            )
            .order_by(Seat.id)
        )
    )


def _staff(region_code: str | None) -> list[Any]:
    """Return the coordinators of a region; the national staff for none."""
    return list(
        db.session.execute(
            select(Account.id, Account.email, Account.name)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(
                RoleGrant.role == ("coordinator" if region_code else "national_staff"),
                *([RoleGrant.region_code == region_code] if region_code else []),
                RoleGrant.revoked_at.is_(None),
                Account.disabled_at.is_(None),
            )
            .distinct()
            .order_by(Account.id)
        )
    )

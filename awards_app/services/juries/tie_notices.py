"""Telling the chair and the chamber that a certain fact stood a juror aside (F22)."""

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from awards_app.database import db
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.juries import Seat
from awards_app.queries.access import RoundFacts
from awards_app.services.juries.notices import jury_words
from awards_app.services.messages import queue_message


def notice_certain_ties(seat: Seat, facts: RoundFacts, now: datetime) -> None:
    """Queue a message to each chair of the jury and to the chamber (the national round: to national staff).

    It names the juror, never the structure: its reader may stand aside from the same file. The juror's own address is
    left out: their list tells them.
    """
    _row, edition, jury, chamber = jury_words(seat.round_id)
    site = str(current_app.config["AWARDS_PUBLIC_URL"]).rstrip("/") or "http://127.0.0.1:8000"
    for account_id, email, name, link in _told(seat, facts):
        queue_message(
            "certain_tie",
            email,
            dedupe=f"certain_tie/{seat.key}/{account_id}/{now.isoformat()}",
            values={
                "person": name,
                "juror": seat.name,
                "jury": jury,
                "edition": edition,
                "chamber": chamber,
                "link": site + link,
            },
            now=now,
            account_id=account_id,
            round_id=seat.round_id,
            object_key=seat.key,
        )


def _told(seat: Seat, facts: RoundFacts) -> list[tuple[int, str, str, str]]:
    """Return (account, address, name, page) of those to tell, each once."""
    chairs = (
        select(Account.id, Account.email, Account.name, Seat.key)
        .join(Seat, Seat.account_id == Account.id)
        .where(
            Seat.round_id == seat.round_id,
            Seat.function == "chair",
            Seat.accepted_at.is_not(None),
            Seat.left_at.is_(None),
            Seat.id != seat.id,
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    )
    regional = facts.region_code is not None
    staff = (
        select(Account.id, Account.email, Account.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == ("coordinator" if regional else "national_staff"),
            *([RoleGrant.region_code == facts.region_code] if regional else []),
            RoleGrant.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    )
    found = {row.id: (row.id, row.email, row.name, f"/jury/{row.key}") for row in db.session.execute(chairs)}
    for row in db.session.execute(staff):
        found[row.id] = (row.id, row.email, row.name, f"/coordination/{facts.key}/liens")
    found.pop(seat.account_id or 0, None)
    return list(found.values())

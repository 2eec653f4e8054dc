"""What a jury's people are sent: the invitation, and that scoring is open."""

from datetime import datetime

from babel.dates import format_datetime
from flask import current_app
from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.models.accounts import LinkPurpose
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.juries import Seat
from awards_app.services.accounts import create_link
from awards_app.services.messages import queue_message

FUNCTIONS = {
    "juror": "membre du jury",
    "chair": "présidence du jury",
    "deputy": "vice-présidence du jury",
    "secretary": "secrétariat du jury",
}
LINK_LIFETIME = "14 jours"


def notice_invitation(holder: Holder, seat: Seat, now: datetime) -> None:
    """Queue the invitation to a seat, with a fresh link that ends the former one."""
    round_row, edition, jury, chamber = jury_words(seat.round_id)
    token = create_link(LinkPurpose.JURY_INVITATION, seat.invited_email, now, object_key=seat.key)
    queue_message(
        "jury_invitation",
        seat.invited_email,
        dedupe=f"jury_invitation/{seat.key}/{now.isoformat()}",
        values={
            "person": seat.name,
            "inviter": holder.name or chamber,
            "jury": jury,
            "edition": edition,
            "role": FUNCTIONS[seat.function],
            "chamber": chamber,
            "link_lifetime": LINK_LIFETIME,
        },
        secret_values={"link": f"{_site()}/invitations/{token}"},
        now=now,
        account_id=seat.account_id,
        round_id=round_row.id,
        object_key=seat.key,
    )


def notice_pass(seat: Seat, link: str, now: datetime) -> None:
    """Queue the message that holds a juror's personal link, which staff who read the outbox do not see."""
    round_row, edition, jury, chamber = jury_words(seat.round_id)
    queue_message(
        "jury_pass",
        seat.invited_email,
        dedupe=f"jury_pass/{seat.key}/{now.isoformat()}",
        values={"person": seat.name, "jury": jury, "edition": edition, "chamber": chamber},
        secret_values={"link": link},
        now=now,
        account_id=seat.account_id,
        round_id=round_row.id,
        object_key=seat.key,
    )


def notice_called_in(seat: Seat, now: datetime) -> None:
    """Queue the message that a substitute sits from now on."""
    round_row, edition, jury, chamber = jury_words(seat.round_id)
    queue_message(
        "substitute_called",
        seat.invited_email,
        dedupe=f"substitute_called/{seat.key}/{now.isoformat()}",
        values={
            "person": seat.name,
            "jury": jury,
            "edition": edition,
            "chamber": chamber,
            "link": f"{_site()}/jury/{seat.key}",
        },
        now=now,
        account_id=seat.account_id,
        round_id=round_row.id,
        object_key=seat.key,
    )


def notice_scoring_opened(seat: Seat, round_row: Round, now: datetime) -> None:
    """Queue the message that scoring is open, to one juror."""
    _row, edition, jury, chamber = jury_words(seat.round_id)
    queue_message(
        "scoring_opened",
        seat.invited_email,
        dedupe=f"scoring_opened/{seat.key}/{now.isoformat()}",
        values={
            "person": seat.name,
            "jury": jury,
            "edition": edition,
            "chamber": chamber,
            "scoring_deadline": _deadline(round_row),
            "link": f"{_site()}/jury/{seat.key}",
        },
        now=now,
        account_id=seat.account_id,
        round_id=round_row.id,
        object_key=seat.key,
    )


def notice_reminder(seat: Seat, remaining: int, now: datetime) -> bool:
    """Queue a reminder to one juror; return whether it was, one a day at most."""
    round_row, _edition, jury, chamber = jury_words(seat.round_id)
    queued = queue_message(
        "juror_reminder",
        seat.invited_email,
        dedupe=f"juror_reminder/{seat.key}/{now.date().isoformat()}",
        values={
            "person": seat.name,
            "jury": jury,
            "chamber": chamber,
            "remaining": f"{remaining} candidature" + ("s" if remaining > 1 else ""),
            "scoring_deadline": _deadline(round_row),
            "link": f"{_site()}/jury/{seat.key}",
        },
        now=now,
        account_id=seat.account_id,
        round_id=round_row.id,
        object_key=seat.key,
    )
    return queued is not None


def jury_words(round_id: int) -> tuple[Round, str, str, str]:
    """Return a round with its edition's name, its jury's name and its chamber's, for messages."""
    row = db.session.execute(
        select(Round, Edition.name, Region.name, Region.chamber)
        .join(Edition, Edition.id == Round.edition_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(Round.id == round_id)
    ).one()
    round_row, edition, region, chamber = row
    jury = "jury national" if region is None else f"jury régional {region}"
    return round_row, edition, jury, chamber or "ESS France"


def _deadline(round_row: Round) -> str:
    if round_row.scoring_closes_local is None:
        return "jour que vous indiquera la CRESS"
    local = datetime.fromisoformat(round_row.scoring_closes_local)
    zone = "heure de Paris" if round_row.zone == "Europe/Paris" else f"heure locale, {round_row.zone}"
    return format_datetime(local, "EEEE d MMMM y 'à' HH'\u00a0h\u00a0'mm", locale="fr") + f" ({zone})"


def _site() -> str:
    return str(current_app.config["AWARDS_PUBLIC_URL"]).rstrip("/") or "http://127.0.0.1:8000"

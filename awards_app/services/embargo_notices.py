"""Laureates told before the publication, where the edition says so: each accepts the embargo before reading anything."""

from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.domain.words import N_
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.publication import EmbargoNotice
from awards_app.queries.access import open_candidacy
from awards_app.queries.deliberations import DecisionLine, decisions_of
from awards_app.queries.embargo_notices import TELLS, edition_tells, live_notices
from awards_app.queries.responsible_people import people_responsible
from awards_app.services.held_rooms import check_no_conflict, take_room
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message


class EditionDoesNotTell(Refusal):
    """The edition does not let laureates know before the publication."""

    sentence = N_("L’édition ne prévoit pas de prévenir les lauréats avant la publication.")


def set_telling(holder: Holder, year: int, tells: bool, now: datetime) -> None:
    """Say whether laureates of an edition may be told under embargo. National staff; `DoesNotExist` to anybody else."""
    if not holder.is_national_staff:
        raise DoesNotExist
    with atomic() as session:
        edition = session.scalar(select(Edition).where(Edition.year == year).with_for_update())
        if edition is None:
            raise DoesNotExist
        if bool(edition.rules.get(TELLS, False)) == tells:
            return
        edition.rules = {**edition.rules, TELLS: tells}
        write_entry(holder, "set_telling", "edition", edition.key, now, detail={"tells": tells})


def tell_laureates(holder: Holder, round_key: str, now: datetime) -> int:
    """Write to the people responsible for each laureate of a decided round; return how many were new.

    The letter says that something waits, never what. Raises the matrix's refusal (PUB-3), `InterestConflict`,
    `EditionDoesNotTell`.
    """
    with atomic() as session:
        room, row = take_room(holder, round_key, Permission.PREVIEW_HONOURS, now)
        check_no_conflict(holder, room)
        if not edition_tells(row.edition_id):
            raise EditionDoesNotTell
        given = {
            line.candidacy_id: line
            for line in sorted(decisions_of(row.id), key=lambda line: line.confirmed_at or now)
            if line.candidacy_id is not None and line.confirmed_at is not None and not line.withdrawn
        }
        known = {
            (notice.candidacy_id, notice.account_id): notice
            for notice in session.scalars(select(EmbargoNotice).where(EmbargoNotice.round_id == row.id))
        }
        chamber = session.scalar(select(Region.chamber).where(Region.code == row.region_code)) or "ESS France"
        told = 0
        for candidacy_id, people in people_responsible(list(given)).items():
            for person in people:
                notice, line = known.get((candidacy_id, person[0])), given[candidacy_id]
                # Told of what stood before, and of nothing that was decided since.
                if notice is None or (line.confirmed_at or now) > notice.told_at:
                    _tell(row, line, person, chamber, holder, now, notice)
                    told += 1
        if told:
            write_entry(
                holder, "tell_laureates", "round", row.key, now, round_id=row.id, detail={"people": told}
            )
        return told


def _tell(
    row: Round,
    line: DecisionLine,
    person: tuple[int, str, str],
    chamber: str,
    holder: Holder,
    now: datetime,
    notice: EmbargoNotice | None,
) -> None:
    account_id, email, name = person
    if notice is None:
        notice = EmbargoNotice(round_id=row.id, candidacy_id=line.candidacy_id, account_id=account_id)
        db.session.add(notice)
    notice.told_at, notice.told_by_id, notice.accepted_at = now, holder.account_id, None
    queue_message(
        "embargo_notice",
        email,
        dedupe=f"embargo_notice:{row.key}:{line.candidacy_id}:{account_id}:{now.isoformat()}",
        values={
            "person": name,
            "link": public_address(f"/candidatures/{line.candidacy_key}/embargo"),
            "chamber": chamber,
        },
        now=now,
        account_id=account_id,
        round_id=row.id,
        object_key=line.candidacy_key or "",
    )


def accept_embargo(holder: Holder, candidacy_key: str, accepted: bool, now: datetime) -> None:
    """Accept to keep silent until the publication. Raises `DoesNotExist` for whoever was not told, `InputIsInvalid`."""
    with atomic():
        facts = open_candidacy(holder, candidacy_key, Permission.READ_OWN_CANDIDACY, now)
        if Subject.RESPONSIBLE not in facts.subjects or facts.state != "submitted":
            raise DoesNotExist
        notices = db.session.scalars(live_notices(holder.account_id, facts.id).with_for_update()).all()
        if not notices:
            raise DoesNotExist
        if not accepted:
            raise InputIsInvalid({"accepted": N_("Cochez la case pour lire ce qui vous attend.")})
        for notice in notices:
            if notice.accepted_at is None:
                notice.accepted_at = now
                write_entry(holder, "accept_embargo", "candidacy", facts.key, now, round_id=notice.round_id)

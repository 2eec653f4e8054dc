"""Laureates told under embargo: what each of them may read, and whom staff have told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Edition, Prize, Region, Round, Theme
from awards_app.models.publication import EmbargoNotice
from awards_app.models.structures import Structure
from awards_app.queries.access import open_candidacy

TELLS = "laureates_told_under_embargo"


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """What a laureate reads of one round's decision: the prizes, the jury's words, until when to keep silent."""

    jury: str
    prizes: tuple[str, ...]
    theme: str
    citation: str
    embargo_at: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class EmbargoReading:
    """A laureate's page under embargo: ``decisions`` is empty until the person has accepted the embargo."""

    title: str
    structure: str
    is_accepted: bool
    lifts_at: datetime | None
    zone: str
    decisions: tuple[ToldDecision, ...]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One person told under embargo, as staff see it."""

    structure: str
    name: str
    told_at: datetime
    accepted_at: datetime | None


def live_notices(account_id: int, candidacy_id: int) -> Select[EmbargoNotice]:
    """Return the notices of a person on a candidacy whose round is decided and where a decision they told of stands."""
    stands = (
        select(Decision.id)
        .where(
            Decision.round_id == EmbargoNotice.round_id,
            Decision.candidacy_id == EmbargoNotice.candidacy_id,
            Decision.annulled_at.is_(None),
            # What was decided since is told anew, or not at all.
            Decision.confirmed_at <= EmbargoNotice.told_at,
        )
        .exists()
    )
    return (
        select(EmbargoNotice)
        .join(Round, Round.id == EmbargoNotice.round_id)
        .where(
            EmbargoNotice.account_id == account_id,
            EmbargoNotice.candidacy_id == candidacy_id,
            Round.phase == Phase.DECIDED.value,
            stands,
        )
        .order_by(EmbargoNotice.id)
    )


def has_notice(holder: Holder, candidacy_id: int) -> bool:
    """Say whether something waits under embargo for this person on a candidacy of theirs (one query)."""
    return db.session.scalar(live_notices(holder.account_id, candidacy_id).limit(1)) is not None


def embargo_reading(holder: Holder, candidacy_key: str, now: datetime) -> EmbargoReading:
    """Return a laureate's page under embargo. Raises `DoesNotExist` for whoever was not told, or no longer is."""
    facts = open_candidacy(holder, candidacy_key, Permission.READ_OWN_CANDIDACY, now)
    if Subject.RESPONSIBLE not in facts.subjects or facts.state != "submitted":
        raise DoesNotExist
    notices = db.session.scalars(live_notices(holder.account_id, facts.id)).all()
    if not notices:
        raise DoesNotExist
    is_accepted = all(notice.accepted_at is not None for notice in notices)
    told = _decisions([notice.id for notice in notices])
    structure = db.session.scalars(select(Structure.name).where(Structure.id == facts.structure_id)).one()
    last = max(told, key=lambda one: (one.embargo_at is not None, one.embargo_at))
    return EmbargoReading(
        facts.title, structure, is_accepted, last.embargo_at, last.zone, told if is_accepted else ()
    )


def _decisions(notice_ids: list[int]) -> tuple[ToldDecision, ...]:
    rows = db.session.execute(
        select(Round.id, Region.name, Prize.name, Theme.name, Decision.citation, Round.embargo_at, Round.zone)
        .select_from(EmbargoNotice)
        .join(
            Decision,
            (Decision.round_id == EmbargoNotice.round_id)
            & (Decision.candidacy_id == EmbargoNotice.candidacy_id),
        )
        .join(Round, Round.id == Decision.round_id)
        .join(Prize, Prize.id == Decision.prize_id)
        .outerjoin(Theme, Theme.id == Decision.theme_id)
        .outerjoin(Region, Region.code == Round.region_code)
        .where(
            EmbargoNotice.id.in_(notice_ids),
            Decision.annulled_at.is_(None),
            Decision.confirmed_at <= EmbargoNotice.told_at,
        )
        .order_by(Round.id, Prize.position, Decision.id)
    ).all()
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return tuple(
        ToldDecision(
            jury=own[0][1] or "",
            prizes=tuple(row[2] for row in own),
            theme=next((row[3] for row in own if row[3]), ""),
            citation=next((row[4] for row in own if row[4]), ""),
            embargo_at=own[0][5],
            zone=own[0][6],
        )
        for own in found.values()
    )


def told_people(round_id: int) -> tuple[ToldLine, ...]:
    """Return whom staff have told in a round, and who accepted (one query)."""
    rows = db.session.execute(
        select(Structure.name, Account.name, EmbargoNotice.told_at, EmbargoNotice.accepted_at)
        .join(Candidacy, Candidacy.id == EmbargoNotice.candidacy_id)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Account, Account.id == EmbargoNotice.account_id)
        .where(EmbargoNotice.round_id == round_id)
        .order_by(Structure.sort_key, EmbargoNotice.id)
    )
    return tuple(ToldLine(*row) for row in rows)


def edition_tells(edition_id: int) -> bool:
    """Say whether the edition lets laureates be told under embargo; it does not unless it says so."""
    rules = db.session.scalar(select(Edition.rules).where(Edition.id == edition_id)) or {}
    return bool(rules.get(TELLS, False))

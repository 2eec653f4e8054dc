"""Readings of texts written to many: whom one reaches at this instant, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import aliased

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.mailings import Audience
from awards_app.domain.national import entry_is_known
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Region, Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.models.mailings import Mailing
from awards_app.models.messages import Message
from awards_app.models.structures import Membership, Structure
from awards_app.queries.access import RoundFacts, open_round

# Phases of a region from which its candidates know who was sent up.
KNOWN = tuple(phase.value for phase in Phase if entry_is_known(phase))


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody that a text reaches, with what the words in braces say to them."""

    account_id: int
    email: str
    name: str
    object_key: str
    structure: str


@dataclass(frozen=True, slots=True)
class MailingFacts:
    """A text, whom it reaches now, and what became of it."""

    round: RoundFacts
    id: int
    key: str
    audience: Audience
    subject: str
    body: str
    state: str
    reach: int
    first: Reached | None
    counts: dict[str, int]


def mailing_of(holder: Holder, round_key: str, mailing_key: str, now: datetime) -> MailingFacts:
    """Return a text of a round (six queries). Raises `DoesNotExist` or the matrix's refusal."""
    facts = open_round(holder, round_key, Permission.SEND_BULK_MESSAGE, now)
    row = db.session.scalar(select(Mailing).where(Mailing.key == mailing_key, Mailing.round_id == facts.id))
    if row is None:
        raise DoesNotExist
    audience = Audience(row.audience)
    people = people_query(audience, facts.id)
    first = db.session.execute(people.limit(1)).one_or_none()
    return MailingFacts(
        round=facts,
        id=row.id,
        key=row.key,
        audience=audience,
        subject=row.subject,
        body=row.body,
        state=row.state,
        reach=reach_of(audience, facts.id),
        first=Reached(*first) if first is not None else None,
        counts={} if row.state == "draft" else _counts(row.key),
    )


def reach_of(audience: Audience, round_id: int) -> int:
    """Return how many people a text for ``audience`` reaches now."""
    people = people_query(audience, round_id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(people)) or 0


def chamber_of(round_id: int) -> str:
    """Return who signs the messages of a round."""
    return (
        db.session.scalar(
            select(Region.chamber).join(Round, Round.region_code == Region.code).where(Round.id == round_id)
        )
        or "ESS France"
    )


def people_query(audience: Audience, round_id: int) -> Select[*tuple[Any, ...]]:
    """Return the query of the people of an audience, each once, in the order of accounts."""
    return _jurors(round_id) if audience is Audience.JURY else _candidates(audience, round_id)


def _candidates(audience: Audience, round_id: int) -> Select[*tuple[Any, ...]]:
    sent = aliased(Candidacy)
    # A file is told that it was sent up by its own region's publication: until then the nation writes to none of it.
    entries = (
        select(NationalEntry.candidacy_id)
        .join(sent, sent.id == NationalEntry.candidacy_id)
        .join(Round, Round.id == sent.round_id)
        .where(
            NationalEntry.round_id == round_id,
            NationalEntry.ended_at.is_(None),
            Round.phase.in_(KNOWN),
        )
    )
    query = (
        select(
            Account.id,
            Account.email,
            Account.name,
            func.min(Candidacy.key).label("object_key"),
            func.min(Structure.name).label("structure"),
        )
        .join(Membership, Membership.account_id == Account.id)
        .join(Structure, Structure.id == Membership.structure_id)
        .join(Candidacy, Candidacy.structure_id == Structure.id)
        .where(
            (Candidacy.round_id == round_id) | Candidacy.id.in_(entries),
            Candidacy.state == ("draft" if audience is Audience.DRAFTS else "submitted"),
            Membership.accepted_at.is_not(None),
            Membership.left_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .group_by(Account.id, Account.email, Account.name)
        .order_by(Account.id)
    )
    return query if audience is Audience.DRAFTS else query.where(Membership.standing == "responsible")


def _jurors(round_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Account.id,
            Account.email,
            Account.name,
            func.min(Seat.key).label("object_key"),
            literal("").label("structure"),
        )
        .join(Seat, Seat.account_id == Account.id)
        .where(
            Seat.round_id == round_id,
            Seat.accepted_at.is_not(None),
            Seat.left_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .group_by(Account.id, Account.email, Account.name)
        .order_by(Account.id)
    )


def _counts(mailing_key: str) -> dict[str, int]:
    stem = f"mailing:{mailing_key}:"
    rows = db.session.execute(
        select(Message.state, func.count())
        .where(Message.dedupe >= stem, Message.dedupe < f"mailing:{mailing_key};")
        .group_by(Message.state)
    )
    return {row[0]: row[1] for row in rows}

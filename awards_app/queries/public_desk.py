"""What staff may still add to the honours of a published round: photos, chosen among what was filed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.uploads import INFECTED, WAITING
from awards_app.models.candidacies import Attachment, Candidacy
from awards_app.models.editions import Round
from awards_app.models.honours import Honour
from awards_app.models.public_pages import HonourPhoto
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.deliberations import decided_filings

PICTURES = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class DeskHonour:
    """A published distinction on the desk, with the words of its photo when it has one."""

    id: int
    slug: str
    structure: str
    prize: str
    level: str
    distinction: str
    decision_id: int | None
    alternative: str | None
    credit: str | None
    rights: str | None


@dataclass(frozen=True, slots=True)
class FiledPicture:
    """An image that was filed with the candidacy, readable by the chamber."""

    key: str
    candidacy_key: str
    # The round whose chamber reads it.
    round_key: str
    name: str
    media_type: str
    sha256: str
    storage_key: str


_HONOURS = select(
    Honour.id,
    Honour.slug,
    Honour.structure_name,
    Honour.prize_name,
    Honour.level,
    Honour.distinction,
    Honour.decision_id,
    HonourPhoto.alternative,
    HonourPhoto.credit,
    HonourPhoto.rights,
).outerjoin(HonourPhoto, HonourPhoto.honour_id == Honour.id)


def desk_honours(holder: Holder, round_key: str, now: datetime) -> tuple[RoundFacts, tuple[DeskHonour, ...]]:
    """Return a round that ``holder`` writes the pages of (SET-3), with its published distinctions; none before publication.

    Raises the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.CHANGE_WORDING, now)
    if facts.phase not in (Phase.PUBLISHED, Phase.ARCHIVED):
        return facts, ()
    rows = db.session.execute(_of_round(facts).order_by(Honour.sort_key, Honour.id))
    return facts, tuple(DeskHonour(*row) for row in rows)


def desk_honour(
    holder: Holder, round_key: str, slug: str, now: datetime
) -> tuple[RoundFacts, DeskHonour, tuple[FiledPicture, ...]]:
    """Return one published distinction of a round with the images filed by its structure.

    Raises `DoesNotExist` or the matrix's refusal.
    """
    facts = open_round(holder, round_key, Permission.CHANGE_WORDING, now)
    row = None
    if facts.phase in (Phase.PUBLISHED, Phase.ARCHIVED):
        row = db.session.execute(_of_round(facts).where(Honour.slug == slug)).one_or_none()
    if row is None:
        raise DoesNotExist
    honour = DeskHonour(*row)
    return facts, honour, _filed_pictures(honour.decision_id)


def _of_round(facts: RoundFacts) -> Select[*tuple[Any, ...]]:
    query = _HONOURS.where(
        Honour.year == facts.year, Honour.level == facts.level, Honour.retracted_at.is_(None)
    )
    return query if facts.region_code is None else query.where(Honour.region_code == facts.region_code)


def _filed_pictures(decision_id: int | None) -> tuple[FiledPicture, ...]:
    filing = decided_filings([decision_id]).get(decision_id) if decision_id is not None else None
    if filing is None:
        return ()
    held = {
        one["key"]: one
        for one in json.loads(filing.content).get("attachments", ())
        if one["audience"] != "staff"
    }
    rows = db.session.execute(
        select(
            Attachment.key,
            Candidacy.key,
            Round.key,
            Attachment.clean_name,
            Attachment.media_type,
            Attachment.sha256,
            Attachment.storage_key,
        )
        .join(Candidacy, Candidacy.id == Attachment.candidacy_id)
        .join(Round, Round.id == Candidacy.round_id)
        .where(
            Attachment.key.in_(held),
            Attachment.media_type.in_(PICTURES),
            Attachment.scan_state.not_in((WAITING, INFECTED)),
        )
        .order_by(Attachment.id)
    )
    return tuple(FiledPicture(*row) for row in rows)

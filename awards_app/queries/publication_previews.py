"""What the public will read of a decided round, for who may preview it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.editions import Round
from awards_app.queries.access import RoundFacts, open_round
from awards_app.queries.deliberations import desk_of
from awards_app.queries.honour_values import honours_to_come
from awards_app.queries.honours import HonourLine


@dataclass(frozen=True, slots=True)
class HonoursPreview:
    """A decided round, the instant its embargo lifts, and its honours as they will be published."""

    round: RoundFacts
    embargo_at: datetime | None
    lines: tuple[HonourLine, ...]


def honours_preview(holder: Holder, round_key: str, now: datetime) -> HonoursPreview:
    """Return the preview of a round's public pages. Raises the matrix's refusal (PUB-3)."""
    facts = open_round(holder, round_key, Permission.PREVIEW_HONOURS, now)
    embargo_at = db.session.scalar(select(Round.embargo_at).where(Round.id == facts.id))
    return HonoursPreview(facts, embargo_at, honours_to_come(desk_of(facts.id)))

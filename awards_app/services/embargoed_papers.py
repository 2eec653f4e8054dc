"""Papers that leave before the publication: each copy bears who obtained it, and when."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.pdf import EmbargoMark
from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.phases import Phase
from awards_app.models.certificates import Certificate
from awards_app.models.editions import Round
from awards_app.queries.minutes import watermark_of


def mark_of_certificate(holder: Holder, certificate_id: int, now: datetime) -> Callable[[bytes], bytes]:
    """Return what is done to a certificate before ``holder`` gets it: marked while its decision is under embargo."""
    row = db.session.execute(
        select(Round.phase, Round.zone, Certificate.decision_id)
        .join(Round, Round.id == Certificate.round_id)
        .where(Certificate.id == certificate_id)
    ).one()
    if row.decision_id is None:
        return bytes
    return mark_of_round(holder, row.phase, row.zone, now)


def mark_of_round(holder: Holder, phase: str, zone: str, now: datetime) -> Callable[[bytes], bytes]:
    """Return what is done to the papers of a round's decisions before ``holder`` gets them."""
    if phase != Phase.DECIDED.value:
        return bytes
    return EmbargoMark(watermark_of(holder.email, now, zone)).on

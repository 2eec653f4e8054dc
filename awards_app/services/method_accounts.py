"""How a round was decided, written for the public with its publication; names of the panel when the edition says so."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.editions import Edition, Round
from awards_app.models.public_pages import MethodAccount
from awards_app.queries.access import open_round
from awards_app.queries.deliberations import Desk, desk_of
from awards_app.queries.method_accounts import NATIONAL, PANEL_RULE, account_content
from awards_app.services.journal import write_entry

PUBLIC = (Phase.PUBLISHED.value, Phase.ARCHIVED.value)


def write_account(desk: Desk, now: datetime) -> None:
    """Write, or write again, how a round was decided; joins the transaction of its publication."""
    with atomic() as session:
        place = desk.round.region_code or NATIONAL
        row = session.scalar(
            select(MethodAccount).where(MethodAccount.year == desk.round.year, MethodAccount.place == place)
        )
        content = account_content(desk)
        if row is None:
            session.add(MethodAccount(year=desk.round.year, place=place, content=content, published_at=now))
        else:
            row.content = content
        session.flush()


def publish_panels(holder: Holder, round_key: str, are_public: bool, now: datetime) -> None:
    """Settle whether an edition publishes who sat in its juries, for its national staff (SET-3); journaled.

    What is already published is written again at once. Raises `DoesNotExist` for a regional round, or the matrix's refusal.
    """
    with atomic() as session:
        facts = open_round(holder, round_key, Permission.CHANGE_WORDING, now)
        if facts.region_code is not None:
            raise DoesNotExist
        edition = session.get_one(Edition, facts.edition_id, with_for_update=True)
        edition.rules = {**edition.rules, PANEL_RULE: are_public}
        session.flush()
        rounds = session.scalars(
            select(Round.id)
            .where(Round.edition_id == facts.edition_id, Round.phase.in_(PUBLIC))
            .order_by(Round.id)
        ).all()
        for round_id in rounds:
            write_account(desk_of(round_id), now)
        write_entry(
            holder,
            "publish_panels",
            "round",
            round_key,
            now,
            round_id=facts.id,
            detail={"are_public": are_public},
        )

"""What stands published is put right where it stands: an amount that no longer holds, a name that was misspelt."""

from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.text import sort_key
from awards_app.models.deliberations import Decision
from awards_app.models.honours import Honour
from awards_app.queries.deliberations import Desk
from awards_app.queries.honour_values import amount_of
from awards_app.services.publication import BEARERS


def note_of(reason: str, zone: str, now: datetime) -> str:
    """Return the erratum that the public reads."""
    return f"Rectificatif du {day_fr(now, zone)} : {reason}"


def settle_amounts(desk: Desk, note: str, now: datetime) -> None:
    """Give each published honour of a table the amount of its prize and of the endowments that it bears.

    What changes bears the erratum. Joins the caller's transaction, which holds the round.
    """
    with atomic() as session:
        lines = {line.id: line for line in desk.decisions}
        held = session.scalars(
            select(Honour)
            .where(Honour.decision_id.in_(lines), Honour.retracted_at.is_(None))
            .order_by(Honour.distinction != "laureate", Honour.id)
        ).all()
        honours = {honour.decision_id: honour for honour in held}
        amounts = {key: amount_of(desk.prize(lines[key].prize_id)) or 0 for key in honours if key is not None}
        bearers: dict[int | None, int] = {}
        for key in amounts:
            if desk.prize(lines[key].prize_id).outcome in BEARERS:
                bearers.setdefault(lines[key].candidacy_id, key)
        for line in desk.decisions:
            prize, bearer = desk.prize(line.prize_id), bearers.get(line.candidacy_id)
            if prize.outcome == "endowment" and line.id not in honours and bearer is not None:
                amounts[bearer] += amount_of(prize) or 0
        for key, amount in amounts.items():
            honour = honours[key]
            if honour.amount != (amount or None):
                honour.amount, honour.erratum, honour.published_at = amount or None, note, now
        session.flush()


def correct_name(candidacy_id: int, round_id: int, name: str, note: str, now: datetime) -> None:
    """Write a structure's corrected name on each of its published honours of a round; joins the caller's transaction.

    Their addresses stay.
    """
    with atomic() as session:
        decisions = select(Decision.id).where(
            Decision.round_id == round_id, Decision.candidacy_id == candidacy_id
        )
        session.execute(
            update(Honour)
            .where(
                Honour.decision_id.in_(decisions),
                Honour.retracted_at.is_(None),
                Honour.structure_name != name,
            )
            .values(structure_name=name, sort_key=sort_key(name), erratum=note, published_at=now)
            .execution_options(synchronize_session="fetch")
        )

"""What stands published is put right where it stands: an amount that no longer holds, a name that was misspelt."""

from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.honours import identity_of
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.text import sort_key
from awards_app.models.deliberations import Decision
from awards_app.models.honours import Honour
from awards_app.queries.deliberations import DecisionLine, Desk, decided_filings
from awards_app.queries.honour_values import amount_of
from awards_app.services.publication import BEARERS, write_honour


def note_of(reason: str, zone: str, now: datetime) -> str:
    """Return the erratum that the public reads."""
    return f"Rectificatif du {day_fr(now, zone)} : {reason}"


def settle_amounts(desk: Desk, note: str, now: datetime) -> None:
    """Give each published honour of a table the amount of its prize and of the endowments that it bears.

    What changes bears the erratum; an endowment that nothing bears any more becomes an honour of its own. Joins the caller's transaction, which holds the round.
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
        alone = []
        for line in desk.decisions:
            prize, bearer = desk.prize(line.prize_id), bearers.get(line.candidacy_id)
            if prize.outcome != "endowment" or line.id in honours or line.candidacy_id is None:
                continue
            if bearer is None:
                alone.append(line)
            else:
                amounts[bearer] += amount_of(prize) or 0
        for key, amount in amounts.items():
            honour = honours[key]
            if honour.amount != (amount or None):
                honour.amount, honour.erratum, honour.published_at = amount or None, note, now
        session.flush()
        _write_alone(desk, alone, note, now)


def _write_alone(desk: Desk, lines: list[DecisionLine], note: str, now: datetime) -> None:
    """Give a page of its own to each endowment whose structure lost the title that bore it."""
    filings = decided_filings(line.id for line in lines) if lines else {}
    for line in lines:
        # The name as it was last published, corrections included.
        name = db.session.scalar(
            select(Honour.structure_name)
            .join(Decision, Decision.id == Honour.decision_id)
            .where(Decision.round_id == desk.round.id, Decision.candidacy_id == line.candidacy_id)
            .order_by(Honour.published_at.desc(), Honour.id.desc())
            .limit(1)
        )
        write_honour(desk, line, filings[line.id].content, now, erratum=note, name=name or "")


def correct_words(honour: Honour, decision: Decision, note: str, now: datetime) -> None:
    """Put right what is published of a structure that keeps its distinction; joins the caller's transaction.

    Its address, its photo and its corrected name stay: nothing of it was withdrawn.
    """
    with atomic() as session:
        honour.decision_id, honour.identity = decision.id, identity_of(decision.key)
        honour.citation, honour.erratum, honour.published_at = decision.citation, note, now
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

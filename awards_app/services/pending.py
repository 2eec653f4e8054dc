"""Acts that need two persons: the first proposes, another one with the other right confirms within a day."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.permissions import Subject
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.words import N_
from awards_app.models.accounts import PendingAct
from awards_app.models.editions import Round
from awards_app.services.journal import write_entry

LIFETIME = timedelta(hours=24)
# What was proposed in one phase is another act in the next: it is not confirmed there.
OF_ONE_PHASE = (
    "annul_decision",
    "arm_publication",
    "cancel_ballot",
    "lift_recusal",
    "publish_now",
    "set_embargo",
    "shorten_deadline",
    "unlock_scoring",
    "waive_scoresheet",
)


class ActAwaitsAnotherPerson(Refusal):
    """The same person cannot confirm what they proposed."""

    sentence = N_("Une autre personne doit confirmer : vous avez proposé cette action.")


class ActIsSettled(Refusal):
    """The proposed act was confirmed, refused, or expired."""

    sentence = N_("Cette proposition n’attend plus de confirmation.")


def propose(
    holder: Holder,
    verb: str,
    object_key: str,
    now: datetime,
    *,
    round_id: int,
    proposed_as: Subject,
    reason: str = "",
    arguments: dict[str, object] | None = None,
) -> str:
    """Record a proposed act and return its key. A live proposal of the same act is returned as it is."""
    with atomic() as session:
        live = find_pending(verb, object_key, now)
        if live is not None:
            return live.key
        act = PendingAct(
            verb=verb,
            round_id=round_id,
            object_key=object_key,
            arguments=json.dumps(arguments or {}),
            reason=reason,
            proposed_by_id=holder.account_id,
            proposed_as=proposed_as.value,
            proposed_at=now,
            expires_at=now + LIFETIME,
        )
        session.add(act)
        session.flush()
        write_entry(
            holder,
            f"propose_{verb}",
            "pending_act",
            act.key,
            now,
            round_id=round_id,
            outcome="pending",
            detail={"object": object_key, "reason": reason},
        )
        return act.key


def find_pending(verb: str, object_key: str, now: datetime) -> PendingAct | None:
    """Return the live proposal of ``verb`` on an object, if there is one."""
    return db.session.scalar(
        select(PendingAct)
        .where(
            PendingAct.verb == verb,
            PendingAct.object_key == object_key,
            PendingAct.settled_at.is_(None),
            PendingAct.expires_at > now,
        )
        .with_for_update()
    )


def settle(holder: Holder, act: PendingAct | None, now: datetime, *, confirmed: bool) -> dict[str, object]:
    """Close a proposal and return its arguments; the caller does the act itself in the same transaction.

    Raises `ActAwaitsAnotherPerson` when ``holder`` proposed it (they may still take it back), `ActIsSettled` when late.
    """
    if act is None:
        raise DoesNotExist
    if act.settled_at is not None or act.expires_at <= now:
        raise ActIsSettled
    if confirmed and act.proposed_by_id == holder.account_id:
        raise ActAwaitsAnotherPerson
    act.settled_at = now
    act.settled_by_id = holder.account_id
    act.outcome = "confirmed" if confirmed else "refused"
    return dict(json.loads(act.arguments))


def expire(act: PendingAct, now: datetime) -> None:
    """Close a proposal that nobody may confirm any more, in the caller's transaction."""
    act.settled_at, act.outcome = now, "expired"
    write_entry(
        SCHEDULER,
        f"expire_{act.verb}",
        "pending_act",
        act.key,
        now,
        round_id=act.round_id,
        outcome="expired",
        detail={"object": act.object_key},
    )


def expire_of_person(account_id: int, proposed_as: Subject, region_code: str | None, now: datetime) -> None:
    """Close what a person proposed by a right that ends, in the caller's transaction; of every round without a region."""
    query = select(PendingAct).where(
        PendingAct.proposed_by_id == account_id,
        PendingAct.proposed_as == proposed_as.value,
        PendingAct.settled_at.is_(None),
    )
    if region_code is not None:
        query = query.where(PendingAct.round_id.in_(select(Round.id).where(Round.region_code == region_code)))
    for act in db.session.scalars(query.order_by(PendingAct.id).with_for_update()).all():
        expire(act, now)


def expire_of_seat(account_id: int | None, round_id: int, now: datetime) -> None:
    """Close what a person proposed in a round as its chair, when their seat there ends; in the caller's transaction."""
    chairs = (Subject.CHAIR.value, Subject.NATIONAL_CHAIR.value)
    for act in db.session.scalars(
        select(PendingAct)
        .where(
            PendingAct.proposed_by_id == account_id,
            PendingAct.round_id == round_id,
            PendingAct.proposed_as.in_(chairs),
            PendingAct.settled_at.is_(None),
        )
        .order_by(PendingAct.id)
        .with_for_update()
    ).all():
        expire(act, now)


def expire_of_round(round_id: int, now: datetime) -> None:
    """Close what waits in a round that moves to another phase, in the caller's transaction."""
    for act in db.session.scalars(
        select(PendingAct)
        .where(
            PendingAct.round_id == round_id,
            PendingAct.verb.in_(OF_ONE_PHASE),
            PendingAct.settled_at.is_(None),
        )
        .order_by(PendingAct.id)
        .with_for_update()
    ).all():
        expire(act, now)

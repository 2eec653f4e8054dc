"""What waits for a second person, in one place: each act is done by its own room, asked a second time."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.words import N_
from awards_app.models.accounts import PendingAct
from awards_app.models.editions import Round
from awards_app.queries.pending import PendingLine, pending_acts
from awards_app.services.journal import write_entry
from awards_app.services.pending import ActAwaitsAnotherPerson, expire, settle
from awards_app.services.rows_apart import each_apart

DONE = "done"
PENDING = "pending"

ACT_LABELS: dict[str, str] = {
    "unlock_scoring": N_("Rouvrir la notation"),
    "waive_scoresheet": N_("Dispenser d’une fiche manquante"),
    "lift_recusal": N_("Lever un déport"),
    "annul_decision": N_("Annuler une décision"),
    "cancel_ballot": N_("Annuler un vote compté"),
    "arm_publication": N_("Programmer la publication"),
    "publish_now": N_("Publier maintenant"),
    "revoke_certificate": N_("Révoquer un certificat"),
    "grant_role": N_("Donner un rôle"),
    "revoke_role": N_("Retirer un rôle"),
    "shorten_deadline": N_("Avancer la date limite de dépôt"),
    "set_embargo": N_("Avancer la fin de l’embargo"),
    "replace_entry": N_("Remplacer la candidature envoyée au jury national"),
}


class Proposal:
    """A proposed act as its room needs it to do it: its object, its round, its reason and its arguments."""

    def __init__(self, act: PendingAct, round_key: str | None) -> None:
        self.key = act.key
        self.object_key = act.object_key
        self.round_key = round_key or ""
        self.reason = act.reason
        self.arguments: Mapping[str, Any] = json.loads(act.arguments)


# A room's service, and what it is called with after the holder and before the instant.
Call = tuple[str, Callable[[Proposal], tuple[Any, ...]]]
CALLS: dict[str, Call] = {
    "unlock_scoring": ("scoring:unlock_scoring", lambda act: (act.object_key, act.reason)),
    "waive_scoresheet": (
        "scoring:waive_scoresheet",
        lambda act: (act.arguments["seat"], act.arguments["candidacy"], act.reason),
    ),
    "lift_recusal": (
        "juries:lift_recusal",
        lambda act: (act.arguments["seat"], act.arguments["candidacy"], act.reason),
    ),
    "grant_role": ("roles:confirm_role_act", lambda act: (act.key,)),
    "revoke_role": ("roles:confirm_role_act", lambda act: (act.key,)),
    "shorten_deadline": (
        "deadlines:confirm_shortening",
        lambda act: (
            act.object_key,
            act.arguments["local"],
            act.arguments["fold"],
            act.arguments.get("zone"),
            act.reason,
        ),
    ),
    "annul_decision": (
        "annulments:confirm_annulment",
        lambda act: (act.object_key, act.arguments["replacement"], act.reason),
    ),
    "replace_entry": (
        "national_entries:confirm_replacement",
        lambda act: (act.object_key, act.arguments["replacement"], act.reason),
    ),
    "cancel_ballot": ("voting:cancel_ballot", lambda act: (act.object_key, act.reason)),
    "revoke_certificate": (
        "certificates:confirm_revocation",
        lambda act: (act.object_key, act.arguments.get("corrected_name", ""), act.reason),
    ),
}
# Acts whose second person reads back too: they are confirmed at the round's own desk.
DESKS = {"arm_publication": "publication", "publish_now": "publication", "set_embargo": "publication"}


def pending_lines(holder: Holder, now: datetime) -> tuple[PendingLine, ...]:
    """Return what waits for a second person where ``holder`` has a say, their own proposals included."""
    return pending_acts(holder, now)


def confirm(holder: Holder, key: str, now: datetime) -> str:
    """Do a proposed act as its second person; return « done », or « pending » when the other right is still missing.

    The room's own service asks for its permission again. Raises `ActAwaitsAnotherPerson`, `DoesNotExist`, or what
    the room refuses with.
    """
    line = _line(holder, key, now)
    if line.is_mine:
        raise ActAwaitsAnotherPerson
    if line.verb not in CALLS:
        raise DoesNotExist
    address, arguments = CALLS[line.verb]
    module, _, function = address.partition(":")
    service = getattr(import_module(f"awards_app.services.{module}"), function)
    with atomic():
        proposal = _proposal(key)
        outcome = service(holder, *arguments(proposal), now)
        act = db.session.scalar(select(PendingAct).where(PendingAct.key == key))
        settled = act is not None and act.settled_at is not None
    return DONE if outcome == DONE or settled else PENDING


def refuse(holder: Holder, key: str, now: datetime) -> None:
    """Set a proposal aside: by who proposed it, or by somebody who has a say in its round."""
    line = _line(holder, key, now)
    with atomic() as session:
        act = session.scalar(select(PendingAct).where(PendingAct.key == key).with_for_update())
        settle(holder, act, now, confirmed=False)
        write_entry(
            holder,
            f"refuse_{line.verb}",
            "pending_act",
            key,
            now,
            round_id=act.round_id if act else None,
            outcome="refused",
            detail={"object": line.object_key},
        )


def expire_pending(now: datetime) -> int:
    """Close the proposals that nobody confirmed within their day; return how many."""
    late = db.session.scalars(
        select(PendingAct.key).where(PendingAct.settled_at.is_(None), PendingAct.expires_at <= now)
    ).all()
    return len(each_apart(lambda key: _expire_one(key, now), late))


def _expire_one(key: str, now: datetime) -> None:
    with atomic() as session:
        act = session.scalar(
            select(PendingAct).where(PendingAct.key == key, PendingAct.settled_at.is_(None)).with_for_update()
        )
        if act is not None:
            expire(act, now)


def _line(holder: Holder, key: str, now: datetime) -> PendingLine:
    for line in pending_acts(holder, now):
        if line.key == key:
            return line
    raise DoesNotExist


def _proposal(key: str) -> Proposal:
    row = db.session.execute(
        select(PendingAct, Round.key)
        .outerjoin(Round, Round.id == PendingAct.round_id)
        .where(PendingAct.key == key)
        .with_for_update(of=PendingAct)
    ).one_or_none()
    if row is None:
        raise DoesNotExist
    return Proposal(row[0], row[1])

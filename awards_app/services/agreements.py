"""Two persons, one act: the first call proposes, the second by the other right confirms."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Subject
from awards_app.domain.refusals import IsForbidden, Refusal
from awards_app.domain.words import N_
from awards_app.services.pending import expire, find_pending, propose, settle

PENDING = "pending"
DONE = "done"


class AnotherProposalWaits(Refusal):
    """The second person typed something else than what the first proposed: neither is agreed."""

    sentence = N_(
        "Une autre proposition attend déjà une confirmation. Confirmez-la telle quelle, ou refusez-la pour proposer la vôtre."
    )


def agree(
    holder: Holder,
    verb: str,
    object_key: str,
    sides: tuple[Subject, Subject],
    subjects: Iterable[Subject],
    now: datetime,
    *,
    round_id: int,
    reason: str = "",
    arguments: dict[str, object] | None = None,
    must_match: bool = False,
) -> dict[str, object] | None:
    """Return the agreed arguments, or None while the act waits for the other side; joins the caller's transaction.

    ``sides`` are the two rights of the matrix's « + »; ``subjects`` what the person is here. The first proposal's
    arguments and reason are those that count; with ``must_match`` the second person gives the same arguments, and a new
    proposal of the first person replaces the former. Raises `IsForbidden` for somebody of neither side,
    `AnotherProposalWaits`.
    """
    mine = [side for side in sides if side in frozenset(subjects)]
    if not mine:
        raise IsForbidden
    act = find_pending(verb, object_key, now)
    if act is not None and must_match and json.loads(act.arguments) != (arguments or {}):
        if act.proposed_by_id != holder.account_id:
            raise AnotherProposalWaits
        expire(act, now)
    elif act is not None and act.proposed_by_id != holder.account_id:
        other = [side for side in sides if side.value != act.proposed_as]
        if any(side in mine for side in other):
            agreed = settle(holder, act, now, confirmed=True)
            return {"reason": act.reason, "proposed_by_id": act.proposed_by_id, **agreed}
        return None
    propose(
        holder,
        verb,
        object_key,
        now,
        round_id=round_id,
        proposed_as=mine[0],
        reason=reason,
        arguments=arguments,
    )
    return None


def key_of(*parts: str) -> str:
    """Return one key for an object that several keys name together."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]

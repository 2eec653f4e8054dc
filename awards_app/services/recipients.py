"""Whether a message still has somebody to go to, asked at the instant it leaves: what was right when it was written may not be."""

from sqlalchemy import exists, or_, select

from awards_app.database import db
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.models.messages import Message
from awards_app.models.structures import Membership
from awards_app.queries.candidate_accounts import is_readable
from awards_app.queries.embargo_notices import live_notices

ACCOUNT_READY = "account_ready"
EMBARGO_NOTICE = "embargo_notice"
# Only to who answers for the structure.
FOR_RESPONSIBLE = frozenset(
    {
        "admissible",
        "not_admissible",
        "decision_selected",
        "decision_not_selected",
        "decision_corrected",
        "decision_withdrawn",
        "certificate_ready",
        ACCOUNT_READY,
        EMBARGO_NOTICE,
    }
)
# Of no use once the file is withdrawn or deleted.
FOR_LIVE_FILES = (FOR_RESPONSIBLE - {"decision_withdrawn"}) | {
    "correction_requested",
    "correction_moved",
    "correction_reminder",
    "filing_reminder",
    "draft_reminder",
    "call_reopened",
    "deadline_changed",
    "mailing",
}
CLOSED = "compte fermé"
WITHDRAWN = "candidature retirée"
LEFT_STRUCTURE = "n’est plus responsable de la structure"
LEFT_JURY = "ne fait plus partie du jury"
NO_LINK = "n’a plus de rôle ni de place ici"
TAKEN_BACK = "compte rendu repris par le jury"
FALLEN = "décision annulée"


def settle_recipient(message: Message) -> str:
    """Put the person's present address on a message about a file; return why it has nobody to go to any more, or ""."""
    account = None
    if message.account_id is not None:
        account = db.session.get(Account, message.account_id, populate_existing=True)
        if account is None or account.disabled_at is not None:
            return CLOSED
    if not message.object_key:
        return ""
    candidacy = db.session.scalar(select(Candidacy).where(Candidacy.key == message.object_key))
    if candidacy is not None:
        reason = _about_a_file(message, candidacy)
        if not reason and account is not None:
            message.recipient = account.email
        return reason
    seat = db.session.scalar(select(Seat).where(Seat.key == message.object_key))
    if seat is not None and seat.left_at is not None and seat.account_id == message.account_id:
        return LEFT_JURY
    return ""


def _about_a_file(message: Message, candidacy: Candidacy) -> str:
    if message.kind in FOR_LIVE_FILES and candidacy.state in ("withdrawn", "deleted"):
        return WITHDRAWN
    if message.account_id is None:
        return ""
    if message.kind in FOR_RESPONSIBLE:
        if not _is_member(message.account_id, candidacy, "responsible"):
            return LEFT_STRUCTURE
        if message.kind == EMBARGO_NOTICE:
            waits = db.session.scalar(live_notices(message.account_id, candidacy.id).limit(1)) is not None
            return "" if waits else FALLEN
        return TAKEN_BACK if _leads_nowhere(message, candidacy) else ""
    is_concerned = (
        _is_member(message.account_id, candidacy)
        or _has_role(message.account_id, candidacy)
        or _sits(message.account_id, candidacy)
    )
    return "" if is_concerned else NO_LINK


def _leads_nowhere(message: Message, candidacy: Candidacy) -> bool:
    """Say whether the account that a letter announces may not be read any more: its approval taken back, or stale."""
    if message.kind != ACCOUNT_READY or message.round_id is None:
        return False
    return not is_readable(candidacy.id, message.round_id)


def _is_member(account_id: int, candidacy: Candidacy, standing: str | None = None) -> bool:
    wanted = [
        Membership.account_id == account_id,
        Membership.structure_id == candidacy.structure_id,
        Membership.accepted_at.is_not(None),
        Membership.left_at.is_(None),
    ]
    if standing is not None:
        wanted.append(Membership.standing == standing)
    return bool(db.session.scalar(select(exists().where(*wanted))))


def _has_role(account_id: int, candidacy: Candidacy) -> bool:
    """Say whether the person holds a role for the nation, or for the region where the file is or was."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    RoleGrant.account_id == account_id,
                    RoleGrant.revoked_at.is_(None),
                    or_(
                        RoleGrant.region_code.is_(None),
                        RoleGrant.region_code
                        == select(Round.region_code).where(Round.id == candidacy.round_id).scalar_subquery(),
                    ),
                )
            )
        )
    )


def _sits(account_id: int, candidacy: Candidacy) -> bool:
    national = select(NationalEntry.round_id).where(NationalEntry.candidacy_id == candidacy.id)
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Seat.account_id == account_id,
                    Seat.left_at.is_(None),
                    or_(Seat.round_id == candidacy.round_id, Seat.round_id.in_(national)),
                )
            )
        )
    )

"""Invitations to a jury or to a structure: bound to the address they were sent to, accepted by a button."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.addresses import fold_address
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import Refusal
from awards_app.domain.words import N_
from awards_app.models.accounts import Account, AccountLink, LinkPurpose
from awards_app.models.editions import Edition, Region, Round
from awards_app.models.juries import Seat
from awards_app.models.structures import Membership, Structure
from awards_app.services import juries, memberships
from awards_app.services.accounts import ensure_account, start_session
from awards_app.services.sign_in import LinkIsSpent, find_link, use_link

PURPOSES = (LinkPurpose.JURY_INVITATION, LinkPurpose.STRUCTURE_INVITATION)


class InvitationIsForAnother(Refusal):
    """The invitation was sent to another address than the one signed in."""

    sentence = N_(
        "Cette invitation a été envoyée à une autre adresse que celle de votre compte. "
        "Déconnectez-vous pour l’accepter avec la bonne adresse."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation page shows before its button is pressed; ``what`` is « jury » or « structure »."""

    what: str
    name: str
    email: str
    place: str
    function: str
    is_for_holder: bool | None


def read_invitation(holder: Holder | None, token: str, now: datetime) -> Invitation:
    """Return what the live invitation of a token is about, without using it. Raises `LinkIsSpent`."""
    link = find_link(token, PURPOSES, now)
    same = None if holder is None else fold_address(holder.email) == link.email_folded
    if link.purpose == LinkPurpose.JURY_INVITATION:
        row = db.session.execute(
            select(
                Seat.name, Seat.invited_email, Seat.function, Region.located, Edition.name.label("edition")
            )
            .join(Round, Round.id == Seat.round_id)
            .join(Edition, Edition.id == Round.edition_id)
            .outerjoin(Region, Region.code == Round.region_code)
            .where(Seat.key == link.object_key, Seat.left_at.is_(None))
        ).one_or_none()
        # A seat that moved to another address is entered by the link sent there, and by no former one.
        if row is None or fold_address(row.invited_email) != link.email_folded:
            raise LinkIsSpent
        return Invitation(
            "jury",
            row.name,
            row.invited_email,
            f"{row.edition} {row.located or ''}".strip(),
            row.function,
            same,
        )
    member = db.session.execute(
        select(Structure.name, Membership.invited_email, Membership.standing)
        .join(Structure, Structure.id == Membership.structure_id)
        .where(Membership.key == link.object_key, Membership.left_at.is_(None))
    ).one_or_none()
    if member is None:
        raise LinkIsSpent
    return Invitation("structure", "", member.invited_email or "", member.name, member.standing, same)


def accept_invitation(
    holder: Holder | None, token: str, now: datetime, agent: str = ""
) -> tuple[str, str | None]:
    """Accept an invitation; return what it was (« jury », « structure ») and, for a visitor, a new session's token.

    The account of the invited address is made if there is none: having the link proves the address. Raises `LinkIsSpent`
    and `InvitationIsForAnother`.
    """
    with atomic():
        invitation = read_invitation(holder, token, now)
        if invitation.is_for_holder is False:
            raise InvitationIsForAnother
        link = use_link(token, PURPOSES, now)
        account_id = ensure_account(invitation.email, invitation.name or invitation.email, now)
        account = db.session.get_one(Account, account_id)
        if account.confirmed_at is None:
            # The link proves the address, not the password that whoever registered it chose.
            account.confirmed_at, account.password_hash = now, None
        _accept(link, account_id, now)
        db.session.flush()
        entered = None if holder is not None else start_session(account_id, now, agent)
        return invitation.what, entered


def _accept(link: AccountLink, account_id: int, now: datetime) -> None:
    if link.object_key is None:
        raise LinkIsSpent
    if link.purpose == LinkPurpose.JURY_INVITATION:
        key = juries.accept_seat(account_id, link.object_key, now)
        juries.give_pass(db.session.scalars(select(Seat).where(Seat.key == key)).one(), now)
    else:
        memberships.accept_invitation(account_id, link.object_key, now)

"""Use cases of the people of a structure: invite, ask to join, accept, remove."""

from datetime import datetime

from sqlalchemy import func, select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.addresses import clean_address, fold_address
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.domain.structures import AlreadyMember, InvitationIsOver, LastResponsible
from awards_app.models.accounts import Account, LinkPurpose
from awards_app.models.editions import Edition
from awards_app.models.structures import Membership, Structure
from awards_app.queries.structures import StructureFacts, open_structure
from awards_app.services.accounts import create_link
from awards_app.services.journal import write_entry
from awards_app.services.messages import queue_message
from awards_app.services.structure_letters import tell_claimant

STANDINGS = {"member": "membre", "responsible": "responsable"}


def invite_member(holder: Holder, key: str, email: str, standing: str, now: datetime) -> str:
    """Invite ``email`` as « member » or « responsible » and return the membership's key.

    Raises `AlreadyMember` for a member or somebody invited, `IsForbidden` for a simple member.
    """
    with atomic() as session:
        structure = _held(key)
        facts = open_structure(holder, key, Permission.MANAGE_MEMBERS)
        if standing not in STANDINGS:
            raise InputIsInvalid({"standing": InputIsInvalid.sentence})
        address = clean_address(email)
        folded = fold_address(address)
        account_id = session.scalar(select(Account.id).where(Account.email_folded == folded))
        if _is_there(facts.id, account_id, folded):
            raise AlreadyMember
        row = Membership(structure_id=facts.id, standing=standing, invited_email=address, created_at=now)
        session.add(row)
        session.flush()
        token = create_link(
            LinkPurpose.STRUCTURE_INVITATION, address, now, account_id=account_id, object_key=row.key
        )
        queue_message(
            "structure_invitation",
            address,
            dedupe=f"structure_invitation:{row.key}",
            values={
                "inviter": holder.name,
                "structure": structure.name,
                "edition": _edition_name(),
                "role": STANDINGS[standing],
                "link_lifetime": "14 jours",
            },
            secret_values={"link": public_address(f"/invitations/{token}")},
            now=now,
            account_id=account_id,
            object_key=facts.key,
        )
        _journal(holder, "invite_member", facts, now, row)
        return row.key


def accept_invitation(account_id: int, membership_key: str, now: datetime) -> str:
    """Make the invited person a member and return the structure's key; the caller consumed the link.

    Accepting twice is once. Raises `InvitationIsOver` when it was withdrawn or is another person's.
    """
    with atomic() as session:
        found = session.scalar(
            select(Structure.key)
            .join(Membership, Membership.structure_id == Structure.id)
            .where(Membership.key == membership_key)
        )
        if found is None:
            raise InvitationIsOver
        structure = _held(found)
        row = _membership(membership_key)
        if row.left_at is not None or row.account_id not in (None, account_id):
            raise InvitationIsOver
        if row.accepted_at is not None:
            return structure.key
        if row.invited_email is None:
            raise InvitationIsOver
        live = session.scalar(
            select(Membership).where(
                Membership.structure_id == structure.id,
                Membership.account_id == account_id,
                Membership.left_at.is_(None),
                Membership.id != row.id,
            )
        )
        if live is not None:
            # A person who had asked to join is taken in by the invitation, as what it says.
            live.accepted_at = live.accepted_at or now
            if row.standing == "responsible":
                live.standing = row.standing
            row.left_at = now
        else:
            row.account_id = account_id
            row.accepted_at = now
        write_entry(None, "accept_invitation", "structure", structure.key, now, detail={"member": row.key})
        return structure.key


def ask_to_join(holder: Holder, structure_id: int, now: datetime) -> None:
    """Ask those responsible for a structure to take ``holder`` in; a member, or a second request, changes nothing."""
    with atomic() as session:
        structure = session.scalar(select(Structure).where(Structure.id == structure_id).with_for_update())
        assert structure is not None
        if _is_there(structure_id, holder.account_id, None):
            return
        row = Membership(
            structure_id=structure_id, account_id=holder.account_id, standing="member", created_at=now
        )
        session.add(row)
        session.flush()
        for account in _responsible(structure_id):
            queue_message(
                "membership_requested",
                account.email,
                dedupe=f"membership_requested:{row.key}:{account.key}",
                values={
                    "person": account.name,
                    "inviter": holder.name,
                    "structure": structure.name,
                    "link": public_address(f"/structure/{structure.key}/membres"),
                },
                now=now,
                account_id=account.id,
                object_key=structure.key,
            )
        write_entry(holder, "ask_to_join", "structure", structure.key, now, detail={"member": row.key})


def settle_request(holder: Holder, membership_key: str, accepted: bool, now: datetime) -> str:
    """Take in, or not, a person who asked to join; return the structure's key."""
    with atomic():
        facts, row = _managed(holder, membership_key)
        open_structure(holder, facts.key, Permission.MANAGE_MEMBERS)
        if row.left_at is not None or row.accepted_at is not None or row.account_id is None:
            raise AlreadyMember
        if accepted:
            row.accepted_at = now
        else:
            row.left_at = now
        tell_claimant(row.account_id, row.key, facts, accepted, now)
        _journal(holder, "accept_request" if accepted else "refuse_request", facts, now, row)
        return facts.key


def remove_member(holder: Holder, membership_key: str, now: datetime) -> str:
    """End a membership or an invitation (one's own too) and return the structure's key.

    Raises `LastResponsible` rather than leave a structure without anybody responsible.
    """
    with atomic() as session:
        facts, row = _managed(holder, membership_key)
        if row.left_at is not None:
            raise DoesNotExist
        if row.standing == "responsible" and row.accepted_at is not None:
            others = session.scalar(
                select(func.count(Membership.id)).where(
                    Membership.structure_id == facts.id,
                    Membership.standing == "responsible",
                    Membership.accepted_at.is_not(None),
                    Membership.left_at.is_(None),
                    Membership.id != row.id,
                )
            )
            if not others:
                raise LastResponsible
        row.left_at = now
        _journal(holder, "remove_member", facts, now, row)
        return facts.key


def _held(key: str) -> Structure:
    row = db.session.scalar(select(Structure).where(Structure.key == key).with_for_update())
    if row is None:
        raise DoesNotExist
    return row


def _membership(key: str) -> Membership:
    row = db.session.scalar(
        select(Membership).where(Membership.key == key).execution_options(populate_existing=True)
    )
    if row is None:
        raise DoesNotExist
    return row


def _managed(holder: Holder, membership_key: str) -> tuple[StructureFacts, Membership]:
    """Return a membership that ``holder`` may end, its structure held: their own, or any when responsible."""
    key = db.session.scalar(
        select(Structure.key)
        .join(Membership, Membership.structure_id == Structure.id)
        .where(Membership.key == membership_key)
    )
    if key is None:
        raise DoesNotExist
    _held(key)
    row = _membership(membership_key)
    own = row.account_id == holder.account_id
    facts = open_structure(holder, key, Permission.OWN_STRUCTURE if own else Permission.MANAGE_MEMBERS)
    return facts, row


def _is_there(structure_id: int, account_id: int | None, folded: str | None) -> bool:
    rows = db.session.execute(
        select(Membership.account_id, Membership.invited_email).where(
            Membership.structure_id == structure_id, Membership.left_at.is_(None)
        )
    )
    return any(
        (account_id is not None and row.account_id == account_id)
        or (folded is not None and row.invited_email and fold_address(row.invited_email) == folded)
        for row in rows
    )


def _responsible(structure_id: int) -> list[Account]:
    return list(
        db.session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(
                Membership.structure_id == structure_id,
                Membership.standing == "responsible",
                Membership.accepted_at.is_not(None),
                Membership.left_at.is_(None),
                Account.disabled_at.is_(None),
            )
        )
    )


def _edition_name() -> str:
    name = db.session.scalar(
        select(Edition.name).where(Edition.is_current.is_(True)).order_by(Edition.year.desc()).limit(1)
    )
    return name or "Prix de l’ESS"


def _journal(holder: Holder, act: str, facts: StructureFacts, now: datetime, row: Membership) -> None:
    write_entry(
        holder, act, "structure", facts.key, now, detail={"member": row.key, "standing": row.standing}
    )

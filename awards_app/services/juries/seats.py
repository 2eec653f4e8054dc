"""Who sits in a jury: inviting, accepting, the charter, leaving."""

from datetime import datetime

from sqlalchemy import select, update

from awards_app.database import atomic, db
from awards_app.domain.addresses import clean_address, fold_address
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import PHASE_LABELS, Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsForbidden, IsNotThePhase, Refusal
from awards_app.domain.text import clean_line
from awards_app.domain.words import N_
from awards_app.models.accounts import Account, AccountLink
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Region, Theme
from awards_app.models.honours import NationalEntry
from awards_app.models.juries import Seat
from awards_app.models.scoring import Scoresheet
from awards_app.models.seats import SeatPass
from awards_app.models.structures import Membership
from awards_app.queries.access import find_round, open_round
from awards_app.queries.juries import open_seat
from awards_app.services.journal import write_entry
from awards_app.services.juries.notices import FUNCTIONS, notice_called_in, notice_invitation
from awards_app.services.juries.ties import recuse_certain_ties
from awards_app.services.pending import expire_of_seat
from awards_app.services.rounds import lock_round

COMPOSED = (Phase.PREPARATION, Phase.FILING, Phase.ADMISSIBILITY, Phase.SCORING)


class SeatIsTaken(Refusal):
    """One live seat a person and theme in a round."""

    sentence = N_("Cette personne siège déjà, ou est déjà invitée, dans ce jury.")


class JurorIsACandidate(Refusal):
    """A member of a candidate structure does not sit in its category."""

    sentence = N_(
        "Cette personne est membre d’une structure candidate de cette catégorie : elle ne peut pas y siéger."
    )


class InvitationIsOver(Refusal):
    """The invitation was accepted by somebody, withdrawn, or came after the jury was locked."""

    sentence = N_("Cette invitation n’est plus valable.")
    status = 410


class SubstituteIsNotReady(Refusal):
    """Only a substitute who agreed, and does not sit yet, is called in."""

    sentence = N_("Cette personne n’a pas accepté la suppléance, ou siège déjà.")


class InvitationIsForAnother(IsForbidden):
    """An invitation is bound to the address it was sent to."""

    sentence = N_(
        "Cette invitation a été envoyée à une autre adresse. Connectez-vous avec celle-ci pour l’accepter."
    )


def invite_juror(
    holder: Holder,
    round_key: str,
    *,
    email: str,
    name: str,
    function: str = "juror",
    theme_code: str | None = None,
    college: str = "",
    now: datetime,
    region_code: str | None = None,
    is_substitute: bool = False,
) -> str:
    """Invite a person to a seat, of one theme or of all (no code), and return the seat's key.

    ``region_code`` says where a national juror comes from. A substitute sits only once called in. Raises `SeatIsTaken`, `JurorIsACandidate`,
    `AddressIsInvalid`, `InputIsInvalid`, or the matrix's refusal.
    """
    with atomic() as session:
        facts = open_round(holder, round_key, Permission.COMPOSE_JURY, now)
        lock_round(facts.id)
        address = clean_address(email)
        theme_id = _checked_seat(facts.edition_id, name, function, theme_code, region_code)
        _refuse_second_seat(facts.id, theme_id, address)
        account_id = session.scalar(select(Account.id).where(Account.email_folded == fold_address(address)))
        if account_id is not None:
            _refuse_candidate(account_id, facts.id, facts.region_code, theme_id)
        seat = Seat(
            round_id=facts.id,
            theme_id=theme_id,
            function=function,
            name=clean_line(name),
            college=clean_line(college),
            region_code=region_code or None,
            invited_email=address,
            invited_at=now,
            is_substitute=is_substitute,
        )
        session.add(seat)
        session.flush()
        notice_invitation(holder, seat, now)
        write_entry(
            holder,
            "invite_juror",
            "seat",
            seat.key,
            now,
            round_id=facts.id,
            detail={"function": function, "theme": theme_code or "", "substitute": is_substitute},
        )
        return seat.key


def remind_invitation(holder: Holder, seat_key: str, now: datetime) -> None:
    """Send the invitation again with a fresh link; the former link ends. Raises `InvitationIsOver` once accepted."""
    with atomic():
        seat = _seat_to_compose(holder, seat_key, now)
        if seat.accepted_at is not None:
            raise InvitationIsOver
        notice_invitation(holder, seat, now)
        write_entry(holder, "remind_invitation", "seat", seat.key, now, round_id=seat.round_id)


def accept_seat(account_id: int, seat_key: str, now: datetime) -> str:
    """Give an invited seat to the account of the invited address, and return the seat's key.

    A second acceptance by the same account changes nothing. Raises `InvitationIsOver`, `InvitationIsForAnother`,
    `JurorIsACandidate`.
    """
    with atomic() as session:
        round_id = session.scalar(select(Seat.round_id).where(Seat.key == seat_key))
        if round_id is None:
            raise DoesNotExist
        round_row = lock_round(round_id)
        seat = session.scalars(
            select(Seat).where(Seat.key == seat_key).execution_options(populate_existing=True)
        ).one()
        account = session.get(Account, account_id)
        if account is None:
            raise DoesNotExist
        if seat.left_at is not None or (seat.account_id or account_id) != account_id:
            raise InvitationIsOver
        if seat.accepted_at is not None or seat.standing_by_at is not None:
            return seat.key
        if fold_address(seat.invited_email) != account.email_folded:
            raise InvitationIsForAnother
        holder = Holder(account.id, account.key, account.name, account.email)
        facts = find_round(holder, round_row.key, now)
        if facts is None or facts.phase not in COMPOSED:
            raise InvitationIsOver
        _refuse_candidate(account_id, facts.id, facts.region_code, seat.theme_id)
        seat.account_id = account_id
        if seat.is_substitute:
            seat.standing_by_at = now
        else:
            seat.accepted_at = now
        session.flush()
        write_entry(holder, "accept_seat", "seat", seat.key, now, round_id=seat.round_id)
        if not seat.is_substitute and facts.phase in (Phase.ADMISSIBILITY, Phase.SCORING):
            recuse_certain_ties(seat, facts, now)
        return seat.key


def call_substitute(holder: Holder, seat_key: str, reason: str, now: datetime) -> None:
    """Seat a substitute who agreed to stand by, with a reason. Raises `SubstituteIsNotReady`, `InputIsInvalid`."""
    if not reason.strip():
        raise InputIsInvalid({"reason": N_("Dites pourquoi la suppléance est appelée.")})
    with atomic() as session:
        seat = _seat_to_compose(holder, seat_key, now)
        if not seat.is_substitute or seat.standing_by_at is None or seat.accepted_at is not None:
            raise SubstituteIsNotReady
        round_row = lock_round(seat.round_id)
        facts = find_round(holder, round_row.key, now)
        if facts is None or seat.account_id is None:
            raise DoesNotExist
        _refuse_candidate(seat.account_id, facts.id, facts.region_code, seat.theme_id)
        seat.accepted_at = now
        session.flush()
        if facts.phase in (Phase.ADMISSIBILITY, Phase.SCORING):
            recuse_certain_ties(seat, facts, now)
        notice_called_in(seat, now)
        write_entry(
            holder,
            "call_substitute",
            "seat",
            seat.key,
            now,
            round_id=seat.round_id,
            detail={"reason": clean_line(reason)},
        )


def accept_charter(holder: Holder, seat_key: str, now: datetime) -> None:
    """Accept the charter of the jury for one's own seat; a second time changes nothing."""
    with atomic():
        facts = open_seat(holder, seat_key, now)
        if facts.charter_at is not None:
            return
        if facts.phase > Phase.DELIBERATION:
            raise IsNotThePhase(phase=PHASE_LABELS[facts.phase])
        db.session.execute(update(Seat).where(Seat.id == facts.id).values(charter_at=now))
        write_entry(holder, "accept_charter", "seat", seat_key, now, round_id=facts.round_id)


def remove_juror(holder: Holder, seat_key: str, reason: str, now: datetime) -> None:
    """End a seat, or withdraw its invitation, with a reason; its sheets are set aside and kept.

    Raises `InputIsInvalid` without a reason, or the matrix's refusal (once locked, nobody leaves).
    """
    if not reason.strip():
        raise InputIsInvalid({"reason": N_("Indiquez le motif du retrait.")})
    with atomic() as session:
        seat = _seat_to_compose(holder, seat_key, now)
        seat.left_at = now
        seat.left_reason = clean_line(reason)
        session.execute(
            update(Scoresheet)
            .where(Scoresheet.seat_id == seat.id, Scoresheet.set_aside_at.is_(None))
            .values(set_aside_at=now, set_aside_reason=seat.left_reason)
        )
        session.execute(
            update(SeatPass)
            .where(SeatPass.seat_id == seat.id, SeatPass.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        session.execute(
            update(AccountLink)
            .where(AccountLink.object_key == seat.key, AccountLink.used_at.is_(None))
            .values(revoked_at=now)
        )
        expire_of_seat(seat.account_id, seat.round_id, now)
        write_entry(
            holder,
            "remove_juror",
            "seat",
            seat.key,
            now,
            round_id=seat.round_id,
            detail={"reason": seat.left_reason},
        )


def _seat_to_compose(holder: Holder, seat_key: str, now: datetime) -> Seat:
    seat = db.session.scalar(select(Seat).where(Seat.key == seat_key))
    if seat is None:
        raise DoesNotExist
    round_row = lock_round(seat.round_id)
    open_round(holder, round_row.key, Permission.COMPOSE_JURY, now)
    db.session.refresh(seat)
    if seat.left_at is not None:
        raise DoesNotExist
    return seat


def _checked_seat(
    edition_id: int, name: str, function: str, theme_code: str | None, region_code: str | None
) -> int | None:
    """Return the theme's identifier; raise `InputIsInvalid` with what is wrong, field by field."""
    errors: dict[str, str] = {}
    if not clean_line(name):
        errors["name"] = N_("Indiquez le nom de la personne.")
    if function not in FUNCTIONS:
        errors["function"] = N_("Choisissez une fonction de la liste.")
    theme_id = _theme_id(edition_id, theme_code, errors)
    if region_code and db.session.get(Region, region_code) is None:
        errors["region_code"] = N_("Choisissez une région de la liste.")
    if errors:
        raise InputIsInvalid(errors)
    return theme_id


def _theme_id(edition_id: int, theme_code: str | None, errors: dict[str, str]) -> int | None:
    if not theme_code:
        return None
    found = db.session.scalar(
        select(Theme.id).where(Theme.edition_id == edition_id, Theme.code == theme_code)
    )
    if found is None:
        errors["theme_code"] = N_("Choisissez une thématique de la liste.")
    return found


def _refuse_second_seat(round_id: int, theme_id: int | None, address: str) -> None:
    for email, theme in db.session.execute(
        select(Seat.invited_email, Seat.theme_id).where(Seat.round_id == round_id, Seat.left_at.is_(None))
    ):
        if fold_address(email) == fold_address(address) and (None in (theme, theme_id) or theme == theme_id):
            raise SeatIsTaken


def _refuse_candidate(account_id: int, round_id: int, region_code: str | None, theme_id: int | None) -> None:
    where = (
        Candidacy.round_id == round_id
        if region_code is not None
        else Candidacy.id.in_(
            select(NationalEntry.candidacy_id).where(
                NationalEntry.round_id == round_id, NationalEntry.ended_at.is_(None)
            )
        )
    )
    query = (
        select(Candidacy.id)
        .join(Membership, Membership.structure_id == Candidacy.structure_id)
        .where(
            where,
            Membership.account_id == account_id,
            Membership.accepted_at.is_not(None),
            Membership.left_at.is_(None),
            Candidacy.state.in_(("draft", "submitted")),
        )
    )
    if theme_id is not None:
        query = query.where(Candidacy.theme_id == theme_id)
    if db.session.scalar(query.limit(1)) is not None:
        raise JurorIsACandidate

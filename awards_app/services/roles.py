"""Giving and taking roles (ACC-3): alone outside of judging, by two persons while a round is locked or under embargo."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.addresses import clean_address, fold_address
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission, Subject, authorise, needs_two_persons
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, Refusal
from awards_app.domain.words import N_
from awards_app.models.accounts import Account, PendingAct, Role, RoleGrant
from awards_app.models.editions import Edition, Round
from awards_app.queries.access import round_subjects
from awards_app.services import accounts
from awards_app.services.agreements import AnotherProposalWaits
from awards_app.services.journal import write_entry
from awards_app.services.pending import (
    ActAwaitsAnotherPerson,
    expire_of_person,
    find_pending,
    propose,
    settle,
)

Place = tuple[Round, frozenset[Subject], Phase]


class OwnRoleStays(Refusal):
    """Nobody gives a role to themselves or takes their own."""

    sentence = N_("Une autre personne doit s’occuper de votre propre rôle.")


class PersonIsUnknown(InputIsInvalid):
    """A role is given to an account that its person has confirmed."""

    sentence = N_("Aucun compte confirmé n’a cette adresse. La personne doit d’abord ouvrir un compte.")
    field = "email"


def give_role(holder: Holder, email: str, role: str, region_code: str | None, now: datetime) -> str:
    """Give a role to the account of an address; return « done » or « pending ».

    A coordinator gives only the coordinator's role of their own region. The national staff's and the auditor's roles,
    and any role while its round is locked or under embargo, wait for a second person.
    """
    with atomic():
        round_row, subjects, phase = _place(holder, role, region_code, now)
        account = db.session.scalar(
            select(Account).where(Account.email_folded == fold_address(clean_address(email)))
        )
        if account is None or account.confirmed_at is None or account.disabled_at is not None:
            raise PersonIsUnknown
        if account.id == holder.account_id:
            raise OwnRoleStays
        if role != Role.COORDINATOR.value or needs_two_persons(Permission.GRANT_ROLE, phase):
            return _with_two(
                holder,
                "grant_role",
                account.key,
                round_row,
                subjects,
                now,
                {"role": role, "region": region_code},
            )
        accounts.grant_role(holder, account.id, role, region_code, now)
        return "done"


def take_role(holder: Holder, grant_key: str, now: datetime) -> str:
    """Take a role back; return « done » or « pending ». Effective at the person's next request.

    What they proposed by that right, and nobody confirmed, ends with it.
    """
    with atomic():
        grant = db.session.scalar(
            select(RoleGrant).where(RoleGrant.key == grant_key, RoleGrant.revoked_at.is_(None))
        )
        if grant is None:
            raise DoesNotExist
        round_row, subjects, phase = _place(holder, grant.role, grant.region_code, now)
        if grant.account_id == holder.account_id:
            raise OwnRoleStays
        if needs_two_persons(Permission.GRANT_ROLE, phase) and grant.role == Role.COORDINATOR.value:
            return _with_two(holder, "revoke_role", grant.key, round_row, subjects, now, {})
        _revoke(holder, grant, now)
        return "done"


def confirm_role_act(holder: Holder, act_key: str, now: datetime) -> None:
    """Do a role act that another person proposed."""
    with atomic() as session:
        act = session.scalar(select(PendingAct).where(PendingAct.key == act_key).with_for_update())
        if act is None or act.verb not in ("grant_role", "revoke_role"):
            raise DoesNotExist
        if act.verb == "grant_role":
            wanted = _arguments(act)
            place = _place(holder, str(wanted["role"]), _code(wanted["region"]), now)
            account = session.scalar(select(Account).where(Account.key == act.object_key))
            if account is None or account.disabled_at is not None:
                raise DoesNotExist
            if account.id == holder.account_id:
                raise OwnRoleStays
            _check_other_side(act, place)
            arguments = settle(holder, act, now, confirmed=True)
            accounts.grant_role(holder, account.id, str(arguments["role"]), _code(arguments["region"]), now)
            return
        grant = session.scalar(select(RoleGrant).where(RoleGrant.key == act.object_key))
        if grant is None:
            raise DoesNotExist
        place = _place(holder, grant.role, grant.region_code, now)
        _check_other_side(act, place)
        settle(holder, act, now, confirmed=True)
        _revoke(holder, grant, now)


def _check_other_side(act: PendingAct, place: Place) -> None:
    """Raise `ActAwaitsAnotherPerson` when only the chamber has agreed on a role of its region.

    Two of the national staff may: a region whose only coordinator is gone would otherwise stay without one.
    """
    round_row, subjects, phase = place
    if round_row.region_code is None or not needs_two_persons(Permission.GRANT_ROLE, phase):
        return
    if _side(subjects).value == act.proposed_as == Subject.COORDINATOR.value:
        raise ActAwaitsAnotherPerson


def _side(subjects: frozenset[Subject]) -> Subject:
    return Subject.NATIONAL_STAFF if Subject.NATIONAL_STAFF in subjects else Subject.COORDINATOR


def _arguments(act: PendingAct) -> dict[str, object]:
    import json

    return dict(json.loads(act.arguments))


def _code(value: object) -> str | None:
    return str(value) if value else None


def _revoke(holder: Holder, grant: RoleGrant, now: datetime) -> None:
    if grant.revoked_at is not None:
        return
    grant.revoked_at, grant.revoked_by_id = now, holder.account_id
    side = {Role.COORDINATOR.value: Subject.COORDINATOR, Role.NATIONAL_STAFF.value: Subject.NATIONAL_STAFF}
    if grant.role in side:
        expire_of_person(grant.account_id, side[grant.role], grant.region_code, now)
    write_entry(holder, "revoke_role", "role_grant", grant.key, now, detail={"role": grant.role})


def _place(holder: Holder, role: str, region_code: str | None, now: datetime) -> Place:
    """Return the round that a role bears on (the national one for a national role), the subjects there, its phase."""
    if role not in {known.value for known in Role} or (role == Role.COORDINATOR.value) != bool(region_code):
        raise InputIsInvalid({"role": N_("Ce rôle n’existe pas, ou sa région manque.")})
    same_region = Round.region_code == region_code if region_code else Round.region_code.is_(None)
    round_row = db.session.scalar(
        select(Round)
        .join(Edition, Edition.id == Round.edition_id)
        .where(same_region)
        .order_by(Edition.is_current.desc(), Edition.year.desc())
        .limit(1)
    )
    if round_row is None:
        raise DoesNotExist
    subjects = round_subjects(holder, round_row.id, region_code)
    phase = Phase(round_row.phase)
    authorise(Permission.GRANT_ROLE, phase, subjects)
    return round_row, subjects, phase


def _with_two(
    holder: Holder,
    verb: str,
    object_key: str,
    round_row: Round,
    subjects: frozenset[Subject],
    now: datetime,
    arguments: dict[str, object],
) -> str:
    live = find_pending(verb, object_key, now)
    if live is not None and _arguments(live) != arguments:
        raise AnotherProposalWaits
    as_subject = _side(subjects)
    if live is not None and live.proposed_by_id != holder.account_id:
        if round_row.region_code is not None and live.proposed_as == as_subject == Subject.COORDINATOR:
            return "pending"
        confirm_role_act(holder, live.key, now)
        return "done"
    propose(holder, verb, object_key, now, round_id=round_row.id, proposed_as=as_subject, arguments=arguments)
    return "pending"

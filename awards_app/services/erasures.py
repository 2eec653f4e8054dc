"""Use cases of a person who asks to be erased (PRG-1): done at once, or promised for the end of the rounds they are in.

All rows change in one transaction; stored files and letters of the mailbox folder are forgotten after it, and again by
the sweep until none is left, so that a process killed anywhere ends the same.
"""

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from awards_app.adapters import mail, storage
from awards_app.adapters.faults import fault_point
from awards_app.database import atomic, db
from awards_app.domain.erasures import (
    AddressIsNotTheirs,
    ErasureMustWait,
    OwnErasureWaits,
    StructureIsLeftAlone,
    Traces,
    is_same_address,
    promised_day,
)
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.accounts import Account
from awards_app.models.editions import Round
from awards_app.models.erasures import Erasure
from awards_app.queries.erasures import (
    judged_rounds,
    may_erase,
    structures_left_alone,
    traces_of,
)
from awards_app.services.erased_rows import erase_account, erase_letters, erase_seats
from awards_app.services.journal import write_entry
from awards_app.services.redactions import mask_frozen, mask_texts, still_written
from awards_app.services.rows_apart import each_apart

ZONE = "Europe/Paris"


def erase_person(
    holder: Holder, account_key: str, email: str, now: datetime, *, structure_is_told: bool = False
) -> None:
    """Erase a person for good, once ``email`` was typed as theirs. Does nothing the second time.

    Raises `AddressIsNotTheirs`, `OwnErasureWaits`, `StructureIsLeftAlone`, and `ErasureMustWait` while a round they take
    part in is judged: the request is then kept, and the sweep does it when the round is over.
    """
    may_erase(holder)
    with atomic():
        account, asked = _of_key(account_key)
        if asked is not None and asked.done_at is not None:
            return
        if account.id == holder.account_id:
            raise OwnErasureWaits
        if not is_same_address(email, account.email):
            raise AddressIsNotTheirs
        alone = structures_left_alone(account.id)
        if alone and not structure_is_told:
            raise StructureIsLeftAlone(structures=", ".join(alone))
        asked = asked or _asked(account, holder, now)
        judged = judged_rounds(account.id)
        if judged:
            asked.promised_for = asked.promised_for or promised_day((one.embargo_at for one in judged), now)
            _journal_promise(holder, account, judged[0].key, now)
        else:
            _erase(account, asked, holder, now)
        promised, erasure_id = asked.promised_for, asked.id
    if judged and promised is not None:
        raise ErasureMustWait(day=day_fr(promised, ZONE))
    finish_erasure(erasure_id)


def withdraw_erasure(holder: Holder, account_key: str, now: datetime) -> None:
    """Take back an erasure that waits. Raises the matrix's refusal, `DoesNotExist` for one that is done."""
    may_erase(holder)
    with atomic() as session:
        account, asked = _of_key(account_key)
        if asked is None or asked.done_at is not None:
            raise DoesNotExist
        session.delete(asked)
        write_entry(holder, "withdraw_erasure", "account", account.key, now)


def carry_out(now: datetime) -> int:
    """Do what was promised and waits no longer, and forget the files that are left; return how many people (the sweep's)."""
    waiting = db.session.scalars(select(Erasure.id).where(Erasure.done_at.is_(None))).all()
    done = each_apart(lambda erasure_id: _do_promised(erasure_id, now), waiting)
    left = [
        row.id
        for row in db.session.execute(select(Erasure.id, Erasure.waiting).where(Erasure.done_at.is_not(None)))
        if row.waiting
    ]
    db.session.rollback()
    each_apart(finish_erasure, left)
    return sum(done)


def _do_promised(erasure_id: int, now: datetime) -> bool:
    with atomic() as session:
        asked = session.scalar(
            select(Erasure).where(Erasure.id == erasure_id, Erasure.done_at.is_(None)).with_for_update()
        )
        if asked is None or judged_rounds(asked.account_id):
            return False
        _erase(session.get_one(Account, asked.account_id), asked, SCHEDULER, now)
        return True


def _of_key(account_key: str) -> tuple[Account, Erasure | None]:
    account = db.session.scalar(select(Account).where(Account.key == account_key).with_for_update())
    if account is None:
        raise DoesNotExist
    return account, db.session.scalar(select(Erasure).where(Erasure.account_id == account.id))


def _asked(account: Account, holder: Holder, now: datetime) -> Erasure:
    row = Erasure(account_id=account.id, asked_at=now, asked_by_id=holder.account_id)
    db.session.add(row)
    db.session.flush()
    return row


def _journal_promise(holder: Holder, account: Account, round_key: str, now: datetime) -> None:
    round_id = db.session.scalar(select(Round.id).where(Round.key == round_key))
    write_entry(holder, "ask_erasure", "account", account.key, now, round_id=round_id)


def _erase(account: Account, asked: Erasure, holder: Holder, now: datetime) -> None:
    """Erase in the caller's transaction; the journal names the account by its key alone, and what was masked."""
    traces = traces_of(account)
    letters = _letters_naming(traces)
    files = erase_seats(account, traces, holder, now)
    erase_account(account, traces, now)
    letters = sorted({*letters, *erase_letters(account, traces)})
    asked.redactions, papers = mask_frozen(traces, now)
    mask_texts(traces)
    asked.waiting = {"files": [*files, *papers], "letters": letters}
    asked.done_at = now
    write_entry(
        holder, "erase_person", "account", account.key, now, detail={"redactions": dict(asked.redactions)}
    )
    db.session.flush()
    asked.remaining = still_written(traces.wide)
    db.session.flush()
    fault_point("erase.rows")


def _letters_naming(traces: Traces) -> list[str]:
    """Return the keys of the letters of the mailbox folder in which the person is written."""
    if current_app.config["AWARDS_MAIL_URL"]:
        return []
    return [
        letter.key
        for letter in mail.mailbox(limit=1_000_000)
        if any(
            traces.masked(text) != text
            for text in (letter.recipient, letter.subject, letter.text, letter.html)
        )
    ]


def finish_erasure(erasure_id: int) -> None:
    """Forget the stored files and the letters of an erasure that is done; safe to run again."""
    waiting = db.session.scalar(select(Erasure.waiting).where(Erasure.id == erasure_id))
    db.session.rollback()
    if not waiting:
        return
    for key in waiting["files"]:
        storage.delete(key)
        fault_point("erase.files")
    for key in waiting["letters"]:
        mail.forget_letter(key)
    with atomic() as session:
        session.get_one(Erasure, erasure_id).waiting = {}

"""The chamber's own checks of a file, rule by rule, beside what the machine found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.text import clean_text
from awards_app.domain.words import N_
from awards_app.models.admissibility import ChecklistMark
from awards_app.models.editions import Wording
from awards_app.services.candidacy_locks import hold_candidacy
from awards_app.services.completion_rows import check_standing
from awards_app.services.conflicts import refuse_conflict
from awards_app.services.journal import write_entry

FINDINGS = ("", "met", "doubt", "unmet")
NOTE_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Check:
    """What somebody typed for one rule, and the version they saw (0: none yet)."""

    finding: str
    note: str
    version: int


def save_checklist(holder: Holder, key: str, checks: Mapping[str, Check], now: datetime) -> tuple[str, ...]:
    """Keep the checks that were changed; return the rules where somebody else wrote meanwhile, left as they are.

    Raises `InputIsInvalid` for an unknown finding or a note too long, `ConflictOfInterest`, or the matrix's refusal.
    """
    with atomic() as session:
        held = hold_candidacy(holder, key, Permission.DECIDE_ADMISSIBILITY, now)
        check_standing(held.row)
        refuse_conflict(holder, held)
        rules = set(
            session.scalars(
                select(Wording.code).where(
                    Wording.edition_id == held.row.edition_id, Wording.kind == "admissibility_rule"
                )
            )
        )
        stored = {
            mark.rule_code: mark
            for mark in session.scalars(
                select(ChecklistMark).where(ChecklistMark.candidacy_id == held.row.id)
            )
        }
        changed, met = [], []
        for code, check in checks.items():
            if code not in rules:
                continue
            mark, note = stored.get(code), _note(code, check)
            if (check.finding, note) == ((mark.finding, mark.note) if mark else ("", "")):
                continue
            if check.version != (mark.version if mark else 0):
                met.append(code)
                continue
            _write(holder, held.row.id, code, mark, check.finding, note, now)
            changed.append(code)
        if changed:
            write_entry(
                holder,
                "check_rules",
                "candidacy",
                key,
                now,
                round_id=held.row.round_id,
                detail={"rules": changed},
            )
        return tuple(met)


def _note(code: str, check: Check) -> str:
    if check.finding not in FINDINGS:
        raise InputIsInvalid({f"finding-{code}": N_("Choisissez une réponse de la liste.")})
    note = clean_text(check.note).strip()
    if len(note) > NOTE_LIMIT:
        raise InputIsInvalid({f"note-{code}": N_("Cette note est trop longue : 1 000 signes au plus.")})
    return note


def _write(
    holder: Holder,
    candidacy_id: int,
    code: str,
    mark: ChecklistMark | None,
    finding: str,
    note: str,
    now: datetime,
) -> None:
    if mark is None:
        mark = ChecklistMark(candidacy_id=candidacy_id, rule_code=code, version=0)
        db.session.add(mark)
    mark.finding, mark.note, mark.version = finding, note, mark.version + 1
    mark.saved_at, mark.saved_by_id = now, holder.account_id
    db.session.flush()

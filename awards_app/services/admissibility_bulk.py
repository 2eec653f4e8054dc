"""Acts on several files at once: what the preview showed, in one transaction, or nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters.public_address import public_address
from awards_app.database import atomic, db
from awards_app.domain.admissibility_acts import SelectionHasChanged, check_typed, last_minute_fr
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.words import N_
from awards_app.models.editions import Round
from awards_app.queries.admissibility_bulk import bulk_plan, draft_plan
from awards_app.queries.draft_lines import REMINDER
from awards_app.services.admissibility import decide_admissibility
from awards_app.services.chamber_letters import file_place, responsible_of, write_to
from awards_app.services.completions import Asked, ask_completion
from awards_app.services.journal import write_entry


def apply_bulk(
    holder: Holder,
    round_key: str,
    act: str,
    keys: Iterable[str],
    digest: str,
    typed: str,
    now: datetime,
    *,
    asked: Asked | None = None,
) -> int:
    """Declare files admissible, or ask the same completion of them; return how many. All or nothing.

    ``digest`` is that of the plan the person read, ``typed`` the number they typed above twenty. Letters of decisions are
    held for reading. Raises `DoesNotExist` for one file that is not of the round, `SelectionHasChanged`,
    `NumberIsNotTyped`, and as each act alone.
    """
    with atomic():
        plan = bulk_plan(holder, round_key, act, keys, now)
        if not plan.lines:
            raise InputIsInvalid({"keys": N_("Aucune candidature de la liste n’est concernée.")})
        if plan.digest != digest:
            raise SelectionHasChanged
        check_typed(len(plan.lines), typed)
        for line in plan.lines:
            if act == "admissible":
                decide_admissibility(holder, line.key, "admissible", "", now, notice="hold")
            elif asked is not None:
                ask_completion(holder, line.key, asked, now, held_letter=True)
        write_entry(
            holder,
            "act_on_several",
            "round",
            round_key,
            now,
            round_id=plan.round.id,
            detail={"act": act, "files": len(plan.lines), "left": len(plan.skipped)},
        )
        return len(plan.lines)


def remind_drafts(holder: Holder, round_key: str, digest: str, typed: str, now: datetime) -> int:
    """Write to those responsible for the drafts of a round; return how many drafts.

    Raises `DraftsCannotFile`, `SelectionHasChanged`, `NumberIsNotTyped`, or the matrix's refusal.
    """
    with atomic():
        plan = draft_plan(holder, round_key, now)
        if not plan.lines:
            raise InputIsInvalid({"keys": N_("Aucun brouillon n’est à relancer.")})
        if plan.digest != digest:
            raise SelectionHasChanged
        check_typed(len(plan.lines), typed)
        closes_at = db.session.scalars(select(Round.closes_at).where(Round.id == plan.round.id)).one()
        closing = last_minute_fr(closes_at, plan.round.zone) if closes_at else ""
        for line in plan.lines:
            place = file_place(line.candidacy_id)
            write_to(
                responsible_of(line.structure_id),
                REMINDER,
                place,
                f"{REMINDER}:{place.key}:{now:%Y%m%d}",
                {"closing_date": closing, "link": public_address(f"/candidatures/{place.key}")},
                now,
            )
        write_entry(
            holder,
            "remind_drafts",
            "round",
            round_key,
            now,
            round_id=plan.round.id,
            detail={"drafts": len(plan.lines)},
        )
        return len(plan.lines)

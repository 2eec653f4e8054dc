"""Readings of a publication: what is read back, what waits for a second person, the honours as they will appear."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.honours import ReadBackLine
from awards_app.models.accounts import Account, PendingAct
from awards_app.models.honours import Honour
from awards_app.queries.deliberations import DecisionLine, Desk, decided_filings


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """An act that a first person proposed and a second one has yet to confirm."""

    verb: str
    object_key: str
    proposed_by: str
    is_mine: bool
    reason: str
    arguments: dict[str, object]
    proposed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class HonourLine:
    """An honour of a round as published."""

    slug: str
    structure: str
    prize: str
    theme: str
    erratum: str
    is_retracted: bool


def read_back_lines(desk: Desk) -> tuple[ReadBackLine, ...]:
    """Return the candidacies to read back, each with all it receives and the name it was filed under (one query).

    Two candidacies of one name are two lines.
    """
    given: dict[int, list[DecisionLine]] = {}
    for line in desk.decisions:
        if line.candidacy_id is not None:
            given.setdefault(line.candidacy_id, []).append(line)
    filings = decided_filings(one[0].id for one in given.values()) if given else {}
    lines = []
    for decided in given.values():
        structure = json.loads(filings[decided[0].id].content)["structure"]
        themes = [theme.name for line in decided if (theme := desk.theme(line.theme_id))]
        lines.append(
            ReadBackLine(
                key=decided[0].key,
                name=str(structure["name"]),
                siren=structure.get("siren") or None,
                city=str(structure.get("city") or ""),
                theme=next(iter(themes), ""),
                prizes=tuple(desk.prize(line.prize_id).name for line in decided),
                citations=tuple(dict.fromkeys(line.citation for line in decided if line.citation)),
            )
        )
    return tuple(lines)


def waiting_acts(holder: Holder, round_id: int, now: datetime) -> tuple[WaitingAct, ...]:
    """Return the acts of a round that wait for a second person."""
    rows = db.session.execute(
        select(
            PendingAct.verb,
            PendingAct.object_key,
            Account.name,
            PendingAct.proposed_by_id,
            PendingAct.reason,
            PendingAct.arguments,
            PendingAct.proposed_at,
            PendingAct.expires_at,
        )
        .join(Account, Account.id == PendingAct.proposed_by_id)
        .where(
            PendingAct.round_id == round_id,
            PendingAct.settled_at.is_(None),
            PendingAct.expires_at > now,
        )
        .order_by(PendingAct.id)
    )
    return tuple(
        WaitingAct(
            row[0], row[1], row[2], row[3] == holder.account_id, row[4], json.loads(row[5]), row[6], row[7]
        )
        for row in rows
    )


def honours_of_round(year: int, region_code: str | None) -> tuple[HonourLine, ...]:
    """Return what is published of a round."""
    level = "national" if region_code is None else "regional"
    query = select(
        Honour.slug,
        Honour.structure_name,
        Honour.prize_name,
        Honour.theme,
        Honour.erratum,
        Honour.retracted_at.is_not(None),
    ).where(Honour.year == year, Honour.level == level, Honour.decision_id.is_not(None))
    if region_code is not None:
        query = query.where(Honour.region_code == region_code)
    rows = db.session.execute(query.order_by(Honour.sort_key, Honour.id))
    return tuple(HonourLine(*row) for row in rows)

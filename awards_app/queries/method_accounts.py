"""How a round was decided: what is read at its publication, and what the public reads afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.database import read
from awards_app.domain.papers import drawable_text
from awards_app.models.editions import Criterion, CriterionWeight, Theme
from awards_app.models.juries import Seat
from awards_app.models.public_pages import MethodAccount
from awards_app.queries.deliberations import Desk

NATIONAL = "national"
PANEL_RULE = "panel_is_public"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """The account of a published round, as its publication wrote it."""

    year: int
    place: str
    content: Mapping[str, Any]
    published_at: datetime


def account_of(year: int, region_code: str | None) -> AccountLine | None:
    """Return how a round was decided, or None before its publication (one query)."""
    rows = read(
        select(
            MethodAccount.year, MethodAccount.place, MethodAccount.content, MethodAccount.published_at
        ).where(MethodAccount.year == year, MethodAccount.place == (region_code or NATIONAL))
    )
    return AccountLine(*rows[0]) if rows else None


def account_places(year: int) -> frozenset[str]:
    """Return the places of a year whose account is public: codes of regions, and « national » (one query)."""
    return frozenset(row.place for row in read(select(MethodAccount.place).where(MethodAccount.year == year)))


def explained_rounds() -> tuple[tuple[int, str], ...]:
    """Return the year and the place of every account that is public, the latest first (one query)."""
    rows = read(
        select(MethodAccount.year, MethodAccount.place).order_by(
            MethodAccount.year.desc(), MethodAccount.place
        )
    )
    return tuple((row.year, row.place) for row in rows)


def account_content(desk: Desk) -> dict[str, Any]:
    """Return what is said of how a round was decided: no file, no mark, no rank, and names only if the edition says so."""
    rules = desk.round.rules
    members = [seat for seat in desk.seats if seat.function != "secretary"]
    return {
        "edition": desk.round.edition_name,
        "chamber": desk.round.chamber or "ESS France",
        "quorum": str(rules.get("quorum_text") or ""),
        "ties": str(rules.get("tie_rule_text") or ""),
        "grids": _grids(desk),
        "examined": sum(not file.withdrawn for file in desk.files),
        "members": len(members),
        "present": sum(seat.attendance == "present" for seat in members),
        "recusals": len(desk.recusals),
        "panel": _panel(desk) if rules.get(PANEL_RULE) is True else None,
        "minutes": (
            {"number": desk.minutes.number, "sha256": desk.minutes.sha256}
            if desk.minutes is not None and desk.minutes.sha256
            else None
        ),
    }


def _grids(desk: Desk) -> list[dict[str, Any]]:
    rows = read(
        select(Theme.name.label("theme"), Criterion.name, CriterionWeight.weight)
        .join(CriterionWeight, CriterionWeight.theme_id == Theme.id)
        .join(Criterion, Criterion.id == CriterionWeight.criterion_id)
        .where(
            Criterion.edition_id == desk.round.edition_id,
            Criterion.level == desk.round.level,
            CriterionWeight.weight > 0,
        )
        .order_by(Theme.position, Criterion.position)
    )
    found: dict[str, list[list[Any]]] = {}
    for row in rows:
        found.setdefault(row.theme, []).append([row.name, row.weight])
    return [{"theme": theme, "criteria": lines} for theme, lines in found.items()]


def _panel(desk: Desk) -> list[dict[str, str]]:
    seats = [seat.id for seat in desk.seats]
    colleges = {row.id: row.college for row in read(select(Seat.id, Seat.college).where(Seat.id.in_(seats)))}
    return [
        {
            "name": drawable_text(seat.name),
            "function": seat.function,
            "college": colleges.get(seat.id) or "",
        }
        for seat in desk.seats
    ]

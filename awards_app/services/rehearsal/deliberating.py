"""A simulated jury deliberates on its locked ranking: ties parted, prizes proposed, minutes written, decisions confirmed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from awards_app.database import db
from awards_app.models.editions import Round
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.queries.editions import PrizeFacts, prizes_of, themes_of
from awards_app.services.deliberations import (
    break_tie,
    confirm_decisions,
    propose_decision,
    record_attendance,
    write_minutes,
)
from awards_app.services.rehearsal.plan import File
from awards_app.services.rehearsal.turn import Turn

TIE_REASON = "Après échange, le jury vote entre les candidatures à égalité."
NOTHING = "Le jury ne retient aucune candidature de cette thématique cette année."
DEPARTURE = "Le jury souhaite distinguer une autre structure que celle retenue pour le jury national."
# Where each region's jury meets: a diploma says the town where it was given.
TOWNS = {
    "01": "Basse-Terre", "02": "Fort-de-France", "03": "Cayenne", "04": "Saint-Denis", "06": "Mamoudzou", "24": "Orléans",
    "27": "Dijon", "28": "Rouen", "32": "Lille", "44": "Strasbourg", "52": "Nantes", "53": "Rennes", "75": "Bordeaux",
    "76": "Toulouse", "84": "Lyon", "93": "Marseille", "94": "Ajaccio",
}  # fmt: skip

Citation = Callable[[File], str]


@dataclass(slots=True)
class Outcome:
    """What a deliberation did, for the counts of its step."""

    ties: int = 0
    decisions: int = 0
    unawarded: int = 0
    entries: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Taste:
    """How a jury departs from the plain order: the theme in which it sends nobody up, whether its title goes to the
    second file of a theme."""

    no_entry_in: str | None = None
    title_to_second: bool = False


def simulated_citation(file: File) -> str:
    """Return a citation that nobody takes for a real one."""
    return f"Citation simulée pour la répétition : le jury distingue {file.name}."


def deliberate(turn: Turn, now: datetime, taste: Taste, citation: Citation = simulated_citation) -> Outcome:
    """Play the deliberation of a locked round up to the proposals; nothing is confirmed yet."""
    outcome = Outcome()
    everyone = {file.key for file in turn.files}
    leader = turn.company.holder(turn.jury.leader(everyone).account_id)
    attendance = {seat.seat_key: "present" for seat in turn.jury.seats}
    attendance |= {seat_key: "excused" for seat_key, _file in turn.plan.absences[:1]}
    record_attendance(leader, turn.key, attendance, now)
    prizes = prizes_of(turn.edition_id, turn.level)
    orders = {
        theme.code: _order(turn, theme.code, _deepest(prizes), now, outcome)
        for theme in themes_of(turn.edition_id)
    }
    for prize in prizes:
        _give(turn, prize, orders, taste, citation, now, outcome)
    _write_minutes(turn, now, outcome)
    return outcome


def confirm(turn: Turn, now: datetime) -> None:
    """Let the second person confirm what the jury proposed."""
    confirm_decisions(turn.company.holder(turn.staff_id), turn.key, now)


def _deepest(prizes: Sequence[PrizeFacts]) -> int:
    return max((prize.places for prize in prizes if prize.per_theme), default=1)


def _order(turn: Turn, theme: str, places: int, now: datetime, outcome: Outcome) -> list[File]:
    """Return the ranked files of a theme, best first, equals within the places parted by a recorded vote."""
    ranks = _ranks(turn.id)
    ranked = [file for file in turn.files if file.theme == theme and ranks.get(file.id) is not None]
    ranked.sort(key=lambda file: (ranks[file.id] or 0, file.name))
    for rank in sorted({ranks[file.id] or 0 for file in ranked}):
        equals = [file for file in ranked if ranks[file.id] == rank]
        if rank <= places and len(equals) > 1:
            leader = turn.jury.leader({file.key for file in turn.files if file.theme == theme})
            keys = [file.key for file in equals]
            break_tie(turn.company.holder(leader.account_id), turn.key, theme, keys, "vote", TIE_REASON, now)
            outcome.ties += 1
    return ranked


def _ranks(round_id: int) -> dict[int, int | None]:
    rows = db.session.execute(
        select(StandingRow.candidacy_id, StandingRow.rank)
        .join(Snapshot, Snapshot.id == StandingRow.snapshot_id)
        .where(Snapshot.round_id == round_id, Snapshot.released_at.is_(None))
    )
    return {row.candidacy_id: row.rank for row in rows}


def _give(
    turn: Turn,
    prize: PrizeFacts,
    orders: dict[str, list[File]],
    taste: Taste,
    citation: Citation,
    now: datetime,
    outcome: Outcome,
) -> None:
    if prize.outcome == "special":
        return
    if not prize.per_theme:
        theme = next((code for code, order in orders.items() if order), None)
        if theme is not None:
            _propose(turn, prize, theme, orders[theme][0], citation, "", now, outcome)
        return
    for theme, order in orders.items():
        if not order:
            continue
        if prize.outcome == "national_entry" and theme == taste.no_entry_in:
            _propose(turn, prize, theme, None, citation, NOTHING, now, outcome)
        elif prize.outcome == "title" and taste.title_to_second and len(order) > 1:
            _propose(turn, prize, theme, order[1], citation, DEPARTURE, now, outcome)
        else:
            for file in order[: prize.places]:
                _propose(turn, prize, theme, file, citation, "", now, outcome)


def _propose(
    turn: Turn,
    prize: PrizeFacts,
    theme: str,
    file: File | None,
    citation: Citation,
    reason: str,
    now: datetime,
    outcome: Outcome,
) -> None:
    leader = turn.jury.leader({one.key for one in turn.files if one.theme == theme})
    propose_decision(
        turn.company.holder(leader.account_id),
        turn.key,
        prize_code=prize.code,
        theme_code=theme if prize.per_theme else None,
        candidacy_key=file.key if file else None,
        citation=citation(file) if file else "",
        reason=reason,
        now=now,
    )
    outcome.decisions += 1
    if file is None:
        outcome.unawarded += 1
    elif prize.outcome == "national_entry":
        outcome.entries.append(file.key)


def _write_minutes(turn: Turn, now: datetime, outcome: Outcome) -> None:
    zone = db.session.scalar(select(Round.zone).where(Round.id == turn.id)) or "Europe/Paris"
    leader = turn.jury.leader({file.key for file in turn.files})
    content: dict[str, object] = {
        "place": TOWNS.get(turn.region_code or "", "Paris"),
        "held_on": f"{now.astimezone(ZoneInfo(zone)):%d/%m/%Y}",
        "chair": leader.name,
        "secretary": turn.jury.seats[-1].name,
        "notes": "",
        "votes": [
            {
                "question": "Départage de candidatures à égalité",
                "ballot": "open",
                "in_favour": len(turn.jury.seats) - 1,
                "against": 1,
                "abstained": 0,
                "outcome": "adopté",
            }
            for _tie in range(outcome.ties)
        ],
    }
    write_minutes(turn.company.holder(leader.account_id), turn.key, content, now)

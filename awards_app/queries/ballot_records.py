"""The ballots of a deliberation as the minutes print them, in French."""

from typing import Any

from awards_app.domain.voting import BORDA, GRADES, HANDS, JUDGEMENT, KINDS
from awards_app.queries.deliberations import Desk
from awards_app.queries.voting import BallotLine, ballots_of


def ballot_records(desk: Desk, codes: dict[int, str]) -> list[dict[str, Any]]:
    """Return the ballots that were counted or cancelled, as plain values; every line says its theme (one query)."""
    names = {seat.id: seat.name for seat in desk.seats}
    return [
        {
            "theme": codes[line.theme_id],
            "question": line.question,
            "kind": f"Vote {KINDS[line.kind]}",
            "papers": _papers(line),
            "choices": _choices(line),
            "hands": _hands(line, names),
            "cancelled": line.cancelled_reason,
        }
        for line in ballots_of(desk.round.id)
        if line.theme_id in codes and (line.result is not None or line.cancelled_at is not None)
    ]


def _papers(line: BallotLine) -> str:
    if line.result is None:
        return ""
    text = f"membres appelés : {line.base}, présents : {line.present}, bulletins : {line.result['papers']}"
    return text if line.kind in (BORDA, JUDGEMENT) else f"{text}, dont blancs : {line.result['blank']}"


def _choices(line: BallotLine) -> list[dict[str, str]]:
    if line.result is None:
        return []
    return [
        {
            "choice": line.label(one["option"]),
            "place": f"{one['rank']} ex æquo" if one["tied"] else str(one["rank"]),
            "count": _count(line.kind, int(one["figure"])),
        }
        for one in line.result["lines"]
    ]


def _count(kind: str, figure: int) -> str:
    if kind == JUDGEMENT:
        return GRADES[figure]
    if kind == BORDA:
        return f"{figure} point{'s' if figure > 1 else ''}"
    return f"{figure} voix"


def _hands(line: BallotLine, names: dict[int, str]) -> str:
    if line.kind != HANDS or line.result is None:
        return ""
    said = [
        f"{names.get(seat, 'membre parti')} : {line.label(choice or '') or 'abstention'}"
        for seat, choice in line.voters
    ]
    return "Mains levées. " + " ; ".join(said) if said else ""

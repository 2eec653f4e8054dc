"""What a publication writes of each decision: the same values for the honour itself and for its preview."""

import json
from typing import Any

from awards_app.domain.honours import DISTINCTIONS
from awards_app.domain.text import slugify, sort_key
from awards_app.queries.deliberations import DecisionLine, Desk, decided_filings
from awards_app.queries.editions import PrizeFacts
from awards_app.queries.honours import HonourLine


def amount_of(prize: PrizeFacts) -> int | None:
    """Return the money of a prize in whole euros, None when it has none."""
    return sum(line[0] for line in prize.endowments if line[0] is not None) or None


def honour_values(desk: Desk, line: DecisionLine, content: str) -> dict[str, Any]:
    """Return the columns of the honour that a decision makes; ``content`` is the frozen copy that was judged."""
    prize = desk.prize(line.prize_id)
    frozen: dict[str, Any] = json.loads(content)
    structure = frozen["structure"]
    answers = {answer["code"]: answer["value"] for part in frozen["sections"] for answer in part["answers"]}
    theme = desk.theme(line.theme_id)
    name = str(structure["name"])
    return {
        "year": desk.round.year,
        "level": desk.round.level,
        "distinction": DISTINCTIONS[prize.outcome],
        "prize_name": prize.name,
        "theme": theme.name if theme else "",
        "theme_code": theme.code if theme else "",
        "region_code": desk.round.region_code or frozen["region"]["code"],
        "structure_name": name,
        "sort_key": sort_key(name),
        "legal_family": structure.get("legal_family") or "unknown",
        "siren": structure.get("siren") or None,
        "city": structure.get("city") or "",
        "department": structure.get("department") or "",
        "project_title": str(frozen["title"]),
        "summary": answers.get("summary", ""),
        "citation": line.citation,
        "amount": amount_of(prize),
        "website": structure.get("website") or "",
    }


def honours_to_come(desk: Desk) -> tuple[HonourLine, ...]:
    """Return the honours that publishing a table would write, in the order of decisions (one query).

    An endowment adds its amount to the highest honour of its structure and is a line of its own only where there is none.
    Their addresses are given at the publication.
    """
    given = [line for line in desk.decisions if line.candidacy_id is not None]
    filings = decided_filings(line.id for line in given) if given else {}
    held: dict[int, list[dict[str, Any]]] = {}
    for line in sorted(given, key=lambda one: desk.prize(one.prize_id).outcome == "endowment"):
        values = honour_values(desk, line, filings[line.id].content)
        own = held.setdefault(line.candidacy_id or 0, [])
        bearers = [one for one in own if one["outcome"] in ("title", "special", "laureate")]
        outcome = desk.prize(line.prize_id).outcome
        if outcome == "endowment" and bearers:
            bearer = min(bearers, key=lambda one: one["distinction"] != "laureate")
            bearer["amount"] = (bearer["amount"] or 0) + (values["amount"] or 0) or None
            continue
        own.append({**values, "key": line.key, "outcome": outcome, "region": filings[line.id].content})
    return tuple(_line(one) for own in held.values() for one in own)


def _line(values: dict[str, Any]) -> HonourLine:
    kept = {
        name: value for name, value in values.items() if name not in ("outcome", "region", "legal_family")
    }
    region = json.loads(values["region"])["region"]
    return HonourLine(
        **kept,
        slug=f"{slugify(values['structure_name']) or 'structure'}-{values['year']}",
        region_name=region.get("name"),
        region_slug=None,
        source_url="",
        published_at=None,
        erratum="",
        retracted_at=None,
    )

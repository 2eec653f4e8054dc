"""What the minutes of a deliberation say, as plain values by theme, and the paper one reader gets of them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from awards_app.domain.deliberations import TIE_METHODS
from awards_app.domain.erasures import redacted_on
from awards_app.domain.instants_fr import instant_fr
from awards_app.domain.numbers_fr import show_amount
from awards_app.domain.papers import (
    BallotChoice,
    BallotRecord,
    DecisionLine,
    FileLine,
    MinutesText,
    PrizeLine,
    RankingLine,
    RankingTable,
    RecusalLine,
    SessionNote,
    SignatureLine,
    UnawardedLine,
    VoteLine,
    Watermark,
)
from awards_app.queries.ballot_records import ballot_records
from awards_app.queries.deliberations import Desk, RankedLine
from awards_app.queries.discussion import notes_of
from awards_app.queries.editions import PrizeFacts

BALLOTS = {"open": "à main levée", "secret": "à bulletin secret"}


def record_of(
    desk: Desk, typed: dict[str, Any], *, signatures: Iterable[dict[str, str]] = (), decided: bool = True
) -> dict[str, Any]:
    """Return the whole record of a deliberation in plain values; every line says the theme it belongs to (two queries)."""
    held = desk.round
    codes = {theme.id: theme.code for theme in desk.themes}
    names = {seat.id: seat.name for seat in desk.seats}
    called = [seat for seat in desk.seats if seat.function != "secretary"]
    present = [seat for seat in called if seat.attendance == "present"]
    return {
        "edition_label": f"Édition {held.year}",
        "year": held.year,
        "jury_name": f"Jury régional · {held.region_name}" if held.region_code else "Jury national",
        "region_code": held.region_code,
        "region_name": held.region_name or "France",
        "themes": [{"code": theme.code, "name": theme.name} for theme in desk.themes],
        "typed": typed,
        "called": [seat.name for seat in called],
        "present": [seat.name for seat in present],
        "excused": [seat.name for seat in called if seat.attendance != "present"],
        "quorum": _quorum(desk, len(called), len(present)),
        "recusals": [
            {"theme": codes[file.theme_id], "file": _named(file), "juror": names[seat_id]}
            for file in desk.files
            for seat_id in sorted(desk.standing_aside(file), key=lambda key: names.get(key, ""))
            if seat_id in names
        ],
        "files": [_file(file, codes) for file in desk.files],
        "tie_rule": str(held.rules.get("tie_rule_text", "")),
        "tie_breaks": _tie_breaks(desk, codes),
        "decisions": [_decision(desk, line, codes) for line in desk.decisions] if decided else [],
        "snapshot_sha256": desk.snapshot_sha256,
        "signatures": list(signatures),
        "ballots": ballot_records(desk, codes),
        "session": _session(desk, codes),
    }


def _session(desk: Desk, codes: dict[int, str]) -> list[dict[str, Any]]:
    """Return, by file, the note that the chair put in the minutes and who was out of the room."""
    notes = notes_of(desk.round.id)
    names = {seat.key: seat.name for seat in desk.seats}
    lines = []
    for file in desk.files:
        note = notes.get(file.key, {})
        body = str(note.get("body", "")) if note.get("in_minutes") else ""
        absent = ", ".join(sorted(names[key] for key in desk.absences.get(file.key, ()) if key in names))
        if body or absent:
            lines.append(
                {"theme": codes[file.theme_id], "file": _named(file), "note": body, "absent": absent}
            )
    return lines


def _quorum(desk: Desk, called: int, present: int) -> str:
    reached = called > 0 and present >= desk.share * called
    text = f"{present} membres présents sur {called} appelés : {'atteint' if reached else 'non atteint'}"
    short = [file.structure for file in desk.files if not desk.quorum(file).is_reached]
    return text + (f". Non atteint, déports décomptés, pour : {', '.join(short)}" if short else "")


def _named(file: RankedLine) -> str:
    return f"{file.number}, {file.structure}"


def _file(file: RankedLine, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "theme": codes[file.theme_id],
        "number": file.number,
        "structure": file.structure,
        "title": file.title,
        "rank": file.rank,
        "tied": file.tied,
        "score": file.shown,
        "readers": file.readers,
        "note": file.note,
        "withdrawn": file.withdrawn,
    }


def _tie_breaks(desk: Desk, codes: dict[int, str]) -> list[dict[str, Any]]:
    names = {file.key: file.structure for file in desk.files}
    return [
        {
            "theme": codes[line.theme_id],
            "order": [names.get(key, "") for key in line.ordered_keys],
            "method": line.method,
            "reason": line.reason,
        }
        for line in reversed(desk.tie_breaks)
    ]


def _decision(desk: Desk, line: Any, codes: dict[int, str]) -> dict[str, Any]:
    prize = desk.prize(line.prize_id)
    return {
        "theme": codes.get(line.theme_id),
        "prize": prize.name,
        "outcome": prize.outcome,
        "structure": line.structure or None,
        "citation": line.citation,
        "reason": line.reason,
        "endowment": endowment_text(prize),
    }


def endowment_text(prize: PrizeFacts) -> str:
    """Return the endowment of a prize as printed: « 1 000 € », « 5 000 €, apport en nature »."""
    parts = [
        f"{show_amount(Decimal(amount))}\u00a0€" if amount is not None else "apport en nature"
        for amount, _currency, _kind, _funder, _note in prize.endowments
    ]
    return ", ".join(parts)


def minutes_text(
    number: str,
    record: dict[str, Any],
    *,
    themes: Collection[str] | None = None,
    watermark: Watermark | None = None,
    draft: bool = False,
    signatures: Iterable[SignatureLine] = (),
    sha256: str = "",
) -> MinutesText:
    """Return the paper of a record; ``themes`` are the codes of those the reader may know, None for all."""

    def own(name: str) -> list[dict[str, Any]]:
        return [line for line in record[name] if themes is None or line["theme"] in themes]

    names = {theme["code"]: theme["name"] for theme in record["themes"]}
    typed = record["typed"]
    decisions = [line for line in record["decisions"] if themes is None or line["theme"] in themes]
    awarded = [line for line in decisions if line["structure"]]
    return MinutesText(
        number=number,
        edition_label=record["edition_label"],
        jury_name=record["jury_name"],
        region_code=record["region_code"],
        region_name=record["region_name"],
        themes=tuple(name for code, name in names.items() if themes is None or code in themes),
        held_on=str(typed.get("held_on", "")),
        place=str(typed.get("place", "")),
        called=tuple(record["called"]),
        present=tuple(record["present"]),
        excused=tuple(record["excused"]),
        chair=str(typed.get("chair", "")),
        secretary=str(typed.get("secretary", "")),
        quorum=record["quorum"] if themes is None else record["quorum"].split(". ")[0],
        recusals=tuple(RecusalLine(line["file"], line["juror"]) for line in own("recusals")),
        files=tuple(
            FileLine(line["number"], line["structure"], line["title"], names.get(line["theme"], ""))
            for line in own("files")
        ),
        rankings=tuple(
            RankingTable(name, tuple(_ranking(record, code)))
            for code, name in names.items()
            if (themes is None or code in themes) and any(line["theme"] == code for line in record["files"])
        ),
        votes=tuple(_vote(line) for line in typed.get("votes", [])) if themes is None else (),
        tie_rule=_tie_rule(record["tie_rule"], own("tie_breaks"), names),
        decisions=tuple(
            DecisionLine(
                line["prize"],
                line["structure"],
                names.get(line["theme"], ""),
                line["citation"],
                line["reason"],
            )
            for line in awarded
        ),
        prizes=tuple(PrizeLine(line["prize"], line["structure"], line["endowment"]) for line in awarded),
        unawarded=tuple(
            UnawardedLine(_with_theme(line["prize"], names.get(line["theme"])), line["reason"])
            for line in decisions
            if not line["structure"]
        ),
        snapshot_sha256=record["snapshot_sha256"],
        signatures=(*signatures, *(SignatureLine(**line) for line in record["signatures"])),
        notes=str(typed.get("notes", "")) if themes is None else "",
        ballots=tuple(
            _ballot(line) for line in record.get("ballots", []) if themes is None or line["theme"] in themes
        ),
        session=tuple(
            SessionNote(line["file"], line["note"], line["absent"])
            for line in record.get("session", [])
            if themes is None or line["theme"] in themes
        ),
        sha256=sha256,
        redacted_on=redacted_on(record),
        watermark=watermark,
        draft=draft,
    )


def _ballot(line: dict[str, Any]) -> BallotRecord:
    return BallotRecord(
        question=line["question"],
        kind=line["kind"],
        papers=line["papers"],
        choices=tuple(BallotChoice(**choice) for choice in line["choices"]),
        hands=line["hands"],
        cancelled=line["cancelled"],
    )


def _with_theme(prize: str, theme: str | None) -> str:
    return f"{prize}, {theme}" if theme else prize


def _ranking(record: dict[str, Any], code: str) -> Iterable[RankingLine]:
    for line in record["files"]:
        if line["theme"] != code:
            continue
        if line["rank"] is None:
            place = "non classable"
        else:
            place = f"{line['rank']}{' ex æquo' if line['tied'] else ''}"
        if line["withdrawn"]:
            place += " (retirée)"
        yield RankingLine(place, line["structure"], line["title"], line["score"], line["readers"])


def _vote(line: dict[str, Any]) -> VoteLine:
    return VoteLine(
        question=str(line["question"]),
        ballot=BALLOTS.get(str(line["ballot"]), str(line["ballot"])),
        in_favour=int(line["in_favour"]),
        against=int(line["against"]),
        abstained=int(line["abstained"]),
        outcome=str(line["outcome"]),
    )


def _tie_rule(rule: str, breaks: list[dict[str, Any]], names: dict[str, str]) -> str:
    said = [
        f"Départage, {names[line['theme']]} : {' puis '.join(line['order'])} ({TIE_METHODS[line['method']]}). "
        f"Motif : {line['reason']}"
        for line in breaks
    ]
    return " ".join([rule, *said]).strip()


def watermark_of(email: str, now: datetime, zone: str) -> Watermark:
    """Return who obtained a paper under embargo, and when."""
    return Watermark(email, instant_fr(now, zone))

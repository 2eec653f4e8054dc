"""Who gets a certificate of each kind in a round, and what each says: read from what was filed, decided and done."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from awards_app.adapters.public_address import public_address
from awards_app.database import db
from awards_app.domain.certificate_kinds import DECIDED, Basis, KindLine
from awards_app.domain.erasures import ERASED
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.papers import CertificateText
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy, Filing
from awards_app.models.juries import Seat
from awards_app.queries.deliberations import DecisionLine, Desk, decided_filings
from awards_app.services.certificate_kinds import words_of

ESS_FRANCE = "ESS France"
ROLES = {
    "chair": "Présidence du {jury}",
    "deputy": "Présidence suppléante du {jury}",
    "secretary": "Secrétariat du {jury}",
    "juror": "Membre du {jury}",
}


@dataclass(frozen=True, slots=True)
class Due:
    """A certificate that is due: its kind, whose it is, the values of its words."""

    kind: KindLine
    holder_key: str
    name: str
    values: dict[str, str]
    decision_id: int | None = None
    candidacy_id: int | None = None
    seat_id: int | None = None
    theme_id: int | None = None
    citation: str = ""


def due_certificates(desk: Desk, kinds: Iterable[KindLine]) -> Iterator[Due]:
    """Yield every certificate that the kinds of the edition give in a round, in its phase, ordered before or not."""
    for kind in kinds:
        if not kind.is_given or desk.round.phase < kind.from_phase:
            continue
        if kind.basis in DECIDED:
            yield from _decided(desk, kind)
        elif kind.basis is Basis.JUROR:
            yield from _seated(desk, kind)
        else:
            yield from _filed(desk, kind)


def certificate_text(desk: Desk, due: Due, number: str, now: datetime) -> CertificateText:
    """Return what a certificate says, frozen: the words of its kind as they stand now, with their version."""
    held, theme = desk.round, desk.theme(due.theme_id)
    typed = desk.minutes.content.get("typed", {}) if desk.minutes else {}
    is_decided = due.kind.basis in DECIDED
    issuer_line, distinction, body = words_of(due.kind, due.values)
    chair = "Présidence du jury régional" if held.region_code else "Présidence du jury national"
    return CertificateText(
        kind=due.kind.design,  # type: ignore[arg-type]  # one of the two, as the table checks
        edition_label=held.edition_name,
        structure_name=due.name,
        theme_name=theme.name if theme else "",
        theme_code=theme.code if theme else "",
        citation=due.citation,
        region_code=held.region_code,
        region_name=held.region_name or "France",
        number=number,
        verify_url=public_address(f"/certificats/{number}"),
        signed_by=str(typed.get("chair", "")) if is_decided else held.chamber or ESS_FRANCE,
        signed_role=chair if is_decided else "Organisation du prix",
        dated=day_fr(now, held.zone),
        place=str(typed.get("place", "")) if is_decided else "",
        kind_label=due.kind.label,
        wording_version=due.kind.version,
        issuer_line=issuer_line,
        distinction=distinction,
        body=body,
    )


def _decided(desk: Desk, kind: KindLine) -> Iterator[Due]:
    lines = [line for line in desk.decisions if _is_certified(desk, line, kind.basis)]
    filings = decided_filings(line.id for line in lines) if lines else {}
    for line in lines:
        filing = filings[line.id]
        frozen = json.loads(filing.content)
        values = _of_file(desk, frozen, filing.receipt, filing.submitted_at, line.theme_id)
        values["prize"] = desk.prize(line.prize_id).name
        yield Due(
            kind,
            line.key,
            str(frozen["structure"]["name"]),
            values,
            decision_id=line.id,
            candidacy_id=line.candidacy_id,
            theme_id=line.theme_id,
            citation=line.citation,
        )


def _is_certified(desk: Desk, line: DecisionLine, basis: Basis) -> bool:
    return (
        line.candidacy_id is not None
        and line.confirmed_at is not None
        and not line.withdrawn
        and desk.prize(line.prize_id).outcome == basis.value
    )


def _filed(desk: Desk, kind: KindLine) -> Iterator[Due]:
    query = (
        select(
            Candidacy.id,
            Candidacy.key,
            Candidacy.theme_id,
            Filing.content,
            Filing.receipt,
            Filing.submitted_at,
        )
        .join(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
        .where(Candidacy.round_id == desk.round.id, Candidacy.state == "submitted")
        .order_by(Candidacy.id)
    )
    if kind.basis is Basis.ADMISSIBLE:
        query = query.join(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None)
            & (AdmissibilityDecision.verdict == "admissible"),
        )
    for row in db.session.execute(query):
        frozen = json.loads(row.content)
        values = _of_file(desk, frozen, row.receipt, row.submitted_at, row.theme_id)
        name = str(frozen["structure"]["name"])
        yield Due(kind, row.key, name, values, candidacy_id=row.id, theme_id=row.theme_id)


def _seated(desk: Desk, kind: KindLine) -> Iterator[Due]:
    rows = db.session.execute(
        select(Seat.id, Seat.key, Seat.name, Seat.function, Seat.theme_id)
        .where(
            Seat.round_id == desk.round.id,
            Seat.accepted_at.is_not(None),
            Seat.charter_at.is_not(None),
            Seat.left_at.is_(None),
            Seat.name != ERASED,
        )
        .order_by(Seat.id)
    )
    for row in rows:
        values = _of_round(desk) | {
            "juror": row.name,
            "role": ROLES[row.function].format(jury=_jury(desk)),
            "theme": _theme(desk, row.theme_id),
        }
        yield Due(kind, row.key, row.name, values, seat_id=row.id, theme_id=row.theme_id)


def _of_file(
    desk: Desk, frozen: dict[str, Any], receipt: str, submitted_at: datetime, theme_id: int | None
) -> dict[str, str]:
    return _of_round(desk) | {
        "structure": str(frozen["structure"]["name"]),
        "project": str(frozen.get("title", "")),
        "theme": _theme(desk, theme_id),
        "filed_on": day_fr(submitted_at, desk.round.zone),
        "receipt": receipt,
    }


def _of_round(desk: Desk) -> dict[str, str]:
    held = desk.round
    return {
        "edition": held.edition_name,
        "year": str(held.year),
        "region": held.region_name or "",
        "located": held.located or "",
        "chamber": held.chamber or ESS_FRANCE,
        "jury": _jury(desk),
    }


def _jury(desk: Desk) -> str:
    return "jury régional" if desk.round.region_code else "jury national"


def _theme(desk: Desk, theme_id: int | None) -> str:
    theme = desk.theme(theme_id)
    return theme.name if theme else ""

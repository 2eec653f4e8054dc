"""Files of an edition that may be the same, as far as the reader may know: of another region the name and the region."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select

from awards_app.database import db
from awards_app.domain.addresses import fold_address
from awards_app.domain.admissibility_duplicates import Ground, Known, Pair, identifiers_of, pairs_alike
from awards_app.domain.phases import Phase
from awards_app.models.admissibility import DuplicateDismissal
from awards_app.models.candidacies import Answer, Candidacy
from awards_app.models.editions import Region, Round
from awards_app.models.structures import Structure
from awards_app.queries.access import CandidacyFacts

CONTACT = "contact_email"
# Drafts are known to their own chamber while the call and admissibility last.
DRAFTS_ARE_KNOWN = (Phase.FILING, Phase.ADMISSIBILITY)


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A file that may be the one read. ``key`` and ``title`` are empty where the reader may not know them."""

    mark: str
    candidacy_id: int
    key: str
    title: str
    structure_name: str
    region_name: str
    state: str
    grounds: tuple[Ground, ...]
    is_dismissed: bool


def lookalikes_of(facts: CandidacyFacts, now: datetime) -> tuple[Lookalike, ...]:
    """Return the look-alikes of one file for a reader whose right was settled by the caller (one query)."""
    rows = edition_rows(facts.round.edition_id, facts.own_round_id, facts.round.phase, seen_from=facts.id)
    return lookalikes_among(rows, facts.id)


def lookalikes_among(rows: Sequence[Any], candidacy_id: int) -> tuple[Lookalike, ...]:
    """Return the look-alikes of one of the rows of `edition_rows`."""
    by_id = {row.id: row for row in rows}
    mine = by_id.get(candidacy_id)
    if mine is None:
        return ()
    found = []
    for pair in pairs_alike([known_of(row) for row in rows]):
        if candidacy_id in (pair.first, pair.second):
            found.append(_lookalike(mine, by_id[pair.other(candidacy_id)], pair))
    return tuple(sorted(found, key=lambda one: (one.is_dismissed, one.structure_name, one.mark)))


def _lookalike(mine: Any, other: Any, pair: Pair) -> Lookalike:
    own = other.round_id == mine.round_id
    return Lookalike(
        mark=pair_mark(mine.key, other.key),
        candidacy_id=other.id,
        # A draft is known by its structure and title, never opened.
        key=other.key if own and other.state != "draft" else "",
        title=other.title if own else "",
        structure_name=other.name,
        region_name=other.region_name,
        state=other.state,
        grounds=pair.grounds,
        is_dismissed=bool(other.is_dismissed),
    )


def pair_mark(one: str, other: str) -> str:
    """Return a name for a pair of files that tells neither to who knows the other."""
    return hashlib.sha256("/".join(sorted((one, other))).encode()).hexdigest()[:22]


def doubtful_ids(rows: Sequence[Any], edition_id: int) -> frozenset[int]:
    """Return the files among `edition_rows` that look like another and of which nobody said the contrary (one query)."""
    dismissed = {
        tuple(row)
        for row in db.session.execute(
            select(DuplicateDismissal.first_id, DuplicateDismissal.second_id)
            .join(Candidacy, Candidacy.id == DuplicateDismissal.first_id)
            .where(Candidacy.edition_id == edition_id)
        )
    }
    pairs = pairs_alike([known_of(row) for row in rows])
    return frozenset(
        one
        for pair in pairs
        if (pair.first, pair.second) not in dismissed
        for one in (pair.first, pair.second)
    )


def known_of(row: Any) -> Known:
    """Return what is compared of a row of `edition_rows`."""
    return Known(
        id=row.id,
        name=row.name,
        identifiers=identifiers_of(row.siren, row.siret, row.rna, row.court_register),
        contact=fold_address(row.contact) if row.contact else "",
    )


def edition_rows(
    edition_id: int, round_id: int, phase: Phase, *, seen_from: int | None = None
) -> Sequence[Any]:
    """Return the filed candidacies of an edition, and the drafts of one round where they may be known (one query)."""
    states = [Candidacy.state == "submitted"]
    if phase in DRAFTS_ARE_KNOWN:
        states.append(and_(Candidacy.state == "draft", Candidacy.round_id == round_id))
    said = exists().where(
        or_(
            and_(DuplicateDismissal.first_id == seen_from, DuplicateDismissal.second_id == Candidacy.id),
            and_(DuplicateDismissal.second_id == seen_from, DuplicateDismissal.first_id == Candidacy.id),
        )
    )
    return db.session.execute(
        select(
            Candidacy.id,
            Candidacy.key,
            Candidacy.round_id,
            Candidacy.state,
            Candidacy.title,
            Structure.name,
            Structure.siren,
            Structure.siret,
            Structure.rna,
            Structure.court_register,
            Region.name.label("region_name"),
            Answer.value.label("contact"),
            said.label("is_dismissed"),
        )
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Round, Round.id == Candidacy.round_id)
        .join(Region, Region.code == Round.region_code)
        .outerjoin(Answer, and_(Answer.candidacy_id == Candidacy.id, Answer.question_code == CONTACT))
        .where(Candidacy.edition_id == edition_id, or_(*states))
        .order_by(Candidacy.id)
    ).all()

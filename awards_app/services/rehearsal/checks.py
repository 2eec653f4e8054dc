"""What must hold at the end: rankings recomputed from the marks by another way, the journal, the archive, the certificates."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from random import Random
from typing import Any

from sqlalchemy import func, select

from awards_app.database import db
from awards_app.domain.results_archive import verify_archive
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Criterion, CriterionWeight, Round
from awards_app.models.honours import Honour
from awards_app.models.juries import Interest, Seat
from awards_app.models.scoring import Mark, Scoresheet, Snapshot, StandingRow
from awards_app.services.certificates import certificate_file, verify
from awards_app.services.rehearsal.company import Company

SPOILED = 10


def rankings_hold(edition_id: int) -> bool:
    """Say whether every stored ranking of the edition is that of its marks, score by score and rank by rank.

    Nothing is shared with the code that ranked: the weighted sums are made here, from the tables.
    """
    snapshots = db.session.execute(
        select(Snapshot.id, Snapshot.round_id)
        .join(Round, Round.id == Snapshot.round_id)
        .where(Round.edition_id == edition_id, Snapshot.released_at.is_(None))
    ).all()
    return all(_stored(row.id) == _recomputed(row.round_id, row.id) for row in snapshots)


def _stored(snapshot_id: int) -> dict[int, tuple[Fraction | None, int | None]]:
    rows = db.session.execute(
        select(
            StandingRow.candidacy_id, StandingRow.numerator, StandingRow.denominator, StandingRow.rank
        ).where(StandingRow.snapshot_id == snapshot_id)
    )
    return {
        row.candidacy_id: (None if row.rank is None else Fraction(row.numerator, row.denominator), row.rank)
        for row in rows
    }


def _recomputed(round_id: int, snapshot_id: int) -> dict[int, tuple[Fraction | None, int | None]]:
    themes = dict(
        db.session.execute(
            select(StandingRow.candidacy_id, StandingRow.theme_id).where(
                StandingRow.snapshot_id == snapshot_id
            )
        ).all()
    )
    totals: dict[int, list[int]] = defaultdict(list)
    for (_seat, candidacy_id), weighed in _sheets(round_id, themes).items():
        if sum(weight for weight, _level in weighed) == 100 and None not in [level for _w, level in weighed]:
            totals[candidacy_id].append(sum(weight * (level or 0) for weight, level in weighed))
    means = {key: Fraction(sum(given), 100 * len(given)) for key, given in totals.items()}
    found: dict[int, tuple[Fraction | None, int | None]] = {}
    for key, theme in themes.items():
        mine = means.get(key)
        rivals = [means[other] for other in means if themes.get(other) == theme]
        found[key] = (mine, None if mine is None else 1 + sum(other > mine for other in rivals))
    return found


def _sheets(round_id: int, themes: dict[int, int]) -> dict[tuple[int, int], list[tuple[int, int | None]]]:
    """Return the weights and levels of each sheet that counts: its juror sits, stands by the file, was not set aside."""
    aside = select(Interest.seat_id, Interest.candidacy_id).where(
        Interest.verdict == "recused", Interest.replaced_at.is_(None)
    )
    recused = {tuple(row) for row in db.session.execute(aside)}
    rows: Iterable[Any] = db.session.execute(
        select(
            Scoresheet.seat_id,
            Scoresheet.candidacy_id,
            CriterionWeight.theme_id,
            CriterionWeight.weight,
            Mark.level,
        )
        .join(Mark, Mark.scoresheet_id == Scoresheet.id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .join(CriterionWeight, CriterionWeight.criterion_id == Criterion.id)
        .join(Seat, Seat.id == Scoresheet.seat_id)
        .where(
            Scoresheet.round_id == round_id,
            Scoresheet.set_aside_at.is_(None),
            Seat.left_at.is_(None),
            CriterionWeight.weight > 0,
        )
    )
    sheets: dict[tuple[int, int], list[tuple[int, int | None]]] = defaultdict(list)
    for row in rows:
        pair = (row.seat_id, row.candidacy_id)
        if pair not in recused and themes.get(row.candidacy_id) == row.theme_id:
            sheets[pair].append((row.weight, row.level))
    return sheets


def honours_of(year: int) -> int:
    """Return how many distinctions of the year the public may read."""
    return (
        db.session.scalar(select(func.count()).where(Honour.year == year, Honour.retracted_at.is_(None))) or 0
    )


def decisions_of_edition(edition_id: int) -> int:
    """Return how many decisions of the edition name a structure."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Decision)
            .join(Round, Round.id == Decision.round_id)
            .where(
                Round.edition_id == edition_id,
                Decision.annulled_at.is_(None),
                Decision.candidacy_id.is_not(None),
            )
        )
        or 0
    )


def certificates_hold(files: Iterable[tuple[str, bytes]]) -> bool:
    """Say whether every certificate verifies by its number and by its bytes, and one changed byte does not."""
    checked = list(files)
    good = all(
        verify(number).state == "valid" and verify(content).state == "valid" for number, content in checked
    )
    return good and all(verify(spoiled(content)).state != "valid" for _number, content in checked[:1])


def spoiled(content: bytes) -> bytes:
    """Return a file with one bit of its middle byte turned: another file, whatever that byte was."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def spoiled_archives_are_refused(archive: bytes) -> bool:
    """Say whether the archive with one byte changed is refused, wherever: some drawn at random, both ends."""
    rng = Random("archive")
    places = [0, len(archive) - 1, *(rng.randrange(len(archive)) for _draw in range(SPOILED))]
    return not any(
        verify_archive(archive[:place] + bytes([archive[place] ^ (1 << place % 8)]) + archive[place + 1 :]).ok
        for place in places
    )


def certificate_files(
    company: Company, staff_id: int, edition_id: int, now: Any
) -> list[tuple[str, str, bytes]]:
    """Return the certificates issued in an edition: number, name of the file, bytes."""
    numbers = db.session.scalars(
        select(Certificate.number)
        .join(Round, Round.id == Certificate.round_id)
        .where(Round.edition_id == edition_id, Certificate.state == "issued")
        .order_by(Certificate.id)
    ).all()
    holder = company.holder(staff_id)
    found = []
    for number in numbers:
        file = certificate_file(holder, number, now)
        found.append((number, file.name, file.content))
    return found

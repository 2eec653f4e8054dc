"""What keeps a round from being decided or published: everything recounted, nothing taken on trust."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.deliberations import Point, slot_points
from awards_app.domain.grid import GridIsInvalid
from awards_app.domain.ranking import MarksAreMissing, rank
from awards_app.domain.recount import Tally, recount, tally
from awards_app.domain.results_rules import ballot_of
from awards_app.domain.snapshot import sha256_of
from awards_app.domain.words import N_
from awards_app.models.editions import Round
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.queries.ballots import ballots_of_round
from awards_app.queries.deliberations import Desk

NO_SNAPSHOT = N_("Les notes ne sont pas verrouillées.")
SNAPSHOT_DIFFERS = N_("L’empreinte des notes verrouillées ne correspond plus à leur contenu.")
RANKING_DIFFERS = N_("Le classement de %(theme)s, recalculé, n’est pas celui qui est enregistré.")
SHEETS_DIFFER = N_(
    "%(structure)s : %(given)s fiches rendues, déportées ou dispensées pour %(expected)s attendues."
)
COMPUTATIONS_DIFFER = N_("Deux calculs indépendants ne donnent pas le même classement de %(theme)s.")
MARKS_MISSING = N_("Il manque des notes dans la thématique %(theme)s.")
NOT_CONFIRMED = N_("« %(prize)s » : une proposition n’est pas confirmée.")
ATTENDANCE_MISSING = N_("La présence de %(count)s membres du jury n’est pas notée.")
MINUTES_MISSING = N_("Le procès-verbal n’est pas rédigé.")
VOTE_IS_OPEN = N_(
    "Le vote %(number)s est encore ouvert : « %(question)s ». La présidence le clôt ou l’annule d’abord."
)
PROPOSER_IS_ASIDE = N_("« %(prize)s » à %(structure)s : la personne qui propose s’est déportée.")
PROPOSER_CONFIRMS = N_("Vous avez proposé une des décisions : une autre personne doit confirmer.")
NATIONAL_IS_LOCKED = N_(
    "Le jury national a déjà verrouillé ses notes : il ne peut plus recevoir de candidature."
)


@dataclass(frozen=True, slots=True)
class ThemeTally:
    """A theme's sheets, and whether two computations and the stored ranking agree."""

    name: str
    tally: Tally
    agrees: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A round recounted: what does not hold, and the count of each theme."""

    points: tuple[Point, ...]
    themes: tuple[ThemeTally, ...]


def confirmation_points(desk: Desk, account_id: int | None = None) -> tuple[Point, ...]:
    """Return what blocks the confirmation of the proposals of a round, by ``account_id`` when one is given."""
    return tuple(_confirmation_points(desk, account_id))


def publication_points(desk: Desk, found: Reconciliation | None = None) -> tuple[Point, ...]:
    """Return what blocks the publication of confirmed decisions; ``found`` is the recount, where it is at hand."""
    return tuple(_publication_points(desk, found or reconcile(desk)))


def _confirmation_points(desk: Desk, account_id: int | None) -> Iterator[Point]:
    yield from ranking_points(desk)
    unknown = sum(seat.attendance == "unknown" for seat in desk.seats if seat.function != "secretary")
    if unknown:
        yield ATTENDANCE_MISSING, {"count": unknown}
    if desk.minutes is None or desk.minutes.frozen_at is not None:
        yield MINUTES_MISSING, {}
    yield from slot_points(desk.contest(), desk.slots(), _names(desk))
    yield from _proposer_points(desk)
    if desk.vote_under_way is not None:
        # Once decided, nobody could close it, and the minutes would not tell it.
        yield VOTE_IS_OPEN, dict(zip(("number", "question"), desk.vote_under_way, strict=True))
    if account_id is not None and any(line.proposed_by_id == account_id for line in desk.decisions):
        yield PROPOSER_CONFIRMS, {}


def _publication_points(desk: Desk, found: Reconciliation) -> Iterator[Point]:
    yield from found.points
    for line in desk.decisions:
        if line.confirmed_at is None:
            yield NOT_CONFIRMED, {"prize": desk.prize(line.prize_id).name}
    yield from slot_points(desk.contest(), desk.slots(), _names(desk))


def _names(desk: Desk) -> dict[str, str]:
    return {file.key: file.structure for file in desk.files}


def _proposer_points(desk: Desk) -> Iterator[Point]:
    files = {file.id: file for file in desk.files}
    accounts = {seat.id: seat.account_id for seat in desk.seats}
    for line in desk.decisions:
        file = files.get(line.candidacy_id or 0)
        if file is None:
            continue
        if line.proposed_by_id in {accounts.get(seat_id) for seat_id in desk.standing_aside(file)}:
            values: dict[str, object] = {
                "prize": desk.prize(line.prize_id).name,
                "structure": line.structure,
            }
            yield PROPOSER_IS_ASIDE, values


def ranking_points(desk: Desk) -> Iterator[Point]:
    """Yield where the locked scores, recounted twice, do not give the stored ranking, or sheets are not all there."""
    yield from reconcile(desk).points


def reconcile(desk: Desk) -> Reconciliation:
    """Recount a locked round: its fingerprint, its ranking by two computations, each sheet that was expected."""
    if desk.snapshot_id is None:
        return Reconciliation(((NO_SNAPSHOT, {}),), ())
    content, stored = db.session.execute(
        select(Snapshot.content, Snapshot.sha256).where(Snapshot.id == desk.snapshot_id)
    ).one()
    scores = json.loads(content)
    if sha256_of(scores) != stored:
        return Reconciliation(((SNAPSHOT_DIFFERS, {}),), ())
    held = _standings(desk)
    expected = _expected(desk)
    names = {theme.code: theme.name for theme in desk.themes}
    # Nobody is called to read a file withdrawn since the lock: its sheets are expected as they were kept.
    kept = Counter(line["candidacy"] for theme in scores["themes"].values() for line in theme["sheets"])
    points: list[Point] = []
    themes = []
    for code, theme in scores["themes"].items():
        name = names.get(code, code)
        found = list(_theme_points(name, theme, held.get(code, {})))
        points += found
        count = sum(expected.get(number, kept[number]) for number in theme["candidacies"])
        themes.append(ThemeTally(name, tally(theme, count), not found))
    points += _sheet_points(desk, scores["themes"], expected)
    return Reconciliation(tuple(points), tuple(themes))


def _theme_points(name: str, theme: Any, held: dict[str, tuple[object, object]]) -> Iterator[Point]:
    try:
        found = {
            str(standing.candidacy): (standing.rank, standing.score) for standing in rank(ballot_of(theme))
        }
        again = recount(theme)
    except (MarksAreMissing, GridIsInvalid, ValueError):
        yield MARKS_MISSING, {"theme": name}
        return
    if found != held:
        yield RANKING_DIFFERS, {"theme": name}
    if again != {number: place for number, (place, _score) in found.items()}:
        yield COMPUTATIONS_DIFFER, {"theme": name}


def _standings(desk: Desk) -> dict[str, dict[str, tuple[object, object]]]:
    exact = {
        row.candidacy_id: (
            row.rank,
            None if row.numerator is None else Fraction(row.numerator, row.denominator),
        )
        for row in db.session.execute(
            select(
                StandingRow.candidacy_id, StandingRow.rank, StandingRow.numerator, StandingRow.denominator
            ).where(StandingRow.snapshot_id == desk.snapshot_id)
        )
    }
    codes = {theme.id: theme.code for theme in desk.themes}
    held: dict[str, dict[str, tuple[object, object]]] = {}
    for file in desk.files:
        held.setdefault(codes[file.theme_id], {})[file.number] = exact[file.id]
    return held


def _expected(desk: Desk) -> dict[str, int]:
    """Return how many jurors were called to read each file, counted anew from the seats."""
    ballots = ballots_of_round(
        desk.round.id, desk.round.edition_id, is_national=desk.round.region_code is None
    )
    return {
        ballots.files[key].number: len(jurors)  # type: ignore[index]  # keys are ours
        for ballot in ballots.by_theme.values()
        for key, jurors in ballot.panel.items()
    }


def _sheet_points(
    desk: Desk, themes: dict[str, dict[str, list[dict[str, str]]]], expected: dict[str, int]
) -> Iterator[Point]:
    given = Counter(line["candidacy"] for theme in themes.values() for line in theme["sheets"])
    for file in desk.files:
        if not file.withdrawn and given[file.number] != expected.get(file.number, 0):
            values: dict[str, object] = {
                "structure": file.structure,
                "given": given[file.number],
                "expected": expected.get(file.number, 0),
            }
            yield SHEETS_DIFFER, values


def national_round_of(edition_id: int) -> tuple[int, str] | None:
    """Return the national round of an edition: its identifier and stored phase."""
    row = db.session.execute(
        select(Round.id, Round.phase).where(Round.edition_id == edition_id, Round.region_code.is_(None))
    ).one_or_none()
    return (row.id, row.phase) if row else None

"""The values on the table of a deliberation, and the table itself as the rules read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from awards_app.domain.deliberations import Contest, Given, Quorum, RankedFile, Slot, quorum_of
from awards_app.queries.editions import PrizeFacts, ThemeFacts


@dataclass(frozen=True, slots=True)
class DeskRound:
    """The round that deliberates, with its edition's settings."""

    id: int
    key: str
    edition_id: int
    edition_name: str
    year: int
    region_code: str | None
    region_name: str
    located: str
    chamber: str
    zone: str
    phase: str
    embargo_at: datetime | None
    publication_armed_at: datetime | None
    locked_at: datetime | None
    rules: dict[str, Any]

    @property
    def level(self) -> str:
        """Return « regional » or « national »."""
        return "national" if self.region_code is None else "regional"


@dataclass(frozen=True, slots=True)
class RankedLine:
    """A file of the locked ranking, with what a person needs to recognise it."""

    id: int
    key: str
    number: str
    title: str
    structure: str
    siren: str | None
    city: str
    theme_id: int
    rank: int | None
    shown: str
    readers: int
    tied: bool
    note: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A live decision; ``confirmed_at`` is None for a proposal, ``candidacy_key`` None for a prize not awarded."""

    id: int
    key: str
    prize_id: int
    theme_id: int | None
    candidacy_id: int | None
    candidacy_key: str | None
    structure: str
    siren: str | None
    city: str
    title: str
    withdrawn: bool
    citation: str
    reason: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    confirmed_by_id: int | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TieBreakLine:
    """A tie-break recorded on the present ranking."""

    theme_id: int
    ordered_keys: tuple[str, ...]
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A live seat and its attendance (« unknown » until the chair notes it)."""

    id: int
    key: str
    account_id: int | None
    name: str
    function: str
    theme_id: int | None
    attendance: str

    def is_called(self, theme_id: int | None) -> bool:
        """Say whether the seat judges a theme and counts for the quorum."""
        return self.function != "secretary" and (self.theme_id is None or self.theme_id == theme_id)


@dataclass(frozen=True, slots=True)
class RecusalLine:
    """A member who stands aside from one file."""

    seat_id: int
    candidacy_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """The live minutes of a round."""

    id: int
    key: str
    number: str
    content: dict[str, Any]
    sha256: str | None
    storage_key: str | None
    written_at: datetime
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    """All that lies on the table of a deliberation."""

    round: DeskRound
    themes: tuple[ThemeFacts, ...]
    prizes: tuple[PrizeFacts, ...]
    snapshot_id: int | None
    snapshot_sha256: str
    files: tuple[RankedLine, ...]
    decisions: tuple[DecisionLine, ...]
    tie_breaks: tuple[TieBreakLine, ...]
    seats: tuple[SeatLine, ...]
    recusals: tuple[RecusalLine, ...]
    # (seat, theme) where the member belongs to a candidate structure: they stand aside from the whole theme.
    candidates: frozenset[tuple[int, int]]
    minutes: MinutesLine | None
    # By candidacy key, the seats (by key) present at the session but out of the room for that file.
    absences: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # (number, question) of the first ballot that is open and in which somebody voted.
    vote_under_way: tuple[int, str] | None = None

    def theme(self, theme_id: int | None) -> ThemeFacts | None:
        """Return a theme by its identifier."""
        return next((theme for theme in self.themes if theme.id == theme_id), None)

    def prize(self, prize_id: int) -> PrizeFacts:
        """Return a prize by its identifier."""
        return next(prize for prize in self.prizes if prize.id == prize_id)

    def quorum(self, file: RankedLine) -> Quorum:
        """Count the quorum for one file: recused members are out of the base, members out of the room are not there."""
        called = [seat for seat in self.seats if seat.is_called(file.theme_id)]
        out = self.absences.get(file.key, ())
        return quorum_of(
            {seat.id for seat in called},
            {seat.id for seat in called if seat.attendance == "present" and seat.key not in out},
            self.standing_aside(file),
            self.share,
        )

    def standing_aside(self, file: RankedLine) -> set[int]:
        """Return the seats that leave the room for a file."""
        recused = {line.seat_id for line in self.recusals if line.candidacy_id == file.id}
        return recused | {seat_id for seat_id, theme_id in self.candidates if theme_id == file.theme_id}

    @property
    def share(self) -> Fraction:
        """Return the share of members that makes the quorum."""
        rules = self.round.rules
        return Fraction(int(rules["quorum_numerator"]), int(rules["quorum_denominator"]))

    def slots(self) -> tuple[Slot, ...]:
        """Return what the jury gives, a slot a prize and theme."""
        found = []
        for prize in self.prizes:
            for theme in self.themes if prize.per_theme else (None,):
                found.append(
                    Slot(
                        prize.code,
                        prize.name,
                        prize.outcome,
                        theme.code if theme else None,
                        theme.name if theme else "toutes thématiques",
                        prize.places,
                    )
                )
        return tuple(found)

    def contest(self) -> Contest:
        """Return the table as the rules read it."""
        codes: dict[int | None, str] = {theme.id: theme.code for theme in self.themes}
        prizes = {prize.id: prize for prize in self.prizes}
        return Contest(
            (
                RankedFile(
                    file.key, codes[file.theme_id], file.rank, file.withdrawn, self.quorum(file).is_reached
                )
                for file in self.files
            ),
            (line.ordered_keys for line in self.tie_breaks),
            (
                Given(
                    prizes[line.prize_id].code,
                    prizes[line.prize_id].outcome,
                    codes.get(line.theme_id),
                    line.candidacy_key,
                    line.reason,
                )
                for line in self.decisions
            ),
        )

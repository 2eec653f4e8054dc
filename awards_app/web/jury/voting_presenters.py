"""Ballots for the screen: their state in words, and their count as lines of a chart."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.voting import BORDA, GRADES, JUDGEMENT, KINDS
from awards_app.queries.desks import SeatLine
from awards_app.queries.voting import BallotLine
from awards_app.queries.voting_views import VotingView


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A ballot with its state as a tag and a sentence."""

    line: BallotLine
    kind: str
    state: str
    tag: str
    theme: str
    theme_code: str
    # How many could vote; None before it opens.
    turnout: int | None


@dataclass(frozen=True, slots=True)
class CountLine:
    """One option of a counted ballot, as the table and the chart show it."""

    label: str
    place: str
    value: int
    figure: str
    detail: str


def rows(view: VotingView) -> list[BallotRow]:
    """Return the ballots, the latest first."""
    return [row(view, line) for line in reversed(view.ballots)]


def row(view: VotingView, line: BallotLine) -> BallotRow:
    """Return one ballot with its state."""
    theme = next(theme for theme in view.desk.themes if theme.id == line.theme_id)
    if line.cancelled_at is not None:
        state = (_("annulé"), "neutral")
    elif line.closed_at is not None:
        state = (_("clos"), "success")
    elif line.opened_at is not None:
        state = (_("ouvert"), "waiting")
    else:
        state = (_("à ouvrir"), "info")
    could = None if line.opened_at is None else turnout(view, line)
    return BallotRow(line, _(KINDS[line.kind]), *state, theme.name, theme.code, could)


def count_lines(line: BallotLine) -> list[CountLine]:
    """Return the count of a closed ballot, the first option first."""
    if line.result is None:
        return []
    return [_count_line(line, one) for one in line.result["lines"]]


def _count_line(line: BallotLine, one: dict[str, Any]) -> CountLine:
    place = _("%(place)s ex æquo", place=one["rank"]) if one["tied"] else str(one["rank"])
    figure = int(one["figure"])
    if line.kind == JUDGEMENT:
        words = _(GRADES[figure])
        detail = ", ".join(
            f"{_(grade)} {times}" for grade, times in zip(GRADES, one["spread"], strict=True) if times
        )
    elif line.kind == BORDA:
        words = ngettext("%(num)d point", "%(num)d points", figure)
        detail = ", ".join(
            _("%(times)s fois en place %(place)s", times=times, place=place)
            for place, times in enumerate(one["spread"], start=1)
            if times
        )
    else:
        words, detail = ngettext("%(num)d voix", "%(num)d voix", figure), ""
    return CountLine(_(line.label(one["option"])), place, figure, words, detail)


def chart_rows(line: BallotLine) -> list[dict[str, Any]]:
    """Return the rows of the chart of a counted ballot."""
    return [
        {"label": one.label, "value": one.value, "text": one.figure, "low": None, "high": None, "kind": ""}
        for one in count_lines(line)
    ]


def greatest(line: BallotLine) -> int:
    """Return the most that an option of a ballot could get: what the chart is drawn over."""
    papers = int(line.result["papers"]) if line.result else 0
    if line.kind == JUDGEMENT:
        return len(GRADES) - 1
    return max(1, papers * (len(line.options) - 1) if line.kind == BORDA else papers)


def turnout(view: VotingView, line: BallotLine) -> int:
    """Return how many could vote: those present at the close; until then those present now, and who voted before leaving."""
    if line.closed_at is not None and line.present is not None:
        return line.present
    _called, present = view.voters(line.theme_id)
    return len({seat.id for seat in present} | {seat_id for seat_id, _shown in line.voters})


def hands(view: VotingView, line: BallotLine) -> list[dict[str, str]]:
    """Return the members present with the hand that was noted of each."""
    shown = dict(line.voters)
    _called, present = view.voters(line.theme_id)
    return [
        {
            "key": seat.key,
            "name": seat.name,
            "choice": shown.get(seat.id) or "",
            "noted": str(seat.id in shown),
        }
        for seat in present
    ]


def own_choice(line: BallotLine, seat: SeatLine | None) -> str | None:
    """Return what a member's hand says (empty: nothing chosen), None when it is not raised or the ballot is secret."""
    return None if seat is None else dict(line.voters).get(seat.id)


def shown_hands(view: VotingView, line: BallotLine) -> list[tuple[str, str]]:
    """Return who raised a hand for what, in the order of names."""
    names = {seat.id: seat.name for seat in view.desk.seats}
    return [
        (names.get(seat_id, ""), _(line.label(choice)) if choice else _("abstention"))
        for seat_id, choice in line.voters
        if choice is not None
    ]

"""The ballots of a deliberation as one person may see them."""

from dataclasses import dataclass
from datetime import datetime

from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import DoesNotExist
from awards_app.queries.deliberations import desk_of
from awards_app.queries.desks import Desk, SeatLine
from awards_app.queries.editions import ThemeFacts
from awards_app.queries.juries import JuryRoom
from awards_app.queries.voting import BallotLine, ballots_room, own_seat, voters_of


@dataclass(frozen=True, slots=True)
class VotingView:
    """The ballots of the themes in ``room``, with the table they are about."""

    room: JuryRoom
    desk: Desk
    ballots: tuple[BallotLine, ...]

    @property
    def is_live(self) -> bool:
        """Say whether the jury is in session: its pages follow the chair."""
        return self.room.round.phase is Phase.DELIBERATION

    def leads(self, theme_id: int) -> bool:
        """Say whether the person chairs the jury in a theme, while it deliberates."""
        return self.room.may(Permission.PROPOSE_DECISION, theme_id)

    def voters(self, theme_id: int) -> tuple[list[SeatLine], list[SeatLine]]:
        """Return the members called to vote in a theme, and those of them present."""
        return voters_of(self.desk, theme_id)

    def ballot(self, key: str) -> BallotLine:
        """Return one of the ballots; raises `DoesNotExist` for any other."""
        found = next((line for line in self.ballots if line.key == key), None)
        if found is None:
            raise DoesNotExist
        return found

    def seat_in(self, holder: Holder, theme_id: int) -> SeatLine | None:
        """Return the seat with which ``holder`` votes now in a theme, None when they do not."""
        return own_seat(holder, self.desk, theme_id)


def voting_view(holder: Holder, round_id: int, now: datetime) -> VotingView:
    """Return the ballots of a round that ``holder`` may see; raises the matrix's refusal."""
    room, ballots = ballots_room(holder, round_id, now)
    themes = tuple(
        ThemeFacts(theme.id, theme.code, theme.name, theme.description, theme.colour) for theme in room.themes
    )
    return VotingView(room, desk_of(room.round.id, themes, with_prizes=False), ballots)

"""The ranking of a round read outside of a page: the reading is journaled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.refusals import DoesNotExist
from awards_app.models.editions import Round
from awards_app.queries.ranking import StandingLine, ranking_of
from awards_app.queries.settings import edition_for
from awards_app.services.journal import write_entry


@dataclass(frozen=True, slots=True)
class RankingRead:
    """A ranking by theme code, with the hash of the snapshot it was made from."""

    year: int
    sha256: str
    lines: dict[str, list[StandingLine]]


def round_key_of(year: int | None, region: str) -> tuple[int, str]:
    """Return the year and the round's key of a region's code, or of « national ».

    Raises `EditionIsUnknown`, `DoesNotExist`.
    """
    edition = edition_for(year)
    same = Round.region_code.is_(None) if region == "national" else Round.region_code == region
    key = db.session.scalar(select(Round.key).where(Round.edition_id == edition.id, same))
    if key is None:
        raise DoesNotExist
    return edition.year, key


def read_ranking(holder: Holder, year: int | None, region: str, now: datetime) -> RankingRead:
    """Return the ranking of a locked round and journal that it was read. Raises the matrix's refusal."""
    known, key = round_key_of(year, region)
    with atomic():
        found = ranking_of(holder, key, now)
        write_entry(holder, "read_ranking", "round", key, now, round_id=found.room.round.id)
    return RankingRead(known, found.sha256, found.lines)

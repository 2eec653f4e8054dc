"""The texts that a chamber or the national staff may write again: letters, and reasons of a decision on admissibility."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.holder import Holder
from awards_app.domain.permissions import Permission
from awards_app.models.admissibility import RegionWording
from awards_app.models.editions import Wording
from awards_app.queries.access import RoundFacts, open_round

MESSAGE = "message"
REASON = "admissibility_reason"
KINDS = (MESSAGE, REASON)


@dataclass(frozen=True, slots=True)
class KeptWording:
    """A text as it stands for a round; ``is_own`` when the chamber wrote it in place of the edition's."""

    code: str
    subject: str
    body: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class WordingList:
    """The texts kept for a round, by code; those that are not there are the preset's."""

    round: RoundFacts
    kept: dict[str, KeptWording]


def wordings_for(holder: Holder, round_key: str, now: datetime) -> WordingList:
    """Return the texts of a round, letters and reasons, whose codes never meet (three queries). Raises the matrix's refusal (SET-3)."""
    facts = open_round(holder, round_key, Permission.CHANGE_WORDING, now)
    kept = {
        row.code: KeptWording(row.code, row.title, row.body, False)
        for row in db.session.execute(
            select(Wording.code, Wording.title, Wording.body).where(
                Wording.edition_id == facts.edition_id, Wording.kind.in_(KINDS)
            )
        )
    }
    own = select(RegionWording.code, RegionWording.title, RegionWording.body).where(
        RegionWording.edition_id == facts.edition_id,
        RegionWording.region_code == (facts.region_code or ""),
        RegionWording.kind.in_(KINDS),
    )
    kept |= {row.code: KeptWording(row.code, row.title, row.body, True) for row in db.session.execute(own)}
    return WordingList(facts, kept)

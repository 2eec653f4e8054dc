"""The guide of a year as the public sees it: made, being made, or none; and the honours that go into one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import read
from awards_app.domain.guide import digest_of, still_true
from awards_app.models.public_pages import Guide, MethodAccount
from awards_app.queries.honour_lists import HonoursFilter, list_honours
from awards_app.queries.honours import PRIZES, HonourLine

WAITING, MAKING, MADE, FAILED = "waiting", "making", "made", "failed"
# In the place of the fingerprint of a distinction whose photo is no longer shown: the same as none.
NOT_SHOWN = ""


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A guide: its state, how far its making is, and the file that was made last, if one was."""

    year: int
    state: str
    step: int
    steps: int
    asked_at: datetime
    tried_from: str
    made_from: str
    shows: dict[str, str]
    made_at: datetime | None
    pages: int | None
    size: int | None
    sha256: str | None
    storage_key: str | None

    @property
    def is_in_the_making(self) -> bool:
        """Say whether one is being made, or about to be."""
        return self.state in (WAITING, MAKING)


_GUIDES = select(
    Guide.year,
    Guide.state,
    Guide.step,
    Guide.steps,
    Guide.asked_at,
    Guide.tried_from,
    Guide.made_from,
    Guide.shows,
    Guide.made_at,
    Guide.pages,
    Guide.size,
    Guide.sha256,
    Guide.storage_key,
)


def guide_of(year: int) -> GuideLine | None:
    """Return the guide of a year, or None when nobody asked for one."""
    rows = read(_GUIDES.where(Guide.year == year))
    return GuideLine(*rows[0]) if rows else None


def guides() -> tuple[GuideLine, ...]:
    """Return the guides there are, latest year first."""
    return tuple(GuideLine(*row) for row in read(_GUIDES.order_by(Guide.year.desc())))


def published_nations() -> tuple[int, ...]:
    """Return the years whose national results this platform published."""
    return tuple(
        row.year for row in read(select(MethodAccount.year).where(MethodAccount.place == "national"))
    )


def honours_of_guide(year: int) -> tuple[HonourLine, ...]:
    """Return the published distinctions of the structures that won a prize in a year, in reading order (one query)."""
    lines = list_honours(HonoursFilter(year=year))
    winners = {_structure(line) for line in lines if line.distinction in PRIZES}
    return tuple(line for line in lines if _structure(line) in winners and line.distinction != "selected")


def _structure(line: HonourLine) -> str:
    return line.siren or line.sort_key


def structures_of(lines: tuple[HonourLine, ...]) -> tuple[tuple[HonourLine, ...], ...]:
    """Return distinctions gathered by structure, in the order in which each structure comes first."""
    found: dict[str, list[HonourLine]] = {}
    for line in lines:
        found.setdefault(_structure(line), []).append(line)
    return tuple(tuple(group) for group in found.values())


def said_of(line: HonourLine) -> str:
    """Return the fingerprint of what the public reads of a distinction."""
    return digest_of(
        [
            line.structure_name,
            line.prize_name,
            line.level,
            line.distinction,
            line.theme,
            line.region_code,
            line.city,
            line.project_title,
            line.summary,
            line.citation,
            line.amount,
            line.website,
            line.erratum,
        ]
    )


def readable(guide: GuideLine) -> bool:
    """Say whether the last guide made may still be read: nothing that it shows was retracted or corrected (one query)."""
    if guide.storage_key is None:
        return False
    published = {line.slug: said_of(line) for line in honours_of_guide(guide.year)}
    return still_true(guide.shows, published)

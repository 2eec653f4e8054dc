"""The guide of a year: one initiative a structure, made of its published distinctions, and what it was made from."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from awards_app.domain.snapshot import sha256_of


@dataclass(frozen=True, slots=True)
class GuidePhoto:
    """A photo as the guide prints it; ``address`` is the picture itself, as a ``data:`` address."""

    alternative: str
    credit: str
    address: str


@dataclass(frozen=True, slots=True)
class Initiative:
    """A structure of the guide, in the words of its published pages; a blank is not known."""

    number: int
    name: str
    prizes: tuple[str, ...]
    is_national: bool
    theme: str
    theme_code: str
    region_code: str | None
    region_name: str
    place: str
    project: str
    citation: str
    summary: str
    amount: str
    site: str
    page: str
    erratum: str
    photo: GuidePhoto | None = None


@dataclass(frozen=True, slots=True)
class GuideText:
    """All that the guide of a year says."""

    year: int
    edition: str
    made_on: str
    address: str
    initiatives: tuple[Initiative, ...]

    @property
    def national(self) -> tuple[Initiative, ...]:
        """Return the initiatives that the national jury distinguished."""
        return tuple(one for one in self.initiatives if one.is_national)

    @property
    def regional(self) -> tuple[Initiative, ...]:
        """Return the others, region after region."""
        return tuple(one for one in self.initiatives if not one.is_national)

    @property
    def regions(self) -> int:
        """Return how many regions are in the guide."""
        return len({one.region_code for one in self.initiatives if one.region_code})


@dataclass(frozen=True, slots=True)
class CardText:
    """What a share card says of one distinction."""

    name: str
    prize: str
    year: int
    theme: str
    theme_code: str
    region_code: str | None
    place: str
    photo: str = ""


def digest_of(values: object) -> str:
    """Return the fingerprint of plain values: the same values, the same fingerprint."""
    return sha256_of(values)


def made_from(text: GuideText, photos: Iterable[str]) -> str:
    """Return the fingerprint of all that shows in a guide but the day it is made; ``photos`` are the keys of the photos."""
    said = asdict(text) | {"made_on": ""}
    for one in said["initiatives"]:
        if one["photo"] is not None:
            # Its words are printed too; its bytes are those of its key.
            one["photo"]["address"] = ""
    return digest_of({"text": said, "photos": sorted(photos)})


def still_true(shown: Mapping[str, str], published: Mapping[str, str]) -> bool:
    """Say whether each honour that a guide shows is published today in the same words; both map a slug to a fingerprint."""
    return all(published.get(slug) == digest for slug, digest in shown.items())

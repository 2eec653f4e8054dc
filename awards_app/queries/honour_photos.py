"""Photos of published distinctions: what a page says of one, and where the bytes of a size are."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from awards_app.database import read
from awards_app.models.honours import Honour
from awards_app.models.public_pages import HonourPhoto, HonourPicture

# Widths in pixels: a telephone, a page, paper and the press.
SMALL, MEDIUM, LARGE = WIDTHS = (480, 960, 1600)


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """The photo of a distinction: its words, and the size in pixels of each width it has."""

    key: str
    slug: str
    alternative: str
    credit: str
    rights: str
    sizes: dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Where one size of a photo is stored."""

    slug: str
    width: int
    size: int
    sha256: str
    storage_key: str


_PHOTOS = (
    select(
        HonourPhoto.key,
        Honour.slug,
        HonourPhoto.alternative,
        HonourPhoto.credit,
        HonourPhoto.rights,
        HonourPicture.width,
        HonourPicture.drawn_width,
        HonourPicture.drawn_height,
    )
    .join(HonourPhoto, HonourPhoto.id == HonourPicture.photo_id)
    .join(Honour, Honour.id == HonourPhoto.honour_id)
    .where(Honour.retracted_at.is_(None))
    .order_by(HonourPicture.width)
)
_PICTURES = (
    select(
        Honour.slug,
        HonourPicture.width,
        HonourPicture.size,
        HonourPicture.sha256,
        HonourPicture.storage_key,
    )
    .join(HonourPhoto, HonourPhoto.id == HonourPicture.photo_id)
    .join(Honour, Honour.id == HonourPhoto.honour_id)
    .where(Honour.retracted_at.is_(None))
)


def photos_of(slugs: Iterable[str]) -> dict[str, PhotoLine]:
    """Return the photos of published distinctions by the slug of each (one query)."""
    found: dict[str, PhotoLine] = {}
    for row in read(_PHOTOS.where(Honour.slug.in_(list(slugs)))):
        line = found.setdefault(
            row.slug, PhotoLine(row.key, row.slug, row.alternative, row.credit, row.rights, {})
        )
        line.sizes[row.width] = (row.drawn_width, row.drawn_height)
    return found


def photo_of(slug: str) -> PhotoLine | None:
    """Return the photo of a published distinction, or None."""
    return photos_of([slug]).get(slug)


def stored_picture(slug: str, photo_key: str, width: int) -> StoredPicture | None:
    """Return where a size of the photo that a published distinction has now is stored, or None."""
    rows = read(
        _PICTURES.where(Honour.slug == slug, HonourPhoto.key == photo_key, HonourPicture.width == width)
    )
    return StoredPicture(*rows[0]) if rows else None


def stored_pictures(slugs: Iterable[str], width: int) -> dict[str, StoredPicture]:
    """Return where the photos of distinctions are stored at a width, by slug (one query)."""
    rows = read(_PICTURES.where(Honour.slug.in_(list(slugs)), HonourPicture.width == width))
    return {row.slug: StoredPicture(*row) for row in rows}

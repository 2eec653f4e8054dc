"""The card that a shared link shows: drawn once for what it says, from published lines alone."""

from awards_app.adapters import pdf
from awards_app.adapters.kept_files import keep, kept
from awards_app.adapters.pdf.booklet import render_card
from awards_app.adapters.pdf.pictures import jpeg_address
from awards_app.database import db
from awards_app.domain.guide import CardText, digest_of
from awards_app.domain.honour_names import distinction_name, theme_code_of
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.text import sort_key
from awards_app.domain.typesetting import place_of, typeset
from awards_app.domain.words import N_
from awards_app.queries.honour_photos import MEDIUM, PhotoLine, photo_of, stored_picture
from awards_app.queries.honours import HonourLine, find_honour
from awards_app.services.honour_photos import picture_bytes

# What a card looks like has a number of its own: a change of drawing makes every card again.
DRAWING = 1


class CardCannotBeDrawn(Refusal):
    """This machine has no typesetter."""

    sentence = N_("Cette image ne peut pas être dessinée pour le moment.")
    status = 503


def card_version(line: HonourLine, photo: PhotoLine | None) -> str:
    """Return what tells the card of a distinction from its former ones, for the address that social sites keep."""
    return digest_of([DRAWING, *_said(line), photo.key if photo else ""])[:16]


def _said(line: HonourLine) -> list[object]:
    # Prize, theme and place as the card sets them.
    prize = line.prize_name or distinction_name(line.level, line.distinction)
    theme = typeset(line.theme)
    return [
        typeset(line.structure_name),
        prize,
        line.year,
        "" if sort_key(theme) in sort_key(prize) else theme,
        theme_code_of(line.theme_code, line.theme),
        line.region_code,
        place_of(line.city, line.department, line.region_name or "") or line.region_name or "",
    ]


def share_card(slug: str) -> tuple[bytes, str]:
    """Return the card of a published distinction as PNG, with its version.

    Raises `DoesNotExist` when it is not published or was retracted, and `CardCannotBeDrawn`.
    """
    line = find_honour(slug)
    if line is None or line.retracted_at is not None:
        raise DoesNotExist
    photo = photo_of(slug)
    version = card_version(line, photo)
    name = f"card-{version}.png"
    content = kept(name)
    if content is None:
        content = _drawn(line, photo)
        keep(name, content)
    return content, version


def _drawn(line: HonourLine, photo: PhotoLine | None) -> bytes:
    if pdf.pdf_available() is not None:
        raise CardCannotBeDrawn
    picture = stored_picture(line.slug, photo.key, MEDIUM) if photo else None
    # The transaction ends before the card is drawn: nothing is held open meanwhile.
    db.session.rollback()
    address = jpeg_address(picture_bytes(picture)) if picture else ""
    name, prize, year, theme, theme_code, region_code, place = _said(line)
    return render_card(
        CardText(
            name=str(name),
            prize=str(prize),
            year=int(str(year)),
            theme=str(theme),
            theme_code=str(theme_code),
            region_code=str(region_code) if region_code else None,
            place=str(place),
            photo=address,
        )
    )

"""The guide of a year, as a tagged booklet; and the card that a shared link shows, as a picture."""

import io
from dataclasses import replace
from datetime import datetime

from awards_app.adapters.pdf.pictures import emblem_address, emblem_on_deep
from awards_app.adapters.pdf.press import in_turn, lay_out, write
from awards_app.domain.guide import CardText, GuideText, Initiative
from awards_app.domain.papers import drawable

CARD_SIZE = (1200, 630)
# The typesetter counts 96 points an inch where the drawing of its pages counts 72.
_PIXELS_A_POINT = 96 / 72


def render_guide(text: GuideText, *, identifier: bytes | str, created_at: datetime) -> tuple[bytes, int]:
    """Return the guide as PDF/UA, and how many pages it has."""
    clean = drawable(replace(text, initiatives=tuple(_without_picture(one) for one in text.initiatives)))
    pictures = [one.photo.address if one.photo else "" for one in text.initiatives]
    codes = {one.region_code for one in clean.initiatives} | {None}
    document = lay_out(
        "booklets/guide.html",
        "booklets/guide",
        guide=clean,
        pictures=pictures,
        on_deep=emblem_on_deep(),
        emblems={code: emblem_address(code) for code in codes},
    )
    title = f"Guide des initiatives remarquables {clean.year}"
    content = write(document, title=title, identifier=identifier, created_at=created_at)
    return content, len(document.pages)


def _without_picture(one: Initiative) -> Initiative:
    # A picture is no text: it is not read letter by letter.
    return replace(one, photo=replace(one.photo, address="")) if one.photo else one


def render_card(text: CardText) -> bytes:
    """Return a share card as PNG, 1200 by 630 pixels."""
    import pypdfium2

    clean = replace(drawable(replace(text, photo="")), photo=text.photo)
    with in_turn():
        laid = lay_out(
            "booklets/card.html", "booklets/card", card=clean, emblem=emblem_address(clean.region_code)
        )
        document = pypdfium2.PdfDocument(laid.write_pdf(optimize_images=False))
        try:
            image = document[0].render(scale=_PIXELS_A_POINT).to_pil().convert("RGB")
        finally:
            document.close()
    if image.size != CARD_SIZE:
        image = image.resize(CARD_SIZE)
    out = io.BytesIO()
    # Flat grounds and type: a palette says them in a third of the weight; a photo needs every colour.
    kept = image if text.photo else image.quantize(160)
    kept.save(out, "PNG", optimize=True)
    return out.getvalue()

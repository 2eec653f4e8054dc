"""Minutes and receipts: plain pages, numbered, with a running head."""

from base64 import b64encode
from datetime import datetime
from xml.sax.saxutils import escape

from awards_app.adapters.pdf.press import lay_out, write
from awards_app.domain.emblem import PETAL_ORDER, emblem_svg
from awards_app.domain.papers import AddendumText, MinutesText, ReceiptText, Watermark, drawable

# Points of type the diagonal of the page holds: half an em a character on average.
_WATERMARK_LENGTH = 980


def render_minutes(text: MinutesText, *, identifier: bytes | str, created_at: datetime) -> bytes:
    """Return minutes as PDF, with the reader's account and time across each page while under embargo."""
    clean = drawable(text)
    marks = _watermark(clean.watermark) if clean.watermark else ""
    document = lay_out(
        "documents/minutes.html",
        "documents/minutes",
        more_css=marks,
        paper=clean,
        emblem=_emblem(clean.region_code),
    )
    return write(
        document, title=f"Procès-verbal n° {clean.number}", identifier=identifier, created_at=created_at
    )


def render_addendum(text: AddendumText, *, identifier: bytes | str, created_at: datetime) -> bytes:
    """Return an addendum to minutes as PDF, with the reader's account and time across each page while under embargo."""
    clean = drawable(text)
    marks = _watermark(clean.watermark) if clean.watermark else ""
    document = lay_out(
        "documents/addendum.html",
        "documents/minutes",
        more_css=marks,
        paper=clean,
        emblem=_emblem(clean.region_code),
    )
    return write(document, title=f"Additif n° {clean.number}", identifier=identifier, created_at=created_at)


def render_receipt(text: ReceiptText, *, identifier: bytes | str, created_at: datetime) -> bytes:
    """Return the receipt of a candidacy as PDF."""
    clean = drawable(text)
    document = lay_out(
        "documents/receipt.html", "documents/receipt", paper=clean, emblem=_emblem(clean.region_code)
    )
    return write(
        document, title=f"Accusé de réception n° {clean.number}", identifier=identifier, created_at=created_at
    )


def _emblem(region_code: str | None) -> str:
    return _svg_address(
        emblem_svg(region_code if region_code in PETAL_ORDER else None, title="Emblème du Prix de l’ESS")
    )


def _watermark(watermark: Watermark) -> str:
    """Return the page background that names who obtained the paper and when, several times across the page."""
    words = escape(f"Sous embargo · {watermark.account} · {watermark.at}")
    size = min(12.0, _WATERMARK_LENGTH / len(words))
    lines = "".join(
        f'<text transform="translate({x} {y}) rotate(-32)" font-family="Atkinson" font-size="{size:.1f}" fill="#E9DCD8">{words}</text>'
        for x, y in ((75, 330), (75, 560), (75, 775))
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" width="595" height="842">{lines}</svg>'
    return f'@page {{ background: url("{_svg_address(svg)}") 0 0 / 210mm 297mm no-repeat }}'


def _svg_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode("ascii")

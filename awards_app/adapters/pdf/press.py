"""The press: fonts, styles and templates opened once in a process, and the one way to lay out and write a paper."""

import atexit
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from threading import RLock
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from awards_app.adapters.pdf.fetcher import house_fetcher
from awards_app.adapters.pdf.finish import finisher
from awards_app.adapters.pdf.ink import Ink
from awards_app.adapters.pdf.signature import Seal
from awards_app.adapters.pdf.wording import filters
from awards_app.paths import TEMPLATES

log = logging.getLogger(__name__)

# Pango and Fontconfig keep state of their own: one paper at a time in a process.
_TURN = RLock()


class PaperIsFull(ValueError):
    """The text of a certificate is longer than its one page even in the smallest size."""


@dataclass(frozen=True)
class Press:
    """What is kept between papers."""

    fonts: Any
    styles: dict[str, Any]
    templates: SandboxedEnvironment


def press() -> Press:
    """Return the press of this process, opened at the first call; raises `OSError` where Pango is missing."""
    with _TURN:
        return _open_press()


@cache
def _open_press() -> Press:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    # The fonts remove their own folder, which they can no longer do once the interpreter takes its modules apart.
    atexit.register(_open_press.cache_clear)
    fonts = FontConfiguration()
    styles = {
        name: CSS(string=_style(name), font_config=fonts, url_fetcher=house_fetcher())
        for name in (
            "certificates/diploma",
            "certificates/attestation",
            "documents/minutes",
            "documents/receipt",
            "booklets/guide",
            "booklets/card",
        )
    }
    templates = SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(filters())
    return Press(fonts, styles, templates)


def in_turn() -> RLock:
    """Return the lock of this process's press, for who does more than lay out or write."""
    return _TURN


def _style(name: str) -> str:
    """Return a stylesheet after the parts it shares: the faces, and the grounds of its folder."""
    folder = name.partition("/")[0]
    parts = ("certificates/faces.css", f"{folder}/ground.css", f"{name}.css")
    return "\n".join((TEMPLATES / part).read_text("utf-8") for part in parts)


def lay_out(template: str, style: str, more_css: str = "", **values: Any) -> Any:
    """Return the WeasyPrint document of a template filled with ``values``."""
    from weasyprint import CSS, HTML

    with _TURN:
        tools = press()
        html = tools.templates.get_template(template).render(**values)
        sheets = [tools.styles[style]]
        if more_css:
            sheets.append(CSS(string=more_css, url_fetcher=house_fetcher()))
        # A fresh image cache each time: a kept one grows with every QR code.
        return HTML(string=html, url_fetcher=house_fetcher()).render(
            font_config=tools.fonts, stylesheets=sheets, cache={}
        )


def write(
    document: Any,
    *,
    title: str,
    identifier: bytes | str,
    created_at: datetime,
    ink: Ink | None = None,
    seal: Seal | None = None,
) -> bytes:
    """Return a laid out document as PDF/UA-1 and PDF/A-2a bytes; the same arguments give the same bytes.

    With a ``seal`` the signature is empty: `signed` puts it in.

    Raises `ValueError` for an instant without a zone.
    """
    from weasyprint.pdf.metadata import DocumentMetadata

    if created_at.tzinfo is None:
        raise ValueError("created_at needs a zone")
    instant = created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document.metadata = DocumentMetadata(
        title=title, lang="fr", generator="Prix de l’ESS", created=instant, modified=instant
    )
    name = identifier.encode() if isinstance(identifier, str) else identifier
    with _TURN:
        content: bytes = document.write_pdf(
            pdf_variant="pdf/ua-1",
            pdf_identifier=name,
            finisher=finisher(ink, seal, created_at),
            optimize_images=False,
        )
    missing = missing_characters(document)
    if missing:
        log.warning("pdf.characters_not_drawn", extra={"paper": title, "characters": missing})
    return content


def missing_characters(document: Any) -> str:
    """Return the characters of a written document that no font of the machine draws, in order of code."""
    return "".join(sorted({chr(code) for font in document.fonts.values() for code in font.missing}))


def alone(document: Any, page: Any) -> Any:
    """Return one page of a document as a document of its own."""
    return document.copy([page])

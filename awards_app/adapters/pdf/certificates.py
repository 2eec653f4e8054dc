"""Diplomas and attestations: laid out many at a time, each written alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from awards_app.adapters.pdf.ink import sheet_ink
from awards_app.adapters.pdf.press import PaperIsFull, alone, lay_out, write
from awards_app.adapters.pdf.signature import Seal
from awards_app.adapters.qr import qr_data_uri
from awards_app.domain.papers import CertificateText, drawable

CHUNK = 25
_FITS = (0, 1, 2, 3)


def render_certificate(
    text: CertificateText, *, identifier: bytes | str, created_at: datetime, seal: Seal | None = None
) -> bytes:
    """Return one certificate as PDF, to be signed by ``seal``; raises `PaperIsFull` when no size makes it fit its page."""
    return render_certificates([text], identifiers=[identifier], created_at=created_at, seal=seal)[0]


def render_certificates(
    texts: Sequence[CertificateText],
    *,
    identifiers: Sequence[bytes | str],
    created_at: datetime,
    seal: Seal | None = None,
) -> list[bytes]:
    """Return many certificates as PDF, in order, each with the bytes it would have alone; raises `PaperIsFull`."""
    if len(texts) != len(identifiers):
        raise ValueError("one identifier a certificate")
    written: list[bytes | None] = [None] * len(texts)
    for kind in ("diploma", "attestation"):
        places = [place for place, text in enumerate(texts) if text.kind == kind]
        for start in range(0, len(places), CHUNK):
            chunk = places[start : start + CHUNK]
            clean = [drawable(texts[place]) for place in chunk]
            for place, text, sheet in zip(chunk, clean, _sheets(kind, clean), strict=True):
                written[place] = _written(text, sheet, identifiers[place], created_at, seal)
    return [content for content in written if content is not None]


def _sheets(kind: str, texts: list[CertificateText]) -> list[Any]:
    """Return a document of one page for each text; where one overflows, each is fitted on its own."""
    document = _laid_out(kind, texts, _FITS[0])
    if len(document.pages) == len(texts):
        return [alone(document, page) for page in document.pages]
    return [_fitted(kind, text) for text in texts]


def _fitted(kind: str, text: CertificateText) -> Any:
    for fit in _FITS:
        document = _laid_out(kind, [text], fit)
        if len(document.pages) == 1:
            return document
    raise PaperIsFull(text.number)


def _laid_out(kind: str, texts: list[CertificateText], fit: int) -> Any:
    return lay_out(
        f"certificates/{kind}.html",
        f"certificates/{kind}",
        papers=[(text, qr_data_uri(text.verify_url)) for text in texts],
        fit=fit,
    )


def _written(
    text: CertificateText, sheet: Any, identifier: bytes | str, created_at: datetime, seal: Seal | None
) -> bytes:
    kind = "Diplôme" if text.kind == "diploma" else "Attestation"
    return write(
        sheet,
        title=f"{kind} n° {text.number}, {text.structure_name}",
        identifier=identifier,
        created_at=created_at,
        ink=sheet_ink(text.kind, text.number, text.region_code),
        seal=seal,
    )

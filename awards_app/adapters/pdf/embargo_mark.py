"""Marks a finished paper with who obtained it under embargo: a copy, that bears no signature of the platform."""

import io
from html import escape
from typing import Any

from awards_app.domain.papers import Watermark

_ANGLE = 26
# Points for one sign of the house's sans at size 1, on average; the words are made to fit three quarters of the page.
_WIDTH_OF_A_SIGN = 0.52


class EmbargoMark:
    """The account and the instant, laid across each page of papers; a sheet of a size is drawn once."""

    def __init__(self, watermark: Watermark) -> None:
        self._words = f"Sous embargo · {watermark.account} · {watermark.at}"
        self._sheets: dict[tuple[float, float], bytes] = {}

    def on(self, paper: bytes) -> bytes:
        """Return a marked copy of a PDF, without its signature: it signs other bytes."""
        import pikepdf

        written = io.BytesIO()
        with pikepdf.open(io.BytesIO(paper)) as document:
            _take_signature(document)
            for page in document.pages:
                box = [float(side) for side in page.mediabox]
                size = (box[2] - box[0], box[3] - box[1])
                if size not in self._sheets:
                    self._sheets[size] = _sheet(self._words, *size)
                with pikepdf.open(io.BytesIO(self._sheets[size])) as sheet:
                    # The mark is no part of what the paper says: an artifact, which no reader aloud repeats.
                    sheet.pages[0].contents_add(b"/Artifact BMC\n", prepend=True)
                    sheet.pages[0].contents_add(b"\nEMC")
                    page.add_overlay(sheet.pages[0], None)
            document.save(written)
        return written.getvalue()


def _take_signature(document: Any) -> None:
    """Take away the field of a signature, wherever `signature.lay_field` laid it."""
    from pikepdf import Array

    root, tree = document.Root, document.Root.StructTreeRoot
    for name in ("/AcroForm", "/Perms"):
        if name in root:
            del root[name]
    keys = set()
    for page in document.pages:
        fields = [one for one in page.get("/Annots", ()) if one.Subtype == "/Widget"]
        if fields:
            keys |= {int(one.StructParent) for one in fields}
            page.Annots = Array([one for one in page.Annots if one.Subtype != "/Widget"])
    if not keys:
        return
    [top], owners = tree.K, tree.ParentTree.Nums
    top.K = Array([kid for kid in top.K if kid.get("/S") != "/Form"])
    kept = [place for place in range(0, len(owners), 2) if int(owners[place]) not in keys]
    tree.ParentTree.Nums = Array([owners[place + step] for place in kept for step in (0, 1)])


def _sheet(words: str, width: float, height: float) -> bytes:
    """Return one page of a size in points that bears the words alone, see-through."""
    from weasyprint import HTML

    from awards_app.adapters.pdf.press import in_turn, press

    size = min(16.0, 0.75 * width / (len(words) * _WIDTH_OF_A_SIGN))
    lines = "".join(
        f'<text transform="translate({width * 0.14:.1f} {height * share:.1f}) rotate(-{_ANGLE})" '
        f'font-family="Atkinson" font-size="{size:.1f}" fill="#7A2E1D" fill-opacity="0.34">{escape(words)}</text>'
        for share in ((0.56, 0.8, 1.04) if width > height else (0.38, 0.66, 0.94))
    )
    page = (
        f'<html lang="fr"><style>@page {{ size: {width}pt {height}pt; margin: 0 }} body {{ margin: 0 }}</style>'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}">'
        f"{lines}</svg></html>"
    )
    with in_turn():
        return bytes(HTML(string=page).write_pdf(font_config=press().fonts))

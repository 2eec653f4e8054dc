"""Prints the papers of the prize: certificates, minutes, receipts. WeasyPrint is imported at the first paper."""

from awards_app.adapters.pdf.certificates import render_certificate, render_certificates
from awards_app.adapters.pdf.documents import render_addendum, render_minutes, render_receipt
from awards_app.adapters.pdf.embargo_mark import EmbargoMark
from awards_app.adapters.pdf.press import PaperIsFull
from awards_app.adapters.pdf.readiness import pdf_available, undrawn_characters, warm
from awards_app.adapters.pdf.signature import Seal, signed

__all__ = [
    "EmbargoMark",
    "PaperIsFull",
    "Seal",
    "pdf_available",
    "render_addendum",
    "render_certificate",
    "render_certificates",
    "render_minutes",
    "render_receipt",
    "signed",
    "undrawn_characters",
    "warm",
]

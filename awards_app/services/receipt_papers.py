"""The receipt as a paper, and a draft seen as the jury will read it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from awards_app.adapters import pdf
from awards_app.database import db
from awards_app.domain.deadlines import MINUTE
from awards_app.domain.filed_copy import Filed, FiledCopy, read_copy
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import instant_fr, minute_fr
from awards_app.domain.papers import ReceiptFile, ReceiptSection, ReceiptText
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.words import N_
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Round
from awards_app.queries.deadlines import closings_until
from awards_app.queries.drafts import Draft
from awards_app.queries.filed_copies import filed_copy
from awards_app.services.frozen_content import frozen_content, place_of

KIB = 1024


class PapersAreOff(Refusal):
    """This machine cannot print; the receipt on screen says the same."""

    sentence = N_(
        "Les documents PDF ne sont pas disponibles sur cette machine. L’accusé de réception à l’écran fait foi."
    )
    status = 503


def receipt_pdf(holder: Holder, key: str, now: datetime) -> tuple[str, bytes]:
    """Return the number and the PDF of the receipt of a candidacy of ``holder``: the same bytes each time.

    Raises `DoesNotExist`, or `PapersAreOff` where nothing can be printed.
    """
    copy = filed_copy(holder, key, now, "own")
    if pdf.pdf_available() is not None:
        raise PapersAreOff
    if copy.submitted_at is None:
        raise DoesNotExist
    row = db.session.execute(
        select(Round.id, Round.zone)
        .join(Candidacy, Candidacy.round_id == Round.id)
        .where(Candidacy.key == key)
    ).one()
    text = receipt_text(copy, instant_fr(copy.submitted_at, row.zone))
    closings = closings_until(row.id, copy.submitted_at)
    if closings:
        first, last = (minute_fr(at - MINUTE, zone) for at, zone in closings)
        text = replace(text, closing=last, first_closing=first)
    db.session.rollback()
    return copy.receipt, pdf.render_receipt(text, identifier=copy.receipt, created_at=copy.submitted_at)


def receipt_text(copy: FiledCopy, received_at: str) -> ReceiptText:
    """Return what the paper says of a submitted copy."""
    return ReceiptText(
        number=copy.receipt,
        edition_label=copy.edition_name,
        received_at=received_at,
        structure=copy.structure.name,
        title=copy.title,
        theme=copy.theme_name,
        region_code=copy.region_code,
        region_name=copy.region_name,
        fingerprint=copy.sha256,
        redacted_on=copy.redacted_on,
        files=tuple(
            ReceiptFile(attachment.name, attachment.sha256, f"{-(-attachment.size // KIB)} Kio")
            for attachment in copy.attachments
        ),
        sections=tuple(
            ReceiptSection(section.title, tuple((answer.label, answer.shown) for answer in section.answers))
            for section in copy.sections
        ),
    )


def draft_copy(draft: Draft) -> FiledCopy:
    """Return a draft as the jury would read it if it were submitted now."""
    row = db.session.scalars(select(Candidacy).where(Candidacy.id == draft.facts.id)).one()
    theme = draft.theme or draft.themes[0]
    content = frozen_content(
        row,
        place_of(row.round_id),
        draft.structure,
        theme,
        draft.sections,
        draft.answers,
        has_attachments=bool(draft.attachments),
    )
    content["title"] = draft.title
    filed = Filed(draft.facts.key, "", "", None, 0, draft.facts.state)
    copy = read_copy(content, filed, "jury")
    return copy if draft.theme else replace(copy, theme_code="", theme_name="")

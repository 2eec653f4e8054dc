"""Kinds of certificates of an edition: read, changed, written again by the national staff, seen as a specimen."""

from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import select

from awards_app.adapters import pdf
from awards_app.adapters.certificate_words import check_words, filled
from awards_app.adapters.pdf.child import PrintingFailed, printed_apart
from awards_app.adapters.rendering import page_picture
from awards_app.database import atomic
from awards_app.domain.certificate_kinds import (
    DECIDED,
    TEXTS,
    Basis,
    KindIsInvalid,
    KindLine,
    TemplateIsInvalid,
    check_kind,
    samples_of,
)
from awards_app.domain.holder import Holder
from awards_app.domain.instants_fr import day_fr
from awards_app.domain.papers import CertificateText
from awards_app.domain.preset import load_preset
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.text import clean_line, clean_text
from awards_app.domain.words import N_
from awards_app.models.certificate_kinds import CertificateKind, CertificateWording
from awards_app.paths import PRESETS
from awards_app.queries.certificate_kinds import KindDesk, kept_kinds, kind_desk, kinds_to_change
from awards_app.services.journal import write_entry

PARIS = "Europe/Paris"
SPECIMEN_NUMBER = "ESS-0000-0000-0000-0000"
SPECIMEN_SECONDS = 20.0


@cache
def preset_kinds() -> tuple[KindLine, ...]:
    """Return the kinds that the platform came with."""
    return tuple(
        KindLine(
            one.code,
            one.label,
            Basis(one.basis),
            one.design,
            one.from_phase,
            one.is_given,
            0,
            one.issuer_line,
            one.distinction,
            one.body,
        )
        for one in load_preset(PRESETS / "prix-ess.toml").certificates
    )


def kinds_of(edition_id: int) -> tuple[KindLine, ...]:
    """Return the kinds of an edition with their words (one query).

    They are the platform's for an edition made before kinds had rows, and the platform's words where nobody wrote others.
    """
    return _with_texts(kept_kinds(edition_id) or preset_kinds())


def add_kinds(edition_id: int) -> None:
    """Give an edition its rows, where it has none; joins the caller's transaction."""
    with atomic() as session:
        if session.scalar(
            select(CertificateKind.id).where(CertificateKind.edition_id == edition_id).limit(1)
        ):
            return
        session.add_all(
            CertificateKind(
                edition_id=edition_id,
                code=one.code,
                label=one.label,
                basis=one.basis.value,
                design=one.design,
                from_phase=one.from_phase,
                is_given=one.is_given,
                position=position,
            )
            for position, one in enumerate(preset_kinds())
        )
        session.flush()


def kinds_page(holder: Holder, year: int) -> tuple[KindDesk, tuple[KindLine, ...]]:
    """Return the kinds of an edition for the staff. Raises `DoesNotExist`."""
    desk = kind_desk(holder, year)
    return desk, kinds_of(desk.edition_id)


def kind_page(holder: Holder, year: int, code: str) -> tuple[KindDesk, KindLine]:
    """Return one kind for the staff. Raises `DoesNotExist`."""
    desk, lines = kinds_page(holder, year)
    return desk, _of_code(lines, code)


def change_kind(
    holder: Holder,
    year: int,
    code: str,
    values: dict[str, str],
    now: datetime,
    *,
    is_given: bool,
) -> int:
    """Keep what a kind is and its texts, as a new version where a text changed; return the version that counts.

    ``values`` has « label », « design », « from_phase », « issuer_line », « distinction » and « body ». What was ordered
    before keeps its words. Raises `KindIsInvalid` with a sentence by field, or the matrix's refusal.
    """
    with atomic() as session:
        desk = kinds_to_change(holder, year)
        add_kinds(desk.edition_id)
        line = _of_code(kinds_of(desk.edition_id), code)
        wanted = typed_kind(line, values, is_given=is_given)
        row = session.scalars(
            select(CertificateKind)
            .where(CertificateKind.edition_id == desk.edition_id, CertificateKind.code == code)
            .with_for_update()
        ).one()
        row.label, row.design, row.from_phase, row.is_given = (
            wanted.label,
            wanted.design,
            wanted.from_phase,
            wanted.is_given,
        )
        version = line.version
        if any(getattr(wanted, name) != getattr(line, name) for name in TEXTS):
            version += 1
            session.add(
                CertificateWording(
                    kind_id=row.id,
                    version=version,
                    saved_at=now,
                    saved_by_id=holder.account_id or None,
                    **{name: getattr(wanted, name) for name in TEXTS},
                )
            )
        session.flush()
        detail = {"year": year, "code": code, "version": version, "given": is_given}
        write_entry(holder, "change_certificate_kind", "edition", desk.edition_key, now, detail=detail)
        return version


def tried_kind(
    holder: Holder, year: int, code: str, values: dict[str, str], *, is_given: bool
) -> tuple[KindDesk, KindLine]:
    """Return a kind as it was typed, nothing kept. Raises `KindIsInvalid`, or the matrix's refusal."""
    desk = kinds_to_change(holder, year)
    return desk, typed_kind(_of_code(kinds_of(desk.edition_id), code), values, is_given=is_given)


def typed_kind(line: KindLine, values: dict[str, str], *, is_given: bool) -> KindLine:
    """Return a kind as it was typed; raise `KindIsInvalid` with a sentence by field."""
    typed = replace(
        line,
        label=clean_line(values.get("label", "")),
        design=values.get("design", ""),
        from_phase=values.get("from_phase", ""),
        is_given=is_given,
        issuer_line=clean_text(values.get("issuer_line", "")).strip(),
        distinction=clean_text(values.get("distinction", "")).strip(),
        body=clean_text(values.get("body", "")).strip(),
    )
    errors = check_kind(typed.label, typed.design, typed.from_phase)
    places: dict[str, dict[str, object]] = {}
    samples = samples_of(line.basis)
    for name in TEXTS:
        try:
            check_words(getattr(typed, name), samples)
        except TemplateIsInvalid as fault:
            errors[name], places[name] = fault.sentence, fault.values
    for name in ("issuer_line", "distinction"):
        if not getattr(typed, name):
            errors[name] = N_("Ce texte est attendu.")
    if errors:
        raise KindIsInvalid(errors, places)
    return typed


def words_of(line: KindLine, values: dict[str, str]) -> tuple[str, str, str]:
    """Return the line before the name, the distinction and the paragraph of a kind, with their words replaced."""
    known = {word: values.get(word, "") for word in line.words}
    return filled(line.issuer_line, known), filled(line.distinction, known), filled(line.body, known)


def specimen(line: KindLine, now: datetime) -> bytes:
    """Return a kind printed with nobody's data and the mark of a specimen. Raises `PrintingFailed`."""
    samples = samples_of(line.basis)
    issuer_line, distinction, body = words_of(line, samples)
    is_regional, is_decided = bool(samples["region"]), line.basis in DECIDED
    text = CertificateText(
        kind=line.design,  # type: ignore[arg-type]  # one of the two, as the table checks
        edition_label=samples["edition"],
        issuer_line=issuer_line,
        structure_name=samples.get("juror") or samples["structure"],
        distinction=distinction,
        theme_name=samples["theme"],
        theme_code="te",
        citation=_SAMPLE_CITATION if is_decided else "",
        region_code="53" if is_regional else None,
        region_name=samples["region"] or "France",
        number=SPECIMEN_NUMBER,
        verify_url=f"https://prix.example/certificats/{SPECIMEN_NUMBER}",
        signed_by="Dominique Kervella" if is_decided else samples["chamber"],
        signed_role=f"Présidence du {samples['jury']}" if is_decided else "Organisation du prix",
        dated=day_fr(now, PARIS),
        place=("Rennes" if is_regional else "Paris") if is_decided else "",
        sample=True,
        body=body,
        kind_label=line.label,
        wording_version=line.version,
    )
    # In a process of its own: what a text makes of a page stays out of the site.
    [paper] = printed_apart(
        lambda: [pdf.render_certificate(text, identifier=SPECIMEN_NUMBER, created_at=now)],
        seconds=SPECIMEN_SECONDS,
    )
    return paper


_SAMPLE_CITATION = (
    "Pour une recyclerie qui redonne vie à ce que la mer rapporte, avec celles et ceux qui en vivent."
)


def specimen_picture(line: KindLine, now: datetime) -> bytes | None:
    """Return a specimen as a PNG, None where it cannot be printed."""
    try:
        return page_picture(specimen(line, now))
    except PrintingFailed:
        return None


def _with_texts(lines: tuple[KindLine, ...]) -> tuple[KindLine, ...]:
    """Return the kinds, with the platform's words where nobody wrote others."""
    origins = {one.code: one for one in preset_kinds()}
    return tuple(
        line
        if line.version or line.code not in origins
        else replace(
            line,
            issuer_line=origins[line.code].issuer_line,
            distinction=origins[line.code].distinction,
            body=origins[line.code].body,
        )
        for line in lines
    )


def _of_code(lines: tuple[KindLine, ...], code: str) -> KindLine:
    for line in lines:
        if line.code == code:
            return line
    raise DoesNotExist

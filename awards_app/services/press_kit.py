"""The press kit of a year or of one region: texts, photos and a table in one archive, from published lines alone."""

import io
import zipfile
from collections.abc import Iterable

from awards_app.adapters.kept_files import keep, kept
from awards_app.adapters.public_address import public_address
from awards_app.database import db
from awards_app.domain.csv_cells import csv_lines
from awards_app.domain.guide import digest_of
from awards_app.domain.honour_names import distinction_name
from awards_app.domain.refusals import DoesNotExist
from awards_app.domain.typesetting import place_of, safe_address, typeset
from awards_app.queries.guides import said_of
from awards_app.queries.honour_photos import LARGE, PhotoLine, StoredPicture, photos_of, stored_pictures
from awards_app.queries.honours import HonourLine
from awards_app.services.honour_photos import picture_bytes

# What a kit is made of has a number of its own: a change of its making makes every kit again.
MAKING = 1
MOST_LINES = 500
MOST_PHOTO_BYTES = 60 * 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
LICENCE = "Licence Ouverte 2.0 (Etalab)"
HEADS = (
    "annee", "niveau", "prix", "thematique", "region", "structure", "ville", "departement", "projet",
    "motivation", "resume", "site", "page", "rectificatif", "photo", "photo_credit", "photo_droits", "photo_description",
)  # fmt: skip


def press_kit(year: int, place: str, lines: tuple[HonourLine, ...]) -> tuple[bytes, str]:
    """Return the kit of published distinctions as a ZIP, with its version; the same lines give the same bytes.

    ``place`` names what the kit is of. Photos beyond 60 MiB in all are left out, and said so. Raises `DoesNotExist` without
    a line, or beyond 500.
    """
    if not lines or len(lines) > MOST_LINES:
        raise DoesNotExist
    photos = photos_of(line.slug for line in lines)
    version = kit_version(year, place, lines, photos)
    name = f"kit-{version}.zip"
    content = kept(name)
    if content is None:
        pictures, left_out = _within_bounds(stored_pictures(photos, LARGE))
        db.session.rollback()
        content = _zipped(year, place, lines, photos, pictures, left_out)
        keep(name, content)
    return content, version


def kit_version(year: int, place: str, lines: Iterable[HonourLine], photos: dict[str, PhotoLine]) -> str:
    """Return what tells a kit from its former ones: any change of a word, of a photo or of what is said of it."""
    said = [[line.slug, said_of(line)] for line in lines]
    shown = sorted([photo.key, photo.alternative, photo.credit, photo.rights] for photo in photos.values())
    return digest_of([MAKING, year, place, public_address("/"), said, shown])[:32]


def _within_bounds(found: dict[str, StoredPicture]) -> tuple[dict[str, StoredPicture], list[str]]:
    kept_ones: dict[str, StoredPicture] = {}
    left_out = []
    room = MOST_PHOTO_BYTES
    for slug, picture in sorted(found.items()):
        if picture.size > room:
            left_out.append(slug)
            continue
        room -= picture.size
        kept_ones[slug] = picture
    return kept_ones, left_out


def _zipped(
    year: int,
    place: str,
    lines: tuple[HonourLine, ...],
    photos: dict[str, PhotoLine],
    pictures: dict[str, StoredPicture],
    left_out: list[str],
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        rows = (_row(line, photos.get(line.slug) if line.slug in pictures else None) for line in lines)
        _write(archive, "lisez-moi.txt", _notice(year, place, lines, photos, pictures, left_out).encode())
        _write(archive, f"palmares-{year}.csv", "".join(csv_lines(HEADS, rows)).encode())
        for line in lines:
            _write(archive, f"textes/{line.slug}.txt", _text(line).encode())
        for slug, picture in sorted(pictures.items()):
            _write(archive, f"photos/{slug}.jpg", picture_bytes(picture), zipfile.ZIP_STORED)
    return out.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    about = zipfile.ZipInfo(name, EPOCH)
    about.compress_type = how
    about.external_attr = 0o644 << 16
    archive.writestr(about, content)


def _prize(line: HonourLine) -> str:
    return line.prize_name or distinction_name(line.level, line.distinction)


def _page(line: HonourLine) -> str:
    return public_address(f"/laureats/{line.slug}")


def _row(line: HonourLine, photo: PhotoLine | None) -> list[str | int]:
    return [
        line.year,
        "national" if line.level == "national" else "régional",
        _prize(line),
        line.theme,
        line.region_name or "",
        line.structure_name,
        line.city,
        line.department,
        line.project_title,
        line.citation,
        line.summary,
        safe_address(line.website) or "",
        _page(line),
        line.erratum,
        f"photos/{line.slug}.jpg" if photo else "",
        photo.credit if photo else "",
        photo.rights if photo else "",
        photo.alternative if photo else "",
    ]


def _text(line: HonourLine) -> str:
    place = place_of(line.city, line.department, line.region_name or "")
    parts = [
        typeset(line.structure_name),
        f"{_prize(line)} {line.year}" + (f" · {typeset(line.theme)}" if line.theme else ""),
        ", ".join(filter(None, (place, line.region_name or ""))),
        "",
        typeset(line.project_title),
        f"«\u202f{typeset(line.citation)}\u202f» Le jury" if line.citation else "",
        typeset(line.summary),
        line.erratum,
        "",
        safe_address(line.website) or "",
        _page(line),
    ]
    return "\r\n".join(_paragraphs(parts)) + "\r\n"


def _paragraphs(parts: list[str]) -> list[str]:
    """Return the lines of a text without two blank ones in a row."""
    found: list[str] = []
    for part in parts:
        if part or (found and found[-1]):
            found.append(part)
    return found


def _notice(
    year: int,
    place: str,
    lines: tuple[HonourLine, ...],
    photos: dict[str, PhotoLine],
    pictures: dict[str, StoredPicture],
    left_out: list[str],
) -> str:
    said = [
        f"Prix de l’Économie sociale et solidaire {year} – {place}",
        "Dossier de presse",
        "",
        f"palmares-{year}.csv : le tableau des distinctions ({len(lines)}), pour un tableur.",
        "textes/ : un texte par distinction, avec les mots du jury.",
    ]
    if pictures:
        said += ["photos/ : les photos, à reproduire avec leur crédit et dans les limites de leurs droits."]
        said += ["", "Photos"]
        said += [
            f"- photos/{slug}.jpg : {photos[slug].credit}. {photos[slug].rights}. {photos[slug].alternative}"
            for slug in sorted(pictures)
        ]
    if left_out:
        said += ["", "Photos trop lourdes pour ce dossier, à prendre sur leur page :"]
        said += [f"- {public_address('/laureats/' + slug)}" for slug in left_out]
    said += [
        "",
        f"Les textes et le tableau sont sous {LICENCE} : https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "Les photos ne sont pas sous cette licence.",
        "",
        f"Le palmarès à jour : {public_address(f'/palmares/{year}')}",
        "",
    ]
    return "\r\n".join(said)

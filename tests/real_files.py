"""Ten files as people really write them, made in code: their texts as typed, what they attach, and how a reader must find them."""

import io
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import pikepdf
from PIL import Image, ImageDraw

INDICATORS = "Vos indicateurs suivis dans le temps"
HEADINGS = ("Indicateur", "Unité", "Année précédente", "Dernière année")
# The tag of a picture's orientation, and of the place where it was taken.
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F
UP, DOWN = (200, 30, 30), (30, 30, 200)
PHONE = "CANARI-TELEPHONE"


@dataclass(frozen=True)
class Sent:
    """A file to attach: the question, the name it has at home, its bytes."""

    question: str
    name: str
    content: bytes


@dataclass(frozen=True)
class RealFile:
    """A file: what is typed over the plain answers, the rows of the table, what is attached over the plain pieces."""

    typed: dict[str, str] = field(default_factory=dict)
    structure: str = "Les Étoiles"
    city: str = "Rennes"
    table: tuple[tuple[str, ...], ...] = ()
    table_shown: tuple[tuple[str, ...], ...] = ()
    sent: tuple[Sent, ...] = ()


def as_kept(text: str) -> str:
    """Return a text as the documentation says that it is kept: NFC, plain ends of line, nothing else."""
    return unicodedata.normalize("NFC", as_kept_ends(text).replace("\x0b", "\n"))


def as_browsers_send(text: str) -> str:
    """Return a text as a browser puts it in a form: every end of line is CRLF."""
    return as_kept_ends(text).replace("\n", "\r\n")


def as_kept_ends(text: str) -> str:
    """Return a text with plain ends of line only."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def long_french() -> RealFile:
    """Every long answer full to its last sign, with the typography of a careful hand."""
    paragraph = (
        "L’été dernier, à Saint-Étienne-de-Lauzière, « l’Œuvre du cœur » a accueilli 1\u202f284 personnes : "
        "quatre-vingt-dix-sept ne parlaient pas français\u202f! Que faire\u00a0? D’abord, s’asseoir – puis "
        "écouter… Nos aïeules disaient : « Là où l’on mange, on reste. »\n\n— Sœur Noëlle, ça ira ? "
        "— Dès demain, naïvement, nous recommençons : 12 % de plus, n° 3 bis, 4ᵉ étage, m², ½ litre, 30 €.\n"
    )
    full = (paragraph * 6)[:1999] + "."
    long = ("need", "action", "beneficiaries", "results", "governance", "economic_model")
    more = ("partners", "innovation", "replication", "outlook", "us_inequalities", "us_environment")
    return RealFile(dict.fromkeys((*long, *more), full) | {"summary": (paragraph * 2)[:599] + "."})


def pasted_tables() -> RealFile:
    """Tables pasted from a spreadsheet and drawn with signs: tabs, columns of spaces, frames."""
    sheet = "Année\tRepas\tCoût (€)\n2023\t4 120\t18 540,50\n2024\t 9 871\t44 419,50\n\n\tTotal\t62 960,00"
    frame = "┌──────┬────────┐\n│ Qui  │ Combien│\n├──────┼────────┤\n│ Rémi │   12 % │\n└──────┴────────┘"
    spaced = '  Lundi      9 h – 12 h\n  Mardi     14 h – 18 h\n     <b>pas</b> & plus : 3 < 4 > 2 "dit-on" \\ `#` {{ non }} %s'
    return RealFile({"results": sheet, "action": frame, "governance": spaced})


def emoji() -> RealFile:
    """Joined emoji, flags, skin tones, keycaps, signs beyond the first plane."""
    family, flag, hand, key = "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿🇫🇷", "👍🏽", "1️⃣"
    return RealFile(
        {
            "title": f"Potager {family} partagé 🌱",
            "pitch": f"{hand} On sème, on cuisine, on rit 😀 {flag}",
            "summary": f"🐝\u200d miel\n{key} semer\n❤️‍🔥 aimer 𝒢 𐍈 🧑🏿‍🚀",
            "need": family * 180,
            "area": "Île 🏝️ de Groix",
        },
        structure="Les Abeilles 🐝 solidaires",
        sent=(Sent("logo", "logo 🐝‍👩‍👧.png", a_picture("PNG")),),
    )


def right_to_left() -> RealFile:
    """Names and words in Arabic and Hebrew among French ones, with vowel marks and marks of direction."""
    return RealFile(
        {
            "title": "Maison بيت التضامن – l’accueil",
            "representative_name": "فاطمة الزهراء بنعلي",
            "contact_name": "יעל בן־דוד",
            "pitch": "Chez جمعية النجوم (Les Étoiles), on parle שָׁלוֹם et français.",
            "partners": "Avec جمعية « الأمل »\u200f, fondée en ١٩٩٨,\nעמותת אור \u2067(2015)\u2069 et la ville.",
            "need": "لا أحد يُترك وحيدًا.\nPersonne n’est laissé seul.",
            "area": "Marseille – حي بلسنس",
        },
        structure="Association بيت التضامن",
        sent=(Sent("photos", "صورة العائلة.jpg", a_picture("JPEG")),),
    )


def heavy_pdf() -> RealFile:
    """A PDF of twenty megabytes."""
    return RealFile(sent=(Sent("accounts", "Comptes 2025 (très détaillés).pdf", a_heavy_pdf()),))


def phone_photos() -> RealFile:
    """Photos straight from phones: held four ways, each telling where it was taken; one of twelve megapixels."""
    turns = ((1, (600, 400)), (3, (600, 400)), (8, (400, 600)), (6, (3024, 4032)))
    return RealFile(
        sent=tuple(
            Sent("photos", f"IMG_20260{turn}14_1{turn}.JPG", a_phone_photo(turn, size))
            for turn, size in turns
        )
    )


def capitals() -> RealFile:
    """Everything in capitals, accents typed apart as some keyboards do."""
    text = "L’ÉTÉ À L’ÎLE D’YEU : ŒUVRES, ÇA VA ÊTRE « NOËL » ! Ÿ Ù Ü Æ – N’OUBLIEZ PAS LE CŒUR."
    apart = unicodedata.normalize("NFD", text)
    return RealFile(
        {"title": apart, "pitch": apart, "summary": f"{apart}\n{text}", "need": apart * 20, "area": apart},
        structure=unicodedata.normalize("NFD", "ASSOCIATION DES FÊTES DE L’ÉTÉ"),
        city=unicodedata.normalize("NFD", "SAINT-ÉTIENNE"),
        sent=(Sent("photos", unicodedata.normalize("NFD", "ÉTÉ.JPG"), a_picture("JPEG")),),
    )


def from_word() -> RealFile:
    """A text pasted from Word: CRLF, hard spaces, soft hyphens, smart quotes, bullets, a first line that is empty,
    a line ended within its paragraph."""
    text = (
        "\r\nNotre dé\u00admarche\u00a0: «\u00a0anti\u00adgaspi\u00a0»\r\n\r\n"
        "•\tRécupérer 12\u00a0000\u00a0kg\r\n\to\tTrier\u2011peser\r\n§\tCuisiner\u2026 \u2018bien\u2019 \u201cbon\u201d\u2028"
        "suite\x0bd’alinéa\u00a0;\u2003fin\u200b.  \r\rDernière ligne  \r\n"
    )
    return RealFile(
        {"action": text, "need": text * 8, "summary": text, "pitch": "Un\u00a0mot\u00a0: dé\u00admarche"}
    )


def indicator_table() -> RealFile:
    """The table of indicators, full, with numbers as people write them."""
    return RealFile(
        table=(
            ("Repas servis", "repas", "4 120", "9871"),
            ("Coût « complet »", "€ par repas", "4,5", "4,25"),
            ("Personnes accompagnées – 🐝", "", "", "1\u202f284"),
            ("Déchets évités <kg> & co", "t", "0,125", "12 345,678"),
            ("شركاء", "ETP", "0", "3"),
            ("É" * 300, "%", "12,50", "100"),
        ),
        table_shown=(
            ("Repas servis", "repas", "4120", "9871"),
            ("Coût « complet »", "€ par repas", "4,5", "4,25"),
            ("Personnes accompagnées – 🐝", "–", "–", "1284"),
            ("Déchets évités <kg> & co", "t", "0,125", "12\u202f345,678"),
            ("شركاء", "ETP", "0", "3"),
            ("É" * 300, "%", "12,5", "100"),
        ),
    )


SCANNED = 60


def scanned() -> RealFile:
    """A paper of sixty pages passed through an office scanner."""
    return RealFile(sent=(Sent("accounts", "SCAN_0001 – copie (2).PDF", a_scanned_pdf(SCANNED)),))


TEN: dict[str, Callable[[], RealFile]] = {
    made.__name__: made
    for made in (
        long_french, pasted_tables, emoji, right_to_left, heavy_pdf,
        phone_photos, capitals, from_word, indicator_table, scanned,
    )
}  # fmt: skip


def a_picture(kind: str, size: tuple[int, int] = (90, 60)) -> bytes:
    """Return a picture, red above and blue below."""
    out = io.BytesIO()
    _two_halves(size).save(out, kind)
    return out.getvalue()


def a_phone_photo(turn: int, upright: tuple[int, int]) -> bytes:
    """Return a JPEG held as ``turn`` says (EXIF 1, 3, 6 or 8), that stands ``upright`` once turned, with its place."""
    degrees = {1: 0, 3: 180, 6: 90, 8: 270}[turn]
    image = _two_halves(upright).rotate(degrees, expand=True)
    exif = image.getexif()
    exif[ORIENTATION], exif[MAKER] = turn, PHONE
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 6.0, 41.0), 3: "W", 4: (1.0, 40.0, 46.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=90, comment=PHONE.encode())
    return out.getvalue()


def _two_halves(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, DOWN)
    image.paste(UP, (0, 0, size[0], size[1] // 2))
    return image


@lru_cache(maxsize=1)
def noise() -> tuple[bytes, ...]:
    """Return six pictures of noise, as the bytes of their pixels."""
    source = random.Random(20)
    return tuple(source.randbytes(1100 * 1000 * 3) for _ in range(6))


@lru_cache(maxsize=1)
def a_heavy_pdf() -> bytes:
    """Return a PDF of twenty megabytes: six pages of noise that nothing compresses."""
    document = pikepdf.new()
    for pixels in noise():
        picture = document.make_stream(
            pixels,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=1100,
            Height=1000,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
        )
        _page_of(document, picture)
    return _saved(document)


@lru_cache(maxsize=1)
def a_scanned_pdf(pages: int) -> bytes:
    """Return a PDF of scanned pages: each a grey JPEG, turned as the feeder turned it."""
    document = pikepdf.new()
    for number in range(pages):
        out = io.BytesIO()
        sheet = Image.new("L", (620, 877), 245)
        ImageDraw.Draw(sheet).rectangle((60, 60 + number * 10, 560, 90 + number * 10), fill=20)
        sheet.save(out, "JPEG", quality=60)
        picture = document.make_stream(
            out.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=620,
            Height=877,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        _page_of(document, picture)
    document.docinfo["/Producer"] = PHONE
    return _saved(document)


def _page_of(document: pikepdf.Pdf, picture: pikepdf.Stream) -> None:
    document.add_blank_page(page_size=(595, 842))
    page = document.pages[-1]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=document.make_indirect(picture)))
    page.Contents = document.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q")


def _saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()

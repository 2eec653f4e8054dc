"""Texts of papers as the services hand them over, for the tests of the printer."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from PIL import Image

from awards_app.domain.guide import GuidePhoto, GuideText, Initiative
from awards_app.domain.papers import (
    AddendumText,
    CertificateText,
    DecisionLine,
    FileLine,
    MinutesText,
    PrizeLine,
    RankingLine,
    RankingTable,
    ReceiptFile,
    ReceiptSection,
    ReceiptText,
    RecusalLine,
    SignatureLine,
    UnawardedLine,
    VoteLine,
    Watermark,
)

INSTANT = datetime(2025, 11, 28, 9, 30, tzinfo=UTC)
PRINT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

CERTIFICATE = CertificateText(
    kind="diploma",
    edition_label="7e édition · 2021",
    issuer_line="Le jury régional de Provence-Alpes-Côte d’Azur décerne le prix régional à",
    structure_name="Solidarité Femmes 13",
    distinction="Prix régional",
    theme_name="Utilité Sociale",
    theme_code="us",
    citation="Pour l’accompagnement, par le sport, de femmes et d’enfants victimes de violences.",
    region_code="93",
    region_name="Provence-Alpes-Côte d’Azur",
    number="ESS-2021-7K4M-Q2XB-9T3R",
    verify_url="https://prix.example/verifier/ESS-2021-7K4M-Q2XB-9T3R",
    signed_by="Marie Lefèvre",
    signed_role="Présidente du jury régional",
    dated="28 novembre 2021",
    place="Marseille",
)

MINUTES = MinutesText(
    number="PV-2025-93-7K4M",
    edition_label="11e édition · 2025",
    jury_name="Jury régional de Provence-Alpes-Côte d’Azur",
    region_code="93",
    region_name="Provence-Alpes-Côte d’Azur",
    themes=("Utilité Sociale", "Transition Écologique"),
    held_on="mercredi 3 septembre 2025",
    place="Marseille, maison de la région",
    called=("Marie Lefèvre", "Ahmed Benali", "Inès Moreau"),
    present=("Marie Lefèvre", "Ahmed Benali"),
    excused=("Inès Moreau",),
    chair="Marie Lefèvre",
    secretary="Lucas Petit",
    quorum="2 membres sur 3 : atteint",
    recusals=(RecusalLine("PACA-003, Bou’Sol", "Ahmed Benali", "lien direct et actuel"),),
    files=tuple(
        FileLine(f"PACA-{rank:03d}", f"Structure {rank}", "Une ferme en ville", "Utilité Sociale")
        for rank in range(60)
    ),
    rankings=(
        RankingTable(
            "Utilité Sociale",
            (
                RankingLine("1", "Solidarité Femmes 13", "Du sport", "87,25", 4),
                RankingLine("2", "Bou’Sol", "Du pain", "81,50", 3),
            ),
        ),
    ),
    votes=(VoteLine("Retenir Solidarité Femmes 13", "à bulletin secret", 2, 0, 0, "adoptée"),),
    tie_rule="La voix de la présidente l’emporte.",
    decisions=(
        DecisionLine(
            "retenue pour le jury national",
            "Solidarité Femmes 13",
            "Utilité Sociale",
            "Pour son action.",
            "Impact démontré.",
        ),
    ),
    prizes=(PrizeLine("Prix régional", "Solidarité Femmes 13", "1 000 €"),),
    unawarded=(UnawardedLine("Coup de cœur", "aucune candidature ne s’est détachée"),),
    snapshot_sha256=PRINT,
    signatures=(
        SignatureLine("Marie Lefèvre", "Présidente du jury"),
        SignatureLine("Lucas Petit", "Secrétaire"),
    ),
    watermark=Watermark("marie@chambre.example", "20 novembre 2025 à 14 h 05 (Paris)"),
)

RECEIPT = ReceiptText(
    number="AR-2025-7K4M",
    edition_label="11e édition · 2025",
    received_at="30 juin 2025 à 23 h 41 min 07 s, heure de La Réunion (UTC+4)",
    structure="Les Jardins de l’Œuvre",
    title="Une ferme d’insertion en ville",
    theme="Transition Écologique",
    region_code="04",
    region_name="La Réunion",
    fingerprint=PRINT,
    files=(ReceiptFile("statuts.pdf", PRINT, "1,2 Mo"), ReceiptFile("comptes.pdf", PRINT[::-1], "834 ko")),
    sections=(ReceiptSection("Structure", (("Nom", "Les Jardins de l’Œuvre"), ("Sigle", ""))),),
)

ADDENDUM = AddendumText(
    number="AD-2025-93-1",
    minutes_number="PV-2025-93-7K4M",
    minutes_sha256=PRINT,
    region_code="93",
    region_name="Provence-Alpes-Côte d’Azur",
    body="Le nom de la structure s’écrit « Bou’Sol ».\n\nLe reste est sans changement.",
    written_by="Marie Lefèvre",
    role="Présidente du jury",
    written_at="4 septembre 2025 à 10 h 12 (Paris)",
    sha256=PRINT[::-1],
    edition_label="11e édition · 2025",
)


def _picture() -> str:
    out = BytesIO()
    Image.new("RGB", (1200, 800), (30, 110, 90)).save(out, "JPEG")
    return "data:image/jpeg;base64," + b64encode(out.getvalue()).decode()


def _initiative(number: int, **changes: Any) -> Initiative:
    name = f"Les Jardins de l’Œuvre {number}"
    page = f"https://prix.example/palmares/2025/{number}"
    words = ("Une ferme d’insertion", "Pour son action.", "Des légumes, des contrats.")
    place = ("Bretagne", "Rennes", *words, "1 000 €", "https://jardins.example/", page, "")
    return replace(
        Initiative(number, name, ("Prix régional",), False, "Utilité Sociale", "us", "53", *place), **changes
    )


GUIDE = GuideText(
    year=2025,
    edition="11e édition",
    made_on="28 novembre 2025",
    address="https://prix.example/palmares/2025",
    initiatives=(
        _initiative(1, is_national=True, prizes=("Prix national", "Prix régional"), region_code="93"),
        _initiative(2, photo=GuidePhoto("Des serres sous la pluie", "A. Le Goff", _picture())),
        _initiative(
            3, citation="", summary="", site="", amount="", erratum="Nom corrigé le 2 décembre 2025."
        ),
    ),
)

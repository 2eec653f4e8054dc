"""The files and answers of a world's candidacies: small, true to their type, each with a canary."""

import io

import pikepdf
from PIL import Image

TEXT = (
    "Le projet réunit des habitantes et des habitants autour d’un lieu commun. "
    "Chacun y apporte un savoir, et les décisions se prennent à parts égales."
)


def pdf(words: str) -> bytes:
    """Return a PDF of one page whose title is ``words``."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.docinfo["/Title"] = words
    kept = io.BytesIO()
    document.save(kept, deterministic_id=True)
    return kept.getvalue()


def picture(colour: tuple[int, int, int] = (20, 120, 90)) -> bytes:
    """Return a JPEG picture of one colour."""
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(kept, "JPEG")
    return kept.getvalue()


def answers(name: str, theme: str, canary: str) -> dict[str, str]:
    """Return an answer to every question that must have one, ``canary`` in the text that only readers may see."""
    words = {
        "representative_name": f"Représentante de {name}",
        "representative_role": "présidente",
        "contact_name": f"Contact de {name}",
        "contact_email": "contact@contact-structure.example",
        "contact_phone": "02 99 00 00 01",
        "employees": "12",
        "budget_year": "2025",
        "budget_total": "250000",
        "title": f"Le projet de {name}",
        "pitch": f"Un lieu commun porté par {name}.",
        "summary": TEXT,
        "started_on": "01/02/2020",
        "area": "Rennes et alentours",
        "need": f"{TEXT} {canary}",
        "image_rights": "y",
        "sincerity": "y",
        "authority": "y",
        "rules_accepted": "y",
        "publication_consent": "y",
        "theme": theme,
    }
    long_ones = [
        "action",
        "beneficiaries",
        "results",
        "governance",
        "economic_model",
        "partners",
        "innovation",
        "outlook",
    ]
    long_ones += ["us_inequalities"] if theme == "us" else ["te_measures", "te_people"]
    return words | dict.fromkeys(long_ones, TEXT)

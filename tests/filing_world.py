"""A small world for the filing rooms: an edition, accounts, structures, candidacies as far as a test needs them."""

import io
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pikepdf
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.domain.preset import Preset, load_preset
from awards_app.models.editions import Round
from awards_app.models.structures import Structure
from awards_app.paths import PRESETS
from awards_app.queries.accounts import holder_of_account
from awards_app.queries.editions import edition_of_year, form_of
from awards_app.services.accounts import ensure_account, grant_role, start_session
from awards_app.services.attachments import add_attachment
from awards_app.services.candidacies import create_candidacy, save_answer, submit_candidacy
from awards_app.services.editions import create_edition
from awards_app.services.structures import create_structure

YEAR = 2027
BEFORE = datetime(2027, 3, 1, 9, tzinfo=UTC)
FILING = datetime(2027, 6, 1, 9, tzinfo=UTC)
CLOSES = datetime(2027, 6, 30, 22, tzinfo=UTC)
ADMISSIBILITY = datetime(2027, 7, 10, 9, tzinfo=UTC)
SIRENS = ("732829320", "552100554", "356000000", "784671695")

TEXTS = {
    "representative_name": "Claude Martin", "representative_role": "Coprésidente", "contact_name": "Camille Durand",
    "contact_email": "camille@exemple.org", "contact_phone": "01 99 00 12 34", "employees": "1 234",
    "budget_year": "2025", "budget_total": "184 000", "title": "La légumerie d’Étoiles", "pitch": "Une phrase.",
    "summary": "Un résumé.", "started_on": "01/02/2024", "area": "Rance",
}  # fmt: skip


@lru_cache(maxsize=1)
def the_preset() -> Preset:
    return load_preset(PRESETS / "prix-ess.toml")


def an_edition(now: datetime = BEFORE) -> int:
    return create_edition(the_preset(), YEAR, now)


def a_person(name: str, now: datetime = BEFORE) -> int:
    return ensure_account(f"{name.lower()}@exemple.org", name, now)


def holder(account_id: int) -> Holder:
    found = holder_of_account(account_id)
    assert found is not None
    return found


def a_coordinator(name: str = "Coralie", region: str = "53") -> Holder:
    account_id = a_person(name)
    grant_role(None, account_id, "coordinator", region, BEFORE)
    return holder(account_id)


def structure_values(number: int = 0, **changes: object) -> dict[str, object]:
    return {
        "name": f"Les Étoiles {number}",
        "legal_family": "association",
        "identifier": SIRENS[number],
        "founded_on": "14/07/2015",
        "postcode": "35000",
        "city": "Rennes",
        "address": "1 rue CANARI-ADRESSE",
        **changes,
    }


def a_structure(person: Holder, number: int = 0, **changes: object) -> str:
    return create_structure(person, structure_values(number, **changes), FILING)


def a_filer(name: str = "Odile", number: int = 0) -> tuple[Holder, str]:
    """Return a responsible person and the key of their draft."""
    account_id = a_person(name)
    structure = a_structure(holder(account_id), number)
    filer = holder(account_id)
    return filer, create_candidacy(filer, structure, FILING)


def a_pdf(mark: str = "statuts") -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.pages[0].Contents = document.make_stream(f"% {mark}".encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_photo(colour: str = "red", kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, kind)
    return out.getvalue()


def fill(person: Holder, key: str, now: datetime = FILING, theme: str = "us") -> None:
    """Answer every required question of the form."""
    edition = edition_of_year(YEAR)
    assert edition is not None
    save_answer(person, key, "theme", theme, None, now)
    for section in form_of(edition.id):
        for question in section.for_theme(theme):
            if question.kind in ("file", "files"):
                if question.required:
                    content = a_pdf(question.code) if "pdf" in question.accepts else a_photo()
                    add_attachment(person, key, question.code, f"{question.code}.bin", content, now)
            elif question.required or question.code in TEXTS:
                text = (
                    "y" if question.kind == "checkbox" else TEXTS.get(question.code, f"Récit {question.code}")
                )
                save_answer(person, key, question.code, text, None, now)


def a_submitted(name: str = "Odile", number: int = 0) -> tuple[Holder, str]:
    """Return a responsible person and the key of their submitted candidacy."""
    person, key = a_filer(name, number)
    fill(person, key)
    submit_candidacy(person, key, FILING + timedelta(hours=1))
    return person, key


def structure_key(person: Holder) -> str:
    key = db.session.scalar(select(Structure.key).where(Structure.id == person.structure_ids[0]))
    assert key is not None
    return key


def set_phase(phase: str, region: str = "53") -> None:
    """Put the region's round in a phase, as its own services would have."""
    with atomic() as session:
        row = session.scalar(select(Round).where(Round.region_code == region))
        assert row is not None
        row.phase = phase


def sign_in(client: FlaskClient, person: Holder, now: datetime) -> None:
    """Give the client a session of ``person``."""
    token = start_session(person.account_id, now)
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True

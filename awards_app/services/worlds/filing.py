"""The first half of a world: its edition, structures and candidacies, and what the chamber decides of them."""

from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.domain.preset import load_preset
from awards_app.models.editions import Edition, Round
from awards_app.paths import PRESETS
from awards_app.services import admissibility, candidacies, editions, memberships, structures
from awards_app.services.attachments import add_attachment
from awards_app.services.completions import Asked, ask_completion
from awards_app.services.filings import submit_candidacy
from awards_app.services.structures import create_structure
from awards_app.services.worlds.moments import YEAR, Moment
from awards_app.services.worlds.papers import answers, pdf, picture
from awards_app.services.worlds.people import account_id, address, holder, make_people

# Each structure: who is responsible, its region, the theme of its candidacy (none: it files nothing).
STRUCTURES: dict[str, tuple[str, str, str]] = {
    "main": ("CO", "A", "us"),
    "draft": ("CO", "A", "us"),
    "free": ("CO", "A", ""),
    "other": ("CX", "A", "us"),
    "foreign": ("FX", "B", "us"),
    "first": ("E1", "A", "us"),
    "second": ("E2", "A", "te"),
    "refused": ("E3", "A", "us"),
}
TITLES = {
    "main": "Les Ateliers du Phare",
    "draft": "La Ressourcerie du Port",
    "free": "Le Jardin des Dunes",
    "other": "La Maison commune",
    "foreign": "Le Verger normand",
    "first": "L’Atelier du vélo",
    "second": "L’Énergie du bourg",
    "refused": "Le Comptoir des saisons",
}
POSTCODES = {"A": ("35000", "Rennes"), "B": ("76000", "Rouen")}
DRAFTS = ("draft",)
# A local hour of the region, two weeks into admissibility.
UNTIL = datetime.fromisoformat(f"{YEAR}-07-20T18:00")


def prepare(moment: Moment) -> None:
    """P0: the edition, the people, the structures with their members."""
    editions.create_edition(load_preset(PRESETS / "prix-ess.toml"), YEAR, moment.now)
    for row in db.session.scalars(select(Round).join(Edition).where(Edition.year == YEAR)):
        for letter, code in [*moment.regions.items(), ("N", None)]:
            if row.region_code == code:
                moment.rounds[letter] = row.key
    make_people(moment)
    for position, (name, (who, region, _theme)) in enumerate(STRUCTURES.items(), 1):
        moment.structures[name] = create_structure(holder(who), _record(name, region, position), moment.now)
    for name in ("main", "draft", "free"):
        key = memberships.invite_member(
            holder("CO"), moment.structures[name], address("CM"), "member", moment.now
        )
        structures.accept_invitation(account_id("CM"), key, moment.now)


def _record(name: str, region: str, position: int) -> dict[str, object]:
    postcode, city = POSTCODES[region]
    return {
        "name": TITLES[name],
        "legal_family": "association",
        "legal_form": "Association déclarée",
        "identifier": _siren(820_000_00 + position),
        "founded_on": "15/03/2015",
        "address": f"{position} rue du Port",
        "postcode": postcode,
        "city": city,
        "region_code": "",
        "website": "",
        "is_esus": False,
        "network": "",
    }


def _siren(first_eight: int) -> str:
    """Return the SIREN with these first eight digits: the ninth is Luhn's."""
    total = 0
    for position, digit in enumerate(reversed(str(first_eight))):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{first_eight}{(10 - total % 10) % 10}"


def file_candidacies(moment: Moment) -> None:
    """P1: every structure but one files; one file stays a draft."""
    for name, (who, _region, theme) in STRUCTURES.items():
        if not theme:
            continue
        key = candidacies.create_candidacy(holder(who), moment.structures[name], moment.now)
        moment.candidacies[name] = key
        canary = f"CANARI-TEXTE-{name.upper()}-7f3a"
        moment.canaries[f"text_{name}"] = canary
        for field, value in answers(TITLES[name], theme, canary).items():
            candidacies.save_answer(holder(who), key, field, value, None, moment.now)
        _attach(moment, name, who, key)
        if name not in DRAFTS:
            receipt = submit_candidacy(holder(who), key, moment.now)
            moment.receipts[name] = receipt.number


def _attach(moment: Moment, name: str, who: str, key: str) -> None:
    files = {
        "statutes": ("statuts.pdf", pdf(f"CANARI-STATUTS-{name.upper()}")),
        "accounts": ("comptes.pdf", pdf(f"CANARI-COMPTES-{name.upper()}")),
        "photos": ("photo.jpg", picture()),
    }
    for question, (file_name, content) in files.items():
        moment.attachments[f"{name}_{question}"] = add_attachment(
            holder(who), key, question, file_name, content, moment.now
        )


def decide_all(moment: Moment) -> None:
    """P2: each submitted file is found admissible, but one; the chamber still asks the main one to complete two answers."""
    moment.canaries["refusal"] = "CANARI-MOTIF-REFUS-51c2"
    for name, key in moment.candidacies.items():
        if name in DRAFTS:
            continue
        region = STRUCTURES[name][1]
        who = holder("RC" if region == "A" else "RY")
        if name == "refused":
            words = f"La structure a moins de deux ans. {moment.canaries['refusal']}"
            admissibility.decide_admissibility(who, key, "inadmissible", words, moment.now)
        else:
            admissibility.decide_admissibility(who, key, "admissible", "", moment.now)
    asked = Asked(("area", "photos"), "Précisez le territoire et joignez une photo plus nette.", UNTIL)
    moment.completions["main"] = ask_completion(holder("RC"), moment.candidacies["main"], asked, moment.now)

"""The people of a world: one for each subject of the matrix, and those they need around them."""

from functools import lru_cache

from sqlalchemy import select

from awards_app.adapters.passwords import hash_password
from awards_app.database import atomic, db
from awards_app.domain.holder import Holder
from awards_app.models.accounts import Account
from awards_app.services.accounts import ensure_account, grant_role, holder_for
from awards_app.services.worlds.moments import Moment

PASSWORD = "le renard traverse la clairière"
# Who each person is, relative to the main candidacy; the names say it so that a page shows at once who is seen.
NAMES = {
    "CM": "Camille Membre",
    "CO": "Odile Responsable",
    "CX": "Xavier Ailleurs",
    "RJ": "Jeanne Jurée",
    "RK": "Karim Déporté",
    "RX": "Roxane Voisine",
    "JP": "Paule Présidente",
    "RC": "Claire Coordinatrice",
    "RY": "Yann Voisin",
    "NJ": "Noé National",
    "NK": "Nadia Déportée",
    "NP": "Nina Présidente",
    "NS": "Sacha National",
    "AU": "Aude Auditrice",
    "NS2": "Suzanne Nationale",
    "RJ2": "Jules Juré",
    "RJ3": "Joris Juré",
    "NJ2": "Nour Nationale",
    "FX": "Félix Foyer",
    "E1": "Élise Atelier",
    "E2": "Émile Verger",
    "E3": "Esther Rivage",
}


# Members write from their structure's own domain: a domain that a juror shares with a candidate makes a certain tie.
MEMBERS = ("CM", "CO", "CX", "FX", "E1", "E2", "E3")


def address(code: str) -> str:
    """Return the address of a person of the world."""
    domain = f"structure-{code.lower()}.example" if code in MEMBERS else "monde.example"
    return f"{code.lower()}@{domain}"


def make_people(moment: Moment) -> None:
    """Open every account, confirmed and with `PASSWORD`, and grant the roles that are rows."""
    for code, name in NAMES.items():
        ensure_account(address(code), name, moment.now)
    with atomic() as session:
        for account in session.scalars(select(Account).where(Account.password_hash.is_(None))):
            account.password_hash = _kept()
    grants = {
        "NS": ("national_staff", None),
        "NS2": ("national_staff", None),
        "AU": ("auditor", None),
        "RC": ("coordinator", moment.regions["A"]),
        "RY": ("coordinator", moment.regions["B"]),
    }
    for code, (role, region) in grants.items():
        grant_role(None, account_id(code), role, region, moment.now)


def account_id(code: str) -> int:
    """Return the account of a person of the world."""
    return db.session.execute(select(Account.id).where(Account.email_folded == address(code))).scalar_one()


def holder(code: str) -> Holder:
    """Return a person of the world with the rights they hold now."""
    return holder_for(account_id(code))


@lru_cache(maxsize=1)
def _kept() -> str:
    return hash_password(PASSWORD)

"""Who answers for the structures of candidacies: the people that a chamber writes to."""

from collections.abc import Collection

from sqlalchemy import select

from awards_app.database import db
from awards_app.models.accounts import Account
from awards_app.models.candidacies import Candidacy
from awards_app.models.structures import Membership, Structure


def people_responsible(candidacy_ids: Collection[int]) -> dict[int, list[tuple[int, str, str]]]:
    """Return (account, address, name) of each responsible person, by candidacy (one query)."""
    rows = db.session.execute(
        select(Candidacy.id, Account.id, Account.email, Account.name)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .join(Membership, Membership.structure_id == Structure.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Candidacy.id.in_(candidacy_ids),
            Membership.standing == "responsible",
            Membership.accepted_at.is_not(None),
            Membership.left_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Candidacy.id, Account.id)
    )
    found: dict[int, list[tuple[int, str, str]]] = {}
    for candidacy_id, account_id, email, name in rows:
        found.setdefault(candidacy_id, []).append((account_id, email, name))
    return found

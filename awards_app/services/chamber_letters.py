"""Letters between a chamber and the structures of its files: to whom, from where, with which words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from awards_app.database import db
from awards_app.models.accounts import Account, RoleGrant
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Region, Round
from awards_app.models.structures import Membership, Structure
from awards_app.services.messages import queue_message


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file with the names that letters about it say."""

    candidacy_id: int
    key: str
    title: str
    structure: str
    structure_id: int
    round_id: int
    round_key: str
    zone: str
    chamber: str
    region_code: str
    region_name: str

    @property
    def words(self) -> dict[str, str]:
        """Return the words that every letter about the file may say."""
        return {
            "structure": self.structure,
            "title": self.title,
            "chamber": self.chamber,
            "region_name": self.region_name,
        }


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to."""

    id: int
    key: str
    name: str
    email: str


def file_place(candidacy_id: int) -> FilePlace:
    """Return where a file is (one query); the caller has settled the right."""
    row = db.session.execute(
        select(
            Candidacy.id,
            Candidacy.key,
            Candidacy.title,
            Structure.name,
            Structure.id.label("structure_id"),
            Round.id.label("round_id"),
            Round.key.label("round_key"),
            Round.zone,
            Region.chamber,
            Region.code,
            Region.name.label("region_name"),
        )
        .join(Round, Round.id == Candidacy.round_id)
        .join(Region, Region.code == Round.region_code)
        .join(Structure, Structure.id == Candidacy.structure_id)
        .where(Candidacy.id == candidacy_id)
    ).one()
    return FilePlace(*row)


def responsible_of(structure_id: int) -> list[Person]:
    """Return who answers for a structure at this very moment."""
    rows = db.session.execute(
        select(Account.id, Account.key, Account.name, Account.email)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.structure_id == structure_id,
            Membership.standing == "responsible",
            Membership.accepted_at.is_not(None),
            Membership.left_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    )
    return [Person(*row) for row in rows]


def coordinators_of(region_code: str) -> list[Person]:
    """Return who coordinates a region at this very moment."""
    rows = db.session.execute(
        select(Account.id, Account.key, Account.name, Account.email)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == "coordinator",
            RoleGrant.region_code == region_code,
            RoleGrant.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    )
    return [Person(*row) for row in rows]


def write_to(
    people: Iterable[Person],
    kind: str,
    place: FilePlace,
    stem: str,
    values: Mapping[str, str],
    now: datetime,
    *,
    held: bool = False,
    round_id: int | None = None,
) -> int:
    """Queue one letter a person about a file, in the caller's transaction; return how many are new.

    ``stem`` and the person make a second letter of the same cause impossible; ``round_id`` is the outbox it lies in,
    the file's own unless told.
    """
    return sum(
        queue_message(
            kind,
            person.email,
            dedupe=f"{stem}:{person.key}",
            values={"person": person.name, **place.words, **values},
            now=now,
            account_id=person.id,
            round_id=round_id or place.round_id,
            object_key=place.key,
            held=held,
        )
        is not None
        for person in people
    )

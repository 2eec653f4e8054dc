"""Who is asking: a person with the roles, seats and memberships they hold at this very request."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A granted role; ``region_code`` only for a coordinator."""

    role: str
    region_code: str | None


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A live, accepted seat; ``theme_id`` is None for a seat in every theme, ``region_code`` None for the national jury."""

    id: int
    key: str
    round_id: int
    region_code: str | None
    theme_id: int | None
    function: str


@dataclass(frozen=True, slots=True)
class HeldMembership:
    """A live, accepted membership of a structure."""

    structure_id: int
    structure_key: str
    is_responsible: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """A signed-in person. Read afresh at each request: no right outlives the row that gave it."""

    account_id: int
    key: str
    name: str
    email: str
    locale: str = "fr"
    session_id: int | None = None
    grants: tuple[HeldGrant, ...] = ()
    seats: tuple[HeldSeat, ...] = ()
    memberships: tuple[HeldMembership, ...] = ()

    @property
    def is_national_staff(self) -> bool:
        """Say whether the person is of the national staff."""
        return any(grant.role == "national_staff" for grant in self.grants)

    @property
    def is_auditor(self) -> bool:
        """Say whether the person is the auditor."""
        return any(grant.role == "auditor" for grant in self.grants)

    @property
    def coordinated_regions(self) -> tuple[str, ...]:
        """Return the codes of the regions the person coordinates."""
        return tuple(grant.region_code for grant in self.grants if grant.region_code is not None)

    @property
    def structure_ids(self) -> tuple[int, ...]:
        """Return the structures the person is a member of."""
        return tuple(membership.structure_id for membership in self.memberships)


SCHEDULER = Holder(account_id=0, key="scheduler", name="", email="")
"""What acts by the clock alone; it has no right of its own and no account."""

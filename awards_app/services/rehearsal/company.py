"""The people who play: staff, coordinators and jurors with accounts of their own, invented and reaching nobody."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from awards_app.demonstration.people import Juror as InventedJuror
from awards_app.demonstration.people import jurors
from awards_app.domain.holder import Holder
from awards_app.services.accounts import ensure_account, grant_role, holder_for
from awards_app.services.juries import accept_charter, accept_seat, invite_juror

# Addresses under .example reach nobody, and tie no juror to a structure.
DOMAIN = "jury.example"


@dataclass(frozen=True, slots=True)
class Juror:
    """A seat that was accepted: ``function`` is chair, deputy, juror or secretary."""

    seat_key: str
    account_id: int
    name: str
    function: str


@dataclass(slots=True)
class Jury:
    """The seats of one round; ``recused`` holds the keys of the files each seat stands aside from."""

    seats: list[Juror]
    recused: dict[str, set[str]] = field(default_factory=dict)

    def of(self, function: str) -> Juror:
        """Return the seat of the chair or of the deputy."""
        return next(seat for seat in self.seats if seat.function == function)

    @property
    def readers(self) -> list[Juror]:
        """Return the seats that give marks."""
        return [seat for seat in self.seats if seat.function != "secretary"]

    def leader(self, files: set[str]) -> Juror:
        """Return who leads about these files: the deputy where the chair stands aside from one of them."""
        chair = self.of("chair")
        return self.of("deputy") if self.recused.get(chair.seat_key, set()) & files else chair


class Company:
    """Makes people and answers with who they are now; rights are read again after each change."""

    def __init__(self, seed: str) -> None:
        self.rng = Random(f"company:{seed}")
        self._holders: dict[int, Holder] = {}
        self._used: set[str] = set()

    def holder(self, account_id: int) -> Holder:
        """Return the account as a holder."""
        if account_id not in self._holders:
            self._holders[account_id] = holder_for(account_id)
        return self._holders[account_id]

    def forget(self, account_id: int) -> None:
        """Read the rights of an account again next time."""
        self._holders.pop(account_id, None)

    def staff(self, email: str, name: str, role: str, region_code: str | None, now: datetime) -> int:
        """Make an account with a role and return it."""
        account_id = ensure_account(email, name, now)
        grant_role(None, account_id, role, region_code, now)
        self.forget(account_id)
        return account_id

    def draw(self, count: int) -> list[InventedJuror]:
        """Draw invented jurors nobody drew before."""
        found: list[InventedJuror] = []
        while len(found) < count:
            for one in jurors(self.rng, count):
                if one.person.email not in self._used and len(found) < count:
                    self._used.add(one.person.email)
                    found.append(one)
        return found

    def seat_jury(
        self,
        staff_id: int,
        round_key: str,
        size: int,
        now: datetime,
        *,
        given: tuple[tuple[str, str, str], ...] = (),
        regions: tuple[str | None, ...] = (),
    ) -> Jury:
        """Invite and seat a chair, a deputy and jurors, ``size`` of them in all; each accepts the charter.

        ``given`` are (e-mail, name, function) of people who are known already; ``regions`` say where national jurors
        come from.
        """
        functions = ["chair", "deputy", *["juror"] * (size - 2)]
        for _email, _name, function in given:
            functions.remove(function)
        people = [(email, name, function, "") for email, name, function in given]
        people += [
            (f"{one.person.email.split('@')[0]}@{DOMAIN}", one.person.full_name, function, one.college_label)
            for one, function in zip(self.draw(len(functions)), functions, strict=True)
        ]
        seats = []
        for place, (email, name, function, college) in enumerate(people):
            account_id = ensure_account(email, name, now)
            key = invite_juror(
                self.holder(staff_id),
                round_key,
                email=email,
                name=name,
                function=function,
                college=college,
                now=now,
                region_code=regions[place % len(regions)] if regions else None,
            )
            accept_seat(account_id, key, now)
            self.forget(account_id)
            accept_charter(self.holder(account_id), key, now)
            seats.append(Juror(key, account_id, name, function))
        return Jury(seats)

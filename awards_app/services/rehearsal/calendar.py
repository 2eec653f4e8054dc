"""When a rehearsal plays its moments: the preset's calendar of a year, with room to the instants that matter."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """The instants at which things are done, in UTC."""

    year: int

    def _at(self, month: int, day: int) -> datetime:
        return datetime(self.year, month, day, 9, 0, tzinfo=UTC)

    @property
    def preparation(self) -> datetime:
        return self._at(3, 1)

    @property
    def filing(self) -> datetime:
        return self._at(6, 10)

    @property
    def admissibility(self) -> datetime:
        return self._at(7, 6)

    @property
    def juries(self) -> datetime:
        return self._at(8, 25)

    @property
    def scoring(self) -> datetime:
        return self._at(9, 6)

    @property
    def lock(self) -> datetime:
        return self._at(9, 20)

    @property
    def deliberation(self) -> datetime:
        return self._at(9, 22)

    @property
    def withdrawal(self) -> datetime:
        return self._at(9, 25)

    @property
    def national_jury(self) -> datetime:
        return self._at(10, 1)

    @property
    def national_lock(self) -> datetime:
        return self._at(10, 12)

    @property
    def national_deliberation(self) -> datetime:
        return self._at(10, 14)

    @property
    def arming(self) -> datetime:
        return self._at(10, 20)

    @property
    def after(self) -> datetime:
        return self._at(12, 15)

    @staticmethod
    def just_after(instant: datetime) -> datetime:
        """Return the first second after an instant."""
        return instant + timedelta(seconds=1)

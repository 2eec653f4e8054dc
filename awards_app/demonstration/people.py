"""Invented people: candidates and jurors. The same generator state always gives the same ones."""

from dataclasses import dataclass
from random import Random

from awards_app.demonstration.files import people_bank
from awards_app.demonstration.wording import slug


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; `email` is on a domain that reaches nobody."""

    given_name: str
    family_name: str
    feminine: bool
    email: str

    @property
    def full_name(self) -> str:
        """Given name then family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Juror:
    """An invented juror: `college` is a legal family or `qualified`; `function` is for people to read."""

    person: Person
    college: str
    college_label: str
    function: str


def person(rng: Random) -> Person:
    """One invented person."""
    bank = people_bank()
    feminine = rng.random() < 0.54
    given = rng.choice(bank["women" if feminine else "men"])
    family = rng.choice(bank["families"])
    return Person(given, family, feminine, f"{slug(given)}.{slug(family)}@example.org")


def jurors(rng: Random, n: int) -> tuple[Juror, ...]:
    """`n` jurors with different names and addresses, the colleges taking turns."""
    colleges = people_bank()["colleges"]
    found: dict[str, Juror] = {}
    order = list(colleges)
    while len(found) < n:
        someone = person(rng)
        if someone.email in found:
            continue
        code = order[len(found) % len(order)]
        college = colleges[code]
        function = rng.choice(college["functions"])[0 if someone.feminine else 1]
        title = f"{function} {rng.choice(college['employers'])}"
        found[someone.email] = Juror(someone, code, college["label"], title)
    return tuple(found.values())

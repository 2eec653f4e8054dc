"""Invented structures. The same generator state always gives the same ones."""

import string
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from awards_app.demonstration.files import Archetype, Place, archetypes, common, places
from awards_app.demonstration.people import Person, person
from awards_app.demonstration.wording import at_place, filled, of_place, slug

# Candidacies by region in an ordinary year, invented in proportion to the population.
REGION_SHARES = {
    "84": 58, "27": 24, "53": 38, "24": 22, "94": 8, "44": 36, "01": 9, "03": 6, "32": 42,
    "11": 72, "04": 12, "02": 9, "06": 6, "28": 26, "75": 46, "76": 50, "52": 34, "93": 40,
}  # fmt: skip
FORMS = {
    "association": ("association_1901",) * 9 + ("association_public_utility",),
    "cooperative": ("scic", "scic", "scop", "cooperative_other"),
    "mutual": ("mutual_health", "mutual_health", "mutual_union"),
    "foundation": ("foundation_public_utility", "foundation_corporate"),
    "endowment_fund": ("endowment_fund",),
    "commercial": ("company_esus", "company_ess_statutes"),
}
COURT_REGISTER_DEPARTMENTS = frozenset({"57", "67", "68"})
OVERSEAS_LETTERS = {"971": "G", "972": "M", "973": "C", "974": "R", "976": "Y"}
NAMED_FAMILIES = {"Coopérative ": "cooperative", "La Coopérative ": "cooperative", "Mutuelle ": "mutual"}
COURTS = {"57": "Metz", "67": "Strasbourg", "68": "Colmar"}


@dataclass(frozen=True, slots=True)
class Structure:
    """An invented structure of the ESS, in the theme its activity calls for."""

    name: str
    acronym: str
    family: str
    legal_form: str
    siren: str | None
    rna: str | None
    court_register: str | None
    created_on: date
    address: str
    postal_code: str
    city: str
    department_code: str
    region_code: str
    website: str
    email: str
    esus: bool
    network: str
    employees: int
    full_time_equivalents: str
    volunteers: int
    members: int
    budget_year: int
    budget_total: int
    theme: str
    archetype: str
    representative: Person
    representative_role: str
    contact: Person


def generated_structures(
    rng: Random,
    n: int,
    *,
    year: int,
    region_codes: Sequence[str] | None = None,
    theme: str | None = None,
    known_names: Collection[str] = (),
) -> tuple[Structure, ...]:
    """`n` structures with different names and identifiers, spread over the regions by their size.

    All are old enough to apply in `year`. `theme` (`us` or `te`) keeps one theme; `known_names` are avoided.
    """
    codes = list(region_codes or REGION_SHARES)
    shares = [REGION_SHARES[code] for code in codes]
    names = set(known_names)
    numbers: set[str] = set()
    made = []
    for _rank in range(n):
        region_code = rng.choices(codes, shares)[0]
        chosen = theme or ("us" if rng.random() < 0.56 else "te")
        made.append(_structure(rng, region_code, chosen, year, names, numbers))
    return tuple(made)


def siren_key(eight_digits: str) -> str:
    """The ninth digit of a SIREN (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(eight_digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _structure(
    rng: Random, region_code: str, theme: str, year: int, names: set[str], numbers: set[str]
) -> Structure:
    archetype = rng.choice([row for row in archetypes(theme) if row.suits(region_code)])
    place = rng.choice(places(region_code))
    name = _name(rng, archetype, place, names)
    named = [family for start, family in NAMED_FAMILIES.items() if name.startswith(start)]
    family = rng.choice(named or archetype.families)
    created_on = date(year - rng.choice((3, 4, 5, 6, 8, 10, 12, 15, 19, 24, 31)), 1, 1)
    created_on += timedelta(days=rng.randrange(365))
    siren, rna, court_register = _identifiers(rng, family, place, numbers)
    employees = rng.randint(*archetype.employees)
    form = "association_alsace_moselle" if court_register else rng.choice(FORMS[family])
    address = slug(name)
    representative = person(rng)
    return Structure(
        name=name,
        acronym=_acronym(rng, name),
        family=family,
        legal_form=form,
        siren=siren,
        rna=rna,
        court_register=court_register,
        created_on=created_on,
        address=f"{rng.randint(1, 96)} {rng.choice(common()['streets'])}",
        postal_code=place.postal_code,
        city=place.city,
        department_code=place.department_code,
        region_code=region_code,
        website=f"https://example.org/{address}",
        email=f"bonjour.{address}@example.org",
        esus=form == "company_esus" or (family == "cooperative" and rng.random() < 0.3),
        network=rng.choice(common()["networks"]),
        employees=employees,
        full_time_equivalents=f"{max(1, employees * rng.randint(62, 96) // 100)}{rng.choice(('', ',5', ',8'))}",
        volunteers=rng.randint(4, 90),
        members=rng.randint(18, 640),
        budget_year=year - 1,
        budget_total=(employees * rng.randint(34_000, 47_000) + rng.randint(12_000, 90_000)) // 100 * 100,
        theme=theme,
        archetype=archetype.code,
        representative=representative,
        representative_role=_role(rng, family, representative),
        contact=person(rng),
    )


def _name(rng: Random, archetype: Archetype, place: Place, names: set[str]) -> str:
    slots = {
        "city": place.city,
        "at_city": at_place(place.city),
        "At_city": at_place(place.city).capitalize(),
        "of_city": of_place(place.city),
        "located": of_place(place.city),
    }
    name = ""
    for _attempt in range(12):
        slots["brand"] = rng.choice(common()["brands"])
        slots["brand_low"] = rng.choice(common()["complements"])
        name = filled(rng.choice(archetype.names), slots)
        if name not in names:
            names.add(name)
            return name
    rank = 2
    base = f"{name}, {place.city}" if place.city not in name else name
    while (name := base if rank == 2 and base not in names else f"{base} {rank}") in names:
        rank += 1
    names.add(name)
    return name


def _identifiers(
    rng: Random, family: str, place: Place, numbers: set[str]
) -> tuple[str | None, str | None, str | None]:
    siren = _unique(numbers, lambda: _siren(rng))
    if family != "association":
        return siren, None, None
    kept = siren if rng.random() < 0.8 else None
    if place.department_code in COURT_REGISTER_DEPARTMENTS:
        court = COURTS[place.department_code]
        return kept, None, f"{court}, volume {rng.randint(20, 99)}, folio {rng.randint(1, 400)}"
    return kept, _unique(numbers, lambda: _rna(rng, place)), None


def _siren(rng: Random) -> str:
    # No company has a number that begins with 0: an invented one cannot be somebody's.
    digits = "0" + "".join(rng.choice(string.digits) for _place in range(7))
    return digits + siren_key(digits)


def _rna(rng: Random, place: Place) -> str:
    # High serial numbers are not given out: an invented one is not somebody's.
    code = place.department_code
    department = f"9{OVERSEAS_LETTERS[code]}" if code in OVERSEAS_LETTERS else code
    return f"W{department}{rng.randint(1, 4)}9{rng.randint(0, 99_999):05d}"


def _unique(numbers: set[str], draw: Callable[[], str]) -> str:
    while (value := draw()) in numbers:
        pass
    numbers.add(value)
    return value


def _acronym(rng: Random, name: str) -> str:
    words = [word for word in slug(name).split("-") if len(word) > 3]
    return "".join(word[0] for word in words).upper() if len(words) > 2 and rng.random() < 0.4 else ""


def _role(rng: Random, family: str, someone: Person) -> str:
    roles = {
        "cooperative": [("Gérante", "Gérant"), ("Présidente", "Président")],
        "commercial": [("Présidente", "Président"), ("Directrice générale", "Directeur général")],
    }.get(family, [("Présidente", "Président"), ("Coprésidente", "Coprésident"), ("Directrice", "Directeur")])
    return rng.choice(roles)[0 if someone.feminine else 1]

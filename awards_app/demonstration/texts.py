"""The words of an invented candidacy: its title, its answers, what jurors say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from awards_app.demonstration.files import Archetype, archetypes, comment_bank, common
from awards_app.demonstration.names import Structure
from awards_app.demonstration.places_fr import LOCATED
from awards_app.demonstration.wording import at_place, filled, listed, number, of_place, shortened

TITLE_LIMIT = 100
PITCH_LIMIT = 200
SUMMARY_LIMIT = 600
NARRATIVE = (
    "need",
    "action",
    "beneficiaries",
    "results",
    "governance",
    "economic_model",
    "partners",
    "innovation",
    "replication",
    "outlook",
)
THEME_QUESTIONS = {"us": ("us_inequalities", "us_environment"), "te": ("te_measures", "te_people")}


@dataclass(frozen=True, slots=True)
class Project:
    """An invented project: `answers` holds one text for each long question of its theme, by code."""

    title: str
    pitch: str
    summary: str
    since: int
    area: str
    answers: Mapping[str, str]


def project_for(rng: Random, structure: Structure, theme: str) -> Project:
    """A project that suits the structure: its own activity when it is of that theme, else another."""
    archetype = _archetype(rng, structure, theme)
    slots = _slots(rng, structure, archetype)
    pitch = _first_fitting(rng, archetype.pitch, slots, PITCH_LIMIT)
    answers = {
        code: _answer(rng, code, structure, archetype, slots) for code in NARRATIVE + THEME_QUESTIONS[theme]
    }
    return Project(
        title=_title(rng, archetype, slots),
        pitch=pitch,
        summary=_summary(rng, pitch, archetype, slots),
        since=int(slots["since"]),
        area=_area(rng, structure),
        answers=MappingProxyType(answers),
    )


def citation_for(rng: Random, *, name: str, title: str, theme: str, region_code: str, city: str) -> str:
    """The citation of a jury for a laureate, three sentences."""
    bank = common()["citations"]
    slots = {"name": name, "title": title, "located": LOCATED[region_code], **_city_slots(city)}
    return " ".join(
        filled(sentence, slots)
        for sentence in (rng.choice(bank["first"]), rng.choice(bank[theme]), rng.choice(bank["last"]))
    )


def comment_for(rng: Random, criterion: str, mark: int) -> str:
    """What a juror writes under a mark from 0 to 4 for a criterion. Raises KeyError if it is unknown."""
    tone = "low" if mark < 2 else "middle" if mark == 2 else "high"
    return rng.choice(comment_bank()[criterion][tone])


def overall_comment(rng: Random, marks: Mapping[str, int]) -> str:
    """A juror's reason for a whole sheet: the best point, then the weakest when there is a gap."""
    best = max(marks, key=lambda criterion: marks[criterion])
    weakest = min(marks, key=lambda criterion: marks[criterion])
    said = comment_for(rng, best, marks[best])
    if marks[best] == marks[weakest]:
        return said
    return f"{said} {comment_for(rng, weakest, marks[weakest])}"


def _archetype(rng: Random, structure: Structure, theme: str) -> Archetype:
    rows = archetypes(theme)
    own = [row for row in rows if row.code == structure.archetype]
    near = [row for row in rows if row.suits(structure.region_code) and structure.family in row.families]
    return own[0] if own else rng.choice(near or list(rows))


def _city_slots(city: str) -> dict[str, str]:
    at_city = at_place(city)
    return {
        "city": city,
        "of_city": of_place(city),
        "at_city": at_city,
        "At_city": at_city[:1].upper() + at_city[1:],
    }


def _slots(rng: Random, structure: Structure, archetype: Archetype) -> dict[str, str]:
    staff = structure.employees
    slots = _city_slots(structure.city) | {
        "name": structure.name,
        "located": LOCATED[structure.region_code],
        "since": str(min(structure.created_on.year + rng.randint(0, 4), structure.budget_year - 1)),
        "n": number(rng.randint(*archetype.n)),
        "m": number(rng.randint(*archetype.m)),
        "public": archetype.public,
        "partners": listed(rng.sample(archetype.partners, 3)),
        "resources": listed(list(archetype.resources)),
        "budget": number(structure.budget_total),
        "employees": f"{number(staff)} personnes salariées" if staff > 1 else "une personne salariée",
        "volunteers": number(structure.volunteers),
        "members": number(structure.members),
        "board": str(rng.randint(9, 21)),
        "share": str(rng.randint(52, 84)),
        "aid": str(rng.randint(14, 46)),
        "months": rng.choice(("six", "huit", "neuf", "dix", "douze")),
        "interviews": str(rng.randint(30, 140)),
        "sites": rng.choice(("deux", "trois", "quatre", "cinq")),
    }
    return slots | {"fact": filled(archetype.results[0], slots)}


def _answer(rng: Random, code: str, structure: Structure, archetype: Archetype, slots: dict[str, str]) -> str:
    bank = common()[code]
    closing = rng.sample(bank["last"], rng.choice((1, 1, 2)))
    opening = _opening(rng, code, structure, archetype, bank)
    return " ".join(filled(sentence, slots) for sentence in (*opening, *closing))


def _opening(
    rng: Random, code: str, structure: Structure, archetype: Archetype, bank: dict[str, list[str]]
) -> list[str]:
    own = {
        "need": archetype.need,
        "action": archetype.action,
        "results": archetype.results,
        "innovation": archetype.novelty,
        "us_inequalities": archetype.need,
        "us_environment": archetype.other,
        "te_people": archetype.other,
    }
    if code in own:
        size = 2 if code in ("need", "action") and rng.random() < 0.5 else len(own[code])
        chosen = sorted(rng.sample(range(len(own[code])), 1 if code == "us_inequalities" else size))
        return [own[code][place] for place in chosen]
    if code == "governance":
        return [rng.choice(bank[_governance_bank(structure)])]
    first = [rng.choice(bank["first"])]
    return [*first, rng.choice(bank["middle"])] if "middle" in bank else first


def _governance_bank(structure: Structure) -> str:
    if structure.legal_form == "scop":
        return "scop"
    return "foundation" if structure.family == "endowment_fund" else structure.family


def _title(rng: Random, archetype: Archetype, slots: dict[str, str]) -> str:
    title = _first_fitting(rng, archetype.titles, slots, TITLE_LIMIT)
    placed = f"{title}, {slots['at_city']}"
    return placed if rng.random() < 0.4 and len(placed) <= TITLE_LIMIT else title


def _first_fitting(rng: Random, sentences: tuple[str, ...], slots: dict[str, str], limit: int) -> str:
    texts = [filled(sentence, slots) for sentence in rng.sample(sentences, len(sentences))]
    fitting = [text for text in texts if len(text) <= limit]
    return fitting[0] if fitting else shortened(texts[0], limit)


def _summary(rng: Random, pitch: str, archetype: Archetype, slots: dict[str, str]) -> str:
    text = pitch
    for sentences in (archetype.action, archetype.results, common()["summary"]["last"]):
        longer = f"{text} {filled(rng.choice(sentences), slots)}"
        if len(longer) <= SUMMARY_LIMIT:
            text = longer
    return text


def _area(rng: Random, structure: Structure) -> str:
    of_city = of_place(structure.city)
    wording = ("La ville {}", "Les communes autour {}", "Le bassin de vie {}", "Les quartiers {}")
    return rng.choice(wording).format(of_city)

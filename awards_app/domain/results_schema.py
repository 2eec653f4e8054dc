"""What a results archive holds, field by field: the values the services fill and the shape a reader may expect."""

import json
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypedDict

from awards_app.domain.ranking import Key, Standing
from awards_app.domain.snapshot import RoundScores, canonical_bytes

# Archives of the first format hold neither the rule nor the versions; they are read for ever.
FIRST_FORMAT = 1
FORMAT = 2

REGIONAL = "regional"
NATIONAL = "national"

NATIONAL_ENTRY = "national_entry"
NOMINEE = "nominee"
LAUREATE = "laureate"

PROPOSED = "proposed"
CONFIRMED = "confirmed"
ANNULLED = "annulled"


class EditionLine(TypedDict):
    """The edition; ``region`` is the COG code of an archive of one region, ``None`` for the whole edition."""

    year: int
    name: str
    region: str | None


class RankingLine(TypedDict):
    """A file's place as the platform stated it; ``score`` is "num/den" in lowest terms, on the scale of levels."""

    candidacy: str
    score: str | None
    readers: int
    rank: int | None
    tied: bool
    reason: str | None


class TieBreakLine(TypedDict):
    """How equal files were parted for an outcome: the equal ones, those kept, the method and its motive."""

    theme: str
    outcome: str
    candidacies: list[str]
    kept: list[str]
    method: str
    motive: str


class DecisionLine(TypedDict):
    """A decision of the jury; ``candidacy`` is ``None`` for an outcome left unawarded, which needs a motive."""

    theme: str
    outcome: str
    candidacy: str | None
    status: str
    motive: str | None


class RoundLine(TypedDict):
    """One jury's turn. ``places`` is by theme then outcome; ``round_places`` bounds an outcome over all themes."""

    code: str
    level: str
    region: str | None
    locked_at: str
    scores: RoundScores
    snapshot_sha256: str
    withdrawn: list[str]
    places: dict[str, dict[str, int]]
    round_places: dict[str, int]
    ranking: dict[str, list[RankingLine]]
    tie_breaks: list[TieBreakLine]
    decisions: list[DecisionLine]
    minutes_sha256: str | None


class JournalHead(TypedDict):
    """The last entry of the journal when the archive was made."""

    seq: int
    hash: str


class RuleLine(TypedDict):
    """How marks became an outcome: the method of ranking, how ranks count, and what the edition says of ties and votes."""

    ranking: str
    ranks: str
    missing: str
    tie_rule: str
    tie_rule_text: str
    ballot: str
    chair_casting_vote: bool
    minimum_readers: int
    quorum: str
    two_persons: bool


class VersionsLine(TypedDict):
    """What wrote the archive: versions of the platform, of its tables, of the edition's rules and of the snapshots."""

    platform: str
    tables: str
    rules: str
    snapshot: int


class FirstArchive(TypedDict):
    """The whole archive, in the first format."""

    format: int
    edition: EditionLine
    rounds: list[RoundLine]
    journal: JournalHead | None


class ResultsArchive(FirstArchive):
    """The whole archive."""

    rule: RuleLine
    versions: VersionsLine


SHAPES: Mapping[int, object] = {FIRST_FORMAT: FirstArchive, FORMAT: ResultsArchive}


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold, and on which line; ``sentence`` is French with ``%(name)s`` places for ``values``."""

    where: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.where} : {self.sentence % self.values}"


def fraction_text(score: Fraction | None) -> str | None:
    """Write an exact score as "num/den" in lowest terms; ``None`` stays ``None``."""
    return None if score is None else f"{score.numerator}/{score.denominator}"


def ranking_lines(standings: Iterable[Standing], numbers: Mapping[Key, str]) -> list[RankingLine]:
    """Write standings as the archive holds them, each file under its number."""
    return [
        {
            "candidacy": numbers[standing.candidacy],
            "score": fraction_text(standing.score),
            "readers": standing.readers,
            "rank": standing.rank,
            "tied": standing.tied,
            "reason": standing.reason,
        }
        for standing in standings
    ]


def in_order(contents: ResultsArchive) -> ResultsArchive:
    """Return the same archive with every list in its one order, whatever order the lines came in."""
    rounds = sorted((_round_in_order(line) for line in contents["rounds"]), key=lambda line: line["code"])
    return {**contents, "rounds": rounds}


def _round_in_order(line: RoundLine) -> RoundLine:
    tie_breaks: list[TieBreakLine] = [
        {**tie, "candidacies": sorted(tie["candidacies"]), "kept": sorted(tie["kept"])}
        for tie in line["tie_breaks"]
    ]
    return {
        **line,
        "withdrawn": sorted(line["withdrawn"]),
        "ranking": {
            theme: sorted(given, key=lambda place: (place["rank"] is None, place["rank"], place["candidacy"]))
            for theme, given in line["ranking"].items()
        },
        "tie_breaks": sorted(tie_breaks, key=canonical_bytes),
        "decisions": sorted(line["decisions"], key=canonical_bytes),
    }


def lines_of(contents: ResultsArchive) -> dict[str, object]:
    """Cut the archive into the lines that are hashed one by one, so that an alteration can be named."""
    heads = ("edition", "journal", "rule", "versions")
    lines: dict[str, object] = {name: contents[name] for name in heads if name in contents}  # type: ignore[literal-required]  # names of its own fields
    for held in contents["rounds"]:
        code = held["code"]
        for place, tie in enumerate(held["tie_breaks"], start=1):
            lines[f"{code}/tie_breaks/{place}"] = tie
        for place, decision in enumerate(held["decisions"], start=1):
            lines[f"{code}/decisions/{place}"] = decision
        for theme, scores in held["scores"]["themes"].items():
            lines[f"{code}/{theme}/grid"] = scores["grid"]
            lines[f"{code}/{theme}/candidacies"] = scores["candidacies"]
            for sheet in scores["sheets"]:
                lines[f"{code}/{theme}/{sheet['candidacy']}/{sheet['juror']}"] = sheet
        for theme, places in held["ranking"].items():
            for standing in places:
                lines[f"{code}/{theme}/{standing['candidacy']}/rank"] = standing
        apart = ("tie_breaks", "decisions", "scores", "ranking")
        lines[f"{code}/round"] = {name: value for name, value in held.items() if name not in apart}
    return lines


def parse_strictly(text: bytes) -> object:
    """Read canonical JSON; raise ``ValueError`` for a repeated key, a float, or what is no JSON at all."""
    try:
        return json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_float=_refused_number,
            parse_constant=_refused_number,
        )
    except RecursionError:
        raise ValueError("nested too deep") from None


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("a key is repeated")
    return held


def _refused_number(text: str) -> object:
    raise ValueError(f"{text} is no integer")


def misshapen_archive(value: object) -> str | None:
    """Return the path of the first value that is not of the type its format declares, ``None`` when all are."""
    stated = value.get("format") if isinstance(value, dict) else None
    return misshapen(value, SHAPES.get(stated, ResultsArchive) if type(stated) is int else ResultsArchive)


def misshapen(value: object, shape: object = ResultsArchive, where: str = "archive.json") -> str | None:
    """Return the path of the first value that has not the type its field declares, ``None`` when all have."""
    if typing.is_typeddict(shape):
        hints = typing.get_type_hints(shape)
        if not isinstance(value, dict) or set(value) != set(hints):
            return where
        inner = ((value[name], hint, f"{where}/{name}") for name, hint in hints.items())
        return _first(inner)
    origin, arguments = typing.get_origin(shape), typing.get_args(shape)
    if origin in (types.UnionType, typing.Union):
        return where if all(misshapen(value, one, where) for one in arguments) else None
    if origin is list:
        if not isinstance(value, list):
            return where
        return _first((one, arguments[0], f"{where}/{place}") for place, one in enumerate(value, start=1))
    if origin is dict:
        if not isinstance(value, dict):
            return where
        return _first((one, arguments[1], f"{where}/{name}") for name, one in value.items())
    return None if type(value) is shape else where


def _first(inner: Iterable[tuple[object, object, str]]) -> str | None:
    return next((path for one in inner if (path := misshapen(*one))), None)

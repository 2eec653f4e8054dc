"""What each simulated juror will do in a round, settled before anything is written: stand aside, mark, be absent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from awards_app.services.rehearsal.company import Jury
from awards_app.services.rehearsal.simulation import levels, quality_of

RECUSED_SHARE = 5
FEWEST_READERS = 3
REASONS = (
    "Membre du même réseau régional que la structure.",
    "A accompagné la structure dans un emploi passé.",
    "Proche d’une personne salariée de la structure.",
)


@dataclass(frozen=True, slots=True)
class File:
    """A candidacy in the running of a round."""

    id: int
    key: str
    name: str
    title: str
    theme: str
    theme_id: int
    region_code: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a juror marks: levels by criterion."""

    seat_key: str
    file: File
    levels: dict[str, int]


@dataclass(slots=True)
class Plan:
    """Recusals and absences are (seat, file) by their keys; recusals with their reason."""

    recusals: dict[tuple[str, str], str] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    absences: list[tuple[str, File]] = field(default_factory=list)
    tied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """The irregularities asked of a round: a tie at the top, a juror absent, a chair who stands aside."""

    tie: bool = False
    absence: bool = False
    recused_chair: bool = False
    recused_share: int = RECUSED_SHARE


def plan_round(
    seed: str,
    jury: Jury,
    files: Sequence[File],
    criteria: Mapping[str, Sequence[str]],
    top_level: int,
    wish: Wish,
    *,
    regions: Mapping[str, str | None] | None = None,
) -> Plan:
    """Return what happens in a round; the same seed, jury and files always give the same plan.

    ``criteria`` are the codes by theme; ``regions`` say where each seat of a national jury comes from: its juror stands
    aside from the files of that region. What is drawn leaves at least three readers to each file.
    """
    plan = Plan(tied=_tied(seed, files) if wish.tie else ())
    _recuse(plan, seed, jury, files, wish, regions or {})
    if wish.absence:
        _be_absent(plan, seed, jury, files)
    absent = {(seat, file.key) for seat, file in plan.absences}
    names = {file.key: file.name for file in files}
    for seat in jury.readers:
        for file in files:
            if (seat.seat_key, file.key) in plan.recusals or (seat.seat_key, file.key) in absent:
                continue
            twin = names[plan.tied[0]] if file.key in plan.tied else file.name
            quality = 88 if file.key in plan.tied else quality_of(seed, twin)
            # One opinion for all: whoever of them stands aside from one of the two, the means are equal.
            juror = "jury" if file.key in plan.tied else seat.name
            given = levels(seed, juror, twin, quality, criteria[file.theme], top_level)
            plan.sheets.append(Sheet(seat.seat_key, file, given))
    return plan


def _tied(seed: str, files: Sequence[File]) -> tuple[str, ...]:
    """Return two files of one theme, the best ones, that every juror will mark alike."""
    by_theme: dict[str, list[File]] = {}
    for file in files:
        by_theme.setdefault(file.theme, []).append(file)
    pairs = [group for _theme, group in sorted(by_theme.items()) if len(group) > 1]
    if not pairs:
        return ()
    best = sorted(pairs[0], key=lambda file: (-quality_of(seed, file.name), file.name))
    return best[0].key, best[1].key


def _recuse(
    plan: Plan, seed: str, jury: Jury, files: Sequence[File], wish: Wish, regions: Mapping[str, str | None]
) -> None:
    for file in files:
        left = len(jury.readers)
        for seat in jury.readers:
            rng = Random(f"recusal:{seed}:{seat.name}:{file.name}")
            own = regions.get(seat.seat_key)
            drawn = seat.function == "juror" and rng.randrange(100) < wish.recused_share
            # The platform sets them aside by itself: nothing is drawn.
            same_region = own is not None and own == file.region_code
            if not same_region and (file.key in plan.tied or left <= FEWEST_READERS or not drawn):
                continue
            plan.recusals[(seat.seat_key, file.key)] = rng.choice(REASONS)
            left -= 1
    if wish.recused_chair and files:
        chosen = next((file for file in files if file.key not in plan.tied), None)
        if chosen is not None:
            plan.recusals[(jury.of("chair").seat_key, chosen.key)] = REASONS[1]
    for seat_key, key in plan.recusals:
        jury.recused.setdefault(seat_key, set()).add(key)


def _be_absent(plan: Plan, seed: str, jury: Jury, files: Sequence[File]) -> None:
    rng = Random(f"absence:{seed}:{jury.seats[0].name}")
    jurors = [seat for seat in jury.readers if seat.function == "juror"]
    free = [
        (seat, file)
        for seat in jurors[-1:]
        for file in files
        if file.key not in plan.tied and (seat.seat_key, file.key) not in plan.recusals
    ]
    plan.absences = [(seat.seat_key, file) for seat, file in rng.sample(free, min(2, len(free)))]

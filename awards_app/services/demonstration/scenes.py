"""The acts that both editions of the demonstration are made of: filing, admissibility, a jury from its first seat to its
decisions, a publication."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from awards_app.demonstration.texts import citation_for
from awards_app.services.demonstration import desk, judging
from awards_app.services.demonstration.candidates import Candidate, partly_answered, too_young
from awards_app.services.demonstration.filing import Filed, file_candidacies
from awards_app.services.demonstration.stage import Stage
from awards_app.services.honours import publish_if_due
from awards_app.services.rehearsal.deliberating import Taste, confirm, deliberate
from awards_app.services.rehearsal.plan import File, Wish
from awards_app.services.rehearsal.publishing import arm
from awards_app.services.rehearsal.turn import lock, prepare
from awards_app.services.scoring import open_scoring

YOUNG_SHARE = 4
REFUSED_SHARE = 5
TOO_YOUNG = "La structure a moins de 24 mois d’existence au jour de la clôture de l’appel. Elle pourra candidater à une prochaine édition."
NOT_COMPLETE = "Le dossier ne comporte pas les derniers comptes approuvés, demandés par le règlement."
DONE = "done"


def file_region(
    stage: Stage,
    code: str,
    count: int,
    drafts: int,
    until: datetime,
    real: Sequence[Candidate] = (),
) -> tuple[list[Filed], list[Filed]]:
    """File the candidacies of a region, real ones first, and leave drafts; return both."""
    place = stage.rounds[code]
    assert place.opens_at is not None
    rng = Random(f"shape:{stage.seed}:{code}")
    generated = stage.casting.draw(code, count - len(real) + drafts, stage.year)
    whole = [
        too_young(one, stage.year) if rng.randrange(100) < YOUNG_SHARE else one
        for one in generated[: count - len(real)]
    ]
    if code == desk.HOME:
        whole = desk.with_twin(whole)
    partial = [partly_answered(one, rng.randint(15, 90)) for one in generated[count - len(real) :]]
    mixed = [*real, *whole]
    rng.shuffle(mixed)
    common: dict[str, Any] = {
        "edition_id": stage.edition_id,
        "round_id": place.id,
        "opens_at": place.opens_at,
        "until": until,
        "seed": stage.seed,
        "ledger": stage.ledger,
    }
    filed = file_candidacies(mixed, submitted=True, **common)
    left = file_candidacies(partial, submitted=False, **common)
    stage.cities |= {one.key: one.city for one in filed}
    young = {one.name for one in mixed if str(one.columns.get("founded_on", "")) == f"{stage.year - 1}-09-01"}
    stage.filed[code] = [one for one in filed if one.name not in young]
    stage.young[code] = [one for one in filed if one.name in young]
    return filed, left


def admit_region(stage: Stage, code: str, begins: datetime, ends: datetime, *, share: int = 100) -> None:
    """Decide on the files of a region, ``share`` of them in hundredths; the too young ones come first."""
    rng = Random(f"admissibility:{stage.seed}:{code}")
    files = [*stage.young[code], *stage.filed[code]]
    files = files[: len(files) * share // 100]
    refused = {one.key: TOO_YOUNG for one in stage.young[code]}
    for one in stage.filed[code]:
        if not one.is_real and rng.randrange(100) < REFUSED_SHARE and len(files) > 6:
            refused[one.key] = NOT_COMPLETE
    holder = stage.coordinator(code)
    place = stage.rounds[code]
    judging.admit(files, refused, (holder.account_id, holder.key), place.id, begins, ends, stage.ledger)


def seat(
    stage: Stage,
    code: str | None,
    now: datetime,
    wish: Wish,
    size: int,
    *,
    given: tuple[tuple[str, str, str], ...] = (),
    homes: tuple[str | None, ...] = (),
) -> None:
    """Seat the jury of a round and settle what its jurors will do."""
    place = stage.rounds[code]
    staff_id = stage.coordinator_id(code)
    jury = stage.company.seat_jury(staff_id, place.key, size, now, given=given, regions=homes)
    regions = (
        {one.seat_key: homes[rank % len(homes)] for rank, one in enumerate(jury.seats)} if homes else None
    )
    stage.turns[code] = prepare(stage.company, stage.seed, place.key, staff_id, jury, wish, regions=regions)


def score(
    stage: Stage,
    code: str | None,
    now: datetime,
    *,
    shares: Sequence[int] = (),
    skipped: frozenset[str] = frozenset(),
) -> None:
    """Open the scoring of a round; its jurors declare their ties, then mark."""
    turn = stage.turns[code]
    open_scoring(stage.coordinator(code), turn.key, now)
    judging.declare(turn, now + timedelta(minutes=30), stage.ledger)
    judging.mark(turn, now + timedelta(hours=3), stage.ledger, shares=shares, skipped=skipped)


def lock_round_of(stage: Stage, code: str | None, now: datetime) -> None:
    """Lock a round through the service, with its waivers."""
    lock(stage.turns[code], now)


def decide(stage: Stage, code: str | None, now: datetime, taste: Taste) -> None:
    """Deliberate and confirm."""
    turn = stage.turns[code]

    def citation(file: File) -> str:
        rng = Random(f"citation:{stage.seed}:{file.name}")
        region = code or file.region_code or ""
        return citation_for(
            rng,
            name=file.name,
            title=file.title,
            theme=file.theme,
            region_code=region,
            city=stage.cities[file.key],
        )

    deliberate(turn, now, taste, citation)
    confirm(turn, now + timedelta(hours=2))


def arm_publication_of(stage: Stage, code: str | None, now: datetime) -> None:
    """Arm a publication by two persons."""
    second = stage.people.second if code is None else stage.people.roles["national"]
    arm(stage.turns[code], second, now)


def publish(stage: Stage, instant: datetime) -> None:
    """Let the clock publish what is due, the national round first."""
    for place in sorted(stage.rounds.values(), key=lambda one: one.id):
        publish_if_due(place.id, instant)

"""The twelve secrets: what is done in both worlds, and the one thing that is not the same in the second."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from awards_app.domain.scoring import MarkInput
from awards_app.services import admissibility, candidacies, deliberations, juries, scoring
from awards_app.services.answers import save_answer
from awards_app.services.attachments import add_attachment
from awards_app.services.filings import submit_candidacy, take_back_candidacy
from awards_app.services.structures import create_structure
from awards_app.services.worlds import build, filing, judging
from awards_app.services.worlds.moments import Moment
from awards_app.services.worlds.papers import pdf
from awards_app.services.worlds.people import holder

Act = Callable[[Moment, bool], None]
PANEL = frozenset({"RJ", "JP", "RC", "NS", "AU"})
STAFF = frozenset({"RC", "NS", "AU"})
SCORED = ("P4", "P5", "P6", "P7")


@dataclass(frozen=True)
class Secret:
    """A secret of the catalogue.

    ``act`` is played in ``phase`` in both worlds, before its own steps when ``first``; ``knows`` says who may tell the
    worlds apart, by phase; ``control`` is one who must, without which the comparison proves nothing. ``levels`` are
    the marks of both worlds, and ``other_levels`` those of the second alone; ``since`` is the first phase that is not that
    of the common world, when it comes before ``phase``.
    """

    name: str
    phase: str
    phases: tuple[str, ...]
    knows: dict[str, frozenset[str]]
    control: tuple[str, str]
    act: Act | None = None
    first: bool = False
    levels: dict[str, tuple[int, ...]] = field(default_factory=dict)
    other_levels: dict[str, tuple[int, ...]] = field(default_factory=dict)
    since: str = ""


@contextmanager
def told(secret: Secret, *, second: bool) -> Iterator[None]:
    """Have the script of the worlds tell this secret, as in the first world or as in the second."""
    kept_steps, kept_levels = dict(build.STEPS), dict(judging.LEVELS)
    act = secret.act
    if act is not None:

        def step(moment: Moment) -> None:
            act(moment, second)

        steps = build.STEPS[secret.phase]
        build.STEPS[secret.phase] = (step, *steps) if secret.first else (*steps, step)
    judging.LEVELS |= secret.levels | (secret.other_levels if second else {})
    try:
        yield
    finally:
        build.STEPS.update(kept_steps)
        judging.LEVELS.update(kept_levels)


def _sheet(
    moment: Moment, code: str, name: str, level: int, words: str, *, comment: str | None = None
) -> None:
    scoring.record_scoresheet(
        holder(code),
        moment.seats[code],
        moment.candidacies[name],
        {one: MarkInput(level, False, words) for one in judging.criteria("regional")},
        moment.now,
        private_note=f"Note de {words}",
        shared_comment=comment if comment is not None else f"Remarque de {words}",
    )


def _comment(moment: Moment, second: bool) -> None:
    words = "Ce dossier m’a émue, et je le défendrai." if second else ""
    _sheet(moment, "RJ2", "other", 3, "Une raison.", comment=words)


def _swapped(moment: Moment, second: bool) -> None:
    """RJ2 and RJ3 exchange everything they gave."""
    for name, (one, other) in {"main": (3, 4), "other": (4, 2), "second": (3, 2)}.items():
        for code, is_one in (("RJ2", not second), ("RJ3", second)):
            _sheet(moment, code, name, one if is_one else other, "la une" if is_one else "la deux")


def _conflict(moment: Moment, second: bool) -> None:
    verdict, reason = ("recused", "Ma sœur y travaille.") if second else ("none", "")
    juries.declare_interest(
        holder("RJ3"), moment.seats["RJ3"], moment.candidacies["first"], verdict, reason, moment.now
    )


def _order(moment: Moment, second: bool) -> None:
    for code in ("RJ3", "RJ2") if second else ("RJ2", "RJ3"):
        _sheet(moment, code, "other", 3, f"Une raison de {code}.")


def _finished(moment: Moment, second: bool) -> None:
    if second:
        scoring.finish_scoresheet(holder("RJ2"), moment.seats["RJ2"], moment.candidacies["other"], moment.now)


def _decided(moment: Moment, second: bool) -> None:
    deliberations.propose_decision(
        holder("JP"),
        moment.rounds["A"],
        prize_code="regional_special",
        theme_code="us",
        candidacy_key=moment.candidacies["first" if second else "other"],
        citation="Pour sa constance.",
        reason="Le jury a été touché par sa constance.",
        now=moment.now,
    )


def _parted(moment: Moment, second: bool) -> None:
    keys = [moment.candidacies["other"], moment.candidacies["first"]]
    deliberations.break_tie(
        holder("JP"),
        moment.rounds["A"],
        "us",
        keys[::-1] if second else keys,
        "casting_vote",
        "La voix de la présidence.",
        moment.now,
    )


def _motive(moment: Moment, second: bool) -> None:
    words = "Les comptes manquent depuis deux exercices." if second else "Elle a moins de deux ans."
    admissibility.decide_admissibility(
        holder("RC"), moment.candidacies["refused"], "inadmissible", words, moment.now
    )


def _draft(moment: Moment, second: bool) -> None:
    structure = create_structure(holder("E2"), filing._record("second", "A", 20), moment.now)
    if second:
        who = holder("E2")
        key = candidacies.create_candidacy(who, structure, moment.now)
        save_answer(who, key, "title", "Un titre que personne ne lit", None, moment.now)


def _paper(moment: Moment, second: bool) -> None:
    key, who = moment.candidacies["first"], holder("E1")
    take_back_candidacy(who, key, moment.now)
    words = "Les statuts modifiés d’une association qui a déménagé" if second else "Les statuts"
    add_attachment(who, key, "statutes", "statuts.pdf", pdf(words), moment.now)
    submit_candidacy(who, key, moment.now)


def _after(phase: str, who: frozenset[str], phases: tuple[str, ...]) -> dict[str, frozenset[str]]:
    return {one: who for one in phases if one >= phase}


SECRETS = (
    Secret(
        "a score",
        "P3",
        ("P3", *SCORED),
        _after("P4", PANEL, SCORED),
        ("JP", "P4"),
        levels={"other": (2, 0, 2, 1)},
        other_levels={"other": (2, 4, 2, 1)},
    ),
    Secret(
        "a comment",
        "P3",
        ("P3", *SCORED),
        _after("P4", PANEL | {"RJ2"}, SCORED),
        ("RJ2", "P4"),
        act=_comment,
    ),
    Secret(
        "who scored",
        "P3",
        ("P3", *SCORED),
        _after("P4", frozenset({"JP", "AU"}), SCORED),
        ("JP", "P4"),
        act=_swapped,
        levels={"first": (1, 1, 1, 0)},
    ),
    Secret(
        "a conflict",
        "P3",
        ("P3", *SCORED),
        {"P3": frozenset({"JP", "RC", "NS", "AU"}), **_after("P4", PANEL, SCORED)},
        ("RC", "P3"),
        act=_conflict,
    ),
    Secret(
        "the order of scoring",
        "P3",
        ("P3", *SCORED),
        _after("P3", STAFF, ("P3", *SCORED)),
        ("AU", "P3"),
        act=_order,
    ),
    Secret(
        "how many are finished",
        "P3",
        ("P3",),
        {"P3": frozenset({"JP", *STAFF})},
        ("JP", "P3"),
        act=_finished,
    ),
    Secret(
        "the ranking",
        "P3",
        ("P3", *SCORED),
        {"P3": frozenset({"RJ", "JP"}), **_after("P4", PANEL, SCORED)},
        ("RJ", "P4"),
        # RK's own marks, the fourth, are the same: they may not know the ranking of a theme they stand aside in.
        other_levels={"other": (1, 2, 1, 1), "first": (2, 3, 2, 0)},
    ),
    Secret(
        "the decision",
        "P5",
        ("P5",),
        {"P5": PANEL},
        ("RC", "P5"),
        act=_decided,
        first=True,
    ),
    Secret(
        "a tie",
        "P4",
        ("P4", "P5", "P6"),
        _after("P4", PANEL, SCORED),
        ("JP", "P4"),
        act=_parted,
        since="P3",
        levels={"first": judging.LEVELS["other"]},
    ),
    Secret(
        "a motive",
        "P2",
        ("P2", "P3", "P6"),
        _after("P2", STAFF, ("P2", "P3", "P6")),
        ("RC", "P2"),
        act=_motive,
    ),
    Secret(
        "a draft",
        "P1",
        ("P1", "P2", "P3"),
        {"P1": frozenset({"RC", "NS", "AU"}), **dict.fromkeys(("P2", "P3"), frozenset({"RC", "NS", "AU"}))},
        ("RC", "P1"),
        act=_draft,
    ),
    Secret(
        "an administrative paper",
        "P1",
        ("P1", "P2", "P3", "P4"),
        _after("P2", STAFF, ("P2", "P3", "P4")),
        ("RC", "P2"),
        act=_paper,
    ),
)

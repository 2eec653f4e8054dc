"""Ballots of a jury: what a paper may hold, and how papers are counted.

A ballot is of one kind, fixed before it opens. Counting needs the papers alone, never who cast them:

- ``hands`` and ``secret``: one option a paper, or none of them (blank). The most papers come first; blanks count for nobody.
- ``borda``: every option in order; of n options the first has n − 1 points, the last none
  (J.-C. de Borda, « Mémoire sur les élections au scrutin », Histoire de l'Académie royale des sciences, 1781).
- ``judgement``: a grade for every option; options are compared by their majority value, the sequence of the lower medians left
  when each in turn is taken out (M. Balinski and R. Laraki, Majority Judgment, MIT Press, 2010).

Equal options stay equal: what parts them is the written tie rule, never their name or their place on the paper.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.words import N_

HANDS, SECRET, BORDA, JUDGEMENT = "hands", "secret", "borda", "judgement"
KINDS: dict[str, str] = {
    HANDS: N_("à main levée"),
    SECRET: N_("à bulletin secret, un choix"),
    BORDA: N_("à bulletin secret, par ordre de préférence (Borda)"),
    JUDGEMENT: N_("à bulletin secret, par mention (jugement majoritaire)"),
}
SECRET_KINDS = frozenset({SECRET, BORDA, JUDGEMENT})
# From the worst to the best; a paper holds their places in this tuple.
GRADES: tuple[str, ...] = (
    N_("à rejeter"),
    N_("insuffisant"),
    N_("passable"),
    N_("assez bien"),
    N_("bien"),
    N_("très bien"),
)
MOST_OPTIONS = 12

# One paper: (option,) or () for hands and secret; every option, best first, for borda; option → grade for judgement.
Paper = Sequence[str] | Mapping[str, int]


class PaperIsInvalid(InputIsInvalid):
    """The paper does not say what a ballot of this kind asks for."""

    sentence = N_("Ce bulletin ne peut pas être compté : %(why)s")


UNKNOWN_OPTION = N_("il nomme un choix qui n’est pas au vote.")
ONE_OPTION = N_("il porte plus d’un choix.")
EVERY_OPTION_ONCE = N_("chaque choix doit y avoir une place, et une seule.")
EVERY_OPTION_GRADED = N_("chaque choix doit y avoir une mention.")
UNKNOWN_GRADE = N_("il porte une mention qui n’existe pas.")


@dataclass(frozen=True, slots=True)
class Line:
    """What one option got: its place (1-2-2-4), the figure that placed it, and how its papers spread."""

    option: str
    rank: int
    is_tied: bool
    # Papers (hands, secret), points (borda), or the place of the majority grade in `GRADES` (judgement).
    figure: int
    # Papers by place (borda) or by grade, the worst first (judgement); empty otherwise.
    spread: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A counted ballot: options from the first to the last, equal ones in the order in which they were put."""

    kind: str
    papers: int
    blank: int
    lines: tuple[Line, ...]

    @property
    def first(self) -> tuple[str, ...]:
        """Return the options in first place: several when nothing parts them, none when nobody chose."""
        if self.papers == self.blank:
            return ()
        return tuple(line.option for line in self.lines if line.rank == 1)


def check_paper(kind: str, options: Sequence[str], paper: Paper) -> None:
    """Return for a paper that a ballot of ``kind`` over ``options`` can count; raise `PaperIsInvalid` otherwise."""
    named = list(paper)
    if not set(named) <= set(options):
        raise PaperIsInvalid(why=UNKNOWN_OPTION)
    if kind == JUDGEMENT:
        if not isinstance(paper, Mapping) or set(named) != set(options):
            raise PaperIsInvalid(why=EVERY_OPTION_GRADED)
        if not all(_is_grade(grade) for grade in paper.values()):
            raise PaperIsInvalid(why=UNKNOWN_GRADE)
    elif kind == BORDA:
        if sorted(named) != sorted(options):
            raise PaperIsInvalid(why=EVERY_OPTION_ONCE)
    elif len(named) > 1:
        raise PaperIsInvalid(why=ONE_OPTION)


def _is_grade(grade: object) -> bool:
    return isinstance(grade, int) and not isinstance(grade, bool) and 0 <= grade < len(GRADES)


def count(kind: str, options: Sequence[str], papers: Sequence[Paper]) -> Count:
    """Count the papers of a ballot; the order of ``papers`` changes nothing.

    Raises `PaperIsInvalid` for a paper of another kind.
    """
    for paper in papers:
        check_paper(kind, options, paper)
    if kind == JUDGEMENT:
        grades = [paper for paper in papers if isinstance(paper, Mapping)]
        return Count(kind, len(papers), 0, _by_majority_value(options, grades))
    if kind == BORDA:
        return Count(kind, len(papers), 0, _by_points(options, [list(paper) for paper in papers]))
    chosen = Counter(next(iter(paper)) for paper in papers if paper)
    figures = {option: chosen[option] for option in options}
    blank = len(papers) - chosen.total()
    return Count(
        kind, len(papers), blank, _placed(options, {o: (f,) for o, f in figures.items()}, figures, {})
    )


def majority_value(grades: Sequence[int]) -> tuple[int, ...]:
    """Return the grades in the order in which lower medians are taken out: what options are compared by."""
    left = sorted(grades)
    value = []
    while left:
        value.append(left.pop((len(left) - 1) // 2))
    return tuple(value)


def _by_points(options: Sequence[str], papers: Sequence[Sequence[str]]) -> tuple[Line, ...]:
    spread = {option: [0] * len(options) for option in options}
    for paper in papers:
        for place, option in enumerate(paper):
            spread[option][place] += 1
    figures = {
        option: sum((len(options) - 1 - place) * times for place, times in enumerate(spread[option]))
        for option in options
    }
    return _placed(
        options, {o: (f,) for o, f in figures.items()}, figures, {o: tuple(s) for o, s in spread.items()}
    )


def _by_majority_value(options: Sequence[str], papers: Sequence[Mapping[str, int]]) -> tuple[Line, ...]:
    given = {option: [paper[option] for paper in papers] for option in options}
    values = {option: majority_value(grades) for option, grades in given.items()}
    figures = {option: value[0] if value else 0 for option, value in values.items()}
    spread = {
        option: tuple(Counter(grades)[grade] for grade in range(len(GRADES)))
        for option, grades in given.items()
    }
    return _placed(options, values, figures, spread)


def _placed(
    options: Sequence[str],
    values: Mapping[str, tuple[int, ...]],
    figures: Mapping[str, int],
    spread: Mapping[str, tuple[int, ...]],
) -> tuple[Line, ...]:
    """Place options by their values, the greatest first, equal ones at the same place."""
    lines = [
        Line(
            option,
            1 + sum(other > values[option] for other in values.values()),
            sum(other == values[option] for other in values.values()) > 1,
            figures[option],
            spread.get(option, ()),
        )
        for option in options
    ]
    return tuple(sorted(lines, key=lambda line: line.rank))

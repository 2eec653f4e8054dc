"""The advice beside a ranking, in words: who may be first, how sure, how far the jury agrees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from awards_app.domain.estimated import REASONS, Agreement, Lead, Severity
from awards_app.domain.grid import WEIGHTS_SUM, Grid
from awards_app.queries.estimates import AdviceLine, ThemeAdvice
from awards_app.queries.juries import JuryRoom
from awards_app.queries.ranking import Ranking

MOST_NAMES = 5
STEPS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the marks say of the first places: a sentence, what it rests on, its tone."""

    title: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The part of the scale that a chart shows, in figures as people read them."""

    low: float
    high: float
    digits: int

    def at(self, value: float) -> float:
        """Return the place of a figure on the axis, from 0 to 1000, never outside."""
        return round(min(max((value - self.low) / (self.high - self.low), 0.0), 1.0) * 1000, 1)


def verdict(theme: ThemeAdvice) -> Verdict:
    """Say in one sentence whether the marks tell who is first."""
    if theme.found.reason is not None:
        return Verdict(_("Pas d’estimation pour cette thématique"), _(REASONS[theme.found.reason]), "info")
    if theme.contest is None:
        return Verdict(
            _("Estimation réservée à la présidence"),
            _("Avec moins de trois lectures par dossier, elle laisserait deviner la note d’une personne."),
            "info",
        )
    rivals = [theme.names[key] for key in theme.contest.rivals]
    chance = chance_text(max(line.first for line in theme.found.files))
    if theme.contest.lead is Lead.CLEAR:
        title = _("Les notes placent nettement « %(name)s » en tête", name=rivals[0])
        return Verdict(
            title,
            _("Chance d’être le meilleur dossier aux yeux de ce jury : %(chance)s.", chance=chance),
            "success",
        )
    if theme.contest.lead is Lead.LIKELY:
        title = _("Les notes placent plutôt « %(name)s » en tête, sans l’établir", name=rivals[0])
        return Verdict(
            title,
            _(
                "Chance d’être le meilleur dossier : %(chance)s. Peut aussi l’être : %(others)s.",
                chance=chance,
                others=listed(rivals[1:]),
            ),
            "info",
        )
    return Verdict(
        _("Les notes ne départagent pas %(names)s", names=listed(rivals)),
        _(
            "Chacun de ces dossiers peut être le meilleur aux yeux de ce jury. À la délibération de les départager."
        ),
        "warning",
    )


def places_sentence(theme: ThemeAdvice) -> str:
    """Say who is nearly sure of a place and who may have one; empty where there is one place only."""
    places = theme.found.places
    if places <= 1 or theme.contest is None:
        return ""
    safe = [theme.names[key] for key in theme.contest.safe]
    disputed = [theme.names[key] for key in theme.contest.disputed]
    parts = []
    if safe:
        parts.append(
            ngettext(
                "Presque sûrement parmi les %(places)s premiers : %(names)s.",
                "Presque sûrement parmi les %(places)s premiers : %(names)s.",
                len(safe),
                places=places,
                names=listed(safe),
            )
        )
    if disputed:
        parts.append(_("Peuvent y être ou non : %(names)s.", names=listed(disputed)))
    return " ".join(parts)


def warnings(theme: ThemeAdvice) -> list[tuple[str, str]]:
    """Return what to beware of, each a title and a sentence."""
    found = []
    if theme.contest is not None and theme.contest.few:
        few = [theme.names[key] for key in theme.contest.few]
        everything = len(few) == len(theme.found.files)
        found.append(
            (
                _("Moins de quatre lectures par dossier")
                if everything
                else ngettext(
                    "%(num)s dossier a moins de quatre lectures",
                    "%(num)s dossiers ont moins de quatre lectures",
                    len(few),
                ),
                _("À ce nombre, une seule note change beaucoup : lisez l’intervalle plutôt que l’estimation.")
                + ("" if everything else " " + listed(few) + "."),
            )
        )
    if len(theme.found.groups) > 1:
        found.append(
            (
                ngettext(
                    "Le jury forme %(num)s groupe sans dossier en commun",
                    "Le jury forme %(num)s groupes sans dossier en commun",
                    len(theme.found.groups),
                ),
                _(
                    "Rien ne permet de comparer la sévérité d’un groupe à celle d’un autre : entre leurs dossiers, seules les notes brutes parlent."
                ),
            )
        )
    if not theme.is_whole and theme.contest is not None:
        found.append(
            (
                _("Des estimations ne sont pas montrées"),
                _("Celles des dossiers lus par moins de trois personnes sont réservées à la présidence."),
            )
        )
    differing = _differs(theme)
    if differing:
        found.append(differing)
    return found


def _differs(theme: ThemeAdvice) -> tuple[str, str] | None:
    """Say where the estimate would put another file first: the official ranking stays as it is."""
    shown = [line for line in theme.lines if line.estimate is not None]
    leaders = [line for line in shown if line.standing.rank == 1]
    if not leaders or theme.contest is None:
        return None
    best = max(shown, key=_value)
    if best.standing.rank == 1 or _value(best) <= max(_value(line) for line in leaders):
        return None
    return (
        _("La moyenne et l’estimation ne placent pas le même dossier en tête"),
        _(
            "La moyenne, officielle, place « %(mean)s » en tête ; l’estimation, qui tient compte de la sévérité des personnes qui ont lu chaque dossier, « %(best)s ». Le classement ne change pas.",
            mean=leaders[0].standing.structure,
            best=best.standing.structure,
        ),
    )


def _value(line: AdviceLine) -> float:
    return line.estimate.value if line.estimate is not None else 0.0


def shown(grid: Grid, hundredths: float) -> float:
    """Turn hundredths of a level into the figure the grid shows."""
    return hundredths / WEIGHTS_SUM * grid.shown_out_of / grid.top_level


def figure(grid: Grid, hundredths: float) -> str:
    """Write an estimate: one decimal out of 100, two on a smaller scale; never outside of the scale."""
    value = min(max(shown(grid, hundredths), 0.0), float(grid.shown_out_of))
    return _decimal(value, 1 if grid.shown_out_of >= 50 else 2)


def _decimal(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def chance_text(chance: float) -> str:
    """Write a probability in whole percents, without pretending to be sure."""
    percent = round(chance * 100)
    if percent < 1:
        return _("moins de 1 %")
    return _("plus de 99 %") if percent > 99 else _("%(percent)s\u00a0%%", percent=percent)


def interval_text(grid: Grid, low: float, high: float) -> str:
    """Write « de 61,2 à 74,8 »."""
    return _("de %(low)s à %(high)s", low=figure(grid, low), high=figure(grid, high))


def coefficient(found: Agreement | None) -> str:
    """Write a coefficient with its interval, « 0,71 (de 0,34 à 0,95) »; a dash where it has no meaning."""
    if found is None:
        return "–"
    value, low, high = (
        _decimal(max(one, -1.0), 2).replace("-", "−") for one in (found.value, found.low, found.high)
    )
    return _("%(value)s (de %(low)s à %(high)s)", value=value, low=low, high=high)


def alpha_words(found: Agreement | None) -> tuple[str, str]:
    """Return how to read an alpha, after Krippendorff's own marks (0.800 and 0.667), and the kind of its tag."""
    if found is None:
        return _("aucun désaccord"), "success"
    if found.value >= 0.8:
        return _("accord fort"), "success"
    return (_("accord moyen"), "info") if found.value >= 0.667 else (_("accord faible"), "waiting")


def reliability_words(found: Agreement | None) -> tuple[str, str]:
    """Return how to read an intraclass correlation (Koo and Li, 2016), and the kind of its tag."""
    if found is None:
        return _("sans objet"), "neutral"
    for least, words, kind in (
        (0.9, _("excellente"), "success"),
        (0.75, _("bonne"), "success"),
        (0.5, _("moyenne"), "info"),
    ):
        if found.value >= least:
            return words, kind
    return _("faible"), "waiting"


def listed(names: Iterable[str]) -> str:
    """Write « A », « B » et « C », or the first five and how many others."""
    quoted = [f"« {name} »" for name in names]
    if len(quoted) > MOST_NAMES:
        left = len(quoted) - MOST_NAMES
        return ", ".join(quoted[:MOST_NAMES]) + ngettext(" et %(num)s autre", " et %(num)s autres", left)
    if len(quoted) < 2:
        return "".join(quoted)
    return _("%(first)s et %(last)s", first=", ".join(quoted[:-1]), last=quoted[-1])


def axis(theme: ThemeAdvice) -> Axis:
    """Return a round part of the scale that holds every interval and mean."""
    values = [
        shown(theme.grid, value)
        for line in theme.lines
        if line.estimate is not None
        for value in (line.estimate.low, line.estimate.high, mean_of(line))
    ]
    top = float(theme.grid.shown_out_of)
    if not values:
        return Axis(0.0, top, 0)
    low, high = max(min(values), 0.0), min(max(values), top)
    step = next((one for one in (0.5, *STEPS) if (high - low) / one <= 8), STEPS[-1])
    start, end = floor(low / step) * step, min(ceil(high / step) * step, top)
    return Axis(start, end if end > start else start + step, 1 if step < 1 else 0)


def mean_of(line: AdviceLine) -> float:
    """Return the official mean in hundredths of a level."""
    score = line.standing.score
    return float(score) * WEIGHTS_SUM if score is not None else 0.0


def chart_rows(theme: ThemeAdvice, where: Axis, lines: Iterable[AdviceLine]) -> list[dict[str, Any]]:
    """Return the rows of the chart: the interval, the estimate as a dot, the official mean as a mark across."""
    rows = []
    for line in lines:
        if line.estimate is None:
            continue
        low, high, value = (
            where.at(shown(theme.grid, one))
            for one in (line.estimate.low, line.estimate.high, line.estimate.value)
        )
        rows.append(
            {
                "label": line.standing.structure,
                "low": low,
                "high": high,
                "at": value,
                "mean": where.at(shown(theme.grid, mean_of(line)))
                if line.standing.score is not None
                else None,
                "text": figure(theme.grid, line.estimate.value),
                "words": _(
                    "estimation %(value)s, intervalle %(interval)s, moyenne officielle %(mean)s",
                    value=figure(theme.grid, line.estimate.value),
                    interval=interval_text(theme.grid, line.estimate.low, line.estimate.high),
                    mean=line.standing.shown,
                ),
            }
        )
    return rows


def axis_ends(where: Axis) -> tuple[str, str]:
    """Return the figures at both ends of the axis."""
    return _decimal(where.low, where.digits), _decimal(where.high, where.digits)


def gap_rows(theme: ThemeAdvice, criteria: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of the chart of disagreement by criterion, the widest first."""
    return [
        {
            "label": criteria[line.criterion],
            "value": line.gap,
            "text": _in_levels(line.gap, _decimal(line.gap, 2)),
            "low": None,
            "high": None,
            "kind": theme.code if theme.code in ("us", "te") else "",
        }
        for line in sorted(theme.disagreements, key=lambda line: -line.gap)
    ]


def level_rows(theme: ThemeAdvice, ranking: Ranking) -> list[dict[str, Any]]:
    """Return, by criterion, how often each level was given over the files with a distribution to show."""
    totals: dict[str, list[int]] = {}
    for line in ranking.lines[theme.code]:
        for code, counts in (line.distribution or {}).items():
            kept = totals.setdefault(code, [0] * len(counts))
            totals[code] = [one + more for one, more in zip(kept, counts, strict=True)]
    rows = []
    for code, name in ranking.criteria.items():
        if code in totals and (whole := sum(totals[code])):
            parts, start = [], 0.0
            for level, count in enumerate(totals[code]):
                width = 1000 * count / whole
                parts.append((level, count, round(start, 1), round(width, 1), round(count * 100 / whole)))
                start += width
            rows.append({"label": name, "parts": parts, "total": whole})
    return rows


def severities(
    room: JuryRoom, found: Mapping[str, Iterable[Severity]]
) -> list[tuple[str, list[tuple[str, int, str, str, str]]]]:
    """Return, by theme, each juror with their sheets, how far they stand from the jury, the interval, and the words.

    In levels of the grid, as the sheets are read.
    """
    return [(theme.name, [_severity(line) for line in found[theme.code]]) for theme in room.themes]


def _severity(line: Severity) -> tuple[str, int, str, str, str]:
    if line.high < 0:
        words = _("plus sévère que le jury")
    elif line.low > 0:
        words = _("moins sévère que le jury")
    else:
        words = _("comme le jury, à l’incertitude près")
    interval = _("de %(low)s à %(high)s", low=_signed(line.low), high=_signed(line.high))
    value = _in_levels(abs(line.value) / WEIGHTS_SUM, _signed(line.value))
    return line.juror, line.sheets, value, interval, words


def _in_levels(size: float, text: str) -> str:
    """Write « 0,92 niveau », plural from two on as French has it."""
    return _("%(value)s niveaux", value=text) if size >= 2 else _("%(value)s niveau", value=text)


def _signed(hundredths: float) -> str:
    return ("+" if hundredths >= 0 else "−") + _decimal(abs(hundredths) / WEIGHTS_SUM, 2)

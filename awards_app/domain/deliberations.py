"""The deliberation: who may be given what, in which order, and what keeps decisions from being confirmed.

Ranks here are those among the files still in the running: a withdrawn file gives its place up, and files that a
recorded tie-break parted follow its order. Nothing is promoted by itself: a jury decides, these rules say what it owes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.domain.words import N_

NATIONAL_ENTRY = "national_entry"
NOMINEE = "nominee"
LAUREATE = "laureate"
# Outcomes about which a jury says something in every theme it judged, were it that nothing is awarded.
REQUIRED = frozenset({NATIONAL_ENTRY, "title", LAUREATE})
CITATION_LIMIT = 1200
REASON_LIMIT = 2000

TIE_METHODS: dict[str, str] = {
    "vote": N_("vote du jury"),
    "casting_vote": N_("voix prépondérante de la présidence"),
    "draw": N_("tirage au sort"),
    "other": N_("autre méthode, dite dans le motif"),
}
ATTENDANCE: dict[str, str] = {
    "present": N_("présence"),
    "excused": N_("absence excusée"),
    "absent": N_("absence"),
}

Point = tuple[str, dict[str, object]]


class CandidacyCannotBeDecided(InputIsInvalid):
    """The candidacy is not one that this jury ranked in this theme, or is no longer in the running."""

    sentence = N_("Cette candidature ne peut pas être distinguée ici : %(why)s")


NOT_RANKED_HERE = N_("elle n’est pas au classement de ce jury dans cette thématique.")
IS_WITHDRAWN = N_("elle est retirée.")
IS_UNRANKABLE = N_("elle n’est pas classable.")


class PrizeIsUnknown(InputIsInvalid):
    """No such prize at this level, or no such theme."""

    sentence = N_("Cette distinction n’existe pas pour ce jury.")


class PlacesAreTaken(InputIsInvalid):
    """Every place of the prize is given, or it is said unawarded."""

    sentence = N_("Toutes les places de « %(prize)s » sont déjà proposées. Retirez d’abord une proposition.")


class ReasonIsNeeded(InputIsInvalid):
    """The decision passes over a better ranked file, or awards nothing, without saying why."""

    sentence = N_("Un motif est nécessaire : la proposition s’écarte du classement, ou ne décerne rien.")


class NotANominee(InputIsInvalid):
    """The laureate is chosen among the nominees of the theme."""

    sentence = N_("La structure lauréate se choisit parmi les structures nominées de la thématique.")


class TieIsOpen(Refusal):
    """A tie across the cut line waits for a tie-break with its method and reason."""

    sentence = N_("Des candidatures sont ex æquo à la limite des places. Enregistrez d’abord le départage.")


class TieBreakIsInvalid(InputIsInvalid):
    """The order given is not that of all the equal files, or has no method or reason."""

    sentence = N_("Le départage doit ordonner toutes les candidatures ex æquo, avec une méthode et un motif.")


class DecisionsAreBlocked(Refusal):
    """Decisions cannot be confirmed; ``said`` lists every reason as (sentence, values), ``points`` with the values in."""

    sentence = N_("Les décisions ne peuvent pas encore être confirmées. Points à régler : %(count)s.")

    def __init__(self, points: Sequence[Point]) -> None:
        super().__init__(count=len(points))
        self.said = tuple(points)
        self.points = tuple(sentence % values if values else sentence for sentence, values in points)
        self.errors = {f"point-{place}": text for place, text in enumerate(self.points, start=1)}


class InterestConflict(Refusal):
    """The person is a member of a candidate structure, or stands aside in this jury."""

    sentence = N_("Conflit d’intérêts : une autre personne doit le faire.")


class ProposalIsConfirmed(Refusal):
    """A confirmed decision is annulled by two persons, not withdrawn."""

    sentence = N_(
        "Cette décision est confirmée : elle ne peut plus être retirée, seulement annulée à deux personnes."
    )


@dataclass(frozen=True, slots=True)
class RankedFile:
    """A file as the locked ranking has it; ``quorate`` says whether its deliberation had the quorum."""

    key: str
    theme: str
    rank: int | None
    withdrawn: bool = False
    quorate: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """A prize that the jury gives, in one theme or (``theme`` None) over all of them."""

    prize: str
    name: str
    outcome: str
    theme: str | None
    theme_name: str
    places: int


@dataclass(frozen=True, slots=True)
class Given:
    """A live decision on a slot; no file means unawarded."""

    prize: str
    outcome: str
    theme: str | None
    file: str | None
    reason: str


class Contest:
    """The files of a round with the tie-breaks recorded on its present ranking, and the decisions so far."""

    def __init__(
        self,
        files: Iterable[RankedFile],
        tie_breaks: Iterable[Sequence[str]],
        given: Iterable[Given],
    ) -> None:
        self.files = {file.key: file for file in files}
        self.tie_breaks = [tuple(order) for order in tie_breaks]
        self.given = tuple(given)

    def slot_given(self, slot: Slot) -> tuple[Given, ...]:
        """Return the decisions of a slot."""
        return tuple(
            one
            for one in self.given
            if one.prize == slot.prize and (slot.theme is None or one.theme == slot.theme)
        )

    def kept(self, slot: Slot) -> set[str]:
        """Return the files that a slot distinguishes."""
        return {one.file for one in self.slot_given(slot) if one.file is not None}

    def nominees(self, theme: str) -> set[str]:
        """Return the files proposed as nominees of a theme."""
        return {
            one.file
            for one in self.given
            if one.outcome == NOMINEE and one.theme == theme and one.file is not None
        }

    def pool(self, slot: Slot, theme: str) -> dict[str, int]:
        """Return the stored ranks of the files that a slot may distinguish in a theme."""
        ranks = {
            file.key: file.rank
            for file in self.files.values()
            if file.theme == theme and file.rank is not None and not file.withdrawn
        }
        if slot.outcome == LAUREATE:
            nominees = self.nominees(theme)
            ranks = {key: rank for key, rank in ranks.items() if key in nominees}
        return ranks

    def order_within(self, key: str, equals: Collection[str]) -> int | None:
        """Return the place of a file among its equals by a recorded tie-break, None if there is none for them."""
        for order in self.tie_breaks:
            if set(equals) <= set(order):
                return [one for one in order if one in equals].index(key)
        return None

    def before(self, slot: Slot, key: str) -> tuple[set[str], set[str]]:
        """Return the files of the pool placed before ``key``, and those equal to it that nothing parts."""
        file = self.files[key]
        ranks = self.pool(slot, file.theme)
        equals = {one for one, rank in ranks.items() if rank == file.rank}
        better = {one for one, rank in ranks.items() if file.rank is not None and rank < file.rank}
        mine = self.order_within(key, equals)
        if mine is None:
            return better, equals - {key}
        return better | {one for one in equals if (self.order_within(one, equals) or 0) < mine}, set()

    def tie_at_cut(self, slot: Slot, theme: str) -> frozenset[str]:
        """Return the equal files of which only some fit in the places of a slot and that no tie-break parts."""
        ranks = self.pool(slot, theme)
        for rank in sorted(set(ranks.values())):
            equals = {key for key, other in ranks.items() if other == rank}
            first = 1 + sum(other < rank for other in ranks.values())
            if first <= slot.places < first + len(equals) - 1:
                parted = self.order_within(next(iter(equals)), equals) is not None
                return frozenset() if parted else frozenset(equals)
        return frozenset()


def check_proposal(contest: Contest, slot: Slot, key: str | None, reason: str) -> None:
    """Return if the file may be proposed for the slot now; raise the refusal otherwise."""
    kept = contest.kept(slot)
    others = [one for one in contest.slot_given(slot) if one.file != key]
    if key is None:
        if not reason.strip():
            raise ReasonIsNeeded({"reason": ReasonIsNeeded.sentence})
        if others:
            raise PlacesAreTaken(prize=slot.name)
        return
    check_eligible(contest, slot, key)
    if len(others) >= slot.places or any(one.file is None for one in others):
        raise PlacesAreTaken(prize=slot.name)
    file = contest.files[key]
    if slot.outcome == LAUREATE and key not in contest.nominees(file.theme):
        raise NotANominee
    if key in contest.tie_at_cut(slot, file.theme):
        raise TieIsOpen
    passed_over = contest.before(slot, key)[0] - kept
    if len(passed_over) + len(kept | {key}) > slot.places and not reason.strip():
        raise ReasonIsNeeded({"reason": ReasonIsNeeded.sentence})


def check_eligible(contest: Contest, slot: Slot, key: str) -> None:
    """Raise `CandidacyCannotBeDecided` for a file that the ranking does not hold for this slot."""
    file = contest.files.get(key)
    if file is None or (slot.theme is not None and file.theme != slot.theme):
        raise CandidacyCannotBeDecided({"candidacy": NOT_RANKED_HERE}, why=NOT_RANKED_HERE)
    if file.withdrawn:
        raise CandidacyCannotBeDecided({"candidacy": IS_WITHDRAWN}, why=IS_WITHDRAWN)
    if file.rank is None:
        raise CandidacyCannotBeDecided({"candidacy": IS_UNRANKABLE}, why=IS_UNRANKABLE)


def slot_points(contest: Contest, slots: Iterable[Slot], names: Mapping[str, str]) -> Iterator[Point]:
    """Yield what blocks confirmation in the slots of a round; ``names`` are the structures by file."""
    for slot in slots:
        where: dict[str, object] = {"prize": slot.name, "theme": slot.theme_name}
        given = contest.slot_given(slot)
        if not given:
            if slot.outcome in REQUIRED and slot.places and _has_files(contest, slot):
                yield N_("« %(prize)s », %(theme)s : rien n’est proposé, pas même « non décerné »."), where
            continue
        kept = contest.kept(slot)
        if len(kept) > slot.places:
            yield N_("« %(prize)s », %(theme)s : plus de propositions que de places."), where
        for one in given:
            if one.file is None:
                continue
            yield from _file_points(contest, slot, one, {**where, "structure": names.get(one.file, "")})
        themes = {contest.files[key].theme for key in kept if key in contest.files}
        if slot.theme is not None and any(contest.tie_at_cut(slot, theme) for theme in themes):
            yield (
                N_("« %(prize)s », %(theme)s : des ex æquo à la limite des places ne sont pas départagés."),
                where,
            )


def _has_files(contest: Contest, slot: Slot) -> bool:
    return any(file.rank is not None and slot.theme in (None, file.theme) for file in contest.files.values())


def _file_points(contest: Contest, slot: Slot, one: Given, where: dict[str, object]) -> Iterator[Point]:
    key = one.file or ""
    try:
        check_eligible(contest, slot, key)
    except CandidacyCannotBeDecided as refusal:
        yield N_("« %(prize)s » à %(structure)s : %(why)s"), {**where, **refusal.values}
        return
    file = contest.files[key]
    if not file.quorate:
        yield N_("« %(prize)s » à %(structure)s : le quorum n’est pas atteint pour ce dossier."), where
    if slot.outcome == LAUREATE and key not in contest.nominees(file.theme):
        yield N_("« %(prize)s » à %(structure)s : la structure n’est pas parmi les nominées."), where
        return
    kept = contest.kept(slot)
    before, equals = contest.before(slot, key)
    if before - kept and not one.reason.strip():
        yield N_("« %(prize)s » à %(structure)s : un dossier mieux classé est écarté sans motif."), where
    if equals - kept:
        yield N_("« %(prize)s » à %(structure)s : un ex æquo n’est pas départagé."), where


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who counts for one file: members called and not recused, and those of them present."""

    base: int
    present: int
    share: Fraction

    @property
    def is_reached(self) -> bool:
        """Say whether the share of the base is present."""
        return self.base > 0 and self.present >= self.share * self.base


def quorum_of(
    called: Collection[int], present: Collection[int], recused: Collection[int], share: Fraction
) -> Quorum:
    """Count the quorum of a file: a recused member is neither in the base nor among the present."""
    base = set(called) - set(recused)
    return Quorum(len(base), len(base & set(present)), share)

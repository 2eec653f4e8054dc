"""What the pages of a structure say: states in words, dates in both zones, the steps to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from awards_app.domain.form_answers import FILE_MISSING, MISSING, State
from awards_app.domain.phases import Phase
from awards_app.queries.candidacies import CandidacyLine
from awards_app.queries.drafts import Draft, SectionProgress
from awards_app.web.languages import PARIS, closing_in_words, day_in_words, instant_in_words, time_in_words
from awards_app.web.phrases import sentence_of

Step = tuple[str, str, str, str | None]


@dataclass(frozen=True, slots=True)
class BothTimes:
    """An instant in the region's time, and in Paris time where the two differ."""

    local: str
    paris: str | None


def closing_times(closes_at: datetime | None, zone: str) -> BothTimes | None:
    """Return a deadline in both zones, None when there is none."""
    if closes_at is None:
        return None
    local, paris = closing_in_words(closes_at, zone), closing_in_words(closes_at, PARIS)
    return BothTimes(local, None if _same_clock(closes_at, zone) else paris)


@dataclass(frozen=True, slots=True)
class Countdown:
    """A deadline for a clock that follows the server's: its instant, the whole seconds left when the page was made."""

    ends: str
    seconds: int
    zone: str


def countdown_to(closes_at: datetime | None, zone: str, now: datetime) -> Countdown | None:
    """Return the countdown to a deadline, None without one or after it."""
    if closes_at is None or now >= closes_at:
        return None
    return Countdown(closes_at.isoformat(), int((closes_at - now).total_seconds()), zone)


def instant_times(at: datetime, zone: str) -> BothTimes:
    """Return an instant in both zones."""
    return BothTimes(
        instant_in_words(at, zone), None if _same_clock(at, zone) else instant_in_words(at, PARIS)
    )


def _same_clock(at: datetime, zone: str) -> bool:
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(zone)).utcoffset() == at.astimezone(ZoneInfo(PARIS)).utcoffset()


def section_state(state: State) -> tuple[str, str]:
    """Return the word and the tag kind of a section's state."""
    words = {
        State.TODO: (_("à faire"), "neutral"),
        State.STARTED: (_("en cours"), "waiting"),
        State.COMPLETE: (_("complet"), "success"),
    }
    return words[state]


def candidacy_state(state: str, taken_back_at: datetime | None, phase: Phase) -> tuple[str, str]:
    """Return the word and the tag kind of a candidacy's state for its own people."""
    if state == "submitted":
        if taken_back_at is not None and phase is Phase.FILING:
            return _("déposée, reprise pour modification"), "waiting"
        return _("déposée"), "success"
    if state == "draft" and phase not in (Phase.PREPARATION, Phase.FILING):
        return _("brouillon non déposé"), "neutral"
    return {"draft": (_("brouillon"), "waiting"), "withdrawn": (_("retirée"), "neutral")}[state]


def line_state(line: CandidacyLine) -> tuple[str, str]:
    """Return the state of a line of the list."""
    return candidacy_state(line.state, line.taken_back_at, line.phase)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person among their candidacies: where it is, what to do, until when, and the way there."""

    where: str
    what: str
    until: BothTimes | None
    label: str
    href: str


def what_waits(lines: Sequence[CandidacyLine]) -> Waiting | None:
    """Return what waits first: a demand of the chamber, then a draft or a file taken back while the call is open."""
    for line in lines:
        if line.request_key is not None:
            href = url_for("completions.show", key=line.key, request_key=line.request_key)
            until = closing_times(line.request_closes_at, line.request_zone or PARIS)
            said = _("La CRESS vous demande un complément.")
            return Waiting(_titled(line), said, until, _("Lire la demande et répondre"), href)
    for line in lines:
        is_back = line.state == "submitted" and line.taken_back_at is not None
        if line.phase is Phase.FILING and line.closes_at and (line.state == "draft" or is_back):
            where = _("Votre brouillon « %(title)s »", title=line.title or _("sans titre"))
            return Waiting(
                f"{_titled(line)} – {line_state(line)[0]}" if is_back else where,
                _("Le compléter, puis le déposer."),
                closing_times(line.closes_at, line.zone),
                _("Continuer ma candidature"),
                url_for("candidacies.show", key=line.key),
            )
    return None


def _titled(line: CandidacyLine) -> str:
    return line.title or _("Candidature sans titre")


def tasks(draft: Draft) -> list[tuple[str, str, str, str, str | None]]:
    """Return the items of the task list."""
    found = []
    for progress in draft.sections:
        label, kind = section_state(progress.state)
        href = url_for("candidacies.section", key=draft.facts.key, section_code=progress.section.code)
        hints = []
        if progress.state is State.STARTED and progress.problems:
            hints.append(_("%(count)s à compléter ou à corriger", count=len(progress.problems)))
        hints += _who_wrote(draft, progress)
        found.append((progress.section.title, href, label, kind, " · ".join(hints) or None))
    return found


def _who_wrote(draft: Draft, progress: SectionProgress) -> list[str]:
    """Return who has the section open now, and who saved it last."""
    code = progress.section.code
    hints = [
        _("%(name)s y écrit en ce moment", name=person.name)
        for person in draft.present
        if person.section_code == code
    ]
    last = draft.last_saved(progress)
    if last is not None and last.saved_at is not None and last.saved_by:
        zone = draft.calendar.zone
        hints.append(
            _(
                "enregistré par %(name)s le %(day)s à %(time)s",
                name=last.saved_by,
                day=day_in_words(last.saved_at, zone),
                time=time_in_words(last.saved_at, zone),
            )
        )
    return hints


def missing_items(draft: Draft, problems: Sequence[str] | None = None) -> list[tuple[str | None, str]]:
    """Return what keeps a candidacy from being submitted, each linked to its field."""
    items: list[tuple[str | None, str]] = []
    key = draft.facts.key
    if draft.structure_problems:
        href = url_for("structure.record", key=draft.structure.key)
        items += [
            (href + f"#{field}", _("Votre structure : %(problem)s", problem=_(sentence)))
            for field, sentence in draft.structure_problems.items()
        ]
    for progress in draft.sections:
        labels = {question.code: question.label for question in progress.questions}
        for code, sentence in progress.problems.items():
            href = url_for("candidacies.section", key=key, section_code=progress.section.code, verifier=1)
            label = labels.get(code) or _("Thématique")
            said = label if sentence in (MISSING, FILE_MISSING) else f"{label} — {sentence_of(sentence)}"
            items.append((f"{href}#{code}", said))
    return items

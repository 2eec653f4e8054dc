"""The steps of a candidacy as its own people read them: filed, examined, completed, admissible, judged, published."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from awards_app.domain.phases import Phase
from awards_app.queries.admissibility import Decision
from awards_app.queries.candidacies import RoundCalendar
from awards_app.queries.completion_steps import CompletionStep
from awards_app.queries.drafts import Draft
from awards_app.queries.national_entries import OwnEntry
from awards_app.web.languages import closing_in_words, day_in_words, instant_in_words
from awards_app.web.phrases import chamber_in_a_sentence
from awards_app.web.structure.presenters import Step, closing_times


@dataclass(frozen=True, slots=True)
class OpenCompletion:
    """The request that waits for the structure: where to answer, and until when in both zones."""

    href: str
    local: str
    paris: str | None


def open_completion(
    key: str, completions: tuple[CompletionStep, ...], now: datetime
) -> OpenCompletion | None:
    """Return the request that may still be answered, None when there is none."""
    running = next((one for one in completions if one.state == "open" and now < one.closes_at), None)
    if running is None:
        return None
    times = closing_times(running.closes_at, running.zone)
    href = url_for("completions.show", key=key, request_key=running.key)
    return OpenCompletion(href, times.local if times else "", times.paris if times else None)


def timeline_of(
    draft: Draft,
    calendar: RoundCalendar,
    decision: Decision | None,
    completions: tuple[CompletionStep, ...] = (),
    entry: OwnEntry | None = None,
) -> list[Step]:
    """Return the steps of a candidacy with their dates: done, current, to come.

    ``entry`` is the file sent up, given to who may know of it only: without it, nothing here tells one from another.
    """
    zone = calendar.zone
    phase = calendar.phase
    closing = closing_times(calendar.closes_at, zone)
    steps: list[Step] = []
    if draft.filing is not None:
        at = next(
            (one.first_filed_at for one in completions if one.first_filed_at), draft.filing.submitted_at
        )
        note = _("Reçu n° %(number)s", number=draft.filing.receipt)
        steps.append((_("Candidature déposée"), instant_in_words(at, zone), "done", note))
    elif phase is Phase.FILING:
        paris = closing.paris if closing else None
        local = closing.local if closing else ""
        steps.append((_("Dépôt de votre candidature"), _("jusqu’au %(date)s", date=local), "current", paris))
    if draft.withdrawn_at is not None:
        steps.append((_("Candidature retirée"), instant_in_words(draft.withdrawn_at, zone), "done", None))
        return steps
    if draft.filing is None and phase not in (Phase.PREPARATION, Phase.FILING):
        steps.append(
            (
                _("Appel clos"),
                closing.local if closing else "",
                "done",
                _("Cette candidature n’a pas été déposée."),
            )
        )
        return steps
    examined = _admissibility_step(phase, draft, calendar, decision)
    if completions and decision is not None:
        title = _(
            "Examen de la recevabilité par %(chamber)s", chamber=chamber_in_a_sentence(calendar.chamber)
        )
        steps += [(title, "", "done", None), *_completion_steps(completions, phase), examined]
    else:
        steps += [examined, *_completion_steps(completions, phase)]
    if decision is not None and decision.verdict == "inadmissible":
        return steps
    steps.append(_jury_step(phase, calendar))
    steps.append(_results_step(phase, calendar))
    if entry is not None:
        steps += _national_steps(entry)
    return steps


def _national_steps(entry: OwnEntry) -> list[Step]:
    """Say that the file was sent up, and where the national jury is as far as its calendar tells."""
    note = _("Votre dossier y est lu dans la version jugée par la région.")
    steps: list[Step] = [(_("Retenue pour le jury national"), entry.theme, "done", note)]
    if entry.is_open:
        until = (
            _("jusqu’au %(date)s", date=closing_in_words(entry.closes_at, entry.zone))
            if entry.closes_at
            else ""
        )
        steps.append((_("Ajouts au dossier possibles"), until, "current", None))
    if entry.published_at is not None:
        steps.append((_("Jury national"), "", "done", None))
        at = instant_in_words(entry.published_at, entry.zone)
        steps.append((_("Résultats nationaux publiés"), at, "done", None))
        return steps
    steps.append((_("Jury national"), "", "next" if entry.is_open else "current", None))
    steps.append((_("Résultats nationaux"), "", "next", None))
    return steps


def _completion_steps(completions: tuple[CompletionStep, ...], phase: Phase) -> list[Step]:
    steps: list[Step] = []
    for one in completions:
        until = closing_in_words(one.closes_at, one.zone)
        waits = one.state == "open" and phase is Phase.ADMISSIBILITY
        note = _("réponse possible jusqu’au %(date)s", date=until)
        asked = instant_in_words(one.asked_at, one.zone)
        steps.append((_("Complément demandé"), asked, "current" if waits else "done", note))
        if one.answered_at is not None:
            steps.append((_("Complément envoyé"), instant_in_words(one.answered_at, one.zone), "done", None))
        elif one.state == "cancelled":
            steps.append((_("Demande de complément terminée"), "", "done", None))
    return steps


def _admissibility_step(
    phase: Phase, draft: Draft, calendar: RoundCalendar, decision: Decision | None
) -> Step:
    title = _("Examen de la recevabilité par %(chamber)s", chamber=chamber_in_a_sentence(calendar.chamber))
    if decision is not None:
        verdict = _("Recevable") if decision.verdict == "admissible" else _("Non recevable")
        return verdict, instant_in_words(decision.decided_at, calendar.zone), "done", decision.reason or None
    if phase is Phase.ADMISSIBILITY and draft.filing is not None:
        return title, _("en ce moment"), "current", None
    return title, _("après la clôture de l’appel"), "next" if phase <= Phase.FILING else "done", None


def _jury_step(phase: Phase, calendar: RoundCalendar) -> Step:
    date, until = "", calendar.scoring_closes_at
    # A call may have been extended past the date set for its jury, which the chamber has yet to move.
    if until is not None and (calendar.closes_at is None or until > calendar.closes_at):
        date = _("jusqu’au %(date)s", date=closing_in_words(until, calendar.zone))
    judged = phase in (Phase.PUBLISHED, Phase.ARCHIVED)
    state = "done" if judged else "current" if phase >= Phase.SCORING else "next"
    return _("Jury régional"), date, state, None


def _results_step(phase: Phase, calendar: RoundCalendar) -> Step:
    if calendar.published_at is not None:
        return _("Résultats publiés"), instant_in_words(calendar.published_at, calendar.zone), "done", None
    date = ""
    if calendar.embargo_at is not None:
        date = _("à partir du %(date)s", date=day_in_words(calendar.embargo_at, calendar.zone))
    return _("Résultats"), date, "next", None

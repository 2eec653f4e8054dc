"""Five questions before the account: advice from the rules of the edition, nothing kept, nothing refused."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask_babel import gettext as _

from awards_app.domain.eligibility import examine, rules_of
from awards_app.queries.editions import EditionFacts, current_edition, themes_of
from awards_app.queries.eligibility import laureate_years_of
from awards_app.queries.public_calls import PublicCall, PublicCalls, public_calls, published_weights
from awards_app.queries.structures import departments
from awards_app.web.doors import open_to_all
from awards_app.web.moment import the_now
from awards_app.web.people import the_holder
from awards_app.web.public import blueprint
from awards_app.web.public.calls import call_state, told_closing
from awards_app.web.public.eligibility_forms import (
    answers_of,
    eligibility_form,
    siren_of_answers,
    situation_of,
    unread_answers,
)
from awards_app.web.public.eligibility_words import headline, said_lines
from awards_app.web.public.typography import moment

REASON = "anybody may ask whether a candidacy makes sense; the answer comes from the published rules"
HANDED_OVER = ("famille", "creation", "departement", "numero")


@blueprint.get("/eligibilite")
@open_to_all(REASON)
def eligibility() -> str:
    """Ask the five questions; what the address holds is filled in."""
    edition = current_edition()
    if edition is None:
        return render_template("public/eligibility.html", edition=None, form=None, region_of="head_office")
    form = eligibility_form(
        request.args, rules_of(edition.rules, None, edition.year), themes_of(edition.id), departments()
    )
    return render_template(
        "public/eligibility.html",
        edition=edition,
        form=form,
        region_of=edition.rules.get("region_of", "head_office"),
    )


@blueprint.get("/eligibilite/reponse")
@open_to_all(REASON)
def eligibility_answer() -> str:
    """Say what each rule makes of the answers, with both closing times and the grid; always a way on."""
    edition = current_edition()
    if edition is None:
        return render_template("public/eligibility.html", edition=None, form=None, region_of="head_office")
    themes, known = themes_of(edition.id), departments()
    calls = public_calls(edition.id, the_now())
    form = eligibility_form(request.args, rules_of(edition.rules, None, edition.year), themes, known)
    place = next((one for one in known if one.code == form.departement.data), None)
    call = calls.of_region(place.region_code) if place else None
    rules = rules_of(edition.rules, closing_day(edition, calls, call), edition.year)
    siren = siren_of_answers(form)
    honoured = laureate_years_of(siren) if siren else ()
    takes_part = None if call is None else call.state != "absent"
    lines = examine(situation_of(form, takes_part), rules, honoured)
    chamber = call.chamber if call else ""
    answers = answers_of(form)
    shown = tuple(theme for theme in themes if theme.code == answers.get("thematique")) or themes
    return render_template(
        "public/eligibility_answer.html",
        edition=edition,
        form=form,
        headline=headline(lines, chamber),
        lines=said_lines(lines, call.region_name if call else "", chamber, unread_answers(form)),
        call=call,
        state=call_state(call) if call else "",
        closes=closing_times(call) if call else None,
        answers=answers,
        onward=_onward(answers),
        signed_in=the_holder() is not None,
        themes=shown,
        heads=[(theme.name, "num") for theme in shown],
        weights=published_weights(edition.id),
    )


def closing_day(edition: EditionFacts, calls: PublicCalls, call: PublicCall | None) -> date | None:
    """Return the day the region's call closes, at its own clocks; that of most regions when none was named."""
    found = call or next((one for one in calls.regions if one.closes_at and one.state != "absent"), None)
    if found is None or found.closes_at is None:
        return None
    return (found.closes_at - timedelta(microseconds=1)).astimezone(ZoneInfo(found.zone)).date()


def closing_times(call: PublicCall) -> tuple[str, str | None] | None:
    """Return the last minute of a call that is open or to come: at the region's clocks, and at those of Paris where they differ."""
    if call.closes_at is None or call.state not in ("open", "coming"):
        return None
    told = told_closing(call.closes_at)
    there, paris = moment(told, call.zone), moment(told)
    if there == paris:
        return _("%(when)s, heure de Paris", when=paris), None
    return _("%(when)s, heure de la région", when=there), _("%(when)s, heure de Paris", when=paris)


def _onward(answers: dict[str, Any]) -> str:
    """Return where a structure is registered, with the answers that its record asks for again."""
    return url_for("structure.register", **{name: answers[name] for name in HANDED_OVER if name in answers})

"""The publication of a round: the embargo, the preview, the read-back by two persons."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.deadlines import DeadlineIsInvalid, LocalTimeHappensTwice, resolve
from awards_app.domain.honours import EmbargoIsNotSet, EmbargoIsPast, PublicationIsBlocked, ReadBackIsWrong
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.queries.access import open_round
from awards_app.queries.publication_pages import PublicationPage, publication_page
from awards_app.services import honours
from awards_app.web.doors import requires
from awards_app.web.languages import instant_in_words
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of, sentences_of
from awards_app.web.staff.desk import bare_words
from awards_app.web.staff.publication_forms import EmbargoForm

blueprint = Blueprint("publication", __name__, url_prefix="/coordination/<round_key>/publication")
Page = str | tuple[str, int] | Response


@blueprint.get("")
@requires(Permission.SET_EMBARGO)
def home(round_key: str) -> Page:
    """Show the embargo, what blocks, and what will appear."""
    return _home(round_key)


def _home(
    round_key: str,
    form: EmbargoForm | None = None,
    errors: dict[str, str] | None = None,
    *,
    asks_fold: bool = False,
    problem: str = "",
) -> str:
    page = publication_page(a_holder(), round_key, the_now())
    day, _sep, hour = page.embargo_local.partition("T")
    return render_template(
        "staff/publication.html",
        page=page,
        form=form or EmbargoForm(formdata=None, data={"day": day, "hour": hour}),
        asks_fold=asks_fold,
        errors=errors or {},
        problem=problem,
        wrong_names=[
            (f"#name-{line.key}", f"{line.name} : {errors[line.key]}")
            for line in page.lines
            if errors and line.key in errors
        ],
        typed=request.form,
        viewer=a_holder().email,
        seen_at=instant_in_words(the_now(), page.round.zone),
        published=instant_in_words(page.published_at, page.round.zone) if page.published_at else "",
        embargo_there=instant_in_words(page.embargo_at, page.round.zone) if page.embargo_at else "",
        embargo_paris=bare_words(instant_in_words(page.embargo_at)) if page.embargo_at else "",
        # The sentence names the zone itself.
        embargo_utc=instant_in_words(page.embargo_at, "UTC").partition(" (")[0] if page.embargo_at else "",
        earlier=_proposed_instant(page),
        points=[_(sentence) % values if values else _(sentence) for sentence, values in page.points],
    )


def _proposed_instant(page: PublicationPage) -> str:
    """Return the instant that somebody proposes to bring the publication forward to, in words."""
    act = page.waiting.get("set_embargo")
    if act is None:
        return ""
    fold = act.arguments["fold"]
    deadline = resolve(
        datetime.fromisoformat(str(act.arguments["local"])),
        page.round.zone,
        fold if isinstance(fold, int) else None,
    )
    return instant_in_words(deadline.at, page.round.zone)


@blueprint.post("/embargo")
@requires(Permission.SET_EMBARGO)
def embargo(round_key: str) -> Page:
    """Set or move the instant."""
    form = EmbargoForm()
    local = form.local()
    if not form.validate() or local is None:
        open_round(a_holder(), round_key, Permission.SET_EMBARGO, the_now())
        if local is None and not form.day.errors:
            form.day.errors = [_("Indiquez un jour et une heure.")]
        return _home(round_key, form), 422
    fold = int(form.fold.data) if form.fold.data in ("0", "1") else None
    try:
        outcome = honours.set_embargo(a_holder(), round_key, local, the_now(), fold)
    except (DeadlineIsInvalid, InputIsInvalid) as refusal:
        form.day.errors = [sentence_of(refusal)]
        return _home(round_key, form, asks_fold=isinstance(refusal, LocalTimeHappensTwice)), 422
    return _done(round_key, outcome, _("L’instant de publication est fixé."))


def _done(round_key: str, outcome: str, sentence: str) -> Response:
    if outcome == "pending":
        flash(
            _("En attente de confirmation : une autre personne doit faire de même d’ici 24 heures."), "info"
        )
    else:
        flash(sentence, "success")
    return redirect(url_for("publication.home", round_key=round_key), 303)


@blueprint.post("/armer")
@requires(Permission.ARM_PUBLICATION)
def arm(round_key: str) -> Page:
    """Arm the publication for the embargo's instant, names read back."""
    return _read_back(round_key, honours.arm_publication, _("La publication est programmée."))


@blueprint.post("/publier")
@requires(Permission.ARM_PUBLICATION)
def publish(round_key: str) -> Page:
    """Lift the embargo at once, names read back."""
    return _read_back(round_key, honours.publish_now, _("Les résultats sont publics."))


def _read_back(round_key: str, act: Callable[..., str], sentence: str) -> Page:
    typed = {
        name.removeprefix("name-"): value for name, value in request.form.items() if name.startswith("name-")
    }
    try:
        outcome = act(a_holder(), round_key, typed, the_now())
    except ReadBackIsWrong as refusal:
        return _home(round_key, errors={key: _(words) for key, words in refusal.errors.items()}), 422
    except (EmbargoIsNotSet, EmbargoIsPast) as refusal:
        return _home(round_key, problem=sentences_of(refusal)), refusal.status
    except PublicationIsBlocked:
        return _home(round_key), 409
    return _done(round_key, outcome, sentence)


@blueprint.post("/desarmer")
@requires(Permission.ARM_PUBLICATION)
def disarm(round_key: str) -> Page:
    """Stop what was armed."""
    honours.disarm_publication(a_holder(), round_key, the_now())
    flash(_("La publication programmée est suspendue."), "success")
    return redirect(url_for("publication.home", round_key=round_key), 303)


@blueprint.post("/archiver")
@requires(Permission.READ_DECISION)
def archive(round_key: str) -> Page:
    """Archive a published round."""
    honours.archive_round(a_holder(), round_key, the_now())
    flash(_("Le tour est archivé."), "success")
    return redirect(url_for("publication.home", round_key=round_key), 303)

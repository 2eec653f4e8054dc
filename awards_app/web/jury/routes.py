"""A juror's own seat: where they sit, the charter, their ties, their list of files."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.scoring import SheetState
from awards_app.domain.text import sort_key
from awards_app.queries.certificates import own_attestations
from awards_app.queries.interests import interests_of_seat
from awards_app.queries.juries import open_seat, seats_of
from awards_app.queries.seat_list import page_of_files
from awards_app.services import juries
from awards_app.web.doors import requires, signed_in
from awards_app.web.jury import presenters
from awards_app.web.jury.forms import CharterForm, read_declarations
from awards_app.web.jury.kept import may_be_kept
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("jury", __name__, url_prefix="/jury")
Page = str | tuple[str, int] | Response


@blueprint.get("")
@signed_in("lists the person's own seats, none for somebody who sits nowhere")
def home() -> Page:
    """Show where the person sits; straight to the seat when there is only one."""
    seats = seats_of(a_holder(), the_now())
    if len(seats) == 1:
        return redirect(url_for("jury.seat", seat_key=seats[0].key))
    given = own_attestations(a_holder()) if any(seat.phase >= Phase.PUBLISHED for seat in seats) else {}
    attestations = [(presenters.seat_name(one), given[one.key]) for one in seats if one.key in given]
    return render_template(
        "jury/home.html", seats=seats, items=presenters.seat_items(seats), attestations=attestations
    )


@blueprint.get("/<seat_key>")
@signed_in("the query opens the person's own seat and no other")
def seat(seat_key: str) -> Page:
    """List the files in the juror's own order, with what waits for them."""
    wanted = request.args.get("q", "")[:200]
    listed = page_of_files(
        a_holder(), seat_key, the_now(), request.args.get("page", 1, type=int), sort_key(wanted)
    )
    facts = listed.seat
    if facts.charter_at is None and facts.phase <= Phase.SCORING:
        return redirect(url_for("jury.charter", seat_key=seat_key))
    page = render_template(
        "jury/seat.html",
        seat=facts,
        lines=listed.lines,
        page=listed.page,
        pages=listed.pages,
        href_for=lambda number: url_for("jury.seat", seat_key=seat_key, q=wanted or None, page=number),
        tags={state: presenters.state_tag(state) for state in SheetState},
        total=listed.total,
        wanted=wanted,
        undeclared=listed.undeclared,
        under_embargo=listed.is_under_embargo,
        left=listed.left,
        next_key=listed.next_key,
        why_these=presenters.why_these(listed),
        sentence=presenters.progress_sentence(listed.done, listed.total),
        closing=presenters.closing(facts.scoring_closes_at, facts.zone),
        tabs=presenters.seat_tabs(seat_key, facts.function, facts.phase, "jury.seat"),
        attestation=own_attestations(a_holder(), seat_key).get(seat_key)
        if facts.phase >= Phase.PUBLISHED
        else None,
        presenters=presenters,
    )
    return may_be_kept(page, facts.phase)


@blueprint.route("/<seat_key>/charte", methods=["GET", "POST"])
@signed_in("the query opens the person's own seat and no other")
def charter(seat_key: str) -> Page:
    """Show the charter on one page, and take its acceptance."""
    holder, now = a_holder(), the_now()
    facts = open_seat(holder, seat_key, now)
    form = CharterForm()
    if form.validate_on_submit():
        juries.accept_charter(holder, seat_key, now)
        flash(_("Merci. Il reste à dire avec quelles structures vous avez un lien."), "success")
        return redirect(url_for("jury.interests", seat_key=seat_key), 303)
    page = render_template(
        "jury/charter.html",
        seat=facts,
        form=form,
        tabs=presenters.seat_tabs(seat_key, facts.function, facts.phase, "jury.charter"),
        presenters=presenters,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/<seat_key>/liens")
@requires(Permission.READ_INTEREST)
def interests(seat_key: str) -> Page:
    """List every structure by name, to declare one's ties before any file opens."""
    return _interests_page(seat_key, {}, {})


@blueprint.post("/<seat_key>/liens", endpoint="declare")
@requires(Permission.DECLARE_INTEREST)
def declare_interests(seat_key: str) -> Page:
    """Record the answers that changed."""
    holder, now = a_holder(), the_now()
    _own, files = interests_of_seat(holder, seat_key, now)
    known = {file.key: file for file in files}
    lines = {
        key: answer
        for key, answer in read_declarations(request.form).items()
        if key not in known or (known[key].verdict, known[key].reason) != answer
    }
    try:
        recorded = juries.declare_interests(holder, seat_key, lines, now)
    except InputIsInvalid as refusal:
        return _interests_page(seat_key, dict(request.form.items()), refusal.errors), 422
    for key, verdict in recorded.items():
        if verdict != lines[key][0]:
            flash(
                _(
                    "%(name)s : un lien a été constaté, vous êtes déporté·e de ce dossier.",
                    name=known[key].structure,
                ),
                "warning",
            )
    left = sum(file.verdict is None for file in files) - sum(known[key].verdict is None for key in recorded)
    if left > 0:
        flash(
            ngettext(
                "C’est enregistré. Il reste %(num)s structure sans réponse.",
                "C’est enregistré. Il reste %(num)s structures sans réponse.",
                left,
            ),
            "success",
        )
        return redirect(url_for("jury.interests", seat_key=seat_key), 303)
    flash(_("C’est enregistré : toutes les structures ont une réponse."), "success")
    return redirect(url_for("jury.seat", seat_key=seat_key), 303)


def _interests_page(seat_key: str, typed: dict[str, str], errors: dict[str, str]) -> str:
    seat, files = interests_of_seat(a_holder(), seat_key, the_now())
    return render_template(
        "jury/interests.html",
        seat=seat,
        files=files,
        typed=typed,
        errors={name: sentence_of(words) for name, words in errors.items()},
        problems=[(f"#{name}", sentence_of(words)) for name, words in errors.items()],
        left=sum(file.verdict is None for file in files),
        may_declare=(seat.charter_at is not None and Phase.ADMISSIBILITY <= seat.phase <= Phase.DELIBERATION)
        or (seat.is_national and seat.charter_at is not None and seat.phase <= Phase.DELIBERATION),
        tabs=presenters.seat_tabs(seat_key, seat.function, seat.phase, "jury.interests"),
        presenters=presenters,
    )

"""Ballots of a jury: prepared and opened by the chair, voted on by the members present, counted at the close."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.ballots import (
    AlreadyVoted,
    BallotIsInvalid,
    BallotIsNotOpen,
    BallotIsOver,
    FileHasLeft,
    NotAVoter,
    QuorumIsMissing,
    ReasonForCancelling,
    SecretNeedsMore,
    VoterStandsAside,
    typed_paper,
)
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import Refusal
from awards_app.domain.voting import GRADES, KINDS, SECRET_KINDS, PaperIsInvalid
from awards_app.queries.deliberation_views import seated_round
from awards_app.queries.voting_views import VotingView, voting_view
from awards_app.services import voting
from awards_app.web.doors import requires
from awards_app.web.jury import voting_presenters as presenters
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of

blueprint = Blueprint("voting", __name__, url_prefix="/jury/<seat_key>/votes")
Page = str | tuple[str, int] | Response


def _view(seat_key: str) -> VotingView:
    holder = a_holder()
    return voting_view(holder, seated_round(holder, seat_key), the_now())


@blueprint.get("")
@requires(Permission.READ_RANKING)
def home(seat_key: str) -> Page:
    """List the ballots; the chair prepares one."""
    return _home(seat_key, _view(seat_key))


def _home(seat_key: str, view: VotingView, error: Refusal | None = None) -> str:
    return render_template(
        "jury/votes.html",
        seat_key=seat_key,
        view=view,
        ballots=presenters.rows(view),
        kinds=[(code, _(label)) for code, label in KINDS.items()],
        error=sentence_of(error) if error else None,
        typed=request.form,
    )


@blueprint.post("")
@requires(Permission.PROPOSE_DECISION)
def prepare(seat_key: str) -> Page:
    """Fix the kind, the question and the choices of a ballot."""
    view = _view(seat_key)
    try:
        key = voting.prepare_ballot(
            a_holder(),
            view.room.round.key,
            theme_code=request.form.get("theme", ""),
            kind=request.form.get("kind", ""),
            question=request.form.get("question", ""),
            candidacy_keys=request.form.getlist("candidacy"),
            now=the_now(),
        )
    except BallotIsInvalid as refusal:
        return _home(seat_key, view, refusal), 422
    flash(_("Le vote est préparé. Relisez-le, puis ouvrez-le."), "success")
    return redirect(url_for("voting.ballot", seat_key=seat_key, ballot_key=key), 303)


@blueprint.get("/<ballot_key>")
@requires(Permission.READ_RANKING)
def ballot(seat_key: str, ballot_key: str) -> Page:
    """Show one ballot: the paper of who votes, who has voted, and the count once it is closed."""
    return _ballot(seat_key, ballot_key, _view(seat_key))


def _ballot(seat_key: str, ballot_key: str, view: VotingView, error: Refusal | None = None) -> str:
    line = view.ballot(ballot_key)
    seat = view.seat_in(a_holder(), line.theme_id)
    called, present = view.voters(line.theme_id)
    return render_template(
        "jury/vote.html",
        seat_key=seat_key,
        view=view,
        row=presenters.row(view, line),
        line=line,
        seat=seat,
        called=called,
        present=present,
        is_secret=line.kind in SECRET_KINDS,
        grades=[_(grade) for grade in GRADES],
        counted=presenters.count_lines(line),
        chart=presenters.chart_rows(line),
        greatest=presenters.greatest(line),
        own=presenters.own_choice(line, seat),
        hands=presenters.hands(view, line),
        shown=presenters.shown_hands(view, line),
        leads=view.leads(line.theme_id),
        error=sentence_of(error) if error else None,
        typed=request.form,
    )


@blueprint.post("/<ballot_key>/bulletin")
@requires(Permission.READ_RANKING)
def cast(seat_key: str, ballot_key: str) -> Page:
    """Put one's own paper in the box."""
    view = _view(seat_key)
    line = view.ballot(ballot_key)
    try:
        paper = typed_paper(line.kind, [code for code, _label in line.options], request.form)
        voting.cast_ballot(a_holder(), ballot_key, paper, the_now())
    except (PaperIsInvalid, BallotIsNotOpen, AlreadyVoted, NotAVoter) as refusal:
        return _ballot(seat_key, ballot_key, view, refusal), refusal.status
    flash(_("Votre bulletin est dans l’urne."), "success")
    return _back(seat_key, ballot_key)


@blueprint.post("/<ballot_key>/mains")
@requires(Permission.PROPOSE_DECISION)
def raised_hands(seat_key: str, ballot_key: str) -> Page:
    """Note the hands that the chair sees raised: those that the page did not show already, so that an old one takes nothing back."""
    view = _view(seat_key)
    view.ballot(ballot_key)
    noted = {
        name.removeprefix("hand-"): "" if choice == "blank" else choice
        for name, choice in request.form.items()
        if name.startswith("hand-") and choice and choice != request.form.get(f"was-{name[5:]}")
    }
    try:
        voting.record_hands(a_holder(), ballot_key, noted, the_now())
    except PaperIsInvalid as refusal:
        return _ballot(seat_key, ballot_key, view, refusal), 422
    flash(_("Les mains levées sont notées."), "success")
    return _back(seat_key, ballot_key)


@blueprint.post("/<ballot_key>/ouvrir")
@requires(Permission.PROPOSE_DECISION)
def open_ballot(seat_key: str, ballot_key: str) -> Page:
    """Open a prepared ballot to the members present."""
    view = _view(seat_key)
    view.ballot(ballot_key)
    try:
        voting.open_ballot(a_holder(), ballot_key, the_now())
    except (QuorumIsMissing, SecretNeedsMore, FileHasLeft, BallotIsOver) as refusal:
        return _ballot(seat_key, ballot_key, view, refusal), refusal.status
    flash(_("Le vote est ouvert."), "success")
    return _back(seat_key, ballot_key)


@blueprint.post("/<ballot_key>/clore")
@requires(Permission.PROPOSE_DECISION)
def close(seat_key: str, ballot_key: str) -> Page:
    """Close a ballot and count it."""
    view = _view(seat_key)
    view.ballot(ballot_key)
    try:
        voting.close_ballot(a_holder(), ballot_key, the_now())
    except (BallotIsNotOpen, SecretNeedsMore, VoterStandsAside) as refusal:
        return _ballot(seat_key, ballot_key, view, refusal), refusal.status
    flash(_("Le vote est clos et compté."), "success")
    return _back(seat_key, ballot_key)


@blueprint.post("/<ballot_key>/annuler")
@requires(Permission.PROPOSE_DECISION)
def cancel(seat_key: str, ballot_key: str) -> Page:
    """Cancel a ballot, with a reason that the minutes keep."""
    view = _view(seat_key)
    view.ballot(ballot_key)
    try:
        outcome = voting.cancel_ballot(a_holder(), ballot_key, request.form.get("reason", ""), the_now())
    except ReasonForCancelling as refusal:
        return _ballot(seat_key, ballot_key, view, refusal), 422
    if outcome == "pending":
        flash(_("En attente de confirmation par la coordination."), "info")
    else:
        flash(_("Le vote est annulé ; le procès-verbal en garde la trace."), "success")
    return _back(seat_key, ballot_key)


def _back(seat_key: str, ballot_key: str) -> Response:
    return redirect(url_for("voting.ballot", seat_key=seat_key, ballot_key=ballot_key), 303)

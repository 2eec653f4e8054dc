"""A file that belongs to another region: one chamber proposes, the other accepts or declines."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields import SelectChoice

from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid
from awards_app.queries.admissibility_files import ExaminedFile, examined_file
from awards_app.queries.editions import regions
from awards_app.queries.region_transfers import transfers_of
from awards_app.services import region_transfers
from awards_app.web.doors import requires
from awards_app.web.moment import the_arrival, the_now
from awards_app.web.people import a_holder
from awards_app.web.staff.admissibility_forms import ReasonForm, TransferForm

blueprint = Blueprint("staff_transfers", __name__, url_prefix="/coordination/<round_key>/recevabilite")
Page = str | tuple[str, int] | BaseResponse


def state_labels() -> dict[str, tuple[str, str]]:
    """Return the words and the tag kind of each state of a demand."""
    return {
        "asked": (_("attend une réponse"), "waiting"),
        "accepted": (_("acceptée"), "success"),
        "declined": (_("refusée"), "neutral"),
        "withdrawn": (_("retirée"), "neutral"),
    }


@blueprint.get("/transferts")
@requires(Permission.READ_CANDIDACY)
def transfers(round_key: str) -> str:
    """List what was proposed to and by the round."""
    found = transfers_of(a_holder(), round_key, the_now())
    return render_template("staff/admissibility_transfers.html", found=found, labels=state_labels())


@blueprint.get("/transferts/<transfer_key>")
@requires(Permission.READ_CANDIDACY)
def transfer(round_key: str, transfer_key: str) -> Page:
    """Show one demand, with what may be done of it."""
    return _page(round_key, transfer_key, ReasonForm(formdata=None))


@blueprint.post("/transferts/<transfer_key>/accepter")
@requires(Permission.KNOW_DRAFTS)
def accept(round_key: str, transfer_key: str) -> Page:
    """Take the file."""
    key = region_transfers.accept_transfer(a_holder(), round_key, transfer_key, the_arrival())
    flash(_("La candidature est désormais dans votre région ; la structure est prévenue."), "success")
    return redirect(url_for("admissibility.examine", round_key=round_key, key=key), 303)


@blueprint.post("/transferts/<transfer_key>/refuser")
@requires(Permission.KNOW_DRAFTS)
def decline(round_key: str, transfer_key: str) -> Page:
    """Decline, with a reason."""
    form = ReasonForm()
    try:
        region_transfers.decline_transfer(
            a_holder(), round_key, transfer_key, form.reason.data or "", the_arrival()
        )
    except InputIsInvalid as refusal:
        form.reason.errors = [_(sentence) for sentence in refusal.errors.values()]
        return _page(round_key, transfer_key, form), 422
    flash(_("La candidature reste dans son autre région ; la CRESS est prévenue."), "success")
    return redirect(url_for(".transfers", round_key=round_key), 303)


@blueprint.post("/transferts/<transfer_key>/retirer")
@requires(Permission.KNOW_DRAFTS)
def withdraw(round_key: str, transfer_key: str) -> Page:
    """Take back one's own demand."""
    region_transfers.withdraw_transfer(a_holder(), round_key, transfer_key, the_arrival())
    flash(_("La proposition est retirée."), "success")
    return redirect(url_for(".transfers", round_key=round_key), 303)


@blueprint.get("/<key>/transfert")
@requires(Permission.KNOW_DRAFTS)
def propose_page(round_key: str, key: str) -> Page:
    """Choose the region."""
    found = _to_propose(round_key, key)
    return _propose_page(found, TransferForm(region=request.args.get("region", "")))


@blueprint.post("/<key>/transfert")
@requires(Permission.KNOW_DRAFTS)
def propose(round_key: str, key: str) -> Page:
    """Propose the file to another chamber."""
    form = TransferForm()
    try:
        region_transfers.ask_transfer(
            a_holder(), key, form.region.data or "", form.reason.data or "", the_arrival()
        )
    except InputIsInvalid as refusal:
        found = _to_propose(round_key, key)
        for name, sentence in refusal.errors.items():
            form[name].errors = [_(sentence)]
        return _propose_page(found, form), 422
    flash(_("La proposition est faite ; l’autre CRESS est prévenue."), "success")
    return redirect(url_for("admissibility.examine", round_key=round_key, key=key), 303)


def _to_propose(round_key: str, key: str) -> ExaminedFile:
    return examined_file(a_holder(), round_key, key, the_now(), permission=Permission.KNOW_DRAFTS)


def _propose_page(found: ExaminedFile, form: TransferForm) -> str:
    own = found.facts.round.region_code
    form.region.choices = [
        SelectChoice("", _("Choisissez…")),
        *(SelectChoice(one.code, one.name) for one in regions() if one.code != own),
    ]
    return render_template(
        "staff/admissibility_propose.html", found=found, form=form, round_key=found.facts.round.key
    )


def _page(round_key: str, transfer_key: str, form: ReasonForm) -> str:
    found = transfers_of(a_holder(), round_key, the_now())
    line = found.line(transfer_key)
    if line is None:
        raise DoesNotExist
    return render_template(
        "staff/admissibility_transfer.html",
        found=found,
        line=line,
        form=form,
        label=state_labels()[line.state],
    )

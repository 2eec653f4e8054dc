"""The home of a structure's people, the record of a structure and its members."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.addresses import AddressIsInvalid
from awards_app.domain.candidacies import RESTORE_DAYS
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.structures import AlreadyMember, RecordHasChanged, StructureIsKnown
from awards_app.queries.candidacies import candidacies_of, deleted_drafts_of
from awards_app.queries.editions import current_edition
from awards_app.queries.structures import (
    members_of,
    open_structure,
    pending_requests_of,
    structure_record,
    structures_of,
)
from awards_app.services import structures
from awards_app.web.doors import requires, signed_in
from awards_app.web.limits import limiter
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.forms import InviteForm
from awards_app.web.structure.presenters import closing_times, line_state, what_waits
from awards_app.web.structure.record_page import (
    attach_errors,
    form_of,
    new_form,
    new_page,
    read_version,
    record_page,
    values_of,
)

blueprint = Blueprint("structure", __name__)
Page = str | tuple[str, int] | BaseResponse
# Enough for a person who corrects a form, too little for one who tries numbers.
SOME = "40 per hour"


@blueprint.get("/structure")
@signed_in("each person's own structures and candidacies")
def home() -> Page:
    """Show the person's structures, their candidacies and what waits."""
    holder, now = a_holder(), the_now()
    lines = candidacies_of(holder, now)
    own = structures_of(holder)
    edition = current_edition()
    busy = {
        line.structure_id
        for line in lines
        if edition and line.year == edition.year and line.state in ("draft", "submitted")
    }
    return render_template(
        "structure/home.html",
        structures=own,
        candidacies=[(line, line_state(line), closing_times(line.closes_at, line.zone)) for line in lines],
        waiting=what_waits(lines),
        free=[line for line in own if line.id not in busy],
        edition=edition,
        requests=pending_requests_of(holder),
        deleted=deleted_drafts_of(holder, now - timedelta(days=RESTORE_DAYS)),
    )


@blueprint.route("/structure/nouvelle", methods=["GET", "POST"])
@signed_in("anybody with an account may register a structure")
@limiter.limit(SOME, methods=["POST"])
def register() -> Page:
    """Register a structure; the answer is the same whether its number is known."""
    form = new_form()
    if request.method == "POST":
        try:
            structures.register_structure(a_holder(), values_of(form), the_now())
        except InputIsInvalid as refusal:
            attach_errors(form, refusal)
            return new_page(form), 422
        return redirect(url_for("structure.registered"), 303)
    return new_page(form)


@blueprint.get("/structure/demande-enregistree")
@signed_in("the same words for everybody who registered a structure")
def registered() -> Page:
    """Say that the demand is kept, and what comes next in each of the two cases."""
    return render_template("structure/registered.html")


@blueprint.route("/structure/<key>", methods=["GET", "POST"])
@requires(Permission.OWN_STRUCTURE)
@limiter.limit(SOME, methods=["POST"])
def record(key: str) -> Page:
    """Show and change the record of a structure."""
    found = structure_record(a_holder(), key)
    form = form_of(found)
    if request.method == "POST":
        try:
            structures.edit_structure(a_holder(), key, values_of(form), the_now(), version=read_version())
        except InputIsInvalid as refusal:
            attach_errors(form, refusal)
            return record_page(found, form), 422
        except StructureIsKnown as refusal:
            form.identifier.errors = [sentence_of(refusal)]
            return record_page(found, form), 409
        except RecordHasChanged as refusal:
            # Saving again from the page that shows both texts is meant.
            form.version.data = str(refusal.version)
            return record_page(found, form, changed=refusal), 409
        flash(_("La fiche de votre structure est enregistrée."), "success")
        return redirect(url_for("structure.record", key=key), 303)
    return record_page(found, form)


@blueprint.get("/structure/<key>/membres")
@requires(Permission.OWN_STRUCTURE)
def members(key: str) -> Page:
    """Show the members; those responsible invite, accept and remove."""
    return _members_page(key, InviteForm())


@blueprint.post("/structure/<key>/membres")
@requires(Permission.MANAGE_MEMBERS)
def invite(key: str) -> Page:
    """Invite a colleague by mail."""
    holder = a_holder()
    form = InviteForm()
    open_structure(holder, key, Permission.MANAGE_MEMBERS)
    if not form.validate():
        return _members_page(key, form), 422
    try:
        structures.invite_member(holder, key, form.email.data, form.standing.data, the_now())
    except (AlreadyMember, AddressIsInvalid) as refusal:
        form.email.errors = [sentence_of(refusal)]
        return _members_page(key, form), refusal.status
    flash(_("L’invitation part à %(email)s.", email=form.email.data), "success")
    return redirect(url_for("structure.members", key=key), 303)


def _members_page(key: str, form: InviteForm) -> str:
    holder = a_holder()
    found = structure_record(holder, key)
    return render_template(
        "structure/members.html",
        record=found,
        members=members_of(holder, key),
        form=form,
        responsible=any(m.structure_key == key and m.is_responsible for m in holder.memberships),
        own_id=holder.account_id,
    )


@blueprint.post("/structure/<key>/membres/<membership_key>/retirer")
@requires(Permission.MANAGE_MEMBERS)
def remove(key: str, membership_key: str) -> BaseResponse:
    """End a membership or an invitation."""
    left = any(
        line.key == membership_key and line.account_id == a_holder().account_id
        for line in members_of(a_holder(), key)
    )
    structures.remove_member(a_holder(), membership_key, the_now())
    flash(_("C’est fait : cette personne n’est plus membre de la structure."), "success")
    return redirect(url_for("structure.home") if left else url_for("structure.members", key=key), 303)


@blueprint.post("/structure/<key>/membres/<membership_key>/repondre")
@requires(Permission.MANAGE_MEMBERS)
def settle(key: str, membership_key: str) -> BaseResponse:
    """Accept or refuse a person who asks to join."""
    accepted = request.form.get("reponse") == "oui"
    structures.settle_request(a_holder(), membership_key, accepted, the_now())
    flash(_("La demande est acceptée.") if accepted else _("La demande est refusée."), "success")
    return redirect(url_for("structure.members", key=key), 303)

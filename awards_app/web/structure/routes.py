"""The home of a structure's people, the record of a structure and its members."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.addresses import AddressIsInvalid
from awards_app.domain.candidacies import RESTORE_DAYS
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import InputIsInvalid
from awards_app.domain.structures import AlreadyMember, StructureIsKnown
from awards_app.queries.candidacies import candidacies_of, deleted_drafts_of
from awards_app.queries.editions import current_edition, regions
from awards_app.queries.structures import (
    StructureRecord,
    members_of,
    open_structure,
    pending_requests_of,
    structure_record,
    structures_of,
)
from awards_app.services import structures
from awards_app.web.doors import requires, signed_in
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.structure.forms import InviteForm, StructureForm
from awards_app.web.structure.presenters import closing_times, line_state

blueprint = Blueprint("structure", __name__)
Page = str | tuple[str, int] | BaseResponse


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
        free=[line for line in own if line.id not in busy],
        edition=edition,
        requests=pending_requests_of(holder),
        deleted=deleted_drafts_of(holder, now - timedelta(days=RESTORE_DAYS)),
    )


@blueprint.route("/structure/nouvelle", methods=["GET", "POST"])
@signed_in("anybody with an account may register a structure")
def register() -> Page:
    """Register a structure; a known identifier becomes a request to its people."""
    form = _structure_form()
    if request.method == "POST":
        try:
            registration = structures.register_structure(a_holder(), _values(form), the_now())
        except InputIsInvalid as refusal:
            attach_errors(form, refusal)
            return render_template("structure/record.html", form=form, record=None), 422
        flash(_("Votre demande est enregistrée."), "success")
        if registration.key is not None:
            return redirect(url_for("candidacies.create", structure=registration.key), 303)
        return redirect(url_for("structure.home"), 303)
    return render_template("structure/record.html", form=form, record=None)


@blueprint.route("/structure/<key>", methods=["GET", "POST"])
@requires(Permission.OWN_STRUCTURE)
def record(key: str) -> Page:
    """Show and change the record of a structure."""
    found = structure_record(a_holder(), key)
    form = _structure_form(found)
    if request.method == "POST":
        try:
            structures.edit_structure(a_holder(), key, _values(form), the_now())
        except InputIsInvalid as refusal:
            attach_errors(form, refusal)
            return render_template("structure/record.html", form=form, record=found), 422
        except StructureIsKnown as refusal:
            form.identifier.errors = [sentence_of(refusal)]
            return render_template("structure/record.html", form=form, record=found), 409
        flash(_("La fiche de votre structure est enregistrée."), "success")
        return redirect(url_for("structure.record", key=key), 303)
    return render_template("structure/record.html", form=form, record=found)


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


def attach_errors(form: Any, refusal: InputIsInvalid) -> None:
    """Put each sentence of a refusal beside its field."""
    for name, sentence in refusal.errors.items():
        if name in form:
            form[name].errors = [_(sentence)]


def _structure_form(found: StructureRecord | None = None) -> StructureForm:
    form = StructureForm()
    edition = current_edition()
    families = edition.rules.get("legal_families", []) if edition else []
    form.legal_family.choices = [("", _("Choisissez…"))] + [(f["code"], f["label"]) for f in families]
    form.legal_form.choices = {
        "": [("", _("Je ne sais pas"))],
        **{f["label"]: [(x["code"], x["label"]) for x in f["forms"]] for f in families if f["forms"]},
    }
    form.region_code.choices = [("", _("Celle du code postal"))] + [(r.code, r.name) for r in regions()]
    if found is not None and request.method == "GET":
        form.process(obj=found)
        form.founded_on.data = f"{found.founded_on:%d/%m/%Y}" if found.founded_on else ""
        form.region_code.data = found.region_code or ""
    return form


def _values(form: StructureForm) -> dict[str, Any]:
    return {field.name: field.data for field in form if field.name != "csrf_token"}

"""The public pages of a published round, for who writes them: photos of laureates, the guide, the panels' names."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from awards_app.domain.honour_photos import MAX_MIB
from awards_app.domain.permissions import Permission
from awards_app.domain.phases import Phase
from awards_app.domain.refusals import InputIsInvalid, Refusal
from awards_app.queries.editions import edition_of_id
from awards_app.queries.guides import guide_of
from awards_app.queries.honour_photos import photo_of
from awards_app.queries.method_accounts import PANEL_RULE
from awards_app.queries.public_desk import desk_honour, desk_honours
from awards_app.services import guides, honour_photos, method_accounts
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.staff.public_pages_forms import PhotoForm

blueprint = Blueprint("staff_public_pages", __name__, url_prefix="/coordination/<round_key>/pages-publiques")
Page = str | tuple[str, int] | Response
LARGEST = (MAX_MIB + 1) * 1024 * 1024


@blueprint.get("")
@requires(Permission.CHANGE_WORDING)
def home(round_key: str) -> str:
    """Show what is public of a round, and what may still be added to it."""
    facts, honours = desk_honours(a_holder(), round_key, the_now())
    is_national = facts.region_code is None
    return render_template(
        "staff/public_pages.html",
        round=facts,
        honours=honours,
        is_public=facts.phase in (Phase.PUBLISHED, Phase.ARCHIVED),
        is_national=is_national,
        guide=guide_of(facts.year) if is_national else None,
        panels=is_national and _are_public(facts.edition_id),
    )


def _are_public(edition_id: int) -> bool:
    edition = edition_of_id(edition_id)
    return edition is not None and edition.rules.get(PANEL_RULE) is True


@blueprint.get("/photos/<slug>")
@requires(Permission.CHANGE_WORDING)
def photo(round_key: str, slug: str) -> Page:
    """Show the photo of a laureate, and what it may be chosen from."""
    return _photo(round_key, slug, None)


def _photo(round_key: str, slug: str, form: PhotoForm | None) -> str:
    facts, honour, filed = desk_honour(a_holder(), round_key, slug, the_now())
    said = {
        "alternative": honour.alternative or "",
        "credit": honour.credit or "",
        "rights": honour.rights or _("Reproduction autorisée pour parler du prix"),
    }
    return render_template(
        "staff/public_photo.html",
        round=facts,
        honour=honour,
        filed=filed,
        photo=photo_of(slug),
        form=form or PhotoForm(formdata=None, data=said),
        chosen=request.form.get("picture", ""),
        max_mib=MAX_MIB,
    )


@blueprint.post("/photos/<slug>")
@requires(Permission.CHANGE_WORDING)
def choose(round_key: str, slug: str) -> Page:
    """Give a laureate a photo, or change what is said of it."""
    form = PhotoForm()
    sent = request.files.get("file")
    content = sent.stream.read(LARGEST) if sent is not None and sent.filename else b""
    try:
        honour_photos.choose_photo(
            a_holder(),
            round_key,
            slug,
            the_now(),
            alternative=form.alternative.data or "",
            credit=form.credit.data or "",
            rights=form.rights.data or "",
            content=content,
            attachment_key="" if content else request.form.get("picture", ""),
        )
    except InputIsInvalid as refusal:
        for name, sentence in refusal.errors.items():
            form[name].errors = [_(sentence)]
        return _photo(round_key, slug, form), 422
    except Refusal as refusal:
        if refusal.status not in (413, 415, 422):
            raise
        form.file.errors = [sentence_of(refusal)]
        return _photo(round_key, slug, form), refusal.status
    flash(_("La photo est en ligne."), "success")
    return redirect(url_for("staff_public_pages.photo", round_key=round_key, slug=slug), 303)


@blueprint.post("/photos/<slug>/retirer")
@requires(Permission.CHANGE_WORDING)
def remove(round_key: str, slug: str) -> Page:
    """Take the photo of a laureate off the site."""
    honour_photos.remove_photo(a_holder(), round_key, slug, the_now())
    flash(_("La photo n’est plus en ligne."), "success")
    return redirect(url_for("staff_public_pages.photo", round_key=round_key, slug=slug), 303)


@blueprint.post("/guide")
@requires(Permission.CHANGE_WORDING)
def guide(round_key: str) -> Page:
    """Ask for the guide of the year."""
    guides.order_guide(a_holder(), round_key, the_now())
    flash(_("Le guide est en préparation. Il paraîtra sur le site dès qu’il sera prêt."), "success")
    return redirect(url_for("staff_public_pages.home", round_key=round_key), 303)


@blueprint.post("/composition")
@requires(Permission.CHANGE_WORDING)
def panels(round_key: str) -> Page:
    """Settle whether the names of the juries are public."""
    are_public = request.form.get("publier") == "oui"
    method_accounts.publish_panels(a_holder(), round_key, are_public, the_now())
    flash(
        _("La composition des jurys est publique.")
        if are_public
        else _("La composition des jurys n’est plus publique."),
        "success",
    )
    return redirect(url_for("staff_public_pages.home", round_key=round_key), 303)

"""Before the public reads: the preview under embargo, and the rehearsal of a publication."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from awards_app.domain.honours import PublicationIsBlocked
from awards_app.domain.permissions import Permission
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.queries.publication_previews import honours_preview
from awards_app.queries.publication_rehearsals import rehearsal_of
from awards_app.services import publication_rehearsals
from awards_app.web.doors import open_to_all, requires
from awards_app.web.languages import instant_in_words
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder, the_holder
from awards_app.web.phrases import sentence_of
from awards_app.web.previews.links import make_link, round_of_link
from awards_app.web.public.presenters import honour_views

blueprint = Blueprint("previews", __name__)
DESK = "/coordination/<round_key>/publication"
# A link is nobody else's: whoever may not open it learns no more than from an address that was never made.
BOUND = "opens for the session that asked for the link; to anybody else it does not exist"


@blueprint.get(f"{DESK}/apercu")
@requires(Permission.PREVIEW_HONOURS)
def preview(round_key: str) -> BaseResponse:
    """Make a link to the preview for this session, and go there."""
    honours_preview(a_holder(), round_key, the_now())
    return redirect(url_for("previews.page", token=make_link(round_key, the_now())), 303)


@blueprint.get("/apercus/<token>")
@open_to_all(BOUND)
def page(token: str) -> Response:
    """Show a round's honours as they will be published, marked with who reads and when."""
    holder, now = the_holder(), the_now()
    round_key = round_of_link(token, now)
    if holder is None or round_key is None:
        raise DoesNotExist
    try:
        found = honours_preview(holder, round_key, now)
    except Refusal as refusal:
        raise DoesNotExist from refusal
    views = honour_views(found.lines)
    shown = make_response(
        render_template(
            "staff/publication_preview.html",
            page=found,
            winners=[view for view in views if view.is_winner],
            others=[view for view in views if not view.is_winner],
            embargo=instant_in_words(found.embargo_at, found.round.zone) if found.embargo_at else "",
            **mark(holder.email, found.round.zone),
        )
    )
    shown.headers["X-Robots-Tag"] = "noindex, noarchive"
    return shown


def mark(account: str, zone: str) -> dict[str, str]:
    """Return what a page under embargo bears: the account that reads it and the instant."""
    return {"viewer": account, "seen_at": instant_in_words(the_now(), zone)}


@blueprint.get(f"{DESK}/repetition")
@requires(Permission.PREVIEW_HONOURS)
def rehearsal(round_key: str) -> str:
    """Show what the rehearsed publication would make."""
    return _rehearsal(round_key)


def _rehearsal(round_key: str, points: tuple[str, ...] = ()) -> str:
    holder, now = a_holder(), the_now()
    facts, found = rehearsal_of(holder, round_key, now)
    return render_template(
        "staff/publication_rehearsal.html",
        round=facts,
        rehearsal=found,
        points=points,
        pages=_pages(found.content["honours"]) if found else [],
        **mark(holder.email, facts.zone),
    )


def _pages(honours: list[dict[str, object]]) -> list[tuple[str, str]]:
    """Return the public addresses that the publication would make or change, with what each is."""
    if not honours:
        return []
    year, level = honours[0]["year"], honours[0]["level"]
    slug = "national" if level == "national" else honours[0]["region_slug"]
    return [
        *((url_for("public.laureate", slug=line["slug"]), _("nouvelle page")) for line in honours),
        (url_for("public.honours_of_region", year=year, region_slug=slug), _("nouvelle page")),
        (url_for("public.open_data_of_region", year=year, region_slug=slug), _("nouvelles données")),
        *(
            (url_for(f"public.{name}"), _("mise à jour"))
            for name in ("honours", "atom", "open_data_json", "open_data_csv", "sitemap")
        ),
    ]


@blueprint.post(f"{DESK}/repetition")
@requires(Permission.PREVIEW_HONOURS)
def rehearse(round_key: str) -> str | tuple[str, int] | BaseResponse:
    """Rehearse the publication."""
    try:
        publication_rehearsals.rehearse_publication(a_holder(), round_key, the_now())
    except PublicationIsBlocked as refusal:
        return _rehearsal(round_key, refusal.points or (sentence_of(refusal),)), 409
    flash(_("La publication est répétée. Rien n’est public."), "success")
    return redirect(url_for("previews.rehearsal", round_key=round_key), 303)


@blueprint.post(f"{DESK}/repetition/effacer")
@requires(Permission.PREVIEW_HONOURS)
def erase(round_key: str) -> BaseResponse:
    """Erase what is kept of the rehearsal."""
    publication_rehearsals.erase_rehearsal(a_holder(), round_key, the_now())
    flash(_("La répétition est effacée."), "success")
    return redirect(url_for("previews.rehearsal", round_key=round_key), 303)

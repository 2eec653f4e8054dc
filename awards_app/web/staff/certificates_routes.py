"""The certificates of a round: order, follow, download, revoke."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission, is_allowed
from awards_app.queries.certificates import certificates_of
from awards_app.queries.publication import waiting_acts
from awards_app.services import certificates
from awards_app.web.doors import requires
from awards_app.web.moment import the_now
from awards_app.web.people import a_holder

blueprint = Blueprint("certificate_batch", __name__, url_prefix="/coordination/<round_key>/certificats")


@blueprint.get("")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def home(round_key: str) -> str:
    """Show the batch with its progress."""
    holder, now = a_holder(), the_now()
    facts, lines = certificates_of(holder, round_key, now)
    live = [line for line in lines if line.state != "revoked"]
    acts = waiting_acts(holder, facts.id, now)
    return render_template(
        "staff/certificates.html",
        round=facts,
        lines=lines,
        done=sum(line.state == "issued" for line in live),
        total=len(live),
        waiting_count=sum(line.state == "waiting" for line in live),
        revokes=is_allowed(Permission.REVOKE_CERTIFICATE, facts.phase, facts.subjects),
        waiting={act.object_key: act for act in acts if act.verb == "revoke_certificate"},
    )


@blueprint.post("/commander")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def order(round_key: str) -> Response:
    """Order what is missing."""
    count = certificates.order_certificates(a_holder(), round_key, the_now())
    if count:
        flash(
            ngettext("%(num)s certificat est commandé.", "%(num)s certificats sont commandés.", count),
            "success",
        )
    else:
        flash(_("Chaque distinction a déjà son certificat."), "info")
    return redirect(url_for("certificate_batch.home", round_key=round_key), 303)


@blueprint.get("/archive.zip")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def batch(round_key: str) -> Response:
    """Give every certificate in one archive."""
    pieces = certificates.batch_file(a_holder(), round_key, the_now())
    headers = {"Content-Disposition": 'attachment; filename="certificats.zip"'}
    return Response(pieces, mimetype="application/zip", headers=headers)


@blueprint.post("/<certificate_key>/reessayer")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def retry(round_key: str, certificate_key: str) -> Response:
    """Print again what failed."""
    certificates.retry_certificate(a_holder(), certificate_key, the_now())
    flash(_("Le certificat est de nouveau en attente."), "success")
    return redirect(url_for("certificate_batch.home", round_key=round_key), 303)


@blueprint.post("/<certificate_key>/revoquer")
@requires(Permission.REVOKE_CERTIFICATE)
def revoke(round_key: str, certificate_key: str) -> Response:
    """Propose, or confirm, that a certificate is revoked."""
    reason = request.form.get("reason", "")
    outcome = certificates.revoke_certificate(a_holder(), certificate_key, reason, the_now())
    if outcome == "pending":
        flash(_("En attente de confirmation par une autre personne."), "info")
    else:
        flash(_("Le certificat est révoqué."), "success")
    return redirect(url_for("certificate_batch.home", round_key=round_key), 303)

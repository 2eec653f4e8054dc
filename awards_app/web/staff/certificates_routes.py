"""The certificates of a round: order, follow, download, revoke."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from awards_app.domain.permissions import Permission, is_allowed
from awards_app.domain.phases import Phase
from awards_app.queries.certificate_batches import batch_of, last_batch
from awards_app.queries.certificates import certificates_of
from awards_app.queries.publication import waiting_acts
from awards_app.services import certificate_batches, certificates
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
        lacking_count=sum(many for _name, many in certificate_batches.lacking_of(facts.id)),
        batch=last_batch(facts.id),
        revokes=is_allowed(Permission.REVOKE_CERTIFICATE, facts.phase, facts.subjects),
        waiting={act.object_key: act for act in acts if act.verb == "revoke_certificate"},
    )


@blueprint.get("/commander")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def before(round_key: str) -> str:
    """Show what a batch would hold: nothing is ordered yet."""
    facts, lines = certificates_of(a_holder(), round_key, the_now())
    return render_template(
        "staff/certificate_order.html",
        round=facts,
        lacking=certificate_batches.lacking_of(facts.id),
        waiting_count=sum(line.state == "waiting" for line in lines),
        is_public=facts.phase >= Phase.PUBLISHED,
    )


@blueprint.post("/commander")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def order(round_key: str) -> Response:
    """Order what is missing in one batch, once however often it is asked."""
    batch_key = certificate_batches.start_batch(a_holder(), round_key, the_now())
    if batch_key is None:
        flash(_("Il n’y a aucun certificat à établir."), "info")
        return redirect(url_for("certificate_batch.home", round_key=round_key), 303)
    return _to_batch(round_key, batch_key)


@blueprint.get("/lots/<batch_key>")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def batch_page(round_key: str, batch_key: str) -> str:
    """Show how far a batch is; the page follows by itself where scripts run."""
    return render_template(
        "staff/certificate_batch.html", batch=batch_of(a_holder(), round_key, batch_key, the_now())
    )


@blueprint.get("/lots/<batch_key>/etat")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def batch_state(round_key: str, batch_key: str) -> Response:
    """Say, for a page that asks every few seconds, whether it is behind."""
    answer: Response = jsonify({"token": batch_of(a_holder(), round_key, batch_key, the_now()).token})
    return answer


@blueprint.post("/lots/<batch_key>/pause")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def pause(round_key: str, batch_key: str) -> Response:
    """Let the batch wait."""
    certificate_batches.pause_batch(a_holder(), round_key, batch_key, the_now())
    return _to_batch(round_key, batch_key)


@blueprint.post("/lots/<batch_key>/reprise")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def resume(round_key: str, batch_key: str) -> Response:
    """Go on with the batch."""
    certificate_batches.resume_batch(a_holder(), round_key, batch_key, the_now())
    return _to_batch(round_key, batch_key)


@blueprint.post("/lots/<batch_key>/echecs")
@requires(Permission.DOWNLOAD_CERTIFICATE)
def retry_failures(round_key: str, batch_key: str) -> Response:
    """Try the failures of the batch again."""
    count = certificate_batches.retry_batch(a_holder(), round_key, batch_key, the_now())
    if count:
        flash(
            ngettext("%(num)s certificat est relancé.", "%(num)s certificats sont relancés.", count),
            "success",
        )
    return _to_batch(round_key, batch_key)


def _to_batch(round_key: str, batch_key: str) -> Response:
    return redirect(url_for("certificate_batch.batch_page", round_key=round_key, batch_key=batch_key), 303)


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
    outcome = certificates.revoke_certificate(
        a_holder(), certificate_key, reason, the_now(), corrected_name=request.form.get("corrected_name", "")
    )
    if outcome == "pending":
        flash(_("En attente de confirmation par une autre personne."), "info")
    else:
        flash(_("Le certificat est révoqué."), "success")
    return redirect(url_for("certificate_batch.home", round_key=round_key), 303)

"""`awards certificates`: print what was decided, verify what was printed."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from awards_app.adapters.clock import now
from awards_app.cli.import_words import bar
from awards_app.cli.ready import OPERATOR, REFUSED, answer, confirm_in_production, confirm_option, ready


@click.group()
def certificates() -> None:
    """Les attestations : les établir, les vérifier."""


@certificates.command("issue")
@click.option("--edition", "year", type=int, help="Année ; sinon l’édition en cours.")
@click.option("--region", metavar="CODE", help="Un seul tour : code de la région, ou « national ».")
@confirm_option
@ready
def issue(year: int | None, region: str | None, confirm: str | None, as_json: bool) -> int:
    """Établir les attestations des tours décidés ou publiés, tout de suite, sans attendre la file.

    Ce qui est déjà établi n’est pas refait. Codes de sortie : 0 toutes établies ; 1 l’une a échoué, ou aucun tour n’est
    décidé ; 2 la base est à corriger.
    """
    from awards_app.domain.phases import Phase
    from awards_app.queries.settings import edition_for
    from awards_app.queries.staff import rounds_of_year
    from awards_app.services.certificate_printing import batches, waiting_certificates
    from awards_app.services.certificates import order_certificates

    edition = edition_for(year)
    confirm_in_production(edition.name, confirm)
    at = now()
    rounds = [
        line
        for line in rounds_of_year(OPERATOR, edition.year, at)
        if line.phase >= Phase.DECIDED and region in (None, line.region_code or "national")
    ]
    ordered = sum(order_certificates(OPERATOR, line.key, at) for line in rounds)
    waiting = [certificate for line in rounds for certificate in waiting_certificates(line.id)]
    states: list[str] = []
    with bar(len(waiting), "Attestations") as step:
        for batch in batches(waiting):
            states += _until_settled(batch)
            step(len(batch))
    issued = states.count("issued")
    failed = len(states) - issued
    answer(
        as_json,
        {
            "ok": bool(rounds) and not failed,
            "rounds": len(rounds),
            "ordered": ordered,
            "issued": issued,
            "failed": failed,
        },
        f"Tours décidés : {len(rounds)} · commandées : {ordered} · établies : {issued} · en échec : {failed}",
    )
    return REFUSED if failed or not rounds else 0


def _until_settled(batch: Sequence[int]) -> list[str]:
    """Try again until the service says of each that it is printed, or that it gives up."""
    from awards_app.services.certificate_printing import issue_certificates

    states = issue_certificates(batch, now())
    while left := [number for number, state in states.items() if state == "waiting"]:
        states |= issue_certificates(left, now())
    return list(states.values())


@certificates.command("verify")
@click.argument("what", metavar="NUMÉRO|FICHIER")
@ready
def verify(what: str, as_json: bool) -> int:
    """Vérifier une attestation par son numéro, ou par son fichier PDF.

    Codes de sortie : 0 authentique ; 1 inconnue, révoquée ou modifiée ; 2 la base est à corriger.
    """
    from awards_app.domain.certificates import State
    from awards_app.services.certificates import verify as verify_one

    path = Path(what)
    found = verify_one(path.read_bytes() if path.is_file() else what)
    ok = found.state is State.VALID
    value = {
        "ok": ok,
        "state": found.state.value,
        "number": found.number,
        "structure": found.structure,
        "distinction": found.distinction,
        "edition": found.edition,
        "theme": found.theme,
        "region": found.region,
        "replaced_by": found.replaced_by,
    }
    words = {
        "valid": "Attestation authentique",
        "revoked": "Attestation révoquée",
        "replaced": "Attestation remplacée",
        "altered": "Fichier modifié : ce n’est pas celui qui a été établi",
    }
    text = [words.get(found.state.value, "Aucune attestation publiée ne correspond")]
    if found.number:
        text.append(f"{found.number} : {found.structure}, {found.distinction}, {found.edition}")
    if found.is_demonstration:
        text.append("Signée par une clé de démonstration, qui ne vaut rien")
    answer(as_json, value, *text)
    return 0 if ok else REFUSED


@certificates.command("signature")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FICHIER")
@click.option(
    "--certificate",
    "trusted",
    multiple=True,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificat (PEM) de la plateforme ; plusieurs fois après un changement de clé.",
)
@click.option("--json", "as_json", is_flag=True, help="Une ligne pour une machine.")
def signature(file: Path, trusted: tuple[Path, ...], as_json: bool) -> None:
    """Vérifier la signature d’un fichier sans base ni réseau, contre des certificats que l’on tient.

    Codes de sortie : 0 intacte et de l’un d’eux ; 1 absente, rompue ou d’une autre clé.
    """
    from awards_app.adapters.signature_check import read_signature
    from awards_app.adapters.signing_keys import fingerprints
    from awards_app.services.certificate_checks import damage_of

    known = {one for path in trusted for one in fingerprints(path.read_bytes())}
    damage = damage_of(read_signature(file.read_bytes()), known)
    words = {
        None: "Signature intacte : le fichier est, à l’octet près, celui qui a été signé",
        "no_signature": "Aucune signature qui se lise",
        "broken_signature": "Signature rompue : le fichier a été modifié",
        "other_signer": "Signé par une autre clé",
    }
    answer(as_json, {"ok": damage is None, "damage": damage and damage.value}, words[damage])
    sys.exit(REFUSED if damage else 0)


@certificates.command("make-key")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Fichier PEM à créer ; jamais remplacé."
)
@click.option("--name", required=True, help="Qui signe : « Prix de l’ESS ».")
@click.option("--for-production", is_flag=True, help="Sans la mention « Démonstration sans valeur ».")
def make_key_file(out: Path, name: str, for_production: bool) -> None:
    """Faire une clé et son certificat auto-signé, dans un fichier que seul son propriétaire lit.

    Codes de sortie : 0 fait ; 1 le fichier existe déjà.
    """
    from datetime import UTC, datetime

    from awards_app.adapters.signing_keys import make_key

    if out.exists():
        click.echo(f"{out} existe déjà : rien n’est fait.", err=True)
        sys.exit(REFUSED)
    make_key(out, name, datetime.now(UTC), is_demonstration=not for_production)
    click.echo(f"{out} est fait. Donnez-le par AWARDS_SIGNING_KEY ; gardez-en une copie hors ligne.")

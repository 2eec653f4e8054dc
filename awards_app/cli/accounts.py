"""`awards accounts`: the first person of a platform, and roles given from the shell."""

import click

from awards_app.adapters.clock import now
from awards_app.cli.ready import answer, confirm_in_production, confirm_option, ready

ROLES = {"coordination": "coordinator", "equipe-nationale": "national_staff", "audit": "auditor"}


@click.group()
def accounts() -> None:
    """Les comptes : créer la première personne de l’équipe nationale, donner un rôle."""


@accounts.command("create")
@click.option("--email", required=True, help="Adresse électronique, tenue pour confirmée.")
@click.option("--name", required=True, help="Nom de la personne.")
@click.option(
    "--password", envvar="AWARDS_PASSWORD", help="Mot de passe ; sinon la personne entre par un lien reçu."
)
@confirm_option
@ready
def create(email: str, name: str, password: str | None, confirm: str | None, as_json: bool) -> None:
    """Créer un compte confirmé ; un compte qui existe est gardé tel quel.

    Codes de sortie : 0 il existe ; 1 l’adresse ou le mot de passe est refusé ; 2 la base est à corriger.
    """
    from awards_app.services.accounts import ensure_account

    confirm_in_production(_name(), confirm)
    ensure_account(email, name, now(), password=password)
    answer(as_json, {"ok": True, "email": email}, f"Le compte de {name} existe ({email}).")


@accounts.command("grant")
@click.option("--email", required=True, help="Adresse d’un compte confirmé.")
@click.option("--role", type=click.Choice(sorted(ROLES)), required=True, help="Rôle à donner.")
@click.option("--region", metavar="CODE", help="Région, pour la coordination.")
@confirm_option
@ready
def grant(email: str, role: str, region: str | None, confirm: str | None, as_json: bool) -> None:
    """Donner un rôle à un compte ; l’acte est inscrit au journal.

    Codes de sortie : 0 donné ; 1 compte ou région inconnus ; 2 la demande ou la base est à corriger.
    """
    from awards_app.services.accounts import account_by_address, grant_role
    from awards_app.services.roles import PersonIsUnknown

    if (role == "coordination") != (region is not None):
        raise click.UsageError(
            "La coordination demande une région (--region CODE) ; les autres rôles n’en ont pas."
        )
    confirm_in_production(_name(), confirm)
    account = account_by_address(email)
    if account is None or account.confirmed_at is None:
        raise PersonIsUnknown
    if region is not None:
        _check_region(region)
    grant_role(None, account.id, ROLES[role], region, now())
    answer(
        as_json,
        {"ok": True, "email": email, "role": role, "region": region},
        f"{email} : {role}{' ' + region if region else ''}.",
    )


def _check_region(code: str) -> None:
    from awards_app.queries.editions import regions

    known = [region.code for region in regions()]
    if code not in known:
        raise click.UsageError(f"Pas de région « {code} » ; codes : {', '.join(known)}.")


def _name() -> str:
    """What is typed in production: the current edition's name, or the platform's before the first one."""
    from awards_app.queries.editions import current_edition

    edition = current_edition()
    return edition.name if edition else "Prix de l’ESS"

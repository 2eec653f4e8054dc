"""`awards editions`: make an edition from a preset, list those there are."""

import click

from awards_app.adapters.clock import now
from awards_app.cli.ready import REFUSED, answer, confirm_in_production, confirm_option, ready, table


@click.group()
def editions() -> None:
    """Les éditions : en créer une à partir d’un jeu de réglages, les lister."""


@editions.command("create")
@click.option("--preset", default="prix-ess", show_default=True, help="Jeu de réglages (awards_app/presets).")
@click.option("--year", type=click.IntRange(2015, 2100), required=True, help="Année de l’édition.")
@confirm_option
@ready
def create(preset: str, year: int, confirm: str | None, as_json: bool) -> int:
    """Créer l’édition d’une année : régions, thématiques, calendrier, grilles, prix, formulaire.

    Codes de sortie : 0 créée ; 1 elle existe déjà ; 2 le jeu de réglages ou la base est à corriger.
    """
    from awards_app.domain.preset import PresetError, load_preset
    from awards_app.paths import PACKAGE
    from awards_app.queries.editions import edition_of_year, regions
    from awards_app.services.editions import create_edition

    path = PACKAGE / "presets" / f"{preset}.toml"
    try:
        settings = load_preset(path)
    except (PresetError, OSError) as error:
        raise click.UsageError(f"Le jeu de réglages « {preset} » ne se lit pas : {error}") from None
    confirm_in_production(f"{settings.name} {year}", confirm)
    create_edition(settings, year, now())
    edition = edition_of_year(year)
    if edition is None:
        return REFUSED
    count = len(regions())
    answer(
        as_json,
        {"ok": True, "year": year, "name": edition.name, "number": edition.number, "regions": count},
        f"{edition.name} est créée (édition n° {edition.number}, {count} régions).",
        f"Pour la suite : « awards cycle status --edition {year} ».",
    )
    return 0


@editions.command("list")
@ready
def list_all(as_json: bool) -> None:
    """Lister les éditions.

    Code de sortie : 0, même quand il n’y en a aucune.
    """
    from awards_app.queries.settings import all_editions

    found = all_editions()
    lines = table(
        ("Année", "N°", "Nom", "Jeu de réglages"),
        [(line.year, line.number, line.name, line.preset) for line in found],
    )
    answer(
        as_json,
        [
            {
                "year": line.year,
                "number": line.number,
                "name": line.name,
                "preset": line.preset,
                "current": line.is_current,
            }
            for line in found
        ],
        *(lines if found else ["Aucune édition : « awards editions create --year ANNÉE » en crée une."]),
    )

"""The emblem drawn in pages is the one drawn by the domain, and so is the file that browsers keep as icon."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from awards_app.domain.emblem import PETAL_ORDER, PETAL_PATH, emblem_svg
from awards_app.paths import PACKAGE, TEMPLATES

environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)


def test_the_macro_has_the_petals_of_the_domain() -> None:
    module = environment.get_template("components/emblem.html").module

    assert (tuple(module.petal_order), module.petal_path) == (PETAL_ORDER, PETAL_PATH)  # type: ignore[attr-defined]  # set by the template


def test_the_map_has_an_outline_for_each_region() -> None:
    module = environment.get_template("components/regions.svg.html").module

    assert sorted(module.outlines) == sorted(PETAL_ORDER)  # type: ignore[attr-defined]  # set by the template


def test_the_icon_is_the_emblem() -> None:
    icon = Path(PACKAGE) / "static" / "img" / "emblem.svg"

    assert icon.read_text(encoding="utf-8") == emblem_svg()

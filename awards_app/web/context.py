"""What every template may rely on."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from awards_app.adapters.clock import now
from awards_app.domain.holder import Holder
from awards_app.domain.words import N_
from awards_app.web.languages import instant_in_words
from awards_app.web.people import the_holder
from awards_app.web.site import release_of


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a navigation."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the banner of the demonstration says."""

    now_text: str
    door_href: str


def asset(name: str) -> str:
    """Return the address of a static file, with what changes with it: its hash, or the release of a script."""
    folder = current_app.static_folder or ""
    if name.startswith("js/"):
        return url_for("static", release=release_of(folder), filename=name.removeprefix("js/"))
    return url_for("static", filename=name, v=_digest(folder, name))


@lru_cache(maxsize=256)
def _digest(folder: str, name: str) -> str:
    file = Path(folder) / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


_PLACES = {
    "staff": N_("Coordination"),
    "jury": N_("Espace du jury"),
    "structure": N_("Espace des structures"),
    "public": N_("Économie sociale et solidaire"),
}
# Every page of their part of the house is below these addresses: only their own page is « current ».
HOMES = {"staff.home", "jury.home", "structure.home"}


def _link(label: str, endpoint: str) -> Link | None:
    if endpoint not in current_app.view_functions:
        return None
    href = url_for(endpoint)
    here = request.path.rstrip("/")
    inside = endpoint not in HOMES and here.startswith(href + "/")
    return Link(label, href, current=inside or here == href.rstrip("/"))


def account_links(holder: Holder | None) -> list[Link]:
    """Return the homes a person has, one a role they hold."""
    if holder is None:
        return [link for link in (_link(_("Se connecter"), "account.sign_in"),) if link]
    found = []
    # In the structures' own pages always: whether somebody has become a member there is not for the menu to say.
    if holder.memberships or audience() == "structure" or not (holder.grants or holder.seats):
        found.append(_link(_("Ma structure"), "structure.home"))
    if holder.seats:
        found.append(_link(_("Mon jury"), "jury.home"))
    if holder.grants:
        found.append(_link(_("Coordination"), "staff.home"))
    found.append(_link(_("Mon compte"), "own_account.home"))
    return [link for link in found if link]


def audience() -> str:
    """Return which part of the house the page is in, by its address."""
    first = request.path.split("/")[1] if request.path.count("/") else ""
    return {
        "coordination": "staff",
        "apercus": "staff",
        "jury": "jury",
        "structure": "structure",
        "candidatures": "structure",
    }.get(first, "public")


def _grants_roles(holder: Holder | None) -> bool:
    return holder is not None and (holder.is_national_staff or bool(holder.coordinated_regions))


def _leads_a_jury(holder: Holder | None) -> bool:
    return holder is not None and any(seat.function in ("chair", "deputy") for seat in holder.seats)


def navigation(place: str, holder: Holder | None) -> list[Link]:
    """Return the links of the part of the house the page is in."""
    if place == "public":
        return public_navigation()
    links: tuple[Link | None, ...]
    if place == "staff":
        links = (
            _link(_("À faire"), "staff.home"),
            _link(_("Confirmations"), "staff.confirmations_page"),
            _link(_("Rôles"), "staff_roles.roles_page") if _grants_roles(holder) else None,
            _link(_("Journal"), "staff_journal.journal"),
        )
    elif place == "jury":
        links = (
            _link(_("Mon jury"), "jury.home"),
            _link(_("Confirmations"), "staff.confirmations_page") if _leads_a_jury(holder) else None,
            _link(_("Mon compte"), "own_account.home"),
        )
    else:
        links = (_link(_("Mes candidatures"), "structure.home"), _link(_("Mon compte"), "own_account.home"))
    return [link for link in links if link]


def audience_name(place: str) -> str:
    """Return the words under the emblem that say in which part of the house one is."""
    return _(_PLACES[place])


def public_navigation() -> list[Link]:
    """Return the links of the public pages."""
    links = (
        _link(_("Le prix"), "public.prize"),
        _link(_("Calendrier"), "public.calendar"),
        _link(_("Palmarès"), "public.honours"),
        _link(_("Vérifier un certificat"), "certificates.verify"),
    )
    return [link for link in links if link]


def language_switch() -> list[dict[str, object]]:
    """Return the languages a page can be read in, each with the address that chooses it."""
    if "account.set_language" not in current_app.view_functions:
        return []
    here = str(get_locale() or "fr")[:2]
    suite = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return [
        {
            "label": label,
            "lang": code,
            "current": code == here,
            "href": url_for("account.set_language", code=code, suite=suite),
        }
        for code, label in (("fr", "Français"), ("en", "English"))
    ]


def attach(app: Flask) -> None:
    """Give templates the holder, the links, the language and the demonstration's banner."""
    app.jinja_env.globals["asset"] = asset

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        holder = the_holder()
        demo = None
        if current_app.config["AWARDS_MODE"] == "demo" and "demo.door" in current_app.view_functions:
            demo = Demonstration(instant_in_words(now()), url_for("demo.door"))
        place = audience()
        if place == "staff" and holder is not None and holder.seats and not holder.grants:
            # A chair is the second person of some acts of the coordination, and nothing more of it.
            place = "jury"
        return {
            "holder": holder,
            "audience": audience_name(place),
            "navigation": tuple(navigation(place, holder)),
            "account_links": tuple(account_links(holder)),
            "demo": demo,
            "locale": str(get_locale() or "fr")[:2],
            "language_switch": language_switch(),
        }

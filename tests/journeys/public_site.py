"""A public site on the real past, with what a publication adds: a photo, an account of method, a guide."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cases.server import settings
from tests.journeys.filing_site import Site

LAUREATE = "optim-ism-2023"
YEAR = 2023
PAGES = (
    "/",
    "/le-prix",
    "/calendrier",
    "/regions/bretagne",
    "/palmares",
    f"/palmares/{YEAR}",
    "/palmares?recherche=a",
    "/palmares?recherche=introuvable",
    "/palmares/carte",
    f"/palmares/carte?annee={YEAR}",
    f"/palmares/{YEAR}/national",
    f"/palmares/{YEAR}/national/comment",
    f"/palmares/{YEAR}/dossier-de-presse",
    f"/palmares/{YEAR}/guide",
    f"/laureats/{LAUREATE}",
    "/comment-lire-ces-indications",
    "/mentions-legales",
    "/accessibilite",
    "/donnees-personnelles",
)
AT = datetime(2024, 3, 4, 9, tzinfo=UTC)


class PublicSite(Site):
    """A site in production's own way of caching, without an edition."""

    MODULE = "tests.journeys.public_site"
    WAITS_SECONDS = 600

    def environment(self) -> dict[str, str]:
        """Return the settings of the process."""
        kept = settings(self.folder, self.url)
        del kept["AWARDS_TEST_HOOKS"]
        return kept


@contextmanager
def a_public_site() -> Iterator[Site]:
    """Fill a public site, serve it, stop it."""
    with TemporaryDirectory(prefix="awards-public-") as folder:
        site = PublicSite(Path(folder))
        site.start()
        try:
            yield site
        finally:
            site.kill()


def fill() -> None:
    """Import the real past, then give one year what a publication and its chamber add."""
    from awards_app.database import atomic
    from awards_app.models.public_pages import MethodAccount
    from awards_app.paths import REAL_DATA
    from awards_app.services.guides import make_waiting
    from awards_app.services.honours_import import import_honours
    from tests import public_world as world
    from tests.filing_world import the_preset

    world.the_regions()
    import_honours(REAL_DATA / "palmares.csv", the_preset(), AT)
    content = {
        "edition": f"Prix de l’ESS {YEAR}",
        "chamber": "ESS France",
        "quorum": "La moitié au moins des membres est présente.",
        "ties": "Les ex æquo sont départagés par un vote.",
        "grids": [{"theme": "Utilité sociale", "criteria": [["Réponse à un besoin", 100]]}],
        "examined": 27,
        "members": 9,
        "present": 8,
        "recusals": 2,
        "panel": [{"name": "Claude Morel", "function": "chair", "college": "Associations"}],
        "minutes": {"number": f"PV-{YEAR}-NAT-1", "sha256": "0123456789abcdef" * 4},
    }
    with atomic() as session:
        session.add(MethodAccount(year=YEAR, place="national", content=content, published_at=AT))
    put_photo()
    make_waiting(AT)


def put_photo() -> None:
    """Give the laureate a photo, as the chamber's act writes it."""
    from sqlalchemy import select

    from awards_app.adapters import storage
    from awards_app.adapters.uploads import cleaned, resized
    from awards_app.database import atomic
    from awards_app.domain.uploads import BY_NAME
    from awards_app.models.honours import Honour
    from awards_app.models.public_pages import HonourPhoto, HonourPicture
    from awards_app.queries.honour_photos import WIDTHS
    from awards_app.services.accounts import ensure_account
    from awards_app.services.attachment_bytes import sha256_of_bytes
    from awards_app.services.worlds.papers import picture

    kind = BY_NAME["jpg"]
    pictures = resized(cleaned(picture(), kind), kind, WIDTHS)
    with atomic() as session:
        photo = HonourPhoto(
            honour_id=session.scalars(select(Honour.id).where(Honour.slug == LAUREATE)).one(),
            alternative="Trois personnes autour d’un établi",
            credit="Jeanne Martin",
            rights="Reproduction autorisée pour parler du prix",
            chosen_by_id=ensure_account("photo@ess.example", "Camille", AT),
            chosen_at=AT,
        )
        session.add(photo)
        session.flush()
        session.add_all(
            HonourPicture(
                photo_id=photo.id,
                width=one.number,
                drawn_width=one.width,
                drawn_height=one.height,
                size=len(one.content),
                sha256=sha256_of_bytes(one.content),
                storage_key=storage.put(one.content),
            )
            for one in pictures
        )


def serve(port: int) -> None:
    """Bring the database to head, fill it when it is empty, answer until ended."""
    from flask_migrate import upgrade
    from werkzeug.serving import make_server

    from awards_app.app import create_app

    app = create_app()
    with app.app_context():
        upgrade()
        fill()
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))

"""The chamber adds a photo to a published laureate; before publication there is none to add to."""

import os
from io import BytesIO
from pathlib import Path

from awards_app.services.honours import publish_due
from awards_app.services.worlds.papers import picture
from tests.decision_world import LIFT, an_armed_round
from tests.public_world import counted
from tests.web.staff.test_publication import coordinator, home

SLUG = "structure-beta-2027"


def kept(name, answer):
    """Keep a page to be looked at, when a folder is given."""
    folder = os.environ.get("AWARDS_TEST_KEEP_PAGES")
    if folder:
        (Path(folder) / f"{name}.html").write_text(answer.text, encoding="utf-8")


def test_before_publication_the_page_says_to_wait_and_no_address_is_there(context):
    world = an_armed_round()
    client = coordinator(context, world)

    page = client.get(home(world, "pages-publiques"))

    assert page.status_code == 200
    assert "Les photos se choisissent après la publication" in page.text
    assert client.get(home(world, f"pages-publiques/photos/{SLUG}")).status_code == 404
    assert client.post(home(world, f"pages-publiques/photos/{SLUG}")).status_code == 404


def test_a_photo_goes_online_and_comes_off(context):
    world = an_armed_round()
    publish_due(LIFT)
    client = coordinator(context, world)
    with counted(context) as sent:
        page = client.get(home(world, "pages-publiques"))
    assert len(sent) <= 8
    slugs = [part.split('"')[0] for part in page.text.split("/pages-publiques/photos/")[1:]]
    address = home(world, f"pages-publiques/photos/{slugs[-1]}")
    kept("list", page)

    refused = client.post(address, data={"alternative": "Un atelier", "credit": "", "rights": "Presse"})
    assert refused.status_code == 422
    assert "Indiquez qui a pris la photo." in refused.text
    assert "Un atelier" in refused.text
    kept("refused", refused)

    words = {"alternative": "Un atelier", "credit": "Jeanne Martin", "rights": "Presse"}
    wrong = client.post(address, data={**words, "file": (BytesIO(b"%PDF-1.7"), "photo.jpg")})
    assert wrong.status_code == 415
    done = client.post(address, data={**words, "file": (BytesIO(picture()), "photo.jpg")})
    assert done.status_code == 303
    shown = client.get(address)
    kept("photo", shown)
    assert "Jeanne Martin" in client.get(f"/laureats/{slugs[-1]}").text

    assert client.post(f"{address}/retirer").status_code == 303
    assert "Jeanne Martin" not in client.get(f"/laureats/{slugs[-1]}").text


def test_a_region_has_no_guide_to_order_nor_panels_to_publish(context):
    world = an_armed_round()
    publish_due(LIFT)
    client = coordinator(context, world)
    for name in ("guide", "composition"):
        assert client.post(home(world, f"pages-publiques/{name}"), data={"publier": "oui"}).status_code == 404

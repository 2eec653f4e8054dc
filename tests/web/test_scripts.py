"""Scripts of one release come together, whatever a browser has kept of another."""

import gzip
import re
from pathlib import Path

from flask.testing import FlaskClient

SCRIPTS = Path(__file__).resolve().parents[2] / "awards_app" / "static" / "js"


def entry(client: FlaskClient) -> str:
    found = re.search(
        r'<script type="module" src="([^"]+)"', client.get("/compte/connexion").get_data(as_text=True)
    )
    assert found
    return found.group(1)


def test_a_page_asks_for_the_scripts_of_its_release_all_in_one_folder(client):
    address = entry(client)
    folder, name = address.rsplit("/", 1)
    assert (name, "?" in address) == ("app.js", False)
    imported = set(
        re.findall(r'from "\./([\w.]+)"', "".join(file.read_text() for file in SCRIPTS.glob("*.js")))
    )
    assert len(imported) > 10
    for one in {name, *imported}:
        with client.get(f"{folder}/{one}") as answer:
            assert answer.status_code == 200
            assert answer.get_data() == (SCRIPTS / one).read_bytes()
            assert "no-store" not in answer.headers["Cache-Control"]


def test_a_script_of_another_release_is_given_as_it_is_now_and_not_kept(client):
    folder = entry(client).rsplit("/", 2)[0]
    answer = client.get(f"{folder}/0123456789ab/app.js", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert gzip.decompress(answer.get_data()) == (SCRIPTS / "app.js").read_bytes()
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{folder}/0123456789ab/nothing.js").status_code == 404

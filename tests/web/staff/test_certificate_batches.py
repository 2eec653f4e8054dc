"""The pages of batches and of texts to many: what they cost, what they offer, and when."""

import re

import pytest
from flask import Flask

from awards_app.services import certificate_printing, mailings
from tests.decision_world import DELIBERATION, a_decided_round
from tests.services.test_certificate_batches import a_batch
from tests.web.jury.test_juror_pages import queries_of
from tests.web.staff.test_publication import coordinator, home


def main_of(answer) -> str:
    text = answer.get_data(as_text=True)
    return text[text.index("<main") : text.index("</main>")]


def primary(answer) -> list[str]:
    return re.findall(r'class="button primary"[^>]*>.*?<span>(.*?)</span>', main_of(answer), re.DOTALL)


def test_the_main_action_follows_where_the_batch_is(context: Flask) -> None:
    world = a_decided_round()
    client = coordinator(context, world)
    assert primary(client.get(home(world, "certificats"))) == ["Établir les certificats"]
    assert "Diplôme régional" in main_of(client.get(home(world, "certificats/commander")))
    batch = client.post(home(world, "certificats/commander")).location
    assert primary(client.get(home(world, "certificats"))) == ["Suivre le dernier lot"]

    assert client.post(f"{batch}/pause").status_code == 303
    assert primary(client.get(batch)) == ["Reprendre le lot"]
    assert client.post(f"{batch}/reprise").status_code == 303
    before = client.get(f"{batch}/etat").get_json()
    for ids in certificate_printing.batches(certificate_printing.waiting_certificates()):
        certificate_printing.issue_certificates(ids, DELIBERATION)
    assert client.get(f"{batch}/etat").get_json() != before

    assert primary(client.get(home(world, "certificats"))) == []
    assert client.post(home(world, "certificats/commander")).location == batch
    assert "data-live" not in main_of(client.get(batch))


@pytest.mark.parametrize("count", [1, 3])
def test_what_the_pages_cost(app: Flask, count: int) -> None:
    with app.app_context():
        world = a_decided_round()
        client = coordinator(app, world)
        key = a_batch(world, count)
        text = mailings.write_mailing(
            world.coordinator, world.round_key, "jury", "Un objet", "Un texte", DELIBERATION
        )
    costs = [
        queries_of(app, client, home(world, path))[1]
        for path in (f"certificats/lots/{key}", f"certificats/lots/{key}/etat", f"envois/{text}", "messages")
    ]
    assert costs == [6, 6, 6, 4]

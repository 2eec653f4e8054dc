"""The style guide shows every component without a database, in development and never in production."""

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.mark.parametrize("layout", ["public", "structure", "jury", "staff"])
def test_each_layout_draws_every_component(client: FlaskClient, layout: str) -> None:
    answer = client.get(f"/styleguide?layout={layout}")

    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count(f'<body class="is-{layout}"') == 1


def test_the_printed_layout_is_drawn(client: FlaskClient) -> None:
    assert client.get("/styleguide/document").status_code == 200


def test_the_map_links_only_regions_that_lead_somewhere(app: Flask) -> None:
    from awards_app.web.styleguide.samples import map_regions

    regions = map_regions()
    assert [region["code"] for region in regions if region["href"] is None] == [
        region["code"] for region in regions if region["state"] == "none"
    ]

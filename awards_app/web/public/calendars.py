"""The closing of a region's call as a file for a person's own calendar."""

from datetime import timedelta

from flask import Response
from flask_babel import gettext as _

from awards_app.domain.icalendar import Event, event_file
from awards_app.domain.refusals import DoesNotExist
from awards_app.queries.editions import current_edition, regions, round_of_region
from awards_app.web.doors import open_to_all
from awards_app.web.languages import PARIS, closing_in_words
from awards_app.web.moment import the_now
from awards_app.web.public import blueprint
from awards_app.web.public.addresses import whole


@blueprint.get("/regions/<slug>/cloture.ics")
@open_to_all("the closing of a call is public")
def closing_file(slug: str) -> Response:
    """Download the closing of the region's call: its last minute, in UTC, with the hour of the region in words."""
    here = next((found for found in regions() if found.slug == slug), None)
    edition = current_edition()
    line = round_of_region(edition.id, here.code, the_now()) if edition and here else None
    if here is None or edition is None or line is None or line.closes_at is None or not line.takes_part:
        raise DoesNotExist
    words = closing_in_words(line.closes_at, line.zone)
    if line.zone != PARIS:
        words = f"{words}, {closing_in_words(line.closes_at, PARIS)}"
    event = Event(
        uid=f"cloture-{edition.year}-{slug}@prix-ess",
        stamped_at=the_now(),
        starts_at=line.closes_at - timedelta(minutes=1),
        ends_at=line.closes_at,
        summary=_("%(edition)s : clôture de l’appel %(place)s", edition=edition.name, place=here.located),
        description=words,
        address=whole("public.region", slug=slug),
    )
    response = Response(event_file(event), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="cloture-{edition.year}-{slug}.ics"'
    return response

"""D4 and D5: when a request counts as arrived, and whose clock a page follows."""

from urllib.parse import urlencode

from tests.adapter import Adapter
from tests.cases.context import Context, case, expect, says
from tests.cases.group_e import ready_again
from tests.cases.group_e_browser import playing
from tests.cases.slow_line import in_two_halves

BEFORE = "2026-06-30T21:59:58+00:00"
FIVE_AFTER = "2026-06-30T22:00:05+00:00"
TOO_LATE = "2026-06-30T22:11:00+00:00"


def submit_slowly(c: Context, person: Adapter, key: str, ended: str) -> bytes:
    """Send the headers of a submission and half of its body, move the clock to ``ended``, send the rest; return the answer."""
    body = urlencode({"csrf_token": person.token(), "cle": "lente", "note": "x" * 4000}).encode()
    with in_two_halves(person, f"/candidatures/{key}/deposer", body, "application/json") as finish:
        c.platform.clock.set(ended)
        return finish()


@case("D4")
def arrival_of_the_headers_counts(c: Context) -> None:
    c.lay("P1")
    key = ready_again(c)
    c.at(BEFORE)
    answer = submit_slowly(c, c.be("CO"), key, FIVE_AFTER)
    assert b" 200 " in answer.split(b"\r\n")[0], answer[:300]
    assert b"2026-06-30T21:59:58" in answer, "the receipt does not tell when the request arrived"
    says(expect(c.be("CO").receipt(key), 200), "30 juin 2026", "23 h 59")
    c.lay("P1")
    key = ready_again(c)
    c.at(BEFORE)
    answer = submit_slowly(c, c.be("CO"), key, TOO_LATE)
    assert b" 409 " in answer.split(b"\r\n")[0], answer[:300]


@case("D5", in_browser=True)
def the_servers_clock_is_followed(c: Context) -> None:
    """A browser a day early or late, in Tahiti or in Tokyo: the same time left, Paris time, and its own beside it."""
    world = c.lay("P1")
    person, draft = world["people"]["CM"], world["candidacies"]["draft"]
    wrong = (
        ("Pacific/Tahiti", "2026-06-09T09:00:00Z", "30 juin 2026 à 11:59"),
        ("Asia/Tokyo", "2026-06-11T09:00:00Z", "1 juillet 2026 à 06:59"),
    )
    with playing() as (_played, browser):
        from tests.journeys.filing_site import open_section, sign_in

        for zone, clock, shown in wrong:
            context = browser.new_context(locale="fr-FR", timezone_id=zone)
            page = context.new_page()
            page.clock.install(time=clock)
            sign_in(page, c.base_url, person)
            open_section(page, c.base_url, draft)
            said = " ".join(page.inner_text("main").split())
            assert "mardi 30 juin 2026 à 23 h 59 (heure de Paris)" in said
            assert "Il reste 20 jours 12 h" in said, said[:600]
            assert f"soit le {shown} à votre heure" in said, said[:600]
            context.close()

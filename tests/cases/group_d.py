"""D. Deadlines and time."""

from tests.cases.context import Context, case, expect, says
from tests.cases.group_e import ready_again

# The call of the world's regions closes on 30 June 2026 at 23:59, Paris time: 22:00 UTC is the first closed instant.
LAST_SECOND = "2026-06-30T21:59:59+00:00"
FIRST_CLOSED = "2026-06-30T22:00:00+00:00"
ONE_AFTER = "2026-06-30T22:00:01+00:00"


@case("D1")
def one_second_around(c: Context) -> None:
    c.lay("P1")
    key = ready_again(c)
    c.at(LAST_SECOND)
    expect(c.be("CO").submit(key, json=True), 200)
    c.lay("P1")
    key = ready_again(c)
    c.at(ONE_AFTER)
    refused = expect(c.be("CO").submit(key), 409)
    says(refused, "clos", "30 juin 2026", "heure de Paris")
    expect(c.be("CO").draft.get(key), 200)


@case("D2")
def the_shown_minute_is_open_to_its_end(c: Context) -> None:
    c.lay("P1")
    key = ready_again(c)
    says(c.be("CO").draft.get(key), "30 juin 2026", "23 h 59", "heure de Paris")
    c.at("2026-06-30T21:59:59.900000+00:00")
    expect(c.be("CO").submit(key, json=True), 200)
    expect(c.be("CO").takeback(key), 303)
    c.at(FIRST_CLOSED)
    expect(c.be("CO").submit(key, json=True), 409)


@case("D3")
def saving_after_the_deadline(c: Context) -> None:
    c.lay("P1")
    draft = c.candidacy("draft")
    c.at(ONE_AFTER)
    with c.no_effect():
        refused = expect(c.be("CM").draft.save(draft, "area", "Texte tardif"), 409)
        assert refused.json()["yours"] == "Texte tardif"
        expect(c.be("CM").file.delete(draft, c.attachment("photos", "draft")), 409)
        section = c.be("CM").post(f"/candidatures/{draft}/rubriques/project", {"area": "Texte tardif"})
        says(expect(section, 409), "Texte tardif")
    expect(c.be("CM").draft.get(draft), 200)


@case("D14")
def client_times_are_ignored(c: Context) -> None:
    c.lay("P1")
    key = ready_again(c)
    c.at(ONE_AFTER)
    lies = {"submitted_at": LAST_SECOND, "ts": LAST_SECOND, "now": LAST_SECOND}
    headers = {
        "Date": "Tue, 30 Jun 2026 20:00:00 GMT",
        "X-Request-Start": "t=1782800000",
        "If-Unmodified-Since": "Tue, 30 Jun 2026 20:00:00 GMT",
    }
    expect(c.be("CO").post(f"/candidatures/{key}/deposer", lies, headers=headers), 409)


@case("D18")
def links_live_one_hour(c: Context) -> None:
    c.lay("P1")
    email = c.world["people"]["CO"]["email"]
    for instant, status in (("2026-06-10T09:59:59+00:00", 303), ("2026-06-10T10:00:01+00:00", 410)):
        c.at("2026-06-10T09:00:00+00:00")
        visitor = c.platform.session()
        expect(visitor.reset_ask(email), 303)
        link = c.platform.mail.link(email, "password_reset")
        c.at(instant)
        answer = visitor.reset_do(link, "une autre phrase de mots rares")
        expect(answer, status)
    says(answer, "demander")


@case("D19")
def taken_back_before_the_deadline(c: Context) -> None:
    c.lay("P1")
    key, number = c.candidacy(), c.world["receipts"]["main"]
    c.at("2026-06-30T21:59:50+00:00")
    expect(c.be("CO").takeback(key), 303)
    expect(c.be("CO").draft.save(key, "area", "Nouveau lieu"), 200)
    c.at("2026-06-30T22:00:05+00:00")
    expect(c.be("CO").submit(key), 409)
    says(expect(c.be("CO").receipt(key), 200), number)
    says(c.be("CO").draft.get(key), number)


@case("D20")
def impossible_dates(c: Context) -> None:
    """Dates of the form and of a structure's record: refused with the expected form, or kept as typed and not submitted."""
    c.lay("P1")
    structure = c.world["structures"]["free"]
    for typed in ("31/02/2015", "29/02/2015", "01/01/0000", "01/01/99999", "42000", "٠١/٠١/٢٠١٥"):
        refused = expect(c.be("CO").structure.edit(structure, founded_on=typed), 422)
        says(refused, "jj/mm/aaaa")
    expect(c.be("CO").structure.edit(structure, founded_on="28/02/2015"), 303)

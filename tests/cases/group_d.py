"""D. Deadlines and time."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

from tests.cases.context import Context, case, expect, says
from tests.cases.group_e import ready_again
from tests.cases.group_f import CRITERIA
from tests.cases.slow_line import in_two_halves

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


# The closing of 30 June 2027 at 23:59 by each clock: its last minute in UTC. Each is later than the one before.
ZONES = (
    ("Pacific/Noumea", "2027-06-30T12:59"),
    ("Indian/Reunion", "2027-06-30T19:59"),
    ("Indian/Mayotte", "2027-06-30T20:59"),
    ("Europe/Paris", "2027-06-30T21:59"),
    ("America/Miquelon", "2027-07-01T01:59"),
    ("America/Cayenne", "2027-07-01T02:59"),
    ("America/Martinique", "2027-07-01T03:59"),
    ("America/Guadeloupe", "2027-07-01T03:59"),
    ("Pacific/Tahiti", "2027-07-01T09:59"),
)
NOON = "2026-06-10T12:00:00+00:00"


def last_minute(c: Context) -> str:
    """Return the last open minute of the region's call, in UTC, as the calendar file tells it."""
    text = expect(c.platform.get("/regions/bretagne/cloture.ics"), 200).text
    found = re.search(r"DTSTART:(\d{8}T\d{6}Z)\r\n", text)
    assert found, text
    return found[1]


def letters(c: Context, kind: str) -> list[dict[str, str]]:
    """Return the letters of a kind that left."""
    return [letter for letter in c.platform.mail.sink() if letter["kind"] == kind]


def sweep(c: Context, instant: str) -> None:
    """Let the scheduler take its turn at an instant."""
    expect(c.platform.clock.set(instant), 200)
    expect(c.platform.job.run("sweep"), 200)


@case("D6")
def nine_clocks(c: Context) -> None:
    """One second before the end, the last tenth of a second, the end, one second after, by each region's clock."""
    c.lay("P1")
    key = ready_again(c)
    for zone, shown in ZONES:
        c.at(NOON)
        expect(c.be("RC").settings.deadline(c.round(), "2027-06-30T23:59", zone=zone), 303)
        assert last_minute(c) == re.sub("[-:]", "", shown) + "00Z", zone
        page = says(expect(c.be("CO").draft.get(key), 200), "30 juin 2027 à 23 h 59")
        if zone != "Europe/Paris":
            says(page, "heure de Paris")
        for second in (":59", ":59.900000"):
            c.at(f"{shown}{second}+00:00")
            expect(c.be("CO").submit(key, json=True), 200)
            expect(c.be("CO").takeback(key), 303)
        end = datetime.fromisoformat(f"{shown}:00+00:00") + timedelta(minutes=1)
        for late in (end, end + timedelta(seconds=1)):
            c.platform.clock.set(late.isoformat())
            refused = says(expect(c.be("CO").submit(key), 409), "clos", "30 juin 2027 à 23 h 59")
        says(refused, "heure de Paris" if zone == "Europe/Paris" else "heure de")


@case("D7")
def hours_of_two_nights(c: Context) -> None:
    """The hour that does not exist, with its two readings; the one that happens twice is asked for."""
    c.lay("P0")
    with c.no_effect():
        gap = expect(c.be("RC").settings.deadline(c.round(), "2027-03-28T02:30"), 422)
    says(gap, "03:30 (UTC+2)", "01:30 (UTC+1)", 'value="02:30"')
    with c.no_effect():
        fold = expect(c.be("RC").settings.deadline(c.round(), "2026-10-25T02:30"), 422)
    says(fold, "02:30 (UTC+2)", "02:30 (UTC+1)", 'name="fold"')
    expect(c.be("RC").settings.deadline(c.round(), "2026-10-25T02:30", fold="1"), 303)
    assert last_minute(c) == "20261025T013000Z"
    again = expect(c.be("RC").settings.deadline(c.round(), "2026-10-25T02:30", fold="1"), 422)
    says(again, "déjà la date limite")
    with c.no_effect():
        expect(c.be("RC").settings.deadline(c.round(), "2026-08-30T12:00", zone="Mars/Olympus"), 422)


@case("D9")
def the_season_shifts_nothing(c: Context) -> None:
    c.lay("P0")
    for typed_at, local, saved_at, expected in (
        ("2026-01-15T12:00:00+00:00", "2026-07-20T23:59", "2026-05-20T12:00:00+00:00", "20260720T215900Z"),
        ("2026-07-10T12:00:00+00:00", "2026-11-30T23:59", "2026-11-10T12:00:00+00:00", "20261130T225900Z"),
    ):
        c.at(typed_at)
        expect(c.be("RC").settings.deadline(c.round(), local), 303)
        assert last_minute(c) == expected
        c.at(saved_at)
        page = f"/coordination/{c.round()}/echeance"
        with c.no_effect():
            expect(c.be("RC").post_page(page, page, {"reason": "Enregistré tel quel."}), 422)
        says(c.be("RC").get(page), f'value="{local.partition("T")[0]}"', 'value="23:59"')
        assert last_minute(c) == expected


@case("D10")
def reminders_at_nine(c: Context) -> None:
    """Seven days, one day and one hour before, at nine by the region's clock, across October, a year's end, 29 February."""
    c.lay("P1")
    people = sorted(c.world["people"][code]["email"] for code in ("CM", "CO"))
    closings = (
        (None, ("2026-06-23T07:00", "2026-06-29T07:00", "2026-06-30T21:00")),
        ("2026-10-26T12:00", ("2026-10-19T07:00", "2026-10-25T08:00", "2026-10-26T10:01")),
        ("2027-01-03T23:59", ("2026-12-27T08:00", "2027-01-02T08:00", "2027-01-03T22:00")),
        ("2028-03-07T23:59", ("2028-02-29T08:00", "2028-03-06T08:00", "2028-03-07T22:00")),
    )
    told: list[str] = []
    for closes, instants in closings:
        if closes:
            c.close_people()
            expect(c.be("RC").settings.deadline(c.round(), closes), 303)
        for instant in instants:
            due = datetime.fromisoformat(f"{instant}:00+00:00")
            sweep(c, (due - timedelta(seconds=1)).isoformat())
            assert len(letters(c, "filing_reminder")) == len(told), f"before {instant}"
            told += people
            for later in (0, 1, 1800):
                sweep(c, (due + timedelta(seconds=later)).isoformat())
                found = [letter["recipient"] for letter in letters(c, "filing_reminder")]
                assert sorted(found) == sorted(told), f"{instant} +{later} s"
    last = letters(c, "filing_reminder")[-1]
    assert "7 mars 2028 à 23\u00a0h\u00a059 (heure de Paris)" in last["text"]
    assert c.candidacy("draft") in last["text"]


@case("J14")
def stale_reminders_are_dropped(c: Context) -> None:
    c.lay("P1")
    for instant, count in (
        ("2026-06-21T12:00:00+00:00", 0),
        ("2026-06-24T12:00:00+00:00", 0),
        ("2026-06-29T12:00:00+00:00", 2),
        ("2026-06-30T22:00:00+00:00", 2),
    ):
        sweep(c, instant)
        assert len(letters(c, "filing_reminder")) == count, instant


@case("D12")
def extended_around_the_end(c: Context) -> None:
    c.lay("P1")
    key, draft = ready_again(c), c.candidacy("draft")
    c.at("2026-06-30T21:55:00+00:00")
    with c.no_effect():
        expect(c.be("RC").settings.deadline(c.round(), "2026-07-01T00:30", reason=" "), 422)
    expect(c.be("RC").settings.deadline(c.round(), "2026-07-01T00:30"), 303)
    c.at("2026-06-30T22:10:00+00:00")
    expect(c.be("CO").draft.save(draft, "area", "Dans la prolongation"), 200)
    assert letters(c, "call_reopened") == []
    c.at("2026-06-30T22:32:00+00:00")
    for _ in range(2):
        expect(c.be("CO").submit(key), 409)
        expect(c.be("CM").draft.save(draft, "area", "Trop tard"), 409)
    expect(c.be("CO").draft.create(c.world["structures"]["free"]), 409)
    page = f"/coordination/{c.round()}/echeance"
    listed = expect(c.be("RC").get(page), 200)
    says(listed, "Les Ateliers du Phare", "La Ressourcerie du Port", "Le Jardin des Dunes", "pas encore")
    c.at("2026-06-30T22:35:00+00:00")
    expect(c.be("RC").settings.deadline(c.round(), "2026-07-02T12:00", reason="Panne du réseau."), 303)
    expect(c.be("CM").draft.save(draft, "area", "Rouvert"), 200)
    expect(c.be("CO").submit(key), 303)
    email = {code: c.world["people"][code]["email"] for code in ("CO", "CM", "CX")}
    told = [letter["recipient"] for letter in letters(c, "call_reopened")]
    assert sorted(told) == sorted([email["CO"], email["CO"], email["CM"]]), told
    assert "Panne du réseau." in letters(c, "call_reopened")[0]["text"]
    moved = [letter["recipient"] for letter in letters(c, "deadline_changed")]
    # CO has two files and was told of the first extension for each; of the second as one who was refused.
    assert moved.count(email["CO"]) == 2 + 1, moved
    assert moved.count(email["CX"]) == 2, moved
    assert "pas encore" not in expect(c.be("RC").get(page), 200).text
    receipt = says(c.be("CO").receipt(key), "30 juin 2026 à 23 h 59", "2 juillet 2026 à 12 h 00")
    assert "%PDF" in c.be("CO").receipt(key, pdf=True).text[:8] or receipt
    c.at("2026-07-01T09:00:00+00:00")
    expect(c.be("RC").settings.deadline(c.round(), "2026-07-03T12:00", reason="Encore."), 303)
    assert len(letters(c, "call_reopened")) == 3


@case("D13")
def two_persons_to_shorten(c: Context) -> None:
    c.lay("P1")
    expect(c.be("CM").draft.save(c.candidacy("draft"), "area", "Gardé malgré tout"), 200)
    for closes, after in (("2026-06-20T12:00", "20260620T100000Z"), ("2026-06-09T12:00", "20260609T100000Z")):
        before = len(letters(c, "deadline_changed"))
        expect(c.be("RC").settings.deadline(c.round(), closes, reason="Erreur de date."), 303)
        assert last_minute(c) != after
        assert len(letters(c, "deadline_changed")) == before
        page = expect(c.be("NS").get("/coordination/confirmations"), 200)
        says(page, "Erreur de date.")
        action = re.search(r'action="(/coordination/confirmations/[^"]+/confirmer)"', page.text)
        assert action
        expect(c.be("RC").post(action[1]), 409, 403)
        assert last_minute(c) != after
        expect(c.be("NS").post(action[1]), 303)
        assert last_minute(c) == after
        told = [letter["recipient"] for letter in letters(c, "deadline_changed")[before:]]
        wanted = [c.world["people"][code]["email"] for code in ("CO", "CO", "CX", "E1", "E2", "E3")]
        assert sorted(told) == sorted(wanted), told
    says(expect(c.be("CM").draft.get(c.candidacy("draft")), 200), "brouillon non déposé")
    says(c.be("CM").draft.section(c.candidacy("draft"), "project"), "Gardé malgré tout")
    expect(c.be("CM").draft.save(c.candidacy("draft"), "area", "x"), 409)


@case("D16")
def a_clock_that_jumps(c: Context) -> None:
    c.lay("P1")
    key = ready_again(c)
    sweep(c, "2026-06-30T20:00:00+00:00")
    c.close_people()
    c.be("CO").token()
    c.platform.clock.set("2026-06-30T23:00:00+00:00", announced=False)
    receipt = expect(c.be("CO").submit(key, json=True), 200).json()
    assert receipt["submitted_at"].startswith("2026-06-30T20:0"), receipt["submitted_at"]
    for _ in range(2):
        expect(c.platform.job.run("sweep"), 200)
    expect(c.be("CO").takeback(key), 303)
    expect(c.be("CM").draft.save(c.candidacy("draft"), "area", "Pendant le saut"), 200)
    staff = sorted(c.world["people"][code]["email"] for code in ("NS", "NS2"))
    assert sorted(letter["recipient"] for letter in letters(c, "clock_alert")) == staff
    says(expect(c.be("RC").get("/coordination"), 200), "saut de 180 minutes", "dépôt des candidatures")
    c.platform.clock.set("2026-06-30T20:05:00+00:00", announced=False)
    expect(c.platform.job.run("sweep"), 200)
    assert "saut de" not in expect(c.be("RC").get("/coordination"), 200).text
    # Time that passes is no jump: the call closes at its hour.
    c.at(FIRST_CLOSED)
    expect(c.platform.job.run("sweep"), 200)
    expect(c.be("CO").submit(key), 409)
    assert sorted(letter["recipient"] for letter in letters(c, "clock_alert")) == staff


@case("D17")
def a_sheet_around_the_lock(c: Context) -> None:
    c.lay("P3")
    juror, seat, file = c.be("RJ2"), c.seat("RJ2"), c.candidacy("first")
    expect(juror.sheet.save(seat, file, dict.fromkeys(CRITERIA, 2)), 303)
    c.be("JP").token()
    typed = {"csrf_token": juror.token(), "mark-need": "4", "mark-need-reason": "Écrit pendant la clôture"}
    path = f"/jury/{seat}/candidatures/{file}/noter"
    with in_two_halves(juror, path, urlencode(typed).encode()) as finish:
        expect(c.be("JP").lock(c.seat("JP")), 303)
        answer = finish().decode(errors="replace")
    assert answer.split(" ", 2)[1] == "409", answer[:300]
    assert "Écrit pendant la clôture" in answer
    assert "verrouillé" in answer.lower()
    late = juror.sheet.save(seat, file, {"need": "0"}, **{"mark-need-reason": "Après"})
    says(expect(late, 409), "verrouillé", "Après")
    own = says(expect(juror.sheet.own(seat), 200), "L’Atelier du vélo")
    assert "Écrit pendant la clôture" not in own.text

"""J: certificates by the batch, letters to many, what happens when everything around is away."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from tests.adapter import Adapter
from tests.adapters.clamd import Scanner, a_scanner
from tests.adapters.nasty import a_picture
from tests.cases.context import Context, case, expect, hides, says
from tests.cases.group_g import kept
from tests.cases.group_g_kept import another_platform
from tests.cases.server import free_port

SUBJECT = "Une précision sur le calendrier"
BODY = "Bonjour {person},\n\nLe calendrier change.\n\n{chamber}"


def written(c: Context, code: str, audience: str) -> str:
    """Have a person write to many; return the address of the page that sends."""
    page = c.be(code).mail.bulk(c.round(), audience, SUBJECT, BODY)
    assert page, "the text was not kept"
    return page


def letters(c: Context) -> list[dict[str, str]]:
    return [letter for letter in c.platform.mail.sink() if letter["kind"] == "mailing"]


def left(c: Context) -> list[dict[str, str]]:
    """Have the scheduler's turn write and send, and return the letters to many."""
    expect(c.platform.job.run("sweep"), 200)
    return letters(c)


@case("J9")
def sent_twice_by_two(c: Context) -> None:
    """Two presses, a stop in the middle, another operator: each person gets one. The test of mailings does it with 250."""
    c.lay("P6")
    page = written(c, "RC", "filed")
    c.platform.fault("mailings.spread")
    for code in ("RC", "RC", "NS"):
        expect(c.be(code).mail.send(page), 303)
    expect(c.platform.job.run("sweep"), 200)
    c.platform.fault(None)
    for _ in range(2):
        found = left(c)
    told = [letter["recipient"] for letter in found]
    assert told, "nobody was written to"
    assert sorted(set(told)) == sorted(told), told


@case("C11")
def a_trial_goes_to_whoever_asks(c: Context) -> None:
    c.lay("P5")
    person, list_ = c.world["people"]["NS"]["email"], "liste@mal.example, autre@mal.example"
    fields = {"recipients": list_, "to": list_, "email": list_, "destinataires": list_, "audience": "filed"}
    expect(c.be("NS").mail.test_wording(c.round(), "decision_selected", **fields), 303)
    page = written(c, "NS", "filed")
    expect(c.be("NS").mail.test(page, **fields), 303)
    expect(c.platform.job.run("sweep"), 200)
    sent = [letter for letter in c.platform.mail.sink() if letter["subject"].startswith("TEST")]
    assert [letter["recipient"] for letter in sent] == [person, person], [one["recipient"] for one in sent]
    assert letters(c) == [], "a trial left to a list"
    for letter in sent:
        assert letter["subject"].startswith("TEST – SOUS EMBARGO"), letter["subject"]
        assert letter["text"].startswith("TEST – SOUS EMBARGO"), letter["text"][:40]
        assert c.canary("citation") not in letter["text"]
    for code in ("CO", "RJ", "AU"):
        answer = c.be(code).mail.test_wording(c.round(), "decision_selected")
        assert answer.status_code in (403, 404), f"{code}: {answer.status_code}"


@case("J5")
def everything_around_is_away(c: Context) -> None:
    """On this database the mail server alone; on a platform that asks for them, the queue, the antivirus and the mail."""
    receipt_on_screen(c)
    away = f"redis://127.0.0.1:{free_port()}/0"
    with (
        a_scanner() as scanner,
        another_platform(AWARDS_CLAMD_URL=scanner.url, REDIS_URL=away) as (own, _folder),
    ):
        scanner.is_silent = True
        receipt_on_screen(own, scanner)


def receipt_on_screen(c: Context, scanner: Scanner | None = None) -> None:
    """Submit while nothing around answers; letters, and scans where there is a scanner, follow once it does."""
    c.lay("P1")
    key, email = c.candidacy(), c.world["people"]["CO"]["email"]
    expect(c.be("CO").takeback(key), 303)
    photo = kept(c.be("CO").file.put(key, "logo", "logo.jpg", a_picture(colour="teal")))
    before = len(c.platform.mail.sink(email))
    c.platform.fault("mail.send", times=99)
    expect(c.be("CO").submit(key), 303)
    receipt = expect(c.be("CO").receipt(key), 200)
    assert re.search(r"[0-9a-f]{64}", receipt.text), "the receipt shows no fingerprint"
    assert len(c.platform.mail.sink(email)) == before
    piece = f"/coordination/{c.round()}/recevabilite/{key}/pieces/{photo}"
    if scanner is not None:
        says(expect(c.be("RC").get(piece), 409), "analyse en cours")
        assert scanner.read == [], "the scanner was not away"
        scanner.is_silent = False
    c.platform.fault(None)
    c.at("2026-06-10T12:30:00+00:00")
    expect(c.platform.job.run("attachments.scan_waiting"), 200)
    expect(c.be("RC").get(piece), 200)
    kinds = [letter["kind"] for letter in c.platform.mail.sink(email)[before:]]
    assert kinds == ["receipt"], kinds
    assert scanner is None or len(scanner.read) >= 1, "nothing was scanned afterwards"


@case("J10")
def who_is_concerned_at_the_sending(c: Context) -> None:
    """What waits for the mail server while a file is withdrawn or a juror removed does not leave, and says why."""
    c.lay("P2")
    email = c.world["people"]["CO"]["email"]
    send_while_away(c, "filed")
    expect(c.be("CO").withdraw(c.candidacy(), "Nous renonçons."), 303)
    told = [letter["recipient"] for letter in later(c)]
    assert email not in told, "the people of a withdrawn file were written to"
    says(expect(c.be("RC").mail.list(c.round()), 200), "candidature retirée")
    c.lay("P3")
    email = c.world["people"]["RJ"]["email"]
    send_while_away(c, "jury")
    expect(c.be("RC").panel.remove(c.round(), c.seat("RJ"), "Indisponible."), 303)
    told = [letter["recipient"] for letter in later(c)]
    assert told, "nobody was written to"
    assert email not in told, "a juror who was removed was written to"
    says(expect(c.be("RC").mail.list(c.round()), 200), "ne fait plus partie du jury")


def send_while_away(c: Context, audience: str) -> None:
    """Send to many while the mail server takes nothing."""
    page = written(c, "RC", audience)
    c.platform.fault("mail.send", times=99)
    expect(c.be("RC").mail.send(page), 303)
    assert left(c) == []
    c.platform.fault(None)


def later(c: Context) -> list[dict[str, str]]:
    """Let the mail server be back a quarter of an hour later, and return the letters to many."""
    c.at((datetime.fromisoformat(c.world["now"]) + timedelta(minutes=15)).isoformat())
    return left(c)


@case("J15")
def two_schedulers(c: Context) -> None:
    """A turn that is cut half-way, two turns at once, and two more: each due act once."""
    c.lay("P1")
    c.at("2026-06-29T12:00:00+00:00")
    c.platform.fault("after_commit")
    c.platform.job.run("sweep")
    c.platform.fault(None)
    turns = [Adapter(c.base_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one.job.run("sweep"), turns))
    assert [answer.status_code for answer in answers] == [200, 200]
    for one in turns:
        one.close()
    for _ in range(2):
        expect(c.platform.job.run("sweep"), 200)
    told = [letter["recipient"] for letter in c.platform.mail.sink() if letter["kind"] == "filing_reminder"]
    assert len(told) == len(set(told)) == 2, told


@case("J3")
def one_poisoned_in_a_batch(c: Context) -> None:
    """One certificate whose printing crashes each time: the others are done, it is tried three times and says why."""
    c.lay("P6")
    kind = f"/coordination/editions/{c.world['year']}/certificats/candidacy"
    expect(c.be("NS").post_page(kind, kind, {"is_given": "y"}), 303)
    page = f"/coordination/{c.round()}/certificats"
    before = set(numbers(c, page))
    batch = expect(c.be("RC").cert.order(c.round()), 303).headers["Location"]
    ordered = [number for number in numbers(c, page) if number not in before]
    assert len(ordered) > 1, "the batch has nothing to poison"
    c.platform.fault(f"certificates.print.{ordered[0]}", "kill", times=99)
    for _ in range(4):
        expect(c.platform.job.run("certificates.issue_waiting"), 200)
    shown = expect(c.be("RC").get(batch), 200)
    says(shown, f"{len(ordered) - 1} sur {len(ordered)}", "s’est arrêtée net, 3 essais", ordered[0])
    hides(shown, *ordered[1:])
    c.platform.fault(None)
    expect(c.be("RC").post(f"{batch}/echecs"), 303)
    expect(c.platform.job.run("certificates.issue_waiting"), 200)
    says(expect(c.be("RC").get(batch), 200), f"{len(ordered)} sur {len(ordered)}")
    assert len(set(numbers(c, page))) == len(before) + len(ordered)


def numbers(c: Context, page: str) -> list[str]:
    found = re.findall(r"ESS(?:-[0-9A-Z]{4}){4}", expect(c.be("RC").get(page), 200).text)
    return list(dict.fromkeys(found))

"""J16: a deployment. Two generations of the platform answer together on one database, then the old one ends."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import httpx

from tests.adapter import Adapter
from tests.adapter_forms import find_form
from tests.adapters.nasty import a_picture
from tests.cases.context import Context, case, expect, says
from tests.cases.server import platform

FIRST_PIECE = 4096


@contextmanager
def two_generations() -> Iterator[tuple[Context, Context]]:
    """Two processes on one database and one folder: the one that is leaving, and the one that takes its place."""
    with (
        TemporaryDirectory(prefix="awards-deploy-") as folder,
        platform(AWARDS_INSTANCE=folder) as new_url,
        platform(AWARDS_INSTANCE=folder) as old_url,
    ):
        old, new = Context(old_url), Context(new_url)
        try:
            yield old, new
        finally:
            old.close()
            new.close()


def carried(person: Adapter, to: Context) -> Adapter:
    """Return the same browser, with the same session, whose requests reach the other process."""
    # The first form of a session writes into its cookie; a browser would carry that as well.
    person.token()
    other = Adapter(to.base_url)
    other.http.cookies.update(person.http.cookies)
    return other


@case("J16")
def old_and_new_code_together(c: Context) -> None:
    """Forms, saves, uploads, sheets and a batch go from one process to the other; the old one is killed at work."""
    with two_generations() as (old, new):
        old.lay("P1")
        new.world = old.world
        filing_goes_across(old, new)
        old.lay("P3")
        new.world = old.world
        sheets_go_across(old, new)
        old.lay("P6")
        new.world = old.world
        a_batch_outlives_its_worker(old, new)


def filing_goes_across(old: Context, new: Context) -> None:
    """A page of the old code is sent to the new one; what failed on one is retried on the other with the same key."""
    before, key = old.be("CO"), old.candidacy("draft")
    after = carried(before, new)
    page = expect(before.get(f"/candidatures/{key}/rubriques/project"), 200)
    form = find_form(page, "project")
    assert form is not None, "the page of the old code has no form"
    sent = {name: values[0] for name, values in form.values.items() if values} | {"area": "Brest et Morlaix"}
    expect(after.http.post(form.action, data=sent), 303)
    says(expect(before.get(f"/candidatures/{key}/rubriques/project"), 200), "Brest et Morlaix")

    # The old code commits and its answer is lost: the browser tries again, and reaches the new one.
    old.platform.fault("after_commit")
    lost = before.draft.save(key, "area", "Quimper", key="the same key")
    old.platform.fault(None)
    assert lost.status_code >= 500, lost.status_code
    expect(after.draft.save(key, "area", "Quimper", key="the same key"), 200)
    with old.no_effect():
        expect(before.draft.save(key, "area", "Quimper", key="the same key"), 200)

    an_upload_goes_across(before, after, key)
    candidacy = old.candidacy()
    expect(before.takeback(candidacy), 303)
    receipts = [
        expect(person.submit(candidacy, "one submission", json=True), 200).json()
        for person in (before, after)
    ]
    assert receipts[0] == receipts[1], receipts


def an_upload_goes_across(before: Adapter, after: Adapter, candidacy: str) -> None:
    """Begun on the old code, resumed on the new one from where it was."""
    content = a_picture(colour="teal")
    begun = expect(before.file.begin(candidacy, "photos", "photo.jpg", len(content)), 201)
    place = httpx.URL(begun.headers["Location"]).path
    middle = min(FIRST_PIECE, len(content) // 2)
    expect(before.file.append(place, 0, content[:middle]), 204)
    known = expect(after.file.ask(place), 200, 204)
    assert known.headers["Upload-Offset"] == str(middle)
    done = expect(after.file.append(place, middle, content[middle:]), 204)
    expect(before.file.get(candidacy, done.headers["Attachment-Key"]), 200)


def sheets_go_across(old: Context, new: Context) -> None:
    """A mark saved by the old code is there for the new one, which refuses what is older than it."""
    before, seat, key = old.be("RJ"), old.seat("RJ"), old.candidacy("other")
    after = carried(before, new)
    version = expect(before.sheet.save_one(seat, key, "private_note", "Avant"), 200).json()["version"]
    expect(after.sheet.save_one(seat, key, "private_note", "Pendant", version), 200)
    expect(before.sheet.save_one(seat, key, "private_note", "Trop tard", version), 409)
    says(expect(after.sheet.get(seat, key), 200), "Pendant")


def a_batch_outlives_its_worker(old: Context, new: Context) -> None:
    """The old process is killed while it prints corrected papers; the new one ends the batch, each paper once."""
    before = [one["number"] for one in old.world["certificates"]]
    page = f"/coordination/{old.round()}/certificats"
    for place, one in enumerate(old.world["certificates"]):
        correction = {"reason": "Nom mal écrit.", "corrected_name": f"Nom corrigé {place}"}
        for code in ("RC", "NS"):
            expect(old.be(code).post_page(page, f"{page}/{one['key']}/revoquer", correction), 303)
    new.platform.fault("certificates.keep", "kill")
    try:
        old.platform.job.run("certificates.issue_waiting")
    except httpx.TransportError:
        pass
    else:
        raise AssertionError("the old process was not killed at work")
    new.at("2026-11-20T18:00:00+00:00")
    expect(new.platform.job.run("certificates.issue_waiting"), 200)
    visitor, numbers = new.be("PUB"), []
    for place, number in enumerate(before):
        told = says(expect(visitor.cert.verify(number), 200), "a été remplacé").text
        newer = set(re.findall(r"/certificats/(ESS(?:-[0-9A-Z]{4}){4})", told)) - {number}
        assert len(newer) == 1, newer
        numbers.append(newer.pop())
        says(expect(visitor.cert.verify(numbers[-1]), 200), f"Nom corrigé {place}")
    papers = {expect(new.be("RC").cert.get(number), 200).content for number in numbers}
    assert len(papers) == len(before), "two numbers have one paper"

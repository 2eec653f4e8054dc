"""E. Drafts, double submission, concurrency."""

import contextlib
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.adapter import IGNORED_HEADERS, parse_ids
from tests.adapter_forms import comparable
from tests.cases.context import Context, case, expect, hides, like_missing, says


def at_once(count: int, act: Any) -> list[Any]:
    """Return what ``count`` calls of ``act`` (given its number) return, all started together."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


def ready_again(c: Context) -> str:
    """Return the main candidacy taken back, complete, ready to be submitted again."""
    expect(c.be("CO").takeback(c.candidacy()), 303)
    return c.candidacy()


def receipts(c: Context, name: str = "main") -> str:
    """Return the receipt number that the page shows."""
    page = expect(c.be("CO").receipt(c.candidacy(name)), 200)
    return page.text


def letters_of_receipt(c: Context) -> int:
    return sum(
        letter["kind"] == "receipt" for letter in c.platform.mail.sink(c.world["people"]["CO"]["email"])
    )


@case("E1")
def double_click(c: Context) -> None:
    c.lay("P1")
    key = ready_again(c)
    before = letters_of_receipt(c)
    browsers = [c.be("CO"), c.another("CO")]
    for one in browsers:
        one.token()
    answers = at_once(2, lambda n: browsers[n].submit(key, json=True))
    numbers = {expect(answer, 200).json()["receipt"] for answer in answers}
    assert len(numbers) == 1, f"two receipts: {numbers}"
    assert letters_of_receipt(c) == before + 1


@case("E2")
def twenty_at_once(c: Context) -> None:
    """Submitting, creating a draft, inviting, taking back: twenty at once of each, one effect."""
    c.lay("P1")
    key = ready_again(c)
    browsers = [c.another("CO") for _ in range(20)]
    for one in browsers:
        one.token()
    answers = at_once(20, lambda n: browsers[n].submit(key, f"cle-{n}", json=True))
    assert {answer.status_code for answer in answers} <= {200, 409}, [
        answer.status_code for answer in answers
    ]
    assert len({answer.json()["receipt"] for answer in answers if answer.status_code == 200}) == 1
    free = c.world["structures"]["free"]
    made = at_once(20, lambda n: browsers[n].draft.create(free))
    assert sorted(answer.status_code for answer in made) == [303] + [409] * 19
    back = at_once(20, lambda n: browsers[n].takeback(key))
    assert {answer.status_code for answer in back} <= {303, 409}
    gone = at_once(20, lambda n: browsers[n].withdraw(key, "Nous partons."))
    assert {answer.status_code for answer in gone} <= {303, 409}, [answer.status_code for answer in gone]
    assert [answer.status_code for answer in gone].count(303) == 1


@case("E3")
def retry_after_a_cut(c: Context) -> None:
    c.lay("P1")
    key = ready_again(c)
    person = c.be("CO")
    person.token()
    with contextlib.suppress(httpx.ReadTimeout):
        person.http.post(
            f"/candidatures/{key}/deposer",
            data={"csrf_token": person.token(), "cle": "k1"},
            timeout=httpx.Timeout(30, read=0.001),
        )
    again = expect(person.submit(key, "k1", json=True), 200).json()
    elsewhere = c.another("CO")
    assert expect(elsewhere.submit(key, json=True), 200).json()["receipt"] == again["receipt"]
    says(expect(elsewhere.receipt(key), 200), again["receipt"])


@case("E4")
def same_key_other_payload(c: Context) -> None:
    c.lay("P1")
    draft, person = c.candidacy("draft"), c.be("CM")
    first = expect(person.draft.save(draft, "need", "Premier texte", key="k-e4"), 200).json()
    with c.no_effect():
        expect(person.draft.save(draft, "need", "Autre texte", key="k-e4"), 409, 422)
    again = expect(person.draft.save(draft, "need", "Premier texte", key="k-e4"), 200).json()
    assert again["version"] == first["version"]


@case("E5")
def two_tabs_two_fields(c: Context) -> None:
    c.lay("P1")
    draft, one, two = c.candidacy("draft"), c.be("CM"), c.another("CM")
    expect(one.draft.save(draft, "area", "Brest"), 200)
    expect(two.draft.save(draft, "pitch", "Une phrase neuve."), 200)
    says(expect(one.draft.section(draft, "project"), 200), "Brest", "Une phrase neuve.")


@case("E6")
def two_tabs_same_field(c: Context) -> None:
    c.lay("P1")
    draft, one, two = c.candidacy("draft"), c.be("CM"), c.another("CM")
    version = expect(one.draft.save(draft, "area", "Départ"), 200).json()["version"]
    expect(one.draft.save(draft, "area", "Texte du premier onglet", version), 200)
    stale = expect(two.draft.save(draft, "area", "Texte du second onglet", version), 409)
    answer = stale.json()
    assert (answer["yours"], answer["theirs"]) == ("Texte du second onglet", "Texte du premier onglet")
    assert (
        "modifié entre-temps" in answer["message"].replace("\u00a0", " ")
        or "entre-temps" in answer["message"]
    )
    # Whichever is chosen, the other is in the history of the answer.
    says(expect(one.get(f"/candidatures/{draft}/historique/area"), 200), "Texte du second onglet")
    expect(two.draft.save(draft, "area", "Texte du second onglet", answer["version"]), 200)
    kept = expect(one.get(f"/candidatures/{draft}/historique/area"), 200)
    says(kept, "Texte du premier onglet", "Texte du second onglet")


@case("E7")
def two_members_two_hundred_saves(c: Context) -> None:
    c.lay("P1")
    draft, people = c.candidacy("draft"), [c.be("CM"), c.be("CO")]
    fields = (("area", "pitch"), ("contact_name", "full_time_equivalents"))
    for one in people:
        one.token()

    def turn(who: int) -> list[str]:
        last = ["", ""]
        for step in range(100):
            place = step % 2
            text = f"p{who}-{step}"
            expect(people[who].draft.save(draft, fields[who][place], text), 200)
            last[place] = text
        return last

    last = at_once(2, turn)
    pages = [people[0].draft.section(draft, section).text for section in ("project", "contact", "size")]
    for texts in last:
        for text in texts:
            assert any(f'"{text}"' in page or f">{text}<" in page for page in pages), f"{text} is lost"


@case("E9")
def saves_out_of_order(c: Context) -> None:
    c.lay("P1")
    draft, person = c.candidacy("draft"), c.be("CM")
    version = expect(person.draft.save(draft, "area", "v2"), 200).json()["version"]
    expect(person.draft.save(draft, "area", "v5", version), 200)
    for late in ("v3", "v4"):
        expect(person.draft.save(draft, "area", late, version), 409)
    says(person.draft.section(draft, "project"), "v5")


@case("E11")
def saved_after_signing_out_elsewhere(c: Context) -> None:
    c.lay("P1")
    draft, tab = c.candidacy("draft"), c.another("CM")
    token = tab.token()
    expect(tab.logout(), 303)
    refused = tab.post(
        f"/candidatures/{draft}/enregistrer", {"field": "area", "value": "Texte tapé"}, token=token
    )
    expect(refused, 400, 401)
    says(refused, "Texte tapé")
    person = c.world["people"]["CM"]
    expect(tab.login(person["email"], person["password"]), 303)
    expect(tab.draft.save(draft, "area", "Texte tapé"), 200)


@case("E13")
def back_and_refresh(c: Context) -> None:
    """Each accepted POST answers 303, so that refreshing asks for nothing again; a bookmark shows the values."""
    c.lay("P1")
    draft, person = c.candidacy("draft"), c.be("CM")
    saved = expect(person.draft.save_section(draft, "project", area="Quimper"), 303)
    expect(person.get(saved.headers["Location"]), 200)
    says(expect(person.draft.section(draft, "project"), 200), "Quimper")


@case("E15")
def incomplete_draft(c: Context) -> None:
    c.lay("P1")
    draft = c.candidacy("draft")
    expect(c.be("CM").draft.save(draft, "contact_email", "pas-une-adresse"), 200, 422)
    expect(c.be("CM").draft.save(draft, "pitch", ""), 200)
    expect(c.be("CM").draft.save(draft, "area", "Gardé"), 200)
    refused = expect(c.be("CO").submit(draft, json=True), 422)
    assert "pitch" in refused.json()["errors"]
    page = expect(c.be("CO").submit(draft), 422)
    assert f"/candidatures/{draft}/rubriques/" in page.text
    assert "#pitch" in page.text
    says(c.be("CM").draft.section(draft, "project"), "Gardé")


@case("E16")
def two_drafts_at_once(c: Context) -> None:
    c.lay("P1")
    free = c.world["structures"]["free"]
    browsers = [c.another(code) for code in ("CM", "CO") for _ in range(10)]
    for one in browsers:
        one.token()
    answers = at_once(20, lambda n: browsers[n].draft.create(free))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 19
    refused = next(answer for answer in answers if answer.status_code == 409)
    made = next(answer for answer in answers if answer.status_code == 303).headers["Location"]
    assert made in refused.text, "the refusal does not lead to the live draft"


@case("E17")
def ten_invitations(c: Context) -> None:
    c.lay("P1")
    structure, address = c.world["structures"]["main"], "invitee@neuve.example"
    before = memberships(c, "main")
    browsers = [c.another("CO") for _ in range(10)]
    for one in browsers:
        one.token()
    answers = at_once(10, lambda n: browsers[n].structure.member_add(structure, address))
    assert {answer.status_code for answer in answers} <= {303, 409, 422}, [
        answer.status_code for answer in answers
    ]
    assert [answer.status_code for answer in answers].count(303) == 1
    link = c.platform.mail.link(address, "structure_invitation")
    visitors = [c.platform.session() for _ in range(2)]
    for one in visitors:
        one.token()
    accepted = at_once(2, lambda n: visitors[n].accept(link))
    assert sorted(answer.status_code for answer in accepted) == [303, 410]
    after = memberships(c, "main")
    assert len(after) == len(before) + 1, f"{len(after) - len(before)} memberships"


@case("E18")
def removed_while_saving(c: Context) -> None:
    c.lay("P1")
    draft, member = c.candidacy("draft"), c.be("CM")
    expect(member.draft.save(draft, "area", "Avant"), 200)
    membership = membership_of(c, "draft")
    expect(c.be("CO").structure.member_remove(c.world["structures"]["draft"], membership), 303)
    refused = member.draft.save(draft, "area", "Après")
    expect(refused, 404)
    like_missing(lambda key: member.draft.get(key), draft)
    says(c.be("CO").draft.section(draft, "project"), "Avant")


def memberships(c: Context, structure: str) -> list[str]:
    """Return the memberships that the page of members shows to CO."""
    key = c.world["structures"][structure]
    page = expect(c.be("CO").structure.members(key), 200).text
    return list(dict.fromkeys(part.split("/")[0] for part in page.split(f"/structure/{key}/membres/")[1:]))


def membership_of(c: Context, structure: str, email: str = "") -> str:
    """Return the membership of a person (CM) in a structure, as the page of members shows it to CO."""
    key = c.world["structures"][structure]
    page = c.be("CO").structure.members(key).text
    after = page[page.index(email or c.world["people"]["CM"]["email"]) :]
    return after.split(f"/structure/{key}/membres/")[1].split("/")[0]


@case("E19")
def both_leave(c: Context) -> None:
    """Of two responsible people who leave at once one stays; the last one cannot leave."""
    c.lay("P1")
    key, other = c.world["structures"]["main"], "seconde@neuve.example"
    expect(c.be("CO").structure.member_add(key, other, "responsible"), 303)
    second = c.platform.session()
    expect(second.accept(c.platform.mail.link(other, "structure_invitation")), 303)
    targets = [membership_of(c, "main", c.world["people"]["CO"]["email"]), membership_of(c, "main", other)]
    browsers = [c.be("CO"), second]
    for one in browsers:
        one.token()
    answers = at_once(2, lambda n: browsers[n].structure.member_remove(key, targets[n]))
    assert sorted(answer.status_code for answer in answers) == [303, 409], [
        answer.status_code for answer in answers
    ]


@case("E21")
def withdrawn_and_decided_at_once(c: Context) -> None:
    c.lay("P2")
    key = c.candidacy("other")
    chamber, owner = c.be("RC"), c.be("CX")
    chamber.token(), owner.token()
    path = f"/coordination/{c.round()}/recevabilite/{key}"
    data = {"verdict": "inadmissible", "reason": "Hors sujet."}
    answers = at_once(2, lambda n: owner.withdraw(key) if n == 0 else chamber.post(path, data))
    assert {answer.status_code for answer in answers} <= {303, 409}, [
        answer.status_code for answer in answers
    ]
    assert answers[0].status_code == 303 or answers[1].status_code == 303
    # Whichever came first, the state is legal and one: a withdrawn file takes no decision, a decided one keeps its reason.
    shown = expect(chamber.get(path), 200)
    if answers[0].status_code == 303:
        says(shown, "retirée")
        with c.no_effect():
            expect(chamber.post(path, data | {"reason": "Encore."}), 409)
            expect(owner.withdraw(key), 409)
    if answers[1].status_code == 303:
        says(shown, "Hors sujet.")


@case("E23")
def deleted_draft(c: Context) -> None:
    c.lay("P1")
    draft, person = c.candidacy("draft"), c.be("CO")
    expect(person.draft.delete(draft), 303)
    refused = expect(person.draft.save(draft, "area", "Fantôme"), 410, 404)
    page = expect(person.draft.get(draft), 410, 404)
    if 410 in (page.status_code, refused.status_code):
        says(page, "restaurer")
    expect(person.draft.restore(draft), 303)
    expect(person.draft.get(draft), 200)


@case("E24")
def a_hundred_saves_a_second(c: Context) -> None:
    """Three tabs save as fast as they can for three seconds: no 500, versions only grow, a 429 gives the text back."""
    c.lay("P1")
    draft = c.candidacy("draft")
    tabs = [c.another("CM") for _ in range(3)]
    for one in tabs:
        one.token()

    def tab(number: int) -> list[int]:
        versions = []
        for step in range(60):
            answer = tabs[number].draft.save(draft, "area", f"t{number}-{step}")
            expect(answer, 200, 429)
            if answer.status_code == 200:
                versions.append(answer.json()["version"])
            else:
                says(answer, f"t{number}-{step}")
        return versions

    found = at_once(3, tab)
    for versions in found:
        assert versions == sorted(versions), "a version went back"
    flat = [version for versions in found for version in versions]
    assert len(flat) == len(set(flat)), "two saves got the same version"


@case("E25")
def receipt_is_whole(c: Context) -> None:
    c.lay("P1")
    page = expect(c.be("CO").receipt(c.candidacy()), 200)
    says(page, c.world["receipts"]["main"], "statuts.pdf")
    first = expect(c.be("CO").receipt(c.candidacy(), pdf=True), 200)
    assert first.content.startswith(b"%PDF")
    content = expect(c.be("CO").file.get(c.candidacy(), c.attachment("statutes")), 200).content
    filed_as_hashed(c)
    c.lay("P6")
    says(expect(c.be("CO").receipt(c.candidacy()), 200), c.world["receipts"]["main"])
    assert expect(c.be("CO").file.get(c.candidacy(), c.attachment("statutes")), 200).content == content
    filed_as_hashed(c)
    expect(c.be("CO").draft.save(c.candidacy(), "area", "Après coup"), 409)


def filed_as_hashed(c: Context) -> None:
    """Fail unless the filed copy that is downloaded has the fingerprint that the receipt shows, and so have its files."""
    page = expect(c.be("CO").receipt(c.candidacy()), 200).text
    filed = expect(c.be("CO").get(f"/candidatures/{c.candidacy()}/depot.json"), 200)
    assert hashlib.sha256(filed.content).hexdigest() in page, "the copy is not the one that was hashed"
    for attachment in filed.json()["attachments"]:
        content = expect(c.be("CO").file.get(c.candidacy(), attachment["key"]), 200).content
        assert hashlib.sha256(content).hexdigest() == attachment["sha256"]
        assert attachment["sha256"] in page


@case("E26")
def taken_back_and_left(c: Context) -> None:
    c.lay("P1")
    key = c.candidacy()
    number = c.world["receipts"]["main"]
    expect(c.be("CO").takeback(key), 303)
    expect(c.be("CO").draft.save(key, "area", "Jamais déposé"), 200)
    c.at("2026-07-06T09:00:00+00:00")
    says(expect(c.be("CO").receipt(key), 200), number)
    page = expect(c.be("CO").draft.review(key), 200, 409)
    assert "Jamais déposé" not in expect(c.be("CO").get(f"/candidatures/{key}/depot.json"), 200).text
    assert "Jamais déposé" not in c.be("RC").get(f"/coordination/{c.round()}/recevabilite/{key}").text
    assert page is not None


@case("E28")
def structure_that_exists(c: Context) -> None:
    """Registering a known number and a new one: same answer, same page, one same letter; those responsible decide."""
    c.lay("P1")
    record = expect(c.be("CO").structure.get(c.world["structures"]["main"]), 200).text
    siren = record.split('name="identifier"')[1].split('value="')[1].split('"')[0]
    values = {
        "name": "Une autre maison",
        "legal_family": "association",
        "founded_on": "01/01/2015",
        "postcode": "35000",
        "city": "Rennes",
        "address": "1 rue Neuve",
    }
    answers = []
    for number in ("W359999999", siren):
        made = expect(c.be("CX").structure.create(**values, identifier=number), 303)
        page = expect(c.be("CX").get(made.headers["Location"]), 200)
        plain = {k: v for k, v in made.headers.items() if k.lower() not in IGNORED_HEADERS}
        answers.append((plain, made.content, page.status_code, comparable(page.text)))
    assert answers[0] == answers[1], "the two answers differ"
    mine = [
        one
        for one in c.platform.mail.sink(c.world["people"]["CX"]["email"])
        if one["kind"] == "structure_requested"
    ]
    assert len(mine) == 2
    assert (mine[0]["subject"], mine[0]["text"]) == (mine[1]["subject"], mine[1]["text"])
    hides(c.be("CX").get("/structure"), "Les Ateliers du Phare", c.world["structures"]["main"])
    like_missing(lambda key: c.be("CX").structure.get(key), c.world["structures"]["main"])
    says(
        c.be("CO").structure.members(c.world["structures"]["main"]), "Xavier Ailleurs", "demande à rejoindre"
    )
    asked = c.platform.mail.sink(c.world["people"]["CO"]["email"])
    assert [one["kind"] for one in asked].count("membership_requested") == 1
    again = membership_of(c, "main", c.world["people"]["CX"]["email"])
    path = f"/structure/{c.world['structures']['main']}/membres/{again}/repondre"
    expect(c.be("CX").post(path, {"reponse": "oui"}), 404)
    expect(c.be("CO").post(path, {"reponse": "non"}), 303)
    told = c.platform.mail.sink(c.world["people"]["CX"]["email"])[-1]
    assert told["kind"] == "membership_declined"
    assert "Les Ateliers du Phare" not in told["text"]


@case("E27")
def completion_once_in_time_and_as_listed(c: Context) -> None:
    """One answer, then 409; after its instant 409 with the instant; a field that is not listed 422; a member 403."""
    c.lay("P2")
    key, request = c.candidacy(), str(c.world["completions"]["main"])
    owner, member, chamber = c.be("CO"), c.be("CM"), c.be("RC")
    with c.no_effect():
        typed = "CANARI-NON-LISTE"
        says(expect(owner.complement.answer(key, request, area="Brest", pitch=typed), 422), typed)
        expect(owner.complement.prepare(key, request, "pitch", typed), 422)
        expect(member.complement.answer(key, request, area="Brest"), 403)
        like_missing(lambda k: c.be("CX").complement.read(k, request), key)
        like_missing(lambda k: c.be("CX").complement.answer(k, request, area="Brest"), key)
        like_missing(lambda r: c.be("CX").complement.read(c.candidacy("other"), r), request)
    expect(member.complement.prepare(key, request, "area", "Brest, préparé"), 200)
    before = owner.receipt(key).text
    others = [c.another("CO") for _ in range(3)]
    for one in others:
        one.token()
    answers = at_once(3, lambda n: others[n].complement.answer(key, request, area=f"Brest {n}"))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    again = expect(owner.complement.answer(key, request, area="Encore"), 409)
    says(again, "déjà répondu", "heure de Paris")
    assert owner.receipt(key).text != before
    said = c.round(), c.candidacy("other")
    expect(chamber.complement.ask(*said, ["area"], "2026-07-10T12:00"), 303)
    found = [link for link in parse_ids(c.be("CX").draft.get(said[1])) if link not in (said[1],)]
    late = next(one for one in found if c.be("CX").complement.read(said[1], one).status_code == 200)
    c.at("2026-07-10T10:00:59.999999+00:00")
    expect(c.be("CX").complement.prepare(said[1], late, "area", "Prêt"), 200)
    c.at("2026-07-10T10:01:00+00:00")
    with c.no_effect():
        answer = expect(c.be("CX").complement.answer(said[1], late, area="Trop tard"), 409)
        says(answer, "clos", "10 juillet 2026 à 12 h 00 (heure de Paris)", "Trop tard")

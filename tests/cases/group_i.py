"""I. Accounts and sessions."""

import re

import httpx

from tests.adapter_forms import comparable
from tests.cases.context import Context, case, expect, hides, says
from tests.cases.crawling import pages_of, sent_forms, shape_of
from tests.cases.group_e import at_once

PHRASE = "une autre phrase de mots rares"


def last(c: Context, code: str) -> str:
    return str(c.world["people"][code]["email"])


@case("I1")
def eleven_wrong_passwords(c: Context) -> None:
    c.lay("P1")
    person, visitor = c.world["people"]["CO"], c.platform.session()
    statuses = [visitor.login(person["email"], f"mauvais mot {n}").status_code for n in range(11)]
    assert statuses == [422] * 10 + [429], statuses
    blocked = visitor.login(person["email"], person["password"])
    expect(blocked, 429)
    assert "Retry-After" in blocked.headers
    says(blocked, "trop de tentatives")
    c.at("2026-06-10T09:16:00+00:00")
    expect(visitor.login(person["email"], person["password"]), 303)


@case("I2")
def rotating_addresses(c: Context) -> None:
    c.lay("P1")
    person, visitor = c.world["people"]["CO"], c.platform.session()
    token = visitor.token()
    statuses = []
    for n in range(11):
        headers = {
            "X-Forwarded-For": f"198.51.100.{n}",
            "X-Real-IP": f"198.51.100.{n}",
            "Forwarded": f"for=198.51.100.{n}",
        }
        data = {"email": person["email"], "password": f"mauvais {n}"}
        statuses.append(visitor.post("/compte/connexion", data, headers=headers, token=token).status_code)
    assert statuses[-1] == 429, statuses


@case("I3")
def known_and_unknown_addresses(c: Context) -> None:
    c.lay("P1")
    known, unknown = last(c, "CO"), "personne@inconnue.example"
    for verb in ("reset_ask", "link_ask"):
        answers = [getattr(c.platform.session(), verb)(email) for email in (known, unknown)]
        assert [a.status_code for a in answers] == [303, 303]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
    pages = [c.platform.session().login(email, "mauvais mot de passe") for email in (known, unknown)]
    assert pages[0].status_code == pages[1].status_code == 422
    texts = [
        comparable(page.text).replace(email, "") for page, email in zip(pages, (known, unknown), strict=True)
    ]
    assert texts[0] == texts[1], "the refusal tells a known address from an unknown one"
    opened = [c.platform.session().register("Une Personne", email, PHRASE) for email in (known, unknown)]
    assert [a.status_code for a in opened] == [303, 303]
    assert opened[0].headers["Location"] == opened[1].headers["Location"]


@case("I4")
def reset_links_work_once(c: Context) -> None:
    c.lay("P1")
    email = last(c, "CO")
    c.platform.session().reset_ask(email)
    old = c.platform.mail.link(email, "password_reset")
    c.at("2026-06-10T09:01:00+00:00")
    c.platform.session().reset_ask(email)
    new = c.platform.mail.link(email, "password_reset")
    expect(c.platform.session().reset_do(old, PHRASE), 410)
    expect(c.platform.session().reset_do(new, PHRASE), 303)
    expect(c.platform.session().reset_do(new, PHRASE + " encore"), 410)
    expect(c.platform.session().login(email, PHRASE), 303)
    page = c.platform.session().get(new.split("/", 3)[3] and "/" + new.split("/", 3)[3])
    assert page.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


@case("I6")
def fixed_session(c: Context) -> None:
    c.lay("P1")
    person, browser = c.world["people"]["CO"], c.platform.session()
    browser.token()
    before = dict(browser.http.cookies)
    expect(browser.login(person["email"], person["password"]), 303)
    after = dict(browser.http.cookies)
    assert before
    assert before != after
    expect(replayed(c, before), 302)


def replayed(c: Context, cookies: dict[str, str]) -> httpx.Response:
    """Ask for a person's page with cookies kept from before."""
    return httpx.get(
        f"{c.base_url}/compte", cookies=cookies, follow_redirects=False, trust_env=False, timeout=120
    )


@case("I7")
def replayed_cookie(c: Context) -> None:
    c.lay("P1")
    browser = c.another("CO")
    kept = dict(browser.http.cookies)
    expect(replayed(c, kept), 200)
    expect(browser.logout(), 303)
    expect(replayed(c, kept), 302)
    other = c.another("CO")
    kept = dict(other.http.cookies)
    c.at("2026-08-01T09:00:00+00:00")
    expect(replayed(c, kept), 302)


@case("I8")
def other_sessions_end(c: Context) -> None:
    c.lay("P1")
    one, two = c.another("CO"), c.another("CO")
    person = c.world["people"]["CO"]
    changed = one.post("/compte/mot-de-passe", {"current_password": person["password"], "password": PHRASE})
    expect(changed, 303)
    expect(two.get("/compte"), 302)
    expect(one.get("/compte"), 200)
    c.platform.session().reset_ask(person["email"])
    expect(
        c.platform.session().reset_do(
            c.platform.mail.link(person["email"], "password_reset"), PHRASE + " bis"
        ),
        303,
    )
    expect(one.get("/compte"), 302)


@case("I9")
def small_cookies(c: Context) -> None:
    c.lay("P1")
    browser, draft = c.another("CM"), c.candidacy("draft")
    for n in range(20):
        expect(browser.draft.save_section(draft, "project", area=f"Lieu {n}"), 303)
    assert all(len(f"{name}={value}") < 4096 for name, value in browser.http.cookies.items())
    says(expect(browser.draft.section(draft, "project"), 200), "Lieu 19")


@case("I10")
def spoilt_cookies(c: Context) -> None:
    c.lay("P1")
    good = dict(c.another("CO").http.cookies)["prix"]
    for value in (good[:-4], good + "x", good[: len(good) // 2], "x" * 8192, "..", good.replace(".", "")):
        answer = httpx.get(
            f"{c.base_url}/compte/connexion",
            headers={"Cookie": f"prix={value}"},
            trust_env=False,
            timeout=120,
        )
        expect(answer, 200, 400, 431)
        hides(answer, c.world["people"]["CO"]["name"])
    twice = httpx.get(
        f"{c.base_url}/compte",
        headers={"Cookie": f"prix=x; prix={good}"},
        follow_redirects=False,
        trust_env=False,
        timeout=120,
    )
    expect(twice, 200, 302)


@case("I11")
def forged_forms(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CM"), c.candidacy("draft")
    path, data = f"/candidatures/{draft}/enregistrer", {"field": "area", "value": "Texte forgé"}
    stranger = c.be("CX").token()
    with c.no_effect():
        for token in ("", "n-importe-quoi", stranger):
            answer = expect(person.post(path, data, token=token), 400)
            says(answer, "Texte forgé")
        for headers in ({"Origin": "https://mal.example"}, {"Sec-Fetch-Site": "cross-site"}):
            says(expect(person.post(path, data, headers=headers), 400, 403), "Texte forgé")
        body = '{"field":"area","value":"x"}'
        expect(person.http.post(path, content=body, headers={"Content-Type": "text/plain"}), 400, 403)
    for phase, codes in (
        ("P1", ("CO", "RC", "NS")),
        ("P3", ("RJ", "JP", "RC")),
        ("P4", ("JP", "RC")),
        ("P6", ("NS",)),
    ):
        c.lay(phase)
        for code in codes:
            forged_everywhere(c, code)


def forged_everywhere(c: Context, code: str) -> None:
    """Send every form of a person's rooms as another site would: refused, nothing done, the words given back."""
    person, stranger = c.be(code), c.another("CX").token()
    seen = set()
    for path, page in list(pages_of(person, limit=60, each=2)):
        for form in sent_forms(path, page):
            if shape_of(form.action) in seen or "/__test__/" in form.action:
                continue
            seen.add(shape_of(form.action))
            values = {name: value for name, value in form.values.items() if name != "csrf_token"}
            values |= {name: "Texte forgé" for name in form.words[:1] if "password" not in name}
            with c.no_effect():
                for token in ("", "n-importe-quoi", stranger):
                    answer = expect(person.post(form.action, values, token=token), 400, 403)
                    if "Texte forgé" in values.values():
                        says(answer, "Texte forgé")
                for headers in (
                    {"Origin": "https://mal.example"},
                    {"Sec-Fetch-Site": "cross-site"},
                    {"Sec-Fetch-Site": "same-site"},
                ):
                    expect(person.post(form.action, values, headers=headers), 400, 403)
                sent = {"Content-Type": "text/plain", "X-CSRFToken": person.token()}
                expect(person.http.post(form.action, content='{"a": 1}', headers=sent), 400, 403)
    assert len(seen) > 3, f"{code} has only {len(seen)} forms"


@case("I12")
def form_open_for_hours(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CM"), c.candidacy("draft")
    token = person.token()
    c.platform.clock.set("2026-06-10T12:30:00+00:00")
    answer = person.post(
        f"/candidatures/{draft}/enregistrer", {"field": "area", "value": "Longue attente"}, token=token
    )
    expect(answer, 200)
    says(person.draft.section(draft, "project"), "Longue attente")


@case("I13")
def signing_in_the_victim(c: Context) -> None:
    c.lay("P1")
    attacker = c.world["people"]["CX"]
    data = {"email": attacker["email"], "password": attacker["password"], "suite": ""}
    victim = c.platform.session()
    expect(victim.post("/compte/connexion", data, token=""), 400)
    expect(victim.post("/compte/connexion", data, headers={"Origin": "https://mal.example"}), 400, 403)
    expect(victim.get("/compte"), 302)


@case("I16")
def forwarded_invitation(c: Context) -> None:
    c.lay("P2")
    structure, invited = c.world["structures"]["main"], "invitee@neuve.example"
    expect(c.be("CO").structure.member_add(structure, invited), 303)
    link = c.platform.mail.link(invited, "structure_invitation")
    expect(c.be("CX").accept(link), 409)
    expect(c.be("CX").structure.get(structure), 404)
    visitor = c.platform.session()
    expect(visitor.get("/" + link.split("/", 3)[3]), 200)
    expect(visitor.accept(link), 303)
    expect(visitor.structure.get(structure), 200)
    expect(c.platform.session().accept(link), 410)


@case("I18")
def passwords(c: Context) -> None:
    c.lay("P1")

    def opened(email: str, password: str) -> httpx.Response:
        return c.platform.session().register("Une Personne", email, password)

    def enters(email: str, password: str) -> int:
        return c.platform.session().login(email, password).status_code

    for bad in ("court", "motdepasse", "123456789012", "prixess2027", "password1234"):
        expect(opened("faible@neuve.example", bad), 422)
    base = "é" * 5 + " phrase " + "a" * 61
    first, second = base + "1 fin", base + "2 fin"
    expect(opened("longue@neuve.example", first), 303)
    visitor = c.platform.session()
    expect(visitor.verify(c.platform.mail.link("longue@neuve.example", "account_confirmation")), 303)
    assert enters("longue@neuve.example", second) == 422, "cut at 72 bytes"
    assert enters("longue@neuve.example", first.replace("é", "e\u0301")) == 303, (
        "composed and decomposed differ"
    )
    assert enters("longue@neuve.example", " " + first) == 422
    expect(opened("enorme@neuve.example", "x" * 1_000_000), 413, 422)


@case("I20")
def three_mails_an_hour(c: Context) -> None:
    """One victim gets at most three letters of a kind in an hour (limits by address are off while cases run)."""
    c.lay("P1")
    email = last(c, "CO")
    before = len(c.platform.mail.sink(email))
    c.platform.clock.set(c.world["now"], frozen=False)
    for _ in range(12):
        expect(c.platform.session().reset_ask(email), 303, 429)
    assert len(c.platform.mail.sink(email)) - before == 3


@case("I21")
def ending_the_other_sessions(c: Context) -> None:
    c.lay("P1")
    one, two = c.another("CO"), c.another("CO")
    expect(one.post("/compte/sessions/fermer"), 303)
    expect(two.get("/compte"), 302)
    expect(one.get("/compte"), 200)


@case("I22")
def headers_everywhere(c: Context) -> None:
    c.lay("P1")
    person = c.be("CO")
    paths = [
        "/",
        "/compte",
        "/structure",
        "/rien-ici",
        "/coordination",
        "/compte/connexion",
        f"/candidatures/{c.candidacy()}",
    ]
    for path in paths:
        answer = person.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
    browser = c.platform.session()
    cookie = browser.get("/compte/connexion").headers.get("Set-Cookie", "")
    assert re.search("HttpOnly.*SameSite=Lax", cookie), cookie


@case("I19")
def interleaved_people(c: Context) -> None:
    """Two people ask in turn from many threads while the database breaks now and then: nobody sees the other."""
    c.lay("P1")
    people = [("CO", c.be("CO")), ("CX", c.be("CX"))]
    names = {code: c.world["people"][code]["name"] for code, _ in people}
    for _code, browser in people:
        browser.token()

    def turn(number: int) -> None:
        code, _browser = people[number % 2]
        other = "CX" if code == "CO" else "CO"
        if number % 25 == 0:
            c.platform.fault("before_commit")
        with httpx.Client(
            base_url=c.base_url,
            cookies=dict(people[number % 2][1].http.cookies),
            trust_env=False,
            timeout=120,
        ) as client:
            for path in ("/compte", "/structure"):
                answer = client.get(path)
                hides(answer, names[other], c.world["people"][other]["email"])

    at_once(20, lambda n: [turn(n + 20 * k) for k in range(5)])
    c.platform.fault(None)

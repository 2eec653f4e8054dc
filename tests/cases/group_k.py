"""K, J, L, N, H and G: what one script can check of operations, jobs, privacy, the journal, injections and files."""
# ruff: noqa: B023 - each function made in a loop is called before the loop goes on

import os
import re
import subprocess
import sys

import httpx

from awards_app.services.worlds.papers import pdf, picture
from tests.cases.context import Context, case, expect, hides, like_missing, says
from tests.cases.server import ROOT


@case("K12")
def unsafe_settings(c: Context) -> None:
    safe = {
        "AWARDS_MODE": "production",
        "SECRET_KEY": "k" * 40,
        "AWARDS_PUBLIC_URL": "https://prix.example",
        "AWARDS_HOSTS": "prix.example",
        "DATABASE_URL": "sqlite://",
        "AWARDS_SQLITE_SYNCHRONOUS": "FULL",
        "AWARDS_INSTANCE": "/tmp/awards-k12",
    }
    spoilt = {
        "SECRET_KEY": "",
        "FLASK_DEBUG": "1",
        "AWARDS_TEST_HOOKS": "1",
        "AWARDS_HOSTS": "*",
        "AWARDS_SQLITE_SYNCHRONOUS": "OFF",
        "DATABASE_URL": "",
    }
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWARDS_", "FLASK_", "SECRET", "DATABASE"))
    }
    for name, value in spoilt.items():
        command = [sys.executable, "-c", "from awards_app.app import create_app; create_app()"]
        done = subprocess.run(
            command, cwd=ROOT, env=kept | safe | {name: value}, capture_output=True, text=True, check=False
        )
        assert done.returncode != 0, f"{name}={value!r} starts"
        assert name in done.stderr, f"{name}={value!r}: the refusal does not name it"


@case("K14")
def malformed_requests(c: Context) -> None:
    c.lay("P1")
    for number in range(50):
        expect(c.be("PUB").get(f"/rien/{number}"), 404)
    answer = httpx.get(f"{c.base_url}/", headers={"X-Long": "a" * 60_000}, trust_env=False, timeout=120)
    assert answer.status_code in (200, 400, 431)


@case("J2")
def jobs_twice(c: Context) -> None:
    c.lay("P6")
    before = c.platform.digest()
    for name in ("certificates.issue_waiting", "publication.publish_due", "sweep"):
        for _ in range(2):
            expect(c.platform.job.run(name), 200)
    after = c.platform.digest()
    # A preview's row says when the queue was last asked for it: the sweep asks again, half a minute apart.
    changed = [name for name in before if before[name] != after[name] and name not in ("message", "preview")]
    assert changed == [], changed


@case("J6")
def mail_server_down(c: Context) -> None:
    c.lay("P1")
    email = c.world["people"]["CO"]["email"]
    before = len(c.platform.mail.sink(email))
    c.platform.fault("mail.send", times=1)
    expect(c.platform.session().reset_ask(email), 303)
    assert len(c.platform.mail.sink(email)) == before
    c.at("2026-06-10T09:30:00+00:00")
    assert len(c.platform.mail.sink(email)) == before + 1


@case("J8")
def no_mail_after_a_rollback(c: Context) -> None:
    c.lay("P1")
    key, email = c.candidacy(), c.world["people"]["CO"]["email"]
    expect(c.be("CO").takeback(key), 303)
    before = len(c.platform.mail.sink(email))
    c.be("CO").token()
    c.platform.fault("before_commit")
    expect(c.be("CO").submit(key), 503)
    assert len(c.platform.mail.sink(email)) == before


@case("J13")
def guessing_certificates(c: Context) -> None:
    c.lay("P6")
    for number in ("<script>alert(1)</script>", "x" * 2000, "ESS-0000-0000-0000-0000", "%00", "' OR 1=1 --"):
        answer = c.be("PUB").get(
            "/certificats/" + httpx.URL("/").copy_with(path="/" + number).raw_path.decode()[1:]
        )
        assert answer.status_code in (200, 400, 404, 414), f"{number[:20]}: {answer.status_code}"
        assert "<script>alert" not in answer.text
    shown = expect(c.be("PUB").cert.verify(c.world["certificates"][0]["number"]), 200)
    hides(shown, "contact@", c.world["people"]["CO"]["email"], c.candidacy())


@case("L1")
def own_data(c: Context) -> None:
    c.lay("P1")
    data = expect(c.be("CO").own_data(), 200)
    says(data, c.world["people"]["CO"]["email"], c.world["people"]["CO"]["name"])
    hides(data, c.world["people"]["CX"]["email"], "argon2", c.world["people"]["RC"]["email"])


@case("L6")
def no_personal_data_in_addresses(c: Context) -> None:
    c.lay("P4")
    for code, path in (
        ("RC", f"/coordination/{c.round()}"),
        ("JP", f"/jury/{c.seat('JP')}"),
        ("CO", "/structure"),
    ):
        page = expect(c.be(code).get(path), 200)
        for link in re.findall(r'href="([^"]+)"', page.text):
            assert "@" not in link.replace("%40", "@"), link
        title = re.findall(r"<title>(.*?)</title>", page.text, re.DOTALL)[0]
        assert c.world["people"][code]["name"] not in title


@case("L7")
def no_cookie_before_any_act(c: Context) -> None:
    c.lay("P6")
    for path in ("/", "/palmares", "/calendrier"):
        answer = httpx.get(c.base_url + path, trust_env=False, timeout=120)
        assert "set-cookie" not in answer.headers, f"{path}: {answer.headers.get('set-cookie')}"


@case("N1")
def one_entry_an_act(c: Context) -> None:
    c.lay("P1")
    start = entries(c)
    expect(c.be("CO").takeback(c.candidacy()), 303)
    expect(c.be("CO").submit(c.candidacy()), 303)
    found = [line for line in entries(c) if line not in start]
    acts = [
        act for line in found for act in ("take_back_candidacy", "submit_candidacy") if f'"{act}"' in line
    ]
    assert sorted(acts) == ["submit_candidacy", "take_back_candidacy"], acts


def entries(c: Context) -> list[str]:
    answer = expect(c.be("AU").get("/coordination/journal/export.jsonl"), 200)
    return answer.text.splitlines()


@case("N5")
def nobody_changes_the_journal(c: Context) -> None:
    c.lay("P4")
    for code in ("NS", "AU", "RC", "JP"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = c.be(code).http.request(
                method, "/coordination/journal", headers={"X-CSRFToken": c.be(code).token()}
            )
            assert answer.status_code in (404, 405), f"{code} {method}: {answer.status_code}"


@case("N8")
def the_journal_holds_no_secret(c: Context) -> None:
    c.lay("P6")
    log = "\n".join(entries(c))
    assert len(log) > 1000
    for secret in (
        "argon2",
        c.world["people"]["CO"]["password"],
        c.canary("note"),
        c.canary("comment"),
        c.canary("mark"),
        "/compte/confirmer/",
    ):
        assert secret not in log, secret


@case("H9")
def line_breaks_in_names(c: Context) -> None:
    c.lay("P1")
    for name in ("Zoé\r\nBcc: mal@mal.example", "Zoé\u2028Bcc: x", "Zoé%0d%0aBcc: x"):
        answer = c.platform.session().register(
            name, f"n{abs(hash(name)) % 1000}@neuve.example", "une phrase de mots rares"
        )
        expect(answer, 303, 422)
    for letter in c.platform.mail.sink():
        assert letter["recipient"] != "mal@mal.example"
        assert "\n" not in letter["subject"] + letter["recipient"]


@case("H11")
def twisted_addresses(c: Context) -> None:
    c.lay("P1")
    for email in (
        "a@b",
        "a@@b.fr",
        "a@b.fr,c@d.fr",
        "a@b.fr\nBcc:x@y.fr",
        '"a b"@',
        "x" * 320 + "@b.fr",
        "pas une adresse",
        "@b.fr",
    ):
        expect(c.platform.session().register("Une Personne", email, "une phrase de mots rares"), 422)


@case("H12")
def null_signs(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CM"), c.candidacy("draft")
    for answer in (
        person.get("/structure/%00"),
        person.get("/palmares/2026?x=%00"),
        person.draft.save(draft, "area", "a\x00b"),
        person.draft.save(draft, "a\x00", "b"),
        c.platform.session().login("a\x00@b.fr", "x"),
        person.file.put(draft, "photos", "p\x00.jpg", picture(), "image/jpeg"),
    ):
        assert answer.status_code < 500, f"{answer.request.url.path}: {answer.status_code}"


@case("H17")
def mass_assignment(c: Context) -> None:
    c.lay("P1")
    extra = dict.fromkeys(
        (
            "status",
            "state",
            "submitted_at",
            "receipt",
            "region_id",
            "structure_id",
            "theme_id",
            "role",
            "is_admin",
            "score",
            "rank",
            "id",
            "created_by",
        ),
        "1",
    )
    before = c.platform.digest()
    expect(c.be("CM").draft.save(c.candidacy("draft"), "area", "Brest", **extra), 200, 422)
    after = c.platform.digest()
    assert {name for name in before if before[name] != after[name]} <= {
        "answer",
        "answer_version",
        "candidacy",
        "idempotency_key",
        "journal_entry",
    }
    expect(c.be("CM").submit(c.candidacy("draft")), 403)
    expect(c.be("CO").get("/coordination"), 404)


@case("H18")
def return_addresses(c: Context) -> None:
    c.lay("P1")
    person = c.world["people"]["CO"]
    for target in (
        "//mal.example",
        "/\\mal.example",
        "https:mal.example",
        "https://mal.example",
        "javascript:alert(1)",
        "%2f%2fmal.example",
        "/%09/mal.example",
        "http://127.0.0.1@mal.example",
    ):
        answer = expect(c.platform.session().login(person["email"], person["password"], next_=target), 303)
        assert answer.headers["Location"].startswith("/compte/"), answer.headers["Location"]


@case("H19")
def forged_hosts(c: Context) -> None:
    c.lay("P1")
    visitor = c.platform.session()
    token = visitor.token()
    headers = {
        "X-Forwarded-Host": "mal.example",
        "Forwarded": "host=mal.example",
        "X-Forwarded-Proto": "https",
    }
    expect(
        visitor.post(
            "/compte/mot-de-passe-oublie",
            {"email": c.world["people"]["CO"]["email"]},
            headers=headers,
            token=token,
        ),
        303,
        400,
    )
    page = httpx.get(c.base_url + "/palmares.atom", headers=headers, trust_env=False, timeout=120)
    assert "mal.example" not in page.text
    assert all("mal.example" not in letter["text"] + letter["html"] for letter in c.platform.mail.sink())


@case("H25")
def plain_strange_names(c: Context) -> None:
    c.lay("P1")
    structure = c.world["structures"]["free"]
    for name in ("Null", "O’Brien", "L'atelier", "1901", "ÉTÉ", "x" * 200, "Test <b>gras</b> & co"):
        expect(c.be("CO").structure.edit(structure, name=name), 303)
        page = expect(c.be("CO").structure.get(structure), 200)
        assert "<b>gras</b>" not in page.text


@case("G1")
def lying_files(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CM"), c.candidacy("draft")
    html = b"<html><script>alert(1)</script></html>"
    for question, name, content in (
        ("statutes", "bilan.pdf", html),
        ("statutes", "bilan.pdf", b"MZ" + b"\0" * 500),
        ("photos", "photo.jpg", pdf("x")),
        ("statutes", "x.pdf", b"a" * 900 + b"%PDF-1.4"),
    ):
        answer = expect(person.file.put(draft, question, name, content), 415, 422)
        told = answer.json()["message"].lower().replace("\u00a0", " ")
        assert "format non accepté" in told, told


@case("G3")
def svg_is_refused(c: Context) -> None:
    c.lay("P1")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    expect(c.be("CM").file.put(c.candidacy("draft"), "photos", "logo.svg", svg, "image/svg+xml"), 415)


@case("G8")
def empty_and_too_big(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CM"), c.candidacy("draft")
    says(expect(person.file.put(draft, "statutes", "vide.pdf", b""), 422), "vide")
    big = expect(person.file.put(draft, "statutes", "gros.pdf", pdf("x") + b"\0" * 27 * 1024 * 1024), 413)
    says(big, "volumineux")


@case("G11")
def lying_types(c: Context) -> None:
    c.lay("P1")
    person, draft = c.be("CO"), c.candidacy("draft")
    kept = expect(person.file.put(draft, "photos", "photo.jpg", picture((1, 2, 3)), "text/html"), 200).json()[
        "kept"
    ][0]
    served = expect(person.file.get(draft, kept), 200)
    assert served.headers["Content-Type"].startswith("image/jpeg"), served.headers["Content-Type"]
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in served.headers["Content-Disposition"]


@case("G16")
def files_after_submission(c: Context) -> None:
    for phase in ("P2", "P3"):
        c.lay(phase)
        person, key = c.be("CO"), c.candidacy()
        content = expect(person.file.get(key, c.attachment()), 200).content
        expect(person.file.delete(key, c.attachment()), 409)
        expect(person.file.put(key, "photos", "autre.jpg", picture((9, 9, 9)), "image/jpeg"), 409)
        assert person.file.get(key, c.attachment()).content == content
        like_missing(lambda a: c.be("CX").file.get(key, a), c.attachment())


@case("M1")
def without_any_script(c: Context) -> None:
    """Every form of the filing is sent as plain forms by this client, which runs no script: section, file, submission."""
    c.lay("P1")
    draft = c.candidacy("draft")
    expect(c.be("CO").draft.save_section(draft, "project", area="Brest"), 303)
    files = {"file": ("photo.jpg", picture((5, 5, 5)), "image/jpeg")}
    expect(c.be("CO").post(f"/candidatures/{draft}/pieces", {"question": "photos"}, files=files), 303)
    expect(c.be("CO").submit(draft), 303)
    expect(c.be("CO").receipt(draft), 200)

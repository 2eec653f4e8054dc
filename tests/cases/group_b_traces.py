"""B. What files and logs tell beside what they say."""

import io
import zipfile

from awards_app.domain.text import sort_key
from tests.cases.context import Context, case, expect
from tests.cases.crawling import pages_of


@case("B16")
def archives_tell_nothing_beside(c: Context) -> None:
    """Archives: names without a person, one constant time, no comment nor extra field, an order that is no ranking."""
    for phase in ("P4", "P5", "P6"):
        c.lay(phase)
        names = [person["name"] for person in c.world["people"].values()]
        found = {
            "archive": c.be("AU").export("archive", c.round()),
            "certificates": c.be("RC").get(f"/coordination/{c.round()}/certificats/archive.zip"),
            "files": c.be("RC").get(f"/coordination/{c.round()}/pieces.zip"),
        }
        opened = 0
        for kind, answer in found.items():
            if answer.status_code != 200:
                continue
            opened += 1
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                members = archive.infolist()
                assert archive.comment == b"", kind
                assert len({member.date_time for member in members}) <= 1, f"{kind}: several times"
                folders = list(dict.fromkeys(member.filename.split("/")[0] for member in members))
                assert kind == "archive" or folders == sorted(folders, key=sort_key), f"{kind}: {folders}"
                for member in members:
                    assert member.comment == b"", f"{kind}: {member.filename}"
                    # Only what large archives need (zip64) may be there.
                    assert member.extra[:2] in (b"", b"\x01\x00"), (
                        f"{kind}: {member.filename} {member.extra!r}"
                    )
                    told = [name for name in names if name.lower() in member.filename.lower()]
                    assert told == [], f"{kind}: {member.filename}"
        assert opened, f"no archive could be opened in {phase}"


@case("B25")
def logs_hold_no_secret(c: Context) -> None:
    """A scenario with its faults: no text, score, comment, password, link or session in the lines of the log."""
    c.lay("P3")
    secrets = [person["password"] for person in c.world["people"].values()]
    secrets += [str(canary) for canary in c.world["canaries"].values()]
    juror, staff, filer, visitor = c.be("RJ"), c.be("RC"), c.be("CO"), c.platform.session()
    email = c.world["people"]["CO"]["email"]
    expect(visitor.reset_ask(email), 303)
    expect(visitor.link_ask(email), 303)
    for kind in ("password_reset", "sign_in_link"):
        secrets.append(c.platform.mail.link(email, kind).rsplit("/", 1)[1])
    visitor.login(email, "CANARI-MOT-DE-PASSE")
    for point in ("before_commit", "after_commit"):
        c.platform.fault(point, times=1)
        juror.sheet.save(
            c.seat("RJ"), c.candidacy("other"), {"need": 2}, **{"mark-need-reason": "CANARI-RAISON-LOG"}
        )
        c.platform.fault(point, times=1)
        visitor.reset_do(c.platform.mail.link(email, "password_reset"), "CANARI-NOUVEAU-MOT")
    c.platform.fault(None)
    for person in (juror, staff, filer):
        for _page in pages_of(person, limit=15, each=1):
            pass
        secrets += [value.rsplit(".", 1)[-1] for value in person.http.cookies.values()]
    c.platform.fault("mail.send", times=1)
    c.platform.job.run("sweep")
    c.platform.fault(None)
    log = "\n".join(c.platform.log())
    assert log
    held = [secret for secret in (*secrets, "CANARI-", "FR76") if secret and secret in log]
    assert held == [], held

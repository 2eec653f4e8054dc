"""B. Secrecy of scores, jurors, conflicts: what the jury tells candidates."""

import re

from tests.cases.context import Context, case, expect, hides, like_missing, says


@case("B30")
def no_juror_is_named_to_a_candidate(c: Context) -> None:
    c.lay("P6")
    chair, main = c.be("JP"), c.candidacy()
    desk = f"/jury/{c.seat('JP')}/comptes-rendus"
    path, told = f"{desk}/{main}", f"/candidatures/{main}/compte-rendu"
    name = str(c.world["people"]["RJ2"]["name"])
    initials = " ".join(f"{part[0]}." for part in re.split(r"[\s-]+", name))
    for typed in (name, name.upper(), name.split()[-1], initials):
        with c.no_effect():
            body = f"Le jury a beaucoup aimé, surtout {typed}"
            sent = {"body": body, "version": "0", "act": "approve"}
            refused = expect(chair.post_page(path, path, sent), 422)
            says(refused, "membres du jury", body)
            seen = re.findall(r'name="seen" value="([^"]+)"', refused.text)
            assert seen, "the names found are not listed"
            # A box that is ticked covers what was on the screen, and nothing typed since.
            more = {**sent, "body": f"{body}, et {c.world['people']['RJ3']['name']}", "confirmed": "y"}
            expect(chair.post_page(path, path, {**more, "seen": seen[0]}), 422)
        hides(expect(c.be("CO").get(told), 200), "Le jury a beaucoup aimé")
    sent = {"body": f"Merci à {name.split()[0]}, de votre équipe.", "version": "0", "act": "approve"}
    seen = re.findall(r'name="seen" value="([^"]+)"', expect(chair.post_page(path, path, sent), 422).text)
    expect(chair.post_page(path, path, {**sent, "seen": seen[0], "confirmed": "y"}), 303)
    says(expect(c.be("CO").get(told), 200), sent["body"])
    edited = {"body": "Le jury a aimé la rigueur du dossier.", "version": "1", "act": "approve"}
    expect(chair.post_page(path, path, edited), 303)
    for code in ("CO", "CM"):
        page = says(expect(c.be(code).get(told), 200), edited["body"])
        hides(page, *(str(c.world["people"][one]["name"]) for one in ("RJ", "RJ2", "RJ3", "JP")))
        hides(page, *(c.canary(kind) for kind in ("note", "comment", "mark")))
    like_missing(lambda key: c.be("CX").get(f"/candidatures/{key}/compte-rendu"), main)
    for code in ("RJ", "RC", "NS", "AU", "CO"):
        expect(c.be(code).get(desk), 403, 404)

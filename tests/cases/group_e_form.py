"""E. Drafts: the form changed under its writer."""

from collections.abc import Callable

import httpx

from tests.adapter import Adapter
from tests.cases.context import Context, case, expect, says

REASON = "Une question était ambiguë."
Act = Callable[[Adapter, int], httpx.Response]
# What the national staff does, and how the difference is told.
CHANGES: tuple[tuple[Act, str], ...] = (
    (
        lambda staff, year: staff.settings.question(year, "pitch", label="Votre phrase", reason=REASON),
        "devient « Votre phrase »",
    ),
    (
        lambda staff, year: staff.settings.new_question(
            year, "short_text", "project", label="Question neuve", required="y", limit="100", reason=REASON
        ),
        "Question ajoutée : « Question neuve »",
    ),
    (
        lambda staff, year: staff.settings.question(year, "pitch", kind="long_text", reason=REASON),
        "passe de « Texte court » à « Texte long »",
    ),
    (
        lambda staff, year: staff.settings.move_question(year, "pitch", "haut", REASON),
        "l’ordre des questions change",
    ),
    (
        lambda staff, year: staff.settings.retire_question(year, "pitch", REASON),
        "Question retirée : « Votre phrase »",
    ),
)


@case("E22")
def form_changed_under_its_writer(c: Context) -> None:
    """Each kind of change: the page of before is told the difference, twice (one answer, whole section); nothing is erased."""
    c.lay("P1")
    key, year = c.candidacy("draft"), int(c.world["year"])
    writer, staff = c.be("CM"), c.be("NS")
    expect(writer.draft.save(key, "pitch", "CANARI-GARDÉ"), 200)
    with c.no_effect():
        expect(staff.settings.question(year, "pitch", label="Sans motif"), 422)
        expect(c.be("RC").settings.question(year, "pitch", label="Non", reason=REASON), 403)
    for number, (act, difference) in enumerate(CHANGES, start=1):
        expect(act(staff, year), 303)
        older = {"formulaire": str(number)}
        one = expect(writer.draft.save(key, "pitch", f"CANARI-{number}", **older), 409).json()
        assert one["form_revision"] == number + 1
        assert any(difference in change.replace("\u00a0", " ") for change in one["changes"]), one["changes"]
        assert (one["yours"], one["theirs"]) == (f"CANARI-{number}", "CANARI-GARDÉ")
        page = f"/candidatures/{key}/rubriques/project"
        typed = {"pitch": f"TEXTE-{number}", "area": f"LIEU-{number}"}
        whole = expect(writer.post(page, typed | older), 409)
        says(whole, difference, f"TEXTE-{number}", f"LIEU-{number}")
        shown = expect(writer.draft.section(key, "project"), 200)
        says(shown, "CANARI-GARDÉ")
        assert f'name="formulaire" value="{number + 1}"' in shown.text
    says(expect(writer.draft.section(key, "project"), 200), "Réponse à une question retirée : Votre phrase")
    # The number of today on the page: what is written now is saved.
    expect(writer.draft.save(key, "area", "Rance", formulaire=str(len(CHANGES) + 1)), 200)
    says(staff.get(f"/coordination/editions/{year}/formulaire"), REASON, f"Version {len(CHANGES) + 1}")

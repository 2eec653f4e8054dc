"""L. Privacy."""

import io

from PIL import Image

from tests.cases.context import Context, case, expect, hides, says


def a_photo(shade: int) -> bytes:
    """Return a small plain picture."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, shade, shade)).save(written, "JPEG")
    return written.getvalue()


@case("L9")
def third_parties_in_files(c: Context) -> None:
    c.lay("P1")
    draft = c.candidacy("draft")
    person = c.be("CM")
    says(person.draft.section(draft, "attachments"), "Masquez les noms et les visages", "des enfants")
    former = c.attachment("photos", "draft")
    expect(person.file.get(draft, former), 200)
    blurred = expect(person.file.replace(draft, former, "photos", "floutee.jpg", a_photo(90)), 200).json()[
        "kept"
    ][0]
    expect(person.file.get(draft, former), 404)
    expect(person.file.get(draft, blurred), 200)
    public = c.be("PUB")
    for page in ("/", "/palmares", "/sitemap.xml"):
        hides(public.get(page), "floutee.jpg", blurred)
    expect(public.file.get(draft, blurred), 302, 303, 404)

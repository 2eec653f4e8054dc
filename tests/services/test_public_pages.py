"""What publication adds for the public: the account of the decision, photos, the guide; and what a correction takes off."""

import io
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from awards_app.adapters import storage
from awards_app.database import atomic, db
from awards_app.domain.refusals import DoesNotExist, InputIsInvalid, IsNotThePhase
from awards_app.domain.uploads import FormatIsNotAccepted
from awards_app.models.honours import Honour
from awards_app.models.public_pages import HonourPicture, MethodAccount
from awards_app.queries.guides import guide_of
from awards_app.queries.honour_photos import photo_of
from awards_app.queries.method_accounts import account_of
from awards_app.services import guides
from awards_app.services.guides import GuideIsInTheMaking, changed_guides, make_guide, order_guide, read_guide
from awards_app.services.honour_photos import choose_photo, read_photo, remove_photo
from awards_app.services.honours import publish_due
from awards_app.services.method_accounts import publish_panels
from awards_app.services.share_cards import share_card
from awards_app.services.storage_check import check_storage
from awards_app.services.worlds.papers import picture
from tests.decision_world import DELIBERATION, LIFT, an_armed_round
from tests.jury_world import REGION, JuryWorld

YEAR = 2027

WORDS = {"alternative": "Une cuisine partagée", "credit": "Jeanne Martin", "rights": "Presse"}


def a_published_round() -> JuryWorld:
    world = an_armed_round()
    assert publish_due(LIFT) == [world.round_key]
    return world


def the_slug() -> str:
    return db.session.scalars(select(Honour.slug).where(Honour.distinction == "laureate")).one()


def give_photo(world: JuryWorld, slug: str, content: bytes = b"") -> None:
    choose_photo(world.coordinator, world.round_key, slug, LIFT, content=content or picture(), **WORDS)


def annul(slug: str) -> None:
    with atomic() as session:
        row = session.scalars(select(Honour).where(Honour.slug == slug)).one()
        row.retracted_at, row.erratum = LIFT + timedelta(hours=1), "Rectificatif"


def test_how_it_was_decided_is_written_by_the_publication_and_not_before(context):
    an_armed_round()
    assert db.session.scalars(select(MethodAccount.id)).all() == []

    publish_due(LIFT)

    account = account_of(YEAR, REGION)
    assert account is not None
    said = account.content
    assert account_of(YEAR, None) is None
    assert said["panel"] is None
    assert len(said["minutes"]["sha256"]) == 64
    assert [sum(weight for _name, weight in grid["criteria"]) for grid in said["grids"]] == [100, 100]
    assert "J1" not in repr(said)


def test_names_of_the_panel_are_public_when_the_edition_says_so(context):
    world = a_published_round()
    with pytest.raises(DoesNotExist):
        publish_panels(world.coordinator, world.round_key, True, LIFT)
    assert account_of(YEAR, REGION).content["panel"] is None


def test_a_photo_has_its_words_and_three_sizes_and_leaves_with_its_bytes(context):
    world = a_published_round()
    slug = the_slug()
    refused_photos(world, slug)
    assert photo_of(slug) is None

    give_photo(world, slug)

    line = photo_of(slug)
    assert line is not None
    assert (line.alternative, line.credit, line.rights) == tuple(WORDS.values())
    assert line.sizes == {480: (480, 360), 960: (640, 480), 1600: (640, 480)}
    content, _sha256 = read_photo(slug, line.key, 480)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (480, 360), {})
    assert check_storage(LIFT, forget=False).problems == ()

    keys = db.session.scalars(select(HonourPicture.storage_key)).all()
    remove_photo(world.coordinator, world.round_key, slug, LIFT)
    assert photo_of(slug) is None
    assert [storage.exists(key) for key in keys] == [False, False, False]
    with pytest.raises(DoesNotExist):
        read_photo(slug, line.key, 480)


def refused_photos(world: JuryWorld, slug: str) -> None:
    """A photo without its words, without a file, or that is no image."""
    untold = {"alternative": " ", "credit": "", "rights": "x", "content": picture()}
    for given, missing in ((untold, ["alternative", "credit"]), (WORDS, ["file"])):
        with pytest.raises(InputIsInvalid) as refused:
            choose_photo(world.coordinator, world.round_key, slug, LIFT, **given)
        assert sorted(refused.value.errors) == missing
    with pytest.raises(FormatIsNotAccepted):
        give_photo(world, slug, b"%PDF-1.7 ...")


def test_before_publication_no_photo_may_be_chosen(context):
    world = an_armed_round()
    with pytest.raises(DoesNotExist):
        choose_photo(
            world.coordinator,
            world.round_key,
            "structure-beta-2027",
            DELIBERATION,
            content=picture(),
            **WORDS,
        )


def test_a_corrected_word_makes_another_card_and_a_retracted_honour_has_neither_card_nor_photo(context):
    world = a_published_round()
    slug = the_slug()
    give_photo(world, slug)
    photo = photo_of(slug)
    assert photo is not None
    first, version = share_card(slug)
    with Image.open(io.BytesIO(first)) as card:
        assert (card.format, card.size) == ("PNG", (1200, 630))
    assert share_card(slug) == (first, version)
    with atomic() as session:
        session.scalars(select(Honour).where(Honour.slug == slug)).one().structure_name = "Structure Delta"
    assert share_card(slug)[1] != version

    annul(slug)

    assert photo_of(slug) is None
    with pytest.raises(DoesNotExist):
        read_photo(slug, photo.key, 480)
    with pytest.raises(DoesNotExist):
        share_card(slug)


def texts_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def asked(world: JuryWorld) -> None:
    """Ask for the guide as a nation's publication does: its account is there."""
    with atomic() as session:
        session.add(MethodAccount(year=YEAR, place="national", content={}, published_at=LIFT))


def test_a_guide_is_made_tagged_and_again_once_corrected_and_stays_when_it_cannot_be_made(context):
    world = a_published_round()
    give_photo(world, the_slug())
    asked(world)

    assert changed_guides(LIFT) == [YEAR]
    with pytest.raises(GuideIsInTheMaking):
        read_guide(YEAR)
    assert make_guide(YEAR, LIFT) == "made"

    content, _sha256 = read_guide(YEAR)
    line = guide_of(YEAR)
    assert line is not None
    assert (len(texts_of(content)), line.pages, line.step) == (6, 6, line.steps)
    with pikepdf.open(io.BytesIO(content)) as read:
        assert bool(read.Root.MarkInfo.Marked)
        assert str(read.Root.Lang) == "fr"
        assert b"pdfuaid:part" in read.Root.Metadata.read_bytes()
    texts = texts_of(content)
    assert "Structure Béta" in texts[2]
    assert texts[2].strip().endswith("3")
    assert "Structure Béta" in texts[3]
    assert "Jeanne Martin" in texts[3]
    assert "CANARI" in texts[4]
    assert changed_guides(LIFT) == []
    assert make_guide(YEAR, LIFT) == "made"
    assert check_storage(LIFT, forget=False).problems == ()

    corrected()
    failed(world)
    without_its_photo(world)


def corrected() -> None:
    """A guide that shows what was corrected is not read, and is made again."""
    with atomic() as session:
        session.scalars(select(Honour).where(Honour.slug == the_slug())).one().citation = "Autres mots"

    with pytest.raises(GuideIsInTheMaking):
        read_guide(YEAR)
    assert changed_guides(LIFT) == [YEAR]
    assert make_guide(YEAR, LIFT) == "made"

    content, _sha256 = read_guide(YEAR)
    assert "Autres mots" in texts_of(content)[4]


def failed(world: JuryWorld) -> None:
    """The last guide stays when a new one cannot be made."""
    kept, _sha256 = read_guide(YEAR)
    words = {**WORDS, "credit": "Quelqu’un d’autre"}
    choose_photo(world.coordinator, world.round_key, the_slug(), LIFT, **words)
    with atomic() as session:
        for row in session.scalars(select(HonourPicture)):
            row.sha256 = "0" * 64

    assert changed_guides(LIFT) == [YEAR]
    assert make_guide(YEAR, LIFT) == "failed"

    assert read_guide(YEAR)[0] == kept
    assert changed_guides(LIFT) == []


def without_its_photo(world: JuryWorld) -> None:
    """A guide that shows a photo taken off the site is not read, whether or not another can be made."""
    remove_photo(world.coordinator, world.round_key, the_slug(), LIFT)

    with pytest.raises(GuideIsInTheMaking):
        read_guide(YEAR)
    assert changed_guides(LIFT) == [YEAR]
    assert make_guide(YEAR, LIFT) == "made"
    assert "Quelqu’un d’autre" not in texts_of(read_guide(YEAR)[0])[3]


def test_a_photo_taken_off_while_the_guide_is_made_takes_the_guide_off(context, monkeypatch):
    world = a_published_round()
    give_photo(world, the_slug())
    asked(world)
    assert changed_guides(LIFT) == [YEAR]
    drawn = guides.render_guide

    def and_meanwhile(*given: object, **named: object) -> object:
        remove_photo(world.coordinator, world.round_key, the_slug(), LIFT)
        return drawn(*given, **named)

    monkeypatch.setattr(guides, "render_guide", and_meanwhile)
    make_guide(YEAR, LIFT)

    with pytest.raises(GuideIsInTheMaking):
        read_guide(YEAR)
    assert changed_guides(LIFT) == [YEAR]


def test_a_region_does_not_order_the_guide(context):
    world = a_published_round()
    with pytest.raises((DoesNotExist, IsNotThePhase)):
        order_guide(world.coordinator, world.round_key, LIFT)
    assert guide_of(YEAR) is None

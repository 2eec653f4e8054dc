"""Before the public reads: the preview, the count, the rehearsal that leaves nothing, the laureates told."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select, update

from awards_app.database import atomic, db
from awards_app.domain.honours import PublicationIsBlocked
from awards_app.models.candidacies import Candidacy
from awards_app.models.certificates import Certificate
from awards_app.models.deliberations import Decision
from awards_app.models.editions import Prize, Round
from awards_app.models.honours import Honour
from awards_app.models.journal import JournalEntry
from awards_app.models.messages import Message
from awards_app.models.publication import EmbargoNotice, PublicationRehearsal
from awards_app.models.scoring import Snapshot
from awards_app.queries.deliberations import desk_of
from awards_app.queries.honour_values import honours_to_come
from awards_app.queries.reconciliation import reconcile
from awards_app.services.embargo_notices import set_telling, tell_laureates
from awards_app.services.honours import publish_due
from awards_app.services.national_entries import replace_entry
from awards_app.services.publication_rehearsals import erase_old_rehearsals, rehearse_publication
from awards_app.services.recipients import settle_recipient
from tests.decision_world import (
    CANARY,
    DELIBERATION,
    LIFT,
    a_decided_round,
    an_armed_round,
    responsible,
    round_of,
)
from tests.web.jury.test_deliberation import signed_in

FIELDS = ("structure_name", "prize_name", "theme", "city", "citation", "amount", "year", "level")


def home(world, path=""):
    return f"/coordination/{world.round_key}/publication{path}"


def written():
    rows = db.session.execute(select(*(getattr(Honour, name) for name in FIELDS)).order_by(Honour.id))
    return [tuple(row) for row in rows]


def letters():
    rows = db.session.execute(select(Message.kind, Message.recipient, Message.body).order_by(Message.id))
    return [tuple(row) for row in rows]


def test_what_is_rehearsed_is_what_is_published(context):
    world = an_armed_round()
    responsible(world, "Béta")
    responsible(world, "Alpha")
    rehearse_publication(world.coordinator, world.round_key, DELIBERATION)
    noted = db.session.scalars(select(PublicationRehearsal.content)).one()
    previewed = honours_to_come(desk_of(world.round_id))

    assert (written(), letters(), round_of(world).phase) == ([], [], "P5")
    assert publish_due(LIFT) == [world.round_key]

    assert [tuple(line[name] for name in FIELDS) for line in noted["honours"]] == written()
    assert [tuple(getattr(line, name) for name in FIELDS) for line in previewed] == written()
    assert [(line["kind"], line["recipient"], line["body"]) for line in noted["letters"]] == letters()
    assert [line["slug"] for line in noted["honours"]] == list(
        db.session.scalars(select(Honour.slug).order_by(Honour.id))
    )
    assert erase_old_rehearsals(LIFT) == 1


def test_a_rehearsal_leaves_one_row_and_one_entry(context):
    world = a_decided_round()
    entries = db.session.scalar(select(func.count()).select_from(JournalEntry))

    rehearse_publication(world.coordinator, world.round_key, DELIBERATION)
    rehearse_publication(world.holder("NS1"), world.round_key, DELIBERATION)

    counts = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Honour, Message, Certificate, PublicationRehearsal)
    ]
    assert counts == [0, 0, 0, 1]
    assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == entries + 2


def test_what_others_write_meanwhile_is_in_no_rehearsal(context):
    world = a_decided_round()
    responsible(world, "Béta")

    # As another connection's commit shows to this one on a server where each statement reads what is committed.
    @event.listens_for(Honour, "after_insert")
    def meanwhile(_mapper, connection, honour):
        connection.execute(
            insert(Message).values(
                key=f"autre-{honour.id}",
                kind="password_reset",
                recipient="autre@region.exemple",
                dedupe=f"autre:{honour.slug}",
                subject="Autre",
                body="Autre",
                created_at=DELIBERATION,
                message_id=f"<{honour.id}@exemple>",
            )
        )

    try:
        rehearse_publication(world.coordinator, world.round_key, DELIBERATION)
    finally:
        event.remove(Honour, "after_insert", meanwhile)

    noted = db.session.scalars(select(PublicationRehearsal.content)).one()
    assert "autre@region.exemple" not in {line["recipient"] for line in noted["letters"]}
    assert len(noted["letters"]) == 1


def test_a_blocked_publication_is_not_rehearsed_and_says_why(context):
    world = a_decided_round()
    with atomic() as session:
        snapshot = session.scalars(select(Snapshot).where(Snapshot.released_at.is_(None))).one()
        snapshot.content = snapshot.content.replace('"levels":{', '"levels":{ ', 1).replace(":5", ":4", 1)

    answer = signed_in(context, world.coordinator_id).post(home(world, "/repetition"))

    assert answer.status_code == 409
    assert "empreinte" in answer.get_data(as_text=True)
    with pytest.raises(PublicationIsBlocked):
        rehearse_publication(world.coordinator, world.round_key, DELIBERATION)


def test_the_pages_of_a_rehearsal(context):
    world = a_decided_round()
    responsible(world, "Béta")
    client = signed_in(context, world.coordinator_id)

    assert "Aucune répétition" in client.get(home(world, "/repetition")).get_data(as_text=True)
    assert client.post(home(world, "/repetition")).status_code == 303
    page = client.get(home(world, "/repetition")).get_data(as_text=True)
    shown = sorted(set(re.findall(r"/laureats/[a-z0-9-]+", page)))

    assert shown == ["/laureats/structure-beta-2027", "/laureats/structure-beta-2027-regional-title"]
    assert page.count("Sous embargo · lu par") == 14
    assert [context.test_client().get(address).status_code for address in shown] == [404, 404]
    assert client.post(home(world, "/repetition/effacer")).status_code == 303
    assert "Aucune répétition" in client.get(home(world, "/repetition")).get_data(as_text=True)


def test_a_preview_costs_the_same_whatever_is_decided(context):
    world = a_decided_round()
    client = signed_in(context, world.coordinator_id)
    link = client.get(home(world, "/apercu")).location
    statements = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    page = client.get(link)
    event.remove(db.engine, "before_cursor_execute", note)

    assert (page.status_code, CANARY in page.get_data(as_text=True)) == (200, True)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.get_data(as_text=True).count('<a href="/coordination/confirmations"') == 1
    assert len(statements) == 11


def test_the_count_by_theme_is_whole_and_agrees(context):
    world = a_decided_round()

    found = reconcile(desk_of(world.round_id))

    (theme,) = [one for one in found.themes if one.tally.expected]
    assert found.points == ()
    assert (theme.agrees, theme.tally.is_whole) == (True, True)
    assert (theme.tally.expected, theme.tally.given, theme.tally.recused) == (20, 19, 1)
    page = signed_in(context, world.coordinator_id).get(home(world)).get_data(as_text=True)
    assert page.count("concorde</") == len(found.themes)


def test_laureates_are_told_only_where_the_edition_says_so(context):
    world = a_decided_round()
    account_id = responsible(world, "Béta")
    responsible(world, "Alpha")
    staff = signed_in(context, world.coordinator_id)
    assert staff.post(home(world, "/prevenir")).status_code == 409

    set_telling(world.holder("NS1"), 2027, True, DELIBERATION)
    assert tell_laureates(world.coordinator, world.round_key, DELIBERATION) == 1
    assert tell_laureates(world.coordinator, world.round_key, DELIBERATION) == 0

    told = db.session.execute(select(EmbargoNotice.account_id, EmbargoNotice.accepted_at)).all()
    (body,) = db.session.scalars(select(Message.body)).all()
    client, address = signed_in(context, account_id), f"/candidatures/{world.files['Béta']}/embargo"
    assert [tuple(row) for row in told] == [(account_id, None)]
    assert (CANARY in body, address in body) == (False, True)
    assert CANARY not in client.get(address).get_data(as_text=True)
    assert client.post(address).status_code == 422
    assert client.post(address, data={"accepted": "y"}).status_code == 303
    assert CANARY in client.get(address).get_data(as_text=True)
    acts = db.session.scalars(select(JournalEntry.act).where(JournalEntry.act.contains("embargo"))).all()
    assert acts == ["accept_embargo"]


def test_who_was_told_of_a_decision_is_not_told_of_the_next_one(context):
    world = a_decided_round()
    world.accounts["owner"] = responsible(world, "Béta")
    client = signed_in(context, world.accounts["owner"])
    pages = [f"/candidatures/{world.files['Béta']}/{page}" for page in ("embargo", "national")]
    set_telling(world.holder("NS1"), 2027, True, DELIBERATION)
    tell_laureates(world.coordinator, world.round_key, DELIBERATION)
    client.post(pages[0], data={"accepted": "y"})
    assert [client.get(page).status_code for page in pages] == [200, 200]
    later = DELIBERATION + timedelta(hours=1)

    # As an annulment and the decisions that follow it leave them.
    with atomic() as session:
        session.execute(update(Decision).values(confirmed_at=later))

    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert tell_laureates(world.coordinator, world.round_key, later) == 1
    assert tell_laureates(world.coordinator, world.round_key, later) == 0
    assert len(db.session.scalars(select(Message.id)).all()) == 2
    assert CANARY not in client.get(pages[0]).get_data(as_text=True)
    assert client.get(pages[1]).status_code == 404


def settled():
    with atomic() as session:
        return settle_recipient(session.scalars(select(Message)).one())


def test_a_letter_to_a_laureate_leaves_only_while_something_waits(context):
    world = a_decided_round()
    responsible(world, "Béta")
    set_telling(world.holder("NS1"), 2027, True, DELIBERATION)
    tell_laureates(world.coordinator, world.round_key, DELIBERATION)
    stands = settled()

    with atomic() as session:
        session.execute(update(Decision).values(annulled_at=DELIBERATION))
    fallen = settled()
    with atomic() as session:
        session.execute(update(Candidacy).values(state="withdrawn", withdrawn_at=DELIBERATION))

    assert (stands, fallen, settled()) == ("", "décision annulée", "candidature retirée")


def test_a_rehearsal_of_what_is_decided_no_more_is_forgotten(context):
    world = a_decided_round()
    rehearse_publication(world.coordinator, world.round_key, DELIBERATION)
    key = db.session.scalars(
        select(Decision.key)
        .join(Prize, Prize.id == Decision.prize_id)
        .where(Prize.outcome == "national_entry")
    ).one()

    for holder in (world.coordinator, world.holder("J1")):
        replace_entry(holder, key, world.files["Alpha"], "Une autre est envoyée.", DELIBERATION)

    assert round_of(world).phase == "P5"
    assert db.session.scalars(select(PublicationRehearsal.id)).all() == []


def test_a_chamber_reads_no_rank_once_its_round_is_archived(context):
    world = a_decided_round()
    client = signed_in(context, world.coordinator_id)
    page = f"/coordination/{world.round_key}/national"
    assert "(rang " in client.get(page).text

    with atomic() as session:
        session.get_one(Round, world.round_id).phase = "P7"

    archived = client.get(page)
    assert (archived.status_code, "(rang " in archived.text, "Structure Alpha" in archived.text) == (
        200,
        False,
        True,
    )


def test_a_file_withdrawn_after_the_lock_leaves_the_count_whole(context):
    world = a_decided_round()
    before = reconcile(desk_of(world.round_id)).themes
    with atomic():
        file = db.session.scalars(
            select(Candidacy).where(Candidacy.id.not_in(select(Decision.candidacy_id))).limit(1)
        ).one()
        file.state, file.withdrawn_at = "withdrawn", DELIBERATION

    found = reconcile(desk_of(world.round_id))

    assert (found.points, found.themes) == ((), before)
    assert [theme.tally.is_whole for theme in found.themes] == [True] * len(before)

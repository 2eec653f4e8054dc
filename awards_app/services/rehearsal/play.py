"""A whole edition from a table of candidacies to verified certificates, through the services that people use."""

from collections import Counter
from random import Random

from sqlalchemy import select

from awards_app.database import atomic, db
from awards_app.models.candidacies import Candidacy
from awards_app.models.editions import Region, Round
from awards_app.models.structures import Structure
from awards_app.services.admissibility import decide_admissibility
from awards_app.services.candidacies_import import import_candidacies, receive_candidacy
from awards_app.services.editions import create_edition
from awards_app.services.honours import publish_due
from awards_app.services.journal_check import verify as verify_journal
from awards_app.services.minutes import render_minutes
from awards_app.services.rehearsal import checks, outputs
from awards_app.services.rehearsal.deliberating import Taste, confirm, deliberate
from awards_app.services.rehearsal.game import Rehearsal
from awards_app.services.rehearsal.incidents import correct_a_title, withdraw_an_entry
from awards_app.services.rehearsal.plan import Wish
from awards_app.services.rehearsal.publishing import arm, minutes_of, order_and_issue, sign
from awards_app.services.rehearsal.turn import Turn, declare_ties, lock, mark, prepare
from awards_app.services.rehearsal.volumes import WITHDRAWS
from awards_app.services.results import export_results, verify_results
from awards_app.services.rounds import catch_up_all
from awards_app.services.scoring import open_scoring

RECEIVED = "Dossier reçu hors plateforme, enregistré par la chambre pour la répétition."
NOT_ADMISSIBLE = "Décision simulée pour la répétition : dossier écarté de l’examen."
INADMISSIBLE_SHARE = 12


def play(game: Rehearsal) -> None:
    """Play every step. Raises what the import raises when the file cannot be read."""
    _prepare(game)
    _import(game)
    _admit(game)
    _seat(game)
    for turn in game.turns:
        turn_scored(game, turn)
    _say_scoring(game)
    _decide(game)
    if game.volumes:
        _withdraw(game)
    _play_national(game)
    _publish(game)
    _certify(game)
    if game.volumes:
        _correct(game)
    _conclude(game)


def _prepare(game: Rehearsal) -> None:
    with game.step("prepare", "Création de l’édition") as counts:
        now = game.calendar.preparation
        game.edition_id = create_edition(game.preset, game.year, now)
        game.staff = [
            game.company.staff(
                f"national{number}@chambre.example", f"Équipe nationale {number}", "national_staff", None, now
            )
            for number in (1, 2)
        ]
        regions = db.session.execute(select(Region.code, Region.name).order_by(Region.position)).all()
        for region in regions:
            game.coordinators[region.code] = game.company.staff(
                f"region-{region.code}@chambre.example",
                f"Coordination {region.name}",
                "coordinator",
                region.code,
                now,
            )
        counts["regions"] = len(regions)


def _import(game: Rehearsal) -> None:
    with game.step("import", "Import des candidatures") as counts:
        now = game.calendar.filing
        catch_up_all(now)
        done = import_candidacies(game.path, game.year, now, region_code=game.region_code)
        again = import_candidacies(game.path, game.year, now, region_code=game.region_code)
        game.checks["import_twice_changes_nothing"] = (
            again.submitted,
            again.drafts,
            again.new_structures,
        ) == (0, 0, 0)
        counts["read"] = done.report.read
        counts["taken"] = done.report.taken
        counts["incomplete"] = done.report.incomplete
        counts["refused"] = done.report.read - done.report.taken


def _admit(game: Rehearsal) -> None:
    with game.step("admissibility", "Recevabilité") as counts:
        now = game.calendar.admissibility
        catch_up_all(now)
        counts |= {"received": 0, "admissible": 0, "inadmissible": 0, "left_aside": 0}
        rows = db.session.execute(
            select(Candidacy.key, Candidacy.state, Candidacy.theme_id, Structure.name, Round.region_code)
            .join(Structure, Structure.id == Candidacy.structure_id)
            .join(Round, Round.id == Candidacy.round_id)
            .where(Candidacy.edition_id == game.edition_id)
            .order_by(Candidacy.id)
        ).all()
        ready = [row for row in rows if row.theme_id is not None and row.region_code is not None]
        counts["left_aside"] = len(rows) - len(ready)
        size = {code: sum(row.region_code == code for row in ready) for code in game.coordinators}
        with atomic():
            for row in ready:
                coordinator = game.company.holder(game.coordinators[row.region_code])
                if row.state == "draft":
                    receive_candidacy(coordinator, row.key, RECEIVED, now)
                    counts["received"] += 1
                drawn = Random(f"admissibility:{game.seed}:{row.name}").randrange(100) < INADMISSIBLE_SHARE
                refused = drawn and size[row.region_code] > 3 and game.volumes is None
                verdict, reason = ("inadmissible", NOT_ADMISSIBLE) if refused else ("admissible", "")
                decide_admissibility(coordinator, row.key, verdict, reason, now)
                counts[verdict] += 1


def _seat(game: Rehearsal) -> None:
    with game.step("juries", "Jurys et déclarations de liens") as counts:
        now = game.calendar.juries
        judged = (
            select(Candidacy.round_id)
            .where(Candidacy.edition_id == game.edition_id, Candidacy.state == "submitted")
            .distinct()
        )
        rounds = db.session.execute(
            select(Round.key, Round.region_code)
            .join(Region, Region.code == Round.region_code)
            .where(Round.id.in_(judged))
            .order_by(Region.position)
        ).all()
        counts |= {"juries": len(rounds), "seats": 0, "recusals": 0}
        for place, row in enumerate(rounds):
            staff_id = game.coordinators[row.region_code]
            size = Random(f"size:{game.seed}:{row.region_code}").randint(5, 7)
            jury = game.company.seat_jury(staff_id, row.key, size, now)
            wish = Wish(tie=place % 3 == 0, absence=place % 4 == 0, recused_chair=place % 5 == 2)
            turn = prepare(game.company, game.seed, row.key, staff_id, jury, wish)
            counts["seats"] += size
            counts["recusals"] += declare_ties(turn, now)
            game.turns.append(turn)


def turn_scored(game: Rehearsal, turn: Turn) -> None:
    """Score and lock one round."""
    with game.step(f"scoring:{turn.region_code}", f"Notation et verrouillage, {turn.name}") as counts:
        counts["files"] = len(turn.files)
        open_scoring(game.company.holder(turn.staff_id), turn.key, game.calendar.scoring)
        counts["sheets"] = mark(turn, game.calendar.scoring)
        counts["waived"] = len(turn.plan.absences)
        _sha256, blocked = lock(turn, game.calendar.lock)
        held = game.checks.get("missing_marks_block_the_lock", True)
        game.checks["missing_marks_block_the_lock"] = held and blocked


def _say_scoring(game: Rehearsal) -> None:
    game.checks["regional_rankings_recomputed"] = checks.rankings_hold(game.edition_id)


def _decide(game: Rehearsal) -> None:
    with game.step("decisions", "Délibérations régionales et procès-verbaux") as counts:
        counts |= {"decisions": 0, "ties_parted": 0, "unawarded": 0, "entries": 0, "minutes": 0}
        for place, turn in enumerate(game.turns):
            taste = _taste(game, turn, place)
            outcome = deliberate(turn, game.calendar.deliberation, taste)
            confirm(turn, game.calendar.deliberation)
            counts["decisions"] += outcome.decisions
            counts["ties_parted"] += outcome.ties
            counts["unawarded"] += outcome.unawarded
            counts["entries"] += len(outcome.entries)
            counts["minutes"] += 1
        game.checks["nothing_public_before_the_embargo"] = checks.honours_of(game.year) == 0


def _taste(game: Rehearsal, turn: Turn, place: int) -> Taste:
    if game.volumes is not None:
        nobody = game.volumes.without_entry().get(place)
        return Taste(nobody, title_to_second=place % 5 == WITHDRAWS)
    themes = sorted({file.theme for file in turn.files})
    return Taste(themes[-1] if themes and place % 6 == 5 else None, title_to_second=place % 5 == 4)


def _withdraw(game: Rehearsal) -> None:
    with game.step("withdrawal", "Retrait d’une candidature retenue, et son remplacement") as counts:
        done = withdraw_an_entry(game.turns[WITHDRAWS], game.calendar.withdrawal)
        counts["replaced"] = int(done)
        game.checks["withdrawn_entry_replaced"] = done


def _correct(game: Rehearsal) -> None:
    with game.step("correction", "Rectificatif d’une distinction publiée") as counts:
        done = correct_a_title(game.turns[-1], game.staff[0], game.calendar.after)
        counts["corrected"] = int(done)
        game.checks["correction_replaces_the_certificate"] = done


def _play_national(game: Rehearsal) -> None:
    with game.step("national", "Jury national") as counts:
        now = game.calendar.national_jury
        key = db.session.scalars(
            select(Round.key).where(Round.edition_id == game.edition_id, Round.region_code.is_(None))
        ).one()
        homes: tuple[str | None, ...] = (
            None,
            None,
            *(turn.region_code for turn in game.turns[:3]),
            None,
            None,
        )
        jury = game.company.seat_jury(game.staff[0], key, 7, now, regions=homes)
        places = {seat.seat_key: homes[place % len(homes)] for place, seat in enumerate(jury.seats)}
        turn = prepare(game.company, game.seed, key, game.staff[0], jury, Wish(tie=True), regions=places)
        counts["entries"] = len(turn.files)
        if game.volumes is not None:
            entries = Counter(file.theme for file in turn.files)
            game.checks["volumes_are_those_asked"] = (
                entries == game.volumes.entries
                and sum(len(one.files) for one in game.turns) == game.volumes.files
                and len(game.turns) == len(game.volumes.regions)
            )
        open_scoring(game.company.holder(game.staff[0]), key, now)
        counts["recusals"] = declare_ties(turn, now)
        counts["sheets"] = mark(turn, now)
        lock(turn, game.calendar.national_lock)
        game.checks["national_ranking_recomputed"] = checks.rankings_hold(game.edition_id)
        outcome = deliberate(turn, game.calendar.national_deliberation, Taste())
        confirm(turn, game.calendar.national_deliberation)
        counts["decisions"] = outcome.decisions
        counts["ties_parted"] = outcome.ties
        game.national = turn


def _everybody(game: Rehearsal) -> list[Turn]:
    return [*game.turns, *([game.national] if game.national else [])]


def _publish(game: Rehearsal) -> None:
    with game.step("publication", "Embargo et publication") as counts:
        for turn in _everybody(game):
            arm(turn, game.staff[1] if turn.region_code is None else game.staff[0], game.calendar.arming)
        instants = db.session.scalars(
            select(Round.embargo_at).where(Round.id.in_([turn.id for turn in _everybody(game)])).distinct()
        ).all()
        published = []
        for instant in sorted(instant for instant in instants if instant is not None):
            published += publish_due(instant)
            published += publish_due(game.calendar.just_after(instant))
        counts["rounds"] = len(published)
        counts["honours"] = checks.honours_of(game.year)
        game.checks["every_round_published_once"] = sorted(published) == sorted(
            t.key for t in _everybody(game)
        )


def _certify(game: Rehearsal) -> None:
    with game.step("certificates", "Attestations et procès-verbaux en PDF") as counts:
        now = game.calendar.after
        counts["certificates"] = sum(order_and_issue(turn, now) for turn in _everybody(game))
        for turn in _everybody(game):
            minutes_id = minutes_of(turn.id)
            if minutes_id is not None:
                sign(turn, now)
                render_minutes(minutes_id)
        counts["minutes"] = outputs.write_minutes_files(game.out, game.edition_id)
        files = checks.certificate_files(game.company, game.staff[0], game.edition_id, now)
        outputs.write_certificates(game.out, files)
        game.checks["every_certificate_is_printed"] = len(files) == counts["certificates"]
        game.checks["every_certificate_verifies"] = checks.certificates_hold(
            (number, content) for number, _name, content in files
        )


def _conclude(game: Rehearsal) -> None:
    with game.step("results", "Palmarès, archive des résultats et vérifications") as counts:
        counts["palmares"] = outputs.write_palmares(game.out, game.year)
        archive = export_results(game.year, game.calendar.after)
        (game.out / "results.zip").write_bytes(archive)
        verdict = verify_results(archive)
        counts["problems"] = len(verdict.problems)
        game.checks["archive_verifies"] = verdict.ok
        game.checks["spoiled_archive_is_refused"] = checks.spoiled_archives_are_refused(archive)
        journal = verify_journal()
        counts["journal_entries"] = journal.entries
        game.checks["journal_verifies"] = journal.ok

"""The results archive of an edition: everything needed to recompute its outcome elsewhere, sealed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from sqlalchemy import inspect, select, text

from awards_app.database import atomic, db
from awards_app.domain.holder import SCHEDULER, Holder
from awards_app.domain.ranking import REASONS
from awards_app.domain.refusals import DoesNotExist, Refusal
from awards_app.domain.results_archive import Verdict, build_archive, seal_of, verify_archive
from awards_app.domain.results_schema import (
    ANNULLED,
    CONFIRMED,
    FORMAT,
    LAUREATE,
    NATIONAL_ENTRY,
    NOMINEE,
    PROPOSED,
    DecisionLine,
    RankingLine,
    ResultsArchive,
    RoundLine,
    RuleLine,
    TieBreakLine,
    VersionsLine,
)
from awards_app.domain.snapshot import FORMAT as SNAPSHOT_FORMAT
from awards_app.domain.words import N_
from awards_app.models.candidacies import AdmissibilityDecision, Candidacy, Filing
from awards_app.models.deliberations import Decision, Minutes, TieBreak
from awards_app.models.editions import Edition, Prize, Round, Theme
from awards_app.models.scoring import Snapshot, StandingRow
from awards_app.queries.settings import EditionIsUnknown
from awards_app.services.journal import write_entry
from awards_app.services.journal_check import journal_head

# Outcomes that the archive's rules know; any other prize stands under its own code.
_RULED = (NATIONAL_ENTRY, NOMINEE, LAUREATE)
_REASON_CODES = {words: code for code, words in REASONS.items()}


class NothingIsLocked(Refusal):
    """No round is locked: there is no result to export."""

    sentence = N_("Aucun jury n’a encore verrouillé ses notes : il n’y a pas de résultats à exporter.")


def export_results(
    year: int, now: datetime, holder: Holder | None = None, *, round_id: int | None = None
) -> bytes:
    """Return the sealed archive of the edition's locked rounds, or of one round, and journal its seal.

    The caller has authorised the reading. Raises `EditionIsUnknown`, `NothingIsLocked`.
    """
    with atomic():
        edition = db.session.execute(
            select(Edition.id, Edition.key, Edition.year, Edition.name, Edition.rules).where(
                Edition.year == year
            )
        ).one_or_none()
        if edition is None:
            raise EditionIsUnknown(year=year)
        contents = _contents(edition, round_id)
        write_entry(
            holder or SCHEDULER,
            "export_results",
            "edition",
            edition.key,
            now,
            round_id=round_id,
            detail={"seal": seal_of(contents), "rounds": len(contents["rounds"])},
        )
    return build_archive(contents)


def round_id_of(edition_id: int, region: str) -> int:
    """Return the round of a region's code, or of « national ». Raises `DoesNotExist`."""
    same = Round.region_code.is_(None) if region == "national" else Round.region_code == region
    found = db.session.scalar(select(Round.id).where(Round.edition_id == edition_id, same))
    if found is None:
        raise DoesNotExist
    return found


def verify_results(data: bytes, expected_seal: str | None = None) -> Verdict:
    """Recompute everything in an archive. Alone, a seal proves nothing: hand over the one the journal kept."""
    return verify_archive(data, expected_seal)


def _contents(edition: Any, round_id: int | None) -> ResultsArchive:
    rounds = _locked_rounds(edition.id, round_id)
    if not rounds:
        raise NothingIsLocked
    head = journal_head()
    facts = _Facts(edition.id, rounds)
    single = rounds[0].region_code if round_id is not None else None
    return {
        "format": FORMAT,
        "edition": {"year": edition.year, "name": edition.name, "region": single},
        "rounds": [facts.line(row) for row in rounds],
        "journal": {"seq": head.seq, "hash": head.hash} if head.seq else None,
        "rule": _rule(edition.rules),
        "versions": _versions(edition.rules),
    }


def _rule(rules: Mapping[str, Any]) -> RuleLine:
    return {
        # Each names a rule of the documented format: the first three are the platform's, the others the edition's.
        "ranking": "weighted_mean_of_counted_sheets",
        "ranks": "1-2-2-4",
        "missing": "refused_unless_waived",
        "tie_rule": str(rules.get("tie_rule", "")),
        "tie_rule_text": str(rules.get("tie_rule_text", "")),
        "ballot": str(rules.get("ballot", "")),
        "chair_casting_vote": bool(rules.get("chair_casting_vote", False)),
        "minimum_readers": int(rules.get("minimum_readers", 0)),
        "quorum": f"{rules.get('quorum_numerator', 0)}/{rules.get('quorum_denominator', 1)}",
        "two_persons": bool(rules.get("two_persons", True)),
    }


def _versions(rules: Mapping[str, Any]) -> VersionsLine:
    try:
        platform = metadata.version("awards-app")
    except metadata.PackageNotFoundError:
        platform = "source"
    tables = "unversioned"
    if inspect(db.session.connection()).has_table("alembic_version"):
        tables = str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
    return {
        "platform": platform,
        "tables": tables,
        "rules": str(rules.get("rules_version", "")),
        "snapshot": SNAPSHOT_FORMAT,
    }


def _locked_rounds(edition_id: int, round_id: int | None) -> list[Any]:
    query = (
        select(
            Round.id,
            Round.region_code,
            Snapshot.id.label("snapshot_id"),
            Snapshot.content,
            Snapshot.sha256,
            Snapshot.locked_at,
        )
        .join(Snapshot, (Snapshot.round_id == Round.id) & Snapshot.released_at.is_(None))
        .where(Round.edition_id == edition_id)
        .order_by(Round.region_code)
    )
    if round_id is not None:
        query = query.where(Round.id == round_id)
    return list(db.session.execute(query))


class _Facts:
    """The rows behind the rounds, read once for all of them."""

    def __init__(self, edition_id: int, rounds: list[Any]) -> None:
        ids = [row.id for row in rounds]
        self.themes: dict[int, str] = dict(
            db.session.execute(select(Theme.id, Theme.code).where(Theme.edition_id == edition_id)).all()
        )
        self.prizes = {row.id: row for row in db.session.execute(_prizes(edition_id))}
        self.standings = _by(
            db.session.execute(_standings([row.snapshot_id for row in rounds])), "snapshot_id"
        )
        self.decisions = _by(db.session.execute(_decisions(ids)), "round_id")
        self.tie_breaks = _by(
            db.session.execute(
                select(
                    TieBreak.snapshot_id,
                    TieBreak.theme_id,
                    TieBreak.ordered_keys,
                    TieBreak.method,
                    TieBreak.reason,
                ).where(TieBreak.snapshot_id.in_([row.snapshot_id for row in rounds]))
            ),
            "snapshot_id",
        )
        self.minutes: dict[int, str | None] = dict(
            db.session.execute(
                select(Minutes.round_id, Minutes.sha256).where(
                    Minutes.round_id.in_(ids), Minutes.replaced_at.is_(None)
                )
            ).all()
        )
        self.files = {row.id: row for row in db.session.execute(_files(edition_id))}
        self.by_key = {row.key: row for row in self.files.values()}

    def line(self, row: Any) -> RoundLine:
        """Return one round as the archive holds it."""
        level = "regional" if row.region_code else "national"
        scores = json.loads(row.content)
        known = {number for theme in scores["themes"].values() for number in theme["candidacies"]}
        decisions = [self._decision(line) for line in self.decisions.get(row.id, ())]
        ranking: dict[str, list[RankingLine]] = {theme: [] for theme in scores["themes"]}
        for standing in self.standings.get(row.snapshot_id, ()):
            ranking[self.themes[standing.theme_id]].append(self._ranked(standing))
        return {
            "code": row.region_code or "national",
            "level": level,
            "region": row.region_code,
            "locked_at": row.locked_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "scores": scores,
            "snapshot_sha256": row.sha256,
            "withdrawn": sorted(self._gone() & known),
            "places": self._places(level),
            "round_places": self._round_places(level),
            "ranking": ranking,
            "tie_breaks": [
                line
                for tie in self.tie_breaks.get(row.snapshot_id, ())
                for line in self._tie_lines(tie, decisions)
            ],
            "decisions": decisions,
            "minutes_sha256": self.minutes.get(row.id),
        }

    def _gone(self) -> set[str]:
        return {
            file.receipt
            for file in self.files.values()
            if file.state != "submitted" or file.verdict == "inadmissible"
        }

    def _ranked(self, row: Any) -> RankingLine:
        score = None if row.numerator is None else f"{row.numerator}/{row.denominator}"
        return {
            "candidacy": self.files[row.candidacy_id].receipt,
            "score": score,
            "readers": row.readers,
            "rank": row.rank,
            "tied": row.is_tied,
            "reason": _REASON_CODES[row.note] if row.note else None,
        }

    def _decision(self, row: Any) -> DecisionLine:
        file = self.files[row.candidacy_id] if row.candidacy_id is not None else None
        theme_id = row.theme_id or (file.theme_id if file else None)
        status = ANNULLED if row.annulled_at else CONFIRMED if row.confirmed_at else PROPOSED
        return {
            "theme": self.themes[theme_id] if theme_id else "",
            "outcome": self._outcome(row.prize_id),
            "candidacy": file.receipt if file else None,
            "status": status,
            "motive": row.reason or None,
        }

    def _outcome(self, prize_id: int) -> str:
        prize = self.prizes[prize_id]
        return str(prize.outcome if prize.outcome in _RULED else prize.code)

    def _places(self, level: str) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {theme: {} for theme in self.themes.values()}
        for prize in self.prizes.values():
            if prize.level == level and prize.per_theme:
                for given in found.values():
                    code = self._outcome(prize.id)
                    given[code] = given.get(code, 0) + prize.places
        return found

    def _round_places(self, level: str) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for prize in self.prizes.values():
            if prize.level == level and not prize.per_theme:
                found[self._outcome(prize.id)] += prize.places
        return dict(found)

    def _tie_lines(self, tie: Any, decisions: list[DecisionLine]) -> Iterable[TieBreakLine]:
        """Say for which outcomes the recorded order parted the equal files; where it parted none, nothing is said."""
        theme = self.themes[tie.theme_id]
        equal = [self.by_key[key].receipt for key in tie.ordered_keys]
        standing = [line for line in decisions if line["status"] != ANNULLED and line["theme"] == theme]
        for outcome in sorted({line["outcome"] for line in standing}):
            given = {line["candidacy"] for line in standing if line["outcome"] == outcome}
            kept = [number for number in equal if number in given]
            if 0 < len(kept) < len(equal):
                yield {
                    "theme": theme,
                    "outcome": outcome,
                    "candidacies": equal,
                    "kept": kept,
                    "method": tie.method,
                    "motive": tie.reason,
                }


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _prizes(edition_id: int) -> Any:
    return select(Prize.id, Prize.level, Prize.code, Prize.outcome, Prize.places, Prize.per_theme).where(
        Prize.edition_id == edition_id
    )


def _standings(snapshot_ids: list[int]) -> Any:
    return select(
        StandingRow.snapshot_id,
        StandingRow.candidacy_id,
        StandingRow.theme_id,
        StandingRow.numerator,
        StandingRow.denominator,
        StandingRow.readers,
        StandingRow.rank,
        StandingRow.is_tied,
        StandingRow.note,
    ).where(StandingRow.snapshot_id.in_(snapshot_ids))


def _decisions(round_ids: list[int]) -> Any:
    return (
        select(
            Decision.round_id,
            Decision.theme_id,
            Decision.prize_id,
            Decision.candidacy_id,
            Decision.reason,
            Decision.confirmed_at,
            Decision.annulled_at,
        )
        .where(Decision.round_id.in_(round_ids))
        .order_by(Decision.id)
    )


def _files(edition_id: int) -> Any:
    return (
        select(
            Candidacy.id,
            Candidacy.key,
            Candidacy.theme_id,
            Candidacy.state,
            Filing.receipt,
            AdmissibilityDecision.verdict,
        )
        .join(Filing, (Filing.candidacy_id == Candidacy.id) & Filing.replaced_at.is_(None))
        .outerjoin(
            AdmissibilityDecision,
            (AdmissibilityDecision.candidacy_id == Candidacy.id)
            & AdmissibilityDecision.replaced_at.is_(None),
        )
        .where(Candidacy.edition_id == edition_id)
    )


__all__ = ["EditionIsUnknown", "NothingIsLocked", "export_results", "verify_results"]

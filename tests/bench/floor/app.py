"""Bare Flask pages with hand-written SQL and Jinja, at the same addresses and with the same cookie as the platform."""

import csv
import hashlib
import io
import json
import os
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue

from tests.bench.floor import sentences
from tests.bench.floor.database import ask, is_postgresql, write

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ["SECRET_KEY"], SESSION_COOKIE_NAME="__Host-prix", SESSION_COOKIE_SECURE=True
)
NO = False if os.environ["DATABASE_URL"].startswith("postgresql") else 0


def make() -> Flask:
    """Return the application, for gunicorn."""
    return app


def instant() -> Any:
    """Return the instant as the database keeps it."""
    now = datetime.now(UTC)
    return now if is_postgresql() else now.replace(tzinfo=None).isoformat(" ")


def person() -> tuple[int, str]:
    """Return who the cookie's session is of."""
    token = hashlib.sha256(session.get("_user_id", "").encode()).hexdigest()
    rows = ask(sentences.PERSON, token=token, now=instant())
    if not rows:
        abort(403)
    return rows[0]  # type: ignore[no-any-return]  # a row of the driver


def first(rows: list[Any]) -> Any:
    """Return the only row, or answer that there is nothing."""
    if not rows:
        abort(404)
    return rows[0]


@app.get("/jury/<seat>")
def files(seat: str) -> str:
    account, name = person()
    rows = ask(sentences.FILES, seat=seat, account=account)
    rows.sort(key=lambda row: hashlib.sha256(f"{seat}/{row[0]}".encode()).digest())
    done = sum(row[8] == 3 for row in rows)
    return render_template("files.html", name=name, seat=seat, total=len(rows), done=done, files=rows[:50])


@app.get("/jury/<seat>/candidatures/<key>")
def file(seat: str, key: str) -> str:
    account, name = person()
    title, structure, content, receipt, sheet, version, note, comment = first(
        ask(sentences.FILE, seat=seat, account=account, file=key)
    )
    rows = ask(sentences.GRID, sheet=sheet or 0, file=key)
    criteria = [(head, [(row[5], row[6]) for row in group]) for head, group in groupby(rows, _criterion)]
    return render_template(
        "file.html",
        name=name,
        title=title,
        structure=structure,
        filed=json.loads(content),
        receipt=receipt,
        version=version,
        note=note,
        comment=comment,
        criteria=criteria,
    )


def _criterion(row: Any) -> Any:
    return (*row[:5], *row[7:])


@app.post("/jury/<seat>/candidatures/<key>/noter")
def mark(seat: str, key: str) -> ResponseReturnValue:
    account, _name = person()
    code = request.form["field"].removeprefix("mark-")
    level = int(request.form["value"])
    if not 0 <= level <= 4:
        abort(422)
    sheet, criterion = first(ask(sentences.MAY_MARK, seat=seat, account=account, file=key, criterion=code))
    now = instant()
    rows = write(
        (sentences.TOUCH_SHEET, {"now": now, "sheet": sheet}),
        (
            sentences.WRITE_MARK,
            {"sheet": sheet, "criterion": criterion, "level": level, "no": NO, "now": now},
        ),
    )
    return jsonify(version=rows[0][0], saved_at_text=f"{datetime.now(UTC):%H:%M}")


@app.get("/jury/<seat>/classement")
def ranking(seat: str) -> str:
    account, name = person()
    rows = ask(sentences.RANKING, seat=seat, account=account)
    spread = {key: (low, high) for key, low, high in ask(sentences.SPREAD, seat=seat)}
    themes = []
    for theme, group in groupby(rows, lambda row: row[6]):
        lines, rank, previous = [], 0, None
        for place, row in enumerate(group, start=1):
            mean = row[7] / row[8]
            rank = rank if mean == previous else place
            previous = mean
            low, high = spread[row[0]]
            lines.append((rank, *row[1:5], f"{mean / 4:.2f}", row[8], f"{low / 4:.2f}", f"{high / 4:.2f}"))
        themes.append((theme, lines))
    return render_template("ranking.html", name=name, themes=themes)


@app.get("/candidatures/<key>/rubriques/<section>")
def form(key: str, section: str) -> str:
    account, name = person()
    draft, title, edition, closes_at = first(ask(sentences.DRAFT, file=key, account=account))
    questions = ask(sentences.QUESTIONS, draft=draft, edition=edition, section=section)
    return render_template("form.html", name=name, title=title, closes_at=closes_at, questions=questions)


@app.post("/candidatures/<key>/enregistrer")
def save(key: str) -> ResponseReturnValue:
    account, _name = person()
    now = instant()
    rows = write(
        (sentences.TOUCH_DRAFT, {"now": now, "file": key}),
        (
            sentences.WRITE_ANSWER,
            {
                "value": request.form["value"],
                "question": request.form["field"],
                "version": int(request.form["version"]),
                "now": now,
                "account": account,
                "file": key,
            },
        ),
    )
    if not rows:
        abort(409)
    return jsonify(version=rows[0][0], saved_at_text=f"{datetime.now(UTC):%H:%M}")


@app.get("/palmares/<int:year>")
def honours(year: int) -> str:
    total = ask(sentences.HONOURS_COUNT, year=year)[0][0]
    return render_template("honours.html", year=year, total=total, honours=ask(sentences.HONOURS, year=year))


@app.get("/coordination/<key>/exports/notes")
def export(key: str) -> Response:
    account, _name = person()
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";")
    writer.writerow(
        ("Thématique", "Numéro", "Structure", "Code", "Membre du jury", "Fiche", "Critère", "Niveau")
    )
    for theme, receipt, structure, seat, juror, criterion, level in ask(
        sentences.EXPORT, round=key, account=account
    ):
        writer.writerow((theme, receipt, structure, f"J{seat:02d}", juror, "comptée", criterion, level))
    return Response(sheet.getvalue(), content_type="text/csv; charset=utf-8")

"""The rules that an archive is checked against, one by one."""

import pytest

from awards_app.domain.results_archive import build_archive, verify_archive
from tests.domain.golden import archive, ballot, decision, round_line

PARTED = {
    "theme": "us",
    "outcome": "nominee",
    "candidacies": ["76-003", "76-005"],
    "kept": ["76-003"],
    "method": "vote",
    "motive": "Impact local.",
}
# The ranks of the golden data: 76-002, 76-001, then 76-003 and 76-005 equal, 76-004 last.
FIRST_TWO = [decision("76-002", "nominee"), decision("76-001", "nominee")]


def said(*rounds):
    return [str(problem) for problem in verify_archive(build_archive(archive(*rounds))).problems]


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"decisions": [decision("76-002")]}, []),
        ({"decisions": [decision(None, motive="Aucun dossier abouti.")]}, []),
        (
            {"decisions": [decision(None, motive=" ")]},
            ["76/us/–/national_entry : une distinction non attribuée doit porter un motif."],
        ),
        ({"decisions": [decision("76-001", motive="Ancrage plus fort.")]}, []),
        (
            {"decisions": [decision("76-001")]},
            [
                "76/us/76-001/national_entry : une décision hors de l’ordre du classement doit porter un motif."
            ],
        ),
        ({"decisions": [decision("76-001")], "withdrawn": ["76-002"]}, []),
        (
            {"decisions": [decision("76-002")], "withdrawn": ["76-002"]},
            ["76/us/76-002/national_entry : le dossier est retiré."],
        ),
        (
            {"decisions": [decision("76-999")]},
            ["76/us/76-999/national_entry : le dossier n’est pas de ce tour et de cette thématique."],
        ),
        (
            {"decisions": [decision("76-002", theme="te")]},
            [
                "76/te/76-002/national_entry : le dossier n’est pas de ce tour et de cette thématique.",
                "76/te/national_entry : décisions : 1, places : 0.",
            ],
        ),
        (
            {"decisions": [decision("76-002"), decision("76-001")]},
            ["76/us/national_entry : décisions : 2, places : 1."],
        ),
        ({"decisions": [decision("76-001", status="annulled"), decision("76-002")]}, []),
        (
            {"decisions": [decision("76-002", status="perhaps")]},
            ["76/us/76-002/national_entry : l’état de la décision est inconnu."],
        ),
        (
            {"decisions": [decision("76-002"), decision("76-002", motive="Encore.")]},
            [
                "76/us/76-002/national_entry : le dossier reçoit deux fois la même distinction.",
                "76/us/national_entry : décisions : 2, places : 1.",
            ],
        ),
        ({"decisions": [*FIRST_TWO, decision("76-003", "nominee")], "tie_breaks": [PARTED]}, []),
        (
            {"decisions": [*FIRST_TWO, decision("76-003", "nominee", motive="Oui.")]},
            ["76/us/76-003/nominee : un ex æquo n’est pas départagé avec une méthode et un motif."],
        ),
        ({"decisions": [*FIRST_TWO, decision("76-002", "laureate")]}, []),
        (
            {"decisions": [*FIRST_TWO, decision("76-004", "laureate", motive="Oui.")]},
            ["76/us/76-004/laureate : le dossier lauréat n’est pas parmi les dossiers nommés."],
        ),
        (
            {"decisions": [*FIRST_TWO, decision("76-001", "laureate")]},
            ["76/us/76-001/laureate : une décision hors de l’ordre du classement doit porter un motif."],
        ),
        (
            {"decisions": [decision("76-002", "title"), decision("76-001", "title")]},
            ["76/us/title : décisions : 2, places : 1.", "76/title : décisions : 2, places : 1."],
        ),
        ({"level": "cantonal"}, ["76 : le tour n’est ni régional ni national."]),
    ],
)
def test_decisions(changes, problems):
    assert said(round_line(**changes)) == problems


@pytest.mark.parametrize(
    "change",
    [
        {"kept": ["76-005"]},
        {"kept": []},
        {"kept": ["76-003", "76-005"]},
        {"candidacies": ["76-003"]},
        {"outcome": "title"},
        {"theme": "te"},
        {"method": " "},
        {"motive": ""},
    ],
)
def test_a_tie_break_that_parts_nothing(change):
    decisions = [*FIRST_TWO, decision("76-003", "nominee")]
    line = round_line(decisions=decisions, tie_breaks=[{**PARTED, **change}])
    assert said(line) == [
        "76/us/76-003/nominee : un ex æquo n’est pas départagé avec une méthode et un motif."
    ]


def test_a_file_without_a_reader_cannot_be_decided():
    held = {"us": ballot({"Alpha": ("R",)})}
    line = round_line(ballots=held, decisions=[decision("76-001")])
    assert said(line) == ["76/us/76-001/national_entry : le dossier n’est pas classé."]


def test_two_rounds_under_one_code():
    assert said(round_line(), round_line()) == ["76 : deux tours portent ce code."]


def test_the_national_jury_only_receives_what_a_region_retained():
    received = {"us": ballot({"Béta": ("5555",)})}
    national = round_line("national", "national", ballots=received)
    refused = ["national/us/76-002 : aucun tour régional n’a retenu ce dossier pour le jury national."]
    assert said(round_line(decisions=[decision("76-002")]), national) == []
    assert said(round_line(decisions=[decision("76-002", status="proposed")]), national) == refused
    assert said(round_line(decisions=[decision("76-002", status="annulled")]), national) == refused
    assert said(national) == []


def test_a_stated_ranking_is_compared_line_by_line():
    line = round_line()
    line["ranking"]["us"][1].update(score="4/1", rank=1, tied=True)
    assert said(line) == [
        "76/us/76-001/rank : le classement annonce 1 (ex æquo), 4/1, 4, le recalcul donne 2, 15/4, 4."
    ]


def test_a_line_missing_from_the_ranking_or_a_theme_too_many():
    line = round_line()
    del line["ranking"]["us"][4]
    assert said(line) == ["76/us/76-004/rank : le classement annonce –, le recalcul donne 5, 18/5, 4."]
    line = round_line()
    line["ranking"]["te"] = []
    assert said(line) == ["76/ranking : le classement ne porte pas sur les mêmes thématiques que les notes."]


def sheet_line(line):
    return line["scores"]["themes"]["us"]["sheets"][0]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda line: sheet_line(line)["levels"].update(a=6), "cohérentes : 76-001/J01/a."),
        (lambda line: sheet_line(line)["levels"].update(z=1), "cohérentes : 76-001/J01/z."),
        (lambda line: sheet_line(line).update(state="lost"), "cohérentes : 76-001/J01."),
        (lambda line: sheet_line(line).update(juror="J02"), "cohérentes : 76-001/J02."),
        (lambda line: sheet_line(line).update(candidacy="76-9"), "cohérentes : 76-9/J01."),
        (
            lambda line: sheet_line(line)["levels"].update(a=None),
            "76/us/76-001/J01 : il manque des notes sans dispense.",
        ),
        (
            lambda line: line["scores"]["themes"]["us"]["grid"]["criteria"][0].update(weight=39),
            "La somme des pondérations doit être égale à 100 (elle est de 99).",
        ),
    ],
)
def test_scores_that_cannot_be(change, problem):
    line = round_line()
    change(line)
    snapshot, other = said(line)
    assert snapshot.startswith("76/snapshot : l’empreinte de l’instantané")
    assert other.endswith(problem)

"""Ties of interest: which facts stand a juror aside, which only mark a line, and which say nothing (F22)."""

import pytest

from awards_app.domain.interests import (
    CERTAIN,
    JurorFacts,
    StructureFacts,
    TieKind,
    bare_address,
    find_ties,
    may_be_kin,
)


def kinds(juror: JurorFacts, structure: StructureFacts) -> list[TieKind]:
    return [tie.kind for tie in find_ties(juror, structure)]


def by_address(juror: str, theirs: str) -> list[TieKind]:
    return kinds(JurorFacts(frozenset({juror})), StructureFacts(addresses=frozenset({theirs})))


@pytest.mark.parametrize(
    ("juror", "theirs", "expected"),
    [
        ("zoe@phare.example", "ines@phare.example", [TieKind.SAME_DOMAIN]),
        ("ZOE@PHARE.EXAMPLE", "ines@phare.example", [TieKind.SAME_DOMAIN]),
        ("zoe@rennes.phare.example", "ines@phare.example", [TieKind.SAME_DOMAIN]),
        ("zoe@phare.example", "ines@rennes.phare.example", [TieKind.SAME_DOMAIN]),
        ("zoe+prix@phare.example", "zoe@phare.example", [TieKind.SAME_ADDRESS, TieKind.SAME_DOMAIN]),
        ("zoe+prix@gmail.com", "Zoe@gmail.com", [TieKind.SAME_ADDRESS]),
        ("zoe@gmail.com", "ines@gmail.com", []),
        ("zoe@orange.fr", "ines@orange.fr", []),
        ("zoe@laposte.net", "ines@laposte.net", []),
        ("zoe@phare.example", "ines@lephare.example", []),
        ("zoe@example", "ines@example", []),
        ("", "", []),
    ],
)
def test_an_address_ties_by_its_mailbox_or_by_its_own_domain(
    juror: str, theirs: str, expected: list[TieKind]
) -> None:
    assert by_address(juror, theirs) == expected


def test_the_site_of_a_structure_counts_as_its_domain() -> None:
    juror = JurorFacts(frozenset({"zoe@phare.example"}))

    assert kinds(juror, StructureFacts(website="https://www.Phare.example/nous")) == [TieKind.SAME_DOMAIN]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"is_member": True, "was_member": True}, [TieKind.MEMBER]),
        ({"was_member": True}, [TieKind.FORMER_MEMBER]),
        ({"siren": "732829320"}, [TieKind.SAME_SIREN]),
        ({"siren": "732829320", "was_member": True}, [TieKind.FORMER_MEMBER]),
        ({"siren": ""}, []),
        ({"has_colleague": True}, [TieKind.COLLEAGUE]),
        ({"name": "Crédit des Îles"}, [TieKind.SAME_EMPLOYER]),
        ({"name": "Îles"}, [TieKind.SAME_EMPLOYER]),
        ({"name": "Crédit"}, [TieKind.SAME_EMPLOYER]),
        ({"name": "Crédit des Îlets"}, []),
        ({"people": frozenset({"Inès Le Goff"})}, [TieKind.NEAR_NAME]),
        ({"region_code": "53"}, []),
    ],
)
def test_each_fact_has_its_tie(facts: dict[str, object], expected: list[TieKind]) -> None:
    juror = JurorFacts(
        frozenset({"zoe@gmail.com"}),
        name="Zoé Le Goff",
        college="Financeurs : Crédit des îles",
        sirens=frozenset({"732829320"}),
    )

    assert kinds(juror, StructureFacts(**facts)) == expected  # type: ignore[arg-type]  # facts of several types


def test_a_region_ties_in_a_national_jury_only() -> None:
    assert kinds(JurorFacts(frozenset(), region_code="53"), StructureFacts(region_code="53")) == [
        TieKind.SAME_REGION
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Zoé Ortolan", "ORTOLAN", True),
        ("Zoé Ortolan", "ORTOLAN Zoé", True),
        ("Zoé Ortolan", "Zoe Ortolan", True),
        ("Zoé Ortolan", "Zoé Ortolant", True),
        ("Zoé Ortolan", "Inès Ortolan", True),
        ("Zoé Ortolan", "Zoé Marchand", False),
        ("Anh Le", "Minh Le", False),
        ("", "", False),
    ],
)
def test_a_last_name_or_a_name_that_could_be_taken_for_another(one: str, other: str, expected: bool) -> None:
    assert may_be_kin(one, other) is expected


def test_a_mailbox_has_no_case_and_no_alias() -> None:
    assert bare_address(" Zoe.Ortolan+Prix+2027@Phare.Example ") == "zoe.ortolan@phare.example"
    assert bare_address("sans arobase") == ""


def test_what_is_certain_is_a_closed_list() -> None:
    assert sorted(CERTAIN) == ["former_member", "member", "same_address", "same_domain", "same_siren"]

"""M. Interface under stress."""

import re

from tests.cases.context import Context, case, expect, says
from tests.cases.group_f import CRITERIA

LEVELS = ("0", "1", "2", "3", "4", "none")


@case("M4")
def score_inputs_say_what_they_are(c: Context) -> None:
    """Each criterion is a group with its name and weight; each level a radio with its words; the one kept is checked."""
    c.lay("P3")
    juror, seat, file = c.be("RJ"), c.seat("RJ"), c.candidacy("other")
    page = expect(juror.sheet.get(seat, file), 200).text
    groups = re.findall(r"<fieldset class=\"score[^>]*>.*?</fieldset>", page, re.DOTALL)
    assert len(groups) == len(CRITERIA)
    for group in groups:
        legend = re.findall(r"<legend>(.*?)</legend>", group, re.DOTALL)
        assert len(legend) == 1
        assert re.search(r"\w", re.sub(r"<[^>]+>", "", legend[0]))
        assert "sur 100" in legend[0]
        help_id = re.findall(r'<p class="help" id="([\w-]+)"', group)
        assert f'aria-describedby="{help_id[0]}"' in group.split(">", 1)[0], "the question of the criterion"
        radios = re.findall(
            r'<input type="radio" name="([\w-]+)" id="([\w-]+)" value="(\w+)"( checked)?', group
        )
        assert tuple(value for _name, _id, value, _checked in radios) == LEVELS
        assert len({name for name, *_rest in radios}) == 1
        assert [value for _name, _id, value, checked in radios if checked] == ["2"]
        for _name, identifier, value, _checked in radios:
            label = re.findall(rf'<label for="{identifier}">(.*?)</label>', group, re.DOTALL)
            words = re.sub(r"<[^>]+>", " ", label[0]).split()
            assert len(words) > 2, identifier
            assert value == "none" or words[0] == value
    status = re.findall(r'<p class="save-state" role="status"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert len(status) == 1
    assert "enregistré" in status[0].lower()
    saved = expect(juror.sheet.save(seat, file, {"need": 3}), 303)
    again = says(expect(juror.get(saved.headers["Location"]), 200), "enregistré")
    assert re.findall(r'name="mark-need" id="[\w-]+" value="(\w+)" checked', again.text) == ["3"]

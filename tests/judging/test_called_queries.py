"""How sheets are called in what holds a publication back: exactly, but never a code beside a number."""

from contest.audit.work import Actor
from contest.judging import chief_actions
from contest.judging.called_queries import called
from contest.judging.counting_queries import reopened_sheets
from contest.results.queries import standings, told_problems
from tests.judging.panels import DRILL, RISK, make_panel, mark, open_codes, two_modules

PETRA = Actor(None, "Petra")


def reopened_both(panel):
    """The same contestant's sheet under a code and the one under the entry number, both opened again."""
    for module, marks in (("risk", RISK), ("drill", DRILL)):
        for entrant in range(3):
            for seat in (1, 2) if module == "risk" else (1,):
                mark(panel, marks, entrant=entrant, seat=seat, module=module)
        chief_actions.reopen_sheet(PETRA, panel.contest.id, panel.sheet(1, 1, module).id, "a slip")
    return panel


def test_while_codes_are_sealed_only_the_modules_are_told(app):
    panel = reopened_both(make_panel(document=two_modules()))
    names, _ = reopened_sheets(panel.contest.id)

    assert [str(name) for name in names] == ["风险辨识", "应急演练"]
    texts = [text % params for text, params in told_problems(standings(panel.contest.id))]
    assert any("again: 2 (风险辨识、应急演练)" in text for text in texts)
    number, code = panel.entrants[1].number, "702"
    assert not any(number in text and code in text for text in texts)


def test_once_they_are_opened_each_sheet_is_named(app):
    panel = reopened_both(make_panel(document=two_modules()))
    open_codes(panel.contest)

    names = called(panel.contest.id, [panel.sheet(1, 2), panel.sheet(1, 1, "drill")])

    assert [name.english for name in names] == [
        "702 Risk 2", f"{panel.entrants[1].number} Drill 1",
    ]

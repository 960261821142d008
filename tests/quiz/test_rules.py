"""How entries of the quiz ledger add up, with sums done by hand."""

import pytest

from contest.errors import Conflict, Invalid, Missing
from contest.quiz import clock_rules, forms, rules, setting_rules
from contest.quiz.rules import Entry
from contest.quiz.setting_rules import Settings
from contest.scoring.scheme_modules import Module
from contest.theory.rules import Score

POINT = 10_000


def ledger(*entries):
    """Entries of one entrant numbered from 1: (kind, amount[, undoes or stake])."""
    made = []
    for number, (kind, amount, *about) in enumerate(entries, 1):
        link = {"undoes" if kind == "undo" else "stake_id": about[0]} if about else {}
        made.append(Entry(number, number, 7, kind, amount, **link))
    return made


def test_every_kind_of_points_adds_up_exactly():
    rows = ledger(
        ("base", 100 * POINT), ("must", 10 * POINT), ("must", 0), ("buzz", -10 * POINT),
        ("stake", 30 * POINT), ("risk", -30 * POINT, 5), ("other", -25_000),
    )

    # 100 + 10 + 0 - 10 - 30 - 2.5; the wager itself is no point
    assert rules.score_of(rows, False) == Score("scored", 675_000)


def test_an_undo_takes_back_one_entry_and_the_plain_sum_says_the_same():
    rows = ledger(("base", 100 * POINT), ("buzz", 10 * POINT), ("undo", -10 * POINT, 2))

    assert rules.score_of(rows, False).units == 100 * POINT == sum(row.amount for row in rows)


def test_a_total_may_be_negative_and_all_undone_is_no_score():
    assert rules.score_of(ledger(("buzz", -10 * POINT)), False).text == "-10"
    assert rules.score_of(ledger(("buzz", -10 * POINT), ("undo", 10 * POINT, 1)), False) == Score("withdrawn")
    assert rules.score_of(ledger(("base", 0)), False) == Score("scored", 0)
    assert rules.score_of(ledger(("stake", 10 * POINT)), False) == Score("withdrawn")


def test_net_time_is_time_and_seconds_of_every_fault():
    rows = ledger(("time", 83_450), ("fault", 10_000), ("fault", 2_500))

    # 1:23.45 + 2 × 5 s + 2.5 s = 95.95 s
    assert rules.score_of(rows, True) == Score("scored", 959_500)
    assert rules.score_of(ledger(("fault", 5_000)), True) == Score("withdrawn")
    assert rules.score_of([*rows, Entry(9, 9, 7, "void", 0)], True) == Score("void")


@pytest.mark.parametrize(("order", "expected"), [
    ("high", ["B", "A", "D", "E", "C"]), ("low", ["E", "A", "D", "B", "C"]),
])
def test_wagers_are_chosen_by_score_and_equals_by_number(order, expected):
    totals = [("A", 20), ("B", 40), ("C", None), ("D", 20), ("E", -10)]

    assert rules.pick_order(totals, order) == expected


def test_a_wager_is_open_until_it_is_answered_and_again_when_the_answer_is_undone():
    chosen = ledger(("stake", 20), ("risk", -20, 1), ("undo", 20, 2))

    assert rules.open_stake(rules.standing(chosen[:1])).amount == 20
    assert rules.open_stake(rules.standing(chosen[:2])) is None
    assert rules.open_stake(rules.standing(chosen)).amount == 20
    assert rules.chances_left(rules.standing(chosen), 1) == 0


@pytest.mark.parametrize(("number", "refusal", "words"), [
    (1, Conflict, "undone already"), (3, Conflict, "not undone"), (4, Conflict, "answered"),
    (9, Missing, "no such entry"),
])
def test_what_cannot_be_undone(number, refusal, words):
    rows = ledger(("must", 10), ("must", 10), ("undo", -10, 1), ("stake", 30), ("risk", 30, 4))
    entry = next((row for row in rows if row.id == number), None)

    with pytest.raises(refusal, match=words):
        rules.check_can_undo(entry, rows)


def test_the_plan_says_how_low_and_how_high():
    module = Module("m", "p", "模块", max=100 * POINT, lowest=-20 * POINT, entry="scores")

    rules.check_range(Score("scored", -20 * POINT), module, "甲队")
    rules.check_range(Score("withdrawn"), module, "甲队")
    for units in (-20 * POINT - 1, 100 * POINT + 1):
        with pytest.raises(Conflict, match="from -20 to 100"):
            rules.check_range(Score("scored", units), module, "甲队")


@pytest.mark.parametrize("typed", ["", "0", "abc", "1.00001", "1000001", "1,5"])
def test_strange_points_are_refused(typed):
    with pytest.raises(Invalid) as refused:
        rules.read_points(typed)
    assert "amount" in refused.value.fields


@pytest.mark.parametrize(("typed", "units"), [("5", 50_000), ("-2.5", -25_000), ("−１０", -100_000)])
def test_points_are_read_with_their_sign(typed, units):
    assert rules.read_points(typed) == units


@pytest.mark.parametrize("typed", ["", "0", "1:60", "1:2:3", "-5", "1.2345", "1:23,4", "1441:00"])
def test_a_strange_time_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        clock_rules.read_time(typed)
    assert "time" in refused.value.fields


def test_a_stopwatchs_reading_is_told_from_a_typed_one():
    assert clock_rules.source_of(83_450, 83_452) == "stopwatch"
    assert clock_rules.source_of(83_450, 83_459) == "typed"
    assert clock_rules.source_of(83_450, None) == "typed"
    assert clock_rules.clocks_differ(83_450, 83_750) is None
    assert clock_rules.clocks_differ(83_450, 83_751) == 301
    assert clock_rules.clocks_differ(83_450, None) is None


def test_values_are_read_as_they_are_shown():
    settings = Settings(
        base=100 * POINT, stakes=(20 * POINT, 40 * POINT), faults=(("抢跑", 5_000), ("false start", 2_500)),
        players=(3,),
    )

    assert setting_rules.read_settings(setting_rules.typed_form(settings), [3], [3, 4]) == settings
    assert setting_rules.from_document(setting_rules.to_document(settings)) == settings
    assert setting_rules.read_settings(setting_rules.typed_form(settings), [4, 3], [3, 4]).players == ()


@pytest.mark.parametrize(("name", "typed"), [
    ("base", "x"), ("must_right", ""), ("stakes", ""), ("stakes", "10 10"), ("stakes", "0 10"),
    ("stakes", "1 2 3 4 5 6 7"), ("chances", "0"), ("chances", "21"), ("order", "both"),
    ("faults", "5"), ("faults", "start -5"), ("faults", "start x"), ("faults", "a 1\na 2"),
])
def test_strange_values_are_refused_at_their_field(name, typed):
    with pytest.raises(Invalid) as refused:
        setting_rules.read_settings(setting_rules.typed_form(Settings()) | {name: typed}, [], [])
    assert set(refused.value.fields) == {name}


@pytest.mark.parametrize("text", [None, "", "right", "7-up", "7-stake-x", "x-right", "7-stake", "7-right-1"])
def test_a_button_that_no_page_has_is_refused(text):
    with pytest.raises(Invalid):
        forms.read_press(text)

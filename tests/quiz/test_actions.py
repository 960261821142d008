"""Entering points and times: the ledger, the score, the trail, in one commit."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from contest import clock, signals
from contest.audit.chain_queries import check_chain
from contest.audit.models import TrailRow
from contest.board.queries import public_board
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people.models import StateEvent
from contest.quiz import actions, queries
from contest.quiz.models import QuizEntry
from contest.quiz.setting_rules import Settings, typed_form
from contest.results import queries as results
from contest.results import verification_queries
from contest.theory import actions as theory
from contest.theory import queries as theory_queries
from contest.theory.models import TheoryEntry
from tests import factories
from tests.quiz.stages import HOST, QUIZ, TIMED, answer, make_stage, press, run, stake, totals
from tests.theory.test_question_banks import make_final

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def begin(contest, **values):
    if values:
        set_values(contest, **values)
    return actions.begin(HOST, contest.id, "stage", *press(contest))


def set_values(contest, key="stage", players=None, **values):
    form = typed_form(Settings()) | values
    known = [one.entrant_id for one in queries.players(contest.id, key)]
    return actions.set_values(HOST, contest.id, key, form, known if players is None else players)


def undo(contest, seq, key="stage"):
    return actions.undo(HOST, contest.id, key, seq, *press(contest, key))


def trail():
    return list(db.session.scalars(select(TrailRow).order_by(TrailRow.id)))


def standings(contest):
    return {row.number: (row.place, row.shown_total) for row in results.standings(contest.id).rows}


def agree(contest):
    counted = verification_queries.count(verification_queries.shown(contest.id))
    return counted.differences == [] and counted.figures > 0


def play(contest, ids):
    """甲 100+10+20 = 130; 乙 100-10 = 90; 丙 100+10-30 = 80; 丁 100, its +10 undone."""
    begin(contest, base="100")
    answer(contest, ids[0], "must", True, "1")
    answer(contest, ids[1], "buzz", False, "2")
    answer(contest, ids[2], "buzz", True, "3")
    answer(contest, ids[3], "buzz", True, "3")
    undo(contest, queries.latest_seq(contest.id, "stage"))
    for entrant_id, points, is_right in ((ids[0], 20, True), (ids[2], 30, False)):
        stake(contest, entrant_id, points)
        answer(contest, entrant_id, "risk", is_right)


@BOTH
def test_a_quiz_makes_scores_places_and_a_board_at_once(app):
    contest, ids = make_stage()

    play(contest, ids)

    assert totals(contest) == ["130", "90", "80", "100"]
    assert [row.number for row in sorted(results.standings(contest.id).rows, key=lambda row: row.place)] == [
        "T01", "T04", "T02", "T03",
    ]
    told = public_board(contest.slug, clock.now())
    assert {row.number: row.cells[-1].text for row in told.rows} == {
        "T01": "130.00", "T02": "90.00", "T03": "80.00", "T04": "100.00",
    }
    assert agree(contest)
    assert check_chain(contest.id).is_whole


@BOTH
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["quiz_entry", "quiz_setting"])
def test_the_database_keeps_every_entry_as_it_was(app, table, statement):
    contest, _ = make_stage()
    begin(contest, base="5")

    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(db.text(statement.format(table)))


@BOTH
@pytest.mark.parametrize("wrong", [
    {"undoes_id": 5}, {"amount": -1}, {"entrant_id": 1}, {"module_key": "other"}, {"seq": 5},
    {"undoes_id": 2}, {"kind": "must"}, {"kind": "gift"},
])
def test_the_database_itself_refuses_a_wrong_undo(app, wrong):
    contest, ids = make_stage()
    begin(contest)  # entries 1 to 4
    answer(contest, ids[1], "must", True)
    undo(contest, 2)  # 6
    row = {
        "contest_id": contest.id, "module_key": "stage", "seq": 7, "entrant_id": ids[1],
        "kind": "undo", "amount": -100_000, "undoes_id": 5, "question": "", "note": "",
        "at": clock.now(),
    }
    ids_of = dict(db.session.execute(select(QuizEntry.seq, QuizEntry.id)).all())
    wrong = {key: ids_of[value] if key == "undoes_id" else value for key, value in wrong.items()}
    wrong = {key: ids[0] if key == "entrant_id" else value for key, value in wrong.items()}
    row["undoes_id"] = ids_of[5]

    if wrong == {"undoes_id": ids_of[5]}:
        db.session.execute(insert(QuizEntry).values(**row))  # the right one goes in
        return
    if wrong == {"undoes_id": ids_of[2]}:
        wrong["amount"] = 0  # opposite of its nothing: refused because it was undone already
    with pytest.raises(DBAPIError):
        db.session.execute(insert(QuizEntry).values(**row | wrong))


def test_nobody_has_a_score_before_the_base_points(app):
    contest, ids = make_stage()

    assert totals(contest) == ["", "", "", ""]
    assert begin(contest) == 4
    assert totals(contest) == ["0", "0", "0", "0"]
    assert contest.marks_version == 1
    with pytest.raises(Conflict, match="already"):
        begin(contest)
    assert trail()[-1].facts["new"] == {"T01": "0", "T02": "0", "T03": "0", "T04": "0"}


def test_every_act_is_told_with_its_names(app):
    contest, ids = make_stage()
    answer(contest, ids[1], "buzz", False, " 12 ")
    undo(contest, 1)

    first, second = trail()
    assert (first.who, first.did, first.facts) == ("host", "quiz.points", {
        "module": "stage", "number": "T02", "entry_kind": "buzz", "question": "12",
        "old": {"T02": "withdrawn"}, "new": {"T02": "-10"}, "amount": "−10",
    })
    assert (second.did, second.facts["entry"], second.facts["new"]) == ("quiz.undo", 1, {"T02": "withdrawn"})
    assert theory_queries.scores(contest.id) == {}


def test_an_undo_is_an_entry_and_is_not_undone(app):
    contest, ids = make_stage()
    answer(contest, ids[0], "must", True)
    answer(contest, ids[0], "must", True)
    undo(contest, 1)

    assert totals(contest)[0] == "10"
    with pytest.raises(Conflict, match="not undone"):
        undo(contest, 3)
    with pytest.raises(Conflict, match="already"):
        undo(contest, 1)
    assert queries.latest_seq(contest.id, "stage") == 3


def test_a_wager_is_chosen_before_its_question_and_once(app):
    contest, ids = make_stage()
    with pytest.raises(Conflict, match="before its question"):
        answer(contest, ids[0], "risk", True)
    stake(contest, ids[0], 30)
    assert totals(contest)[0] == ""
    with pytest.raises(Conflict, match="chosen already"):
        stake(contest, ids[0], 20)
    answer(contest, ids[0], "risk", False)
    with pytest.raises(Conflict, match="used up"):
        stake(contest, ids[0], 20)
    with pytest.raises(Conflict, match="answered"):
        undo(contest, 1)
    with pytest.raises(Conflict, match="no longer"):
        stake(contest, ids[1], 25)

    assert totals(contest)[0] == "-30"


def test_other_points_want_a_word(app):
    contest, ids = make_stage()
    with pytest.raises(Invalid) as refused:
        actions.enter_points(HOST, contest.id, "stage", ids[0], "-5", " ", *press(contest))
    assert "note" in refused.value.fields

    actions.enter_points(HOST, contest.id, "stage", ids[0], "-5", "early buzz", *press(contest))

    assert totals(contest)[0] == "-5"


def test_the_same_press_twice_is_entered_once(app):
    contest, ids = make_stage()
    sent = press(contest)

    assert actions.enter_answer(HOST, contest.id, "stage", ids[0], "must", True, "", *sent)
    assert not actions.enter_answer(HOST, contest.id, "stage", ids[0], "must", True, "", *sent)
    with pytest.raises(Conflict, match="Two buttons"):
        actions.enter_answer(HOST, contest.id, "stage", ids[1], "must", True, "", *sent)

    assert totals(contest) == ["10", "", "", ""]


def test_two_people_do_not_enter_the_same_answer(app):
    contest, ids = make_stage()
    seen, _ = press(contest)
    answer(contest, ids[0], "must", True)

    with pytest.raises(Conflict, match="Somebody else"):
        actions.enter_answer(HOST, contest.id, "stage", ids[0], "must", True, "", seen, "of-another-page")

    assert totals(contest)[0] == "10"
    assert len(trail()) == 1


@BOTH
def test_two_who_press_in_the_same_moment_write_one_entry(app, monkeypatch):
    contest, ids = make_stage()
    answer(contest, ids[0], "must", True)
    monkeypatch.setattr(actions.rules, "check_seen", lambda seen, latest: latest is None and late())

    def late():
        raise Conflict("too late")

    with pytest.raises(Conflict, match="too late"):
        actions.enter_answer(HOST, contest.id, "stage", ids[1], "must", True, "", 0, "of-another-page")

    assert totals(contest) == ["10", "", "", ""]
    assert db.session.query(TheoryEntry).count() == len(trail()) == 1


def test_the_plans_ends_hold_and_nothing_is_written(app):
    contest, ids = make_stage()
    with pytest.raises(Conflict, match="from -100 to 200"):
        actions.enter_points(HOST, contest.id, "stage", ids[0], "-100.5", "foul", *press(contest))

    assert (db.session.query(QuizEntry).count(), trail()) == (0, [])


def test_the_board_is_told(app):
    contest, ids = make_stage()
    heard = []

    def listen(sender, contest_id):
        heard.append((sender, contest_id))

    with signals.marks_changed.connected_to(listen):
        answer(contest, ids[0], "must", True)
    assert heard == [("quiz.points", contest.id)]


@pytest.mark.parametrize("state", ["registration", "collected", "final"])
def test_nothing_is_entered_while_no_marks_are_taken(app, state):
    contest, ids = make_stage(state=state)
    with pytest.raises(Conflict):
        answer(contest, ids[0], "must", True)


def test_whoever_is_absent_gets_no_points(app):
    contest, ids = make_stage()
    db.session.add(StateEvent(contest_id=contest.id, entrant_id=ids[0], state="absent", reason="ill",
                              at=clock.now()))
    db.session.commit()
    with pytest.raises(Conflict, match="absent"):
        answer(contest, ids[0], "must", True)
    assert begin(contest) == 3


def test_only_who_is_on_the_stage_gets_points(app):
    contest, ids = make_stage()
    set_values(contest, players=ids[:2])

    assert begin(contest) == 2
    with pytest.raises(Conflict, match="not on the stage"):
        answer(contest, ids[3], "must", True)
    assert trail()[0].facts["new"]["players"] == 2


def test_typed_scores_and_the_desk_do_not_mix(app):
    contest, ids = make_stage()
    theory.enter_score(HOST, contest.id, "stage", ids[0], "50", 0)
    with pytest.raises(Conflict, match="Clear them"):
        answer(contest, ids[0], "must", True)
    seen = theory_queries.latest_entry_id(contest.id, "stage", ids[0])
    theory.enter_score(HOST, contest.id, "stage", ids[0], "", seen, "wrong page", is_cleared=True)
    answer(contest, ids[0], "must", True)

    with pytest.raises(Conflict, match="quiz desk"):
        theory.enter_score(HOST, contest.id, "stage", ids[1], "50", 0)
    with pytest.raises(Conflict, match="quiz desk"):
        theory.upload_scores(HOST, contest.id, "stage", b"x", "x.csv")


def test_a_blind_module_and_theory_have_no_desk(app):
    blind = {**QUIZ, "modules": [{**QUIZ["modules"][0], "blind": True}]}
    contest, ids = make_stage(rules=blind)
    with pytest.raises(Conflict, match="blind"):
        answer(contest, ids[0], "must", True)
    paper = {**QUIZ, "modules": [{**QUIZ["modules"][0], "kind": "theory"}]}
    contest, ids = make_stage(rules=paper)
    with pytest.raises(Missing):
        answer(contest, ids[0], "must", True)


def test_a_module_of_the_teams_has_one_column_for_each_team(app):
    rules = {**QUIZ, "teams": {"method": "sum", "size": 3},
             "parts": [{**QUIZ["parts"][0], "to": "team"},
                       {"key": "solo", "stage": "final", "name": "个人", "weight": 100}],
             "modules": [*QUIZ["modules"],
                         {"key": "paper", "part": "solo", "name": "理论", "weight": 100, "max": 100,
                          "entry": "scores", "kind": "theory"}]}
    contest = factories.make_contest(factories.plan_document(**rules))
    team = factories.make_team(contest, name="甲队")
    first, second = (factories.make_entrant(contest, team=team, number=n) for n in ("A1", "A2"))
    answer(contest, first.id, "must", True)
    db.session.add(StateEvent(contest_id=contest.id, entrant_id=first.id, state="withdrawn", reason="ill",
                              at=clock.now()))
    db.session.commit()

    [column] = queries.desk(contest.id, "stage").columns
    assert (column.player.name, column.player.entrant_id) == ("甲队", first.id)
    assert second.id not in {one.entrant_id for one in queries.players(contest.id, "stage", {first.id})}
    assert column.may_play  # the team's other member goes on
    answer(contest, first.id, "must", True)
    factories.make_theory(contest, second, "60")
    contest.marks_version += 1
    db.session.commit()

    [team_row] = results.standings(contest.id).teams
    assert (team_row.place, team_row.total) == (1, "70.00")  # 60 + 20 of 200
    [shown] = public_board(contest.slug, clock.now()).teams
    assert (shown.place, shown.total) == (1, "70.00")
    assert agree(contest)

    db.session.add(StateEvent(contest_id=contest.id, entrant_id=second.id, state="withdrawn", reason="ill",
                              at=clock.now()))
    db.session.commit()
    [column] = queries.desk(contest.id, "stage").columns
    assert not column.may_play
    with pytest.raises(Conflict, match="withdrew"):
        answer(contest, first.id, "must", True)


@BOTH
def test_times_with_faults_make_the_lowest_first_and_both_scorers_agree(app):
    contest, ids = make_stage(rules=TIMED)
    set_values(contest, "hose", faults="false start 5\ndropped nozzle 2.5")
    run(contest, ids[0], "1:10.00", 0, 0)  # 70
    run(contest, ids[1], "1:00.50", 1, 2)  # 60.5 + 5 + 5 = 70.5
    run(contest, ids[2], "0:55.25", 0, 1)  # 57.75
    actions.enter_void(HOST, contest.id, "hose", ids[3], "hose burst", *press(contest, "hose"))

    assert totals(contest, "hose") == ["70", "70.5", "57.75", ""]
    assert standings(contest) == {
        "T01": (2, "70.00"), "T02": (3, "70.50"), "T03": (1, "57.75"), "T04": (4, None),
    }
    assert agree(contest)
    row = next(row for row in trail() if row.facts.get("number") == "T02")
    assert (row.facts["time"], row.facts["faults"]) == ("1:00.50", "false start × 1, dropped nozzle × 2")
    assert row.facts["measured"] == "typed"


def test_a_time_is_corrected_by_undoing_it(app):
    contest, ids = make_stage(rules=TIMED)
    run(contest, ids[0], "1:10")
    with pytest.raises(Conflict, match="undo its entries"):
        run(contest, ids[0], "1:11")
    undo(contest, 1, "hose")
    run(contest, ids[0], "1:11")

    assert totals(contest, "hose")[0] == "71"
    with pytest.raises(Conflict, match="600"):
        run(contest, ids[1], "10:00.01")


def test_a_quiz_takes_no_times_and_a_timed_event_no_points(app):
    quiz, ids = make_stage()
    with pytest.raises(Conflict, match="points are entered"):
        actions.enter_time(HOST, quiz.id, "stage", ids[0], "1:00", [], *press(quiz))
    timed, ids = make_stage(rules=TIMED)
    with pytest.raises(Conflict, match="times are entered"):
        actions.enter_answer(HOST, timed.id, "hose", ids[0], "must", True, "", *press(timed, "hose"))


def test_values_keep_what_was_entered_before(app):
    contest, ids = make_stage()
    answer(contest, ids[0], "must", True)
    assert set_values(contest, must_right="15")
    assert not set_values(contest, must_right="15")
    answer(contest, ids[0], "must", True)

    assert totals(contest)[0] == "25"


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_a_contest_that_became_final_since_it_was_read_takes_no_points(app):
    contest, ids = make_stage()
    contest_id = contest.id
    assert contest.takes_marks and make_final(contest_id)

    with pytest.raises(Conflict, match="being judged"):
        actions.enter_points(HOST, contest_id, "stage", ids[0], "5", "补分", 0, "op-late")
    assert queries.entries(contest_id, "stage") == []

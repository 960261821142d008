"""The paper check: what was found of each drawn sheet, and what a publication waits for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.checks import (
    review_actions,
    review_queries,
    sample_actions,
    sample_queries,
    score_check_actions,
)
from contest.checks.models import CheckStatement, PaperSample, SheetCheck
from contest.checks.score_queries import stage_lines
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import chief_actions, confirm_actions
from contest.judging.models import Sheet
from contest.people.models import Judge
from contest.results import actions as results
from contest.setup import actions as setup
from contest.setup.procedure_rules import FORMAL, SHORT, stored_form
from contest.setup.proposal_queries import find_open
from contest.setup.queries import desk_notes, step_problems
from tests import factories
from tests.checks.test_road import PROCEDURE, Road
from tests.judging.panels import make_panel, mark, witness

PAPER = replace(PROCEDURE, review=False, signing=False, four_eyes=False, paper_check=True, paper_bad=50,
                paper_confidence=50)


@pytest.fixture
def road(app):
    """Four contestants, two sheets each, all in and the scoring closed; the paper check is demanded."""
    document = factories.plan_document()
    document["modules"][1]["blind"] = False
    document["ranking"]["shared"] = True
    panel = make_panel(4, document=document)
    witness(panel.contest)
    panel.contest.procedure = stored_form(PAPER)
    for entrant, person in enumerate(panel.entrants):
        factories.make_theory(panel.contest, person, str(90 - entrant))
        for seat in (1, 2):
            mark(panel, {"A1": str(9 - entrant), "A2": {}}, entrant=entrant, seat=seat)
    people = {role: factories.make_official(role, role, contest=panel.contest)
              for role in ("organiser", "chief_judge", "supervisor")}
    road = Road(panel, people)
    setup.take_step(people["chief_judge"], road.contest.id, "collected")
    return road


def draw(road, margin=0):
    return sample_actions.draw_sample(road.people["supervisor"], road.contest.id, 90, 20, margin, "3 1 4")


def compare(road, sheet_id, agrees=True, who="supervisor", **told):
    if isinstance(sheet_id, str):  # a score
        [line] = [one for one in sample_queries.comparison(road.contest.id).lines if one.sheet.id == sheet_id]
        told.pop("aspect", None)
        score_check_actions.compare_score(
            road.people[who], road.contest.id, line.sheet.rev, agrees, **told
        )
        return
    sheet = db.session.get(Sheet, sheet_id)
    sample_actions.compare_sheet(road.people[who], road.contest.id, sheet_id, sheet.rev, agrees, **told)


def sheets_first(found):
    """The lines of a sample; of eight sheets and four scores eight are drawn, so four are sheets at least."""
    return sorted(found.lines, key=lambda one: one.sheet.is_score)


def told_missing(road):
    step = results.find_step(road.contest, "publish", "provisional")
    return [str(note.text % note.params) for note in step_problems(road.contest, step)]


def publish(road):
    return results.publish_results(road.people["organiser"], road.contest.id, "provisional")


def differing(road):
    """The sample drawn; one sheet differs, the others agree. (line, its check's id)"""
    odd, *others = sheets_first(draw(road))
    for one in others:
        compare(road, one.sheet.id)
    compare(road, odd.sheet.id, False, aspect="A1", figure="8.5", note="A figure was read wrongly.")
    return odd, db.session.query(SheetCheck).filter_by(agrees=False).one().id


def test_nothing_is_published_before_every_drawn_sheet_is_compared(road):
    with pytest.raises(Conflict, match="have not been drawn yet"):
        publish(road)
    found = draw(road)
    assert 2 <= len(found.lines) < found.sheets

    for left, one in zip(range(len(found.lines), 0, -1), found.lines, strict=True):
        [told] = told_missing(road)
        assert f"still to be compared with their paper: {left} (" in told
        assert f"{one.sheet.code} " in told and one.sheet.module.name in told
        compare(road, one.sheet.id)

    assert told_missing(road) == [] and publish(road) == 1


def test_a_difference_is_told_with_its_aspect_and_figure_and_holds_the_publication(road):
    odd, check_id = differing(road)

    [told] = told_missing(road)

    assert "neither a correction nor a statement" in told and f": 1 ({odd.sheet.code}" in told
    check = db.session.get(SheetCheck, check_id)
    assert (check.aspect_key, check.figure, check.note) == ("A1", "8.5", "A figure was read wrongly.")
    row = db.session.query(TrailRow).filter_by(did="review.check").order_by(TrailRow.id.desc()).first()
    assert row.who == "supervisor" and row.facts["paper_figure"] == "8.5" and not row.facts["agrees"]
    with pytest.raises(Conflict):
        publish(road)


@pytest.mark.parametrize(("told", "fields"), [
    ({"aspect": "A1", "figure": "", "note": "read wrongly"}, ["figure"]),
    ({"aspect": "A1", "figure": "8" * 61, "note": "read wrongly"}, ["figure"]),
    ({"aspect": "A1", "figure": "8.5", "note": " "}, ["note"]),
    ({"aspect": "Z9", "figure": "8.5", "note": "n" * 501}, ["aspect", "note"]),
])
def test_a_difference_is_told_whole_or_not_at_all(road, told, fields):
    odd, *_ = sheets_first(draw(road))
    with pytest.raises(Invalid) as refused:
        compare(road, odd.sheet.id, False, **told)
    assert list(refused.value.fields) == fields
    assert db.session.query(SheetCheck).count() == 0


def test_looking_again_does_not_settle_a_difference_but_the_chief_judges_statement_does(road):
    odd, check_id = differing(road)
    with pytest.raises(Conflict, match="found to differ"):
        compare(road, odd.sheet.id)
    chief = road.people["chief_judge"]
    for words in ("", " ", "x" * 501):
        with pytest.raises(Invalid):
            review_actions.state_difference(chief, road.contest.id, check_id, words)

    review_actions.state_difference(chief, road.contest.id, check_id, "The paper shows an earlier draft.")

    assert told_missing(road) == [] and publish(road) == 1
    row = db.session.query(TrailRow).filter_by(did="review.state").one()
    assert (row.who, row.facts["answer"]) == ("chief_judge", "The paper shows an earlier draft.")
    with pytest.raises(Conflict, match="does not differ"):
        review_actions.state_difference(chief, road.contest.id, check_id, "Twice.")


def test_a_statement_needs_another_person_and_the_word_typed_again(road):
    odd, *_ = sheets_first(draw(road))
    compare(road, odd.sheet.id, False, who="chief_judge", figure="none", note="There is no paper.")
    check_id = db.session.query(SheetCheck.id).scalar()
    chief = road.people["chief_judge"]
    with pytest.raises(NotAllowed, match="You found this difference yourself"):
        review_actions.state_difference(chief, road.contest.id, check_id, "It is so.")
    second = factories.make_official("second", "chief_judge", contest=road.contest)
    for stale in (None, clock.now() - timedelta(minutes=6)):
        with pytest.raises(NotAllowed, match="password or PIN"):
            review_actions.state_difference(
                Actor(second.user_id, second.name, word_at=stale), road.contest.id, check_id, "It is so."
            )
    assert db.session.query(CheckStatement).count() == 0
    review_actions.state_difference(second, road.contest.id, check_id, "The paper is at the notary.")
    assert db.session.query(CheckStatement).one().by_id == second.user_id


def test_a_corrected_sheet_is_compared_again(road):
    odd, _ = differing(road)
    chief = road.people["chief_judge"]
    chief_actions.reopen_sheet(chief, road.contest.id, odd.sheet.id, "a slip")
    mark(road.panel, {"A1": "8.5", "A2": {}}, entrant=entrant_of(road, odd), seat=odd.sheet.seat)
    confirm(road, chief, odd)
    setup.take_step(chief, road.contest.id, "collected")

    told = " ".join(told_missing(road))
    assert "changed after they were compared with their paper: 1" in told
    for one in sample_queries.comparison(road.contest.id).lines:
        if not one.line.is_done:
            compare(road, one.sheet.id)
    assert told_missing(road) == []


def entrant_of(road, line):
    return next(at for at, one in enumerate(road.panel.entrants) if one.id == line.sheet.entrant_id)


def confirm(road, chief, line):
    sheet = db.session.get(Sheet, line.sheet.id)
    confirm_actions.confirm_sheets(chief, road.contest.id, "risk", sheet.entrant_id, {sheet.id: sheet.rev})


def test_the_sheets_of_a_stage_are_drawn_once_and_as_strictly_as_the_procedure_asks(road):
    road.contest.procedure = stored_form(replace(PAPER, paper_confidence=95, paper_bad=5))
    db.session.commit()

    found = sample_actions.draw_sample(road.people["supervisor"], road.contest.id, 50, 50, 0, "3 1 4")

    # Of eight sheets and four scores, for one bad one with 95 %.
    assert found.size == 12 == len(found.lines)
    kept = db.session.query(PaperSample).one()
    assert (kept.confidence, kept.bad, kept.public_part) == (95, "5", "3 1 4")
    with pytest.raises(Conflict, match="drawn already"):
        draw(road)
    road.contest.procedure = stored_form(replace(PAPER, paper_bad=50))
    db.session.commit()
    assert len(sample_queries.comparison(road.contest.id).lines) == 12


def test_what_was_drawn_stays_drawn_and_a_stricter_procedure_draws_on_by_the_same_seed(road):
    first = {one.sheet.id for one in draw(road).lines}
    road.contest.procedure = stored_form(replace(PAPER, paper_confidence=99, paper_bad=13))
    db.session.commit()
    more = sample_queries.comparison(road.contest.id)
    assert first < {one.sheet.id for one in more.lines}
    assert more.drawn == more.size == 12


def test_nobody_compares_the_own_sheet_or_one_that_was_not_drawn(road):
    found = draw(road)
    line = sheets_first(found)[0]
    judge = db.session.get(Judge, db.session.get(Sheet, line.sheet.id).judge_id)
    own = Actor(judge.user_id, judge.name)
    with pytest.raises(NotAllowed, match="another person"):
        sample_actions.compare_sheet(own, road.contest.id, line.sheet.id, line.sheet.rev, True)
    with pytest.raises(Conflict, match="has changed since"):
        sample_actions.compare_sheet(road.people["supervisor"], road.contest.id, line.sheet.id, 99, True)
    drawn = {one.sheet.id for one in found.lines}
    free = next(one for one in stage_lines(road.contest.id) if one.id not in drawn)
    with pytest.raises(Conflict, match="not among those"):
        if free.is_score:
            score_check_actions.compare_score(road.people["supervisor"], road.contest.id, free.rev, True)
        else:
            compare(road, free.id)


def test_before_the_scoring_is_closed_nothing_is_drawn(road):
    road.contest.state = "scoring"
    db.session.commit()
    with pytest.raises(Conflict, match="scoring is closed"):
        draw(road)
    road.contest.procedure = stored_form(SHORT)
    db.session.commit()
    assert draw(road).drawn


def test_where_it_is_not_demanded_nothing_waits_for_it(road):
    road.contest.procedure = stored_form(replace(PAPER, paper_check=False))
    db.session.commit()
    odd, *_ = sheets_first(draw(road))
    compare(road, odd.sheet.id, False, figure="8.5", note="read wrongly")
    assert told_missing(road) == [] and publish(road) == 1


def test_one_check_serves_review_and_paper_check(road):
    road.contest.procedure = stored_form(replace(FORMAL, signing=False, error_percent=50))
    db.session.commit()
    setup.take_step(road.people["supervisor"], road.contest.id, "review")
    draw(road)
    road.review()  # compares some of the drawn sheets
    reviewed = {row.sheet_id for row in db.session.query(SheetCheck)}

    found = sample_queries.comparison(road.contest.id)

    done = {one.sheet.id for one in found.lines if one.line.is_done}
    assert {one for one in done if not isinstance(one, str)} == reviewed
    assert len(reviewed) < len(done) < len(found.lines) == 12
    for one in found.lines:
        if not one.line.is_done:
            compare(road, one.sheet.id, False, figure="1", note="odd")
    # More than the procedure bears: the review, too, asks for all of them.
    assert review_queries.review(road.contest.id).progress.differed == 12 - len(done)


def test_the_desk_says_how_far_it_is(road):
    told = [note.text for note in desk_notes(road.contest.id)]
    assert any("compared with their paper have not been drawn" in text for text in told)
    found = draw(road)
    compare(road, found.lines[0].sheet.id)
    [note] = [one for one in desk_notes(road.contest.id) if one.endpoint == "checks.show_sample"]
    assert note.text % note.params == f"Paper check: 1 of {len(found.lines)} sheets are settled."


def test_what_was_found_can_be_neither_changed_nor_deleted(road):
    _, check_id = differing(road)
    review_actions.state_difference(road.people["chief_judge"], road.contest.id, check_id, "So it is.")
    for table in ("paper_sample", "check_statement", "sheet_check"):
        for statement in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="append-only"):
                db.session.execute(db.text(statement))
            db.session.rollback()


def test_the_page_from_the_draw_to_the_statement(as_role, road):
    contest = road.contest
    supervisor, chief = as_role("supervisor", contest), as_role("chief_judge", contest)
    address = f"/contests/{contest.id}/results/sample"
    assert "asks for at least 50 percent" in supervisor.get(address).text
    supervisor.post(address, data={"seed": "3 1 4", "confidence": "90", "bad": "20", "margin": "0"})
    first, *_ = sheets_first(sample_queries.comparison(contest.id))
    form = {"rev": str(first.sheet.rev), "found": "differs", "aspect": "A1", "figure": "8.5", "note": ""}

    wrong = supervisor.post(f"{address}/sheets/{first.sheet.id}", data=form)
    assert wrong.status_code == 422 and "How the difference came about" in wrong.text
    assert 'value="8.5"' in wrong.text  # nothing typed is lost
    done = supervisor.post(f"{address}/sheets/{first.sheet.id}", data=form | {"note": "read wrongly"})
    assert done.status_code == 303
    page = supervisor.get(address).text
    assert "read wrongly" in page and "Sign the statement" not in page
    assert "Sign the statement" in chief.get(address).text

    check = db.session.query(SheetCheck.id).scalar()
    stated = {"statement": "The paper is an earlier draft.", "word": "wrong"}
    refused = chief.post(f"{address}/checks/{check}", data=stated)
    assert refused.status_code == 422 and "The paper is an earlier draft." in refused.text
    assert chief.post(f"{address}/checks/{check}", data=stated | {"word": factories.WORD}).status_code == 303
    shown = chief.get(f"{address}?show=all").text
    assert "differs, explained" in shown and "The paper is an earlier draft." in shown
    assert find_open(contest.id, "publish") is None

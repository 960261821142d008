"""Appeals: in time by the server's clock, two instances by different people, nothing leaks."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.documents.attached import MOST_BYTES, read_attachments
from contest.errors import Conflict, Invalid, NotAllowed
from contest.figures.models import RecordedFigure
from contest.judging.models import Penalty
from contest.people.models import Judge, Organisation, StateEvent
from contest.review import appeal_actions, appeal_queries, queries
from contest.setup.queries import step_problems
from contest.setup.step_rules import StateStep
from tests import factories
from tests.review.scene import APPEAL, JPG, PDF, PNG, provisional

WORDS = "复核后确认漏记，予以更正。"


@pytest.fixture
def review(app):
    return provisional()


def sentences(contest, to="final"):
    """What stands in the way of a step, as English sentences."""
    step = StateStep(contest.state, to, "finalise", ("organiser",))
    return [note.text % note.params for note in step_problems(contest, step)]


def trail(did):
    return db.session.scalars(select(TrailRow).filter_by(did=did).order_by(TrailRow.id)).all()


def test_an_appeal_is_taken_until_the_last_second_and_refused_at_the_end_with_the_moment(review):
    review.announce()
    review.pass_time(hours=2, seconds=-1)
    assert review.file().number == 1
    review.pass_time(seconds=1)
    with pytest.raises(Conflict) as late:
        review.file("华二")
    assert late.value.params["moment"] == clock.now()
    [row] = trail("appeal.refuse")
    assert (row.facts["about"], row.facts["kind"]) == ("risk", "entrant")
    assert len(appeal_queries.appeals_of(review.contest.id)) == 1


def test_nothing_is_taken_before_the_announcement_and_late_tries_do_not_fill_the_trail(review):
    for _ in range(9):
        with pytest.raises(Conflict, match="not been announced"):
            review.file()
    assert len(trail("appeal.refuse")) == 5


def test_a_window_of_one_module_is_no_window_of_another_nor_of_the_whole(review):
    review.announce("paper")
    with pytest.raises(Conflict, match="not been announced"):
        review.file(module_key="risk")
    assert review.file(module_key="paper").module_key == "paper"


def test_announcing_again_needs_a_reason_and_never_shortens(review):
    review.announce()
    [first] = queries.moments(review.contest.id, "final")
    review.pass_time(minutes=30)
    with pytest.raises(Invalid, match="why it is announced again"):
        review.announce()
    appeal_actions.announce_results(review.actor("organiser"), review.contest.id, "", "更正后再次宣布")
    again = queries.moments(review.contest.id, "final")[-1]
    assert again.ends_at == first.ends_at + timedelta(minutes=30)


def test_one_appeal_for_each_matter(review):
    review.announce()
    review.file()
    with pytest.raises(Conflict, match="number 1"):
        review.file()
    assert review.file(ground="equipment").number == 2  # another matter
    assert review.file("华二").number == 3


def test_the_trail_names_no_contestant_and_repeats_no_word(review):
    review.announce()
    appeal = review.file()
    row = trail("appeal.file")[0]
    said = f"{row.who} {row.subject} {row.facts}"
    entrant = review.entrants["钟一"]
    for secret in (entrant.human.name, entrant.number, appeal.receipt, APPEAL["text"], "entrant_id"):
        assert secret not in said


def test_paper_counts_from_when_it_was_handed_in_and_both_moments_are_kept(review):
    review.announce()
    start = clock.now()
    review.pass_time(hours=3)
    clerk, entrant = review.actor("clerk"), review.entrants["钟一"]
    with pytest.raises(Invalid) as before:
        appeal_actions.file_appeal(
            clerk, entrant, "clerk", APPEAL, [], start - timedelta(minutes=1)
        )
    assert "handed_in" in before.value.fields
    with pytest.raises(Conflict, match="ended"):
        appeal_actions.file_appeal(clerk, entrant, "clerk", APPEAL, [], start + timedelta(hours=2))
    appeal = appeal_actions.file_appeal(
        clerk, entrant, "clerk", APPEAL, [], start + timedelta(hours=1)
    )
    assert (appeal.filed_at, appeal.handed_in_at) == (clock.now(), start + timedelta(hours=1))


def test_what_an_appeal_must_say(review):
    review.announce()
    for change in ({"ground": "revenge"}, {"ground": ""}, {"text": "短"}, {"text": "长" * 2001}):
        with pytest.raises(Invalid) as refused:
            review.file(**change)
        assert set(refused.value.fields) == set(change)
    assert appeal_queries.appeals_of(review.contest.id) == []


def test_two_instances_by_different_people_and_then_it_is_final(review):
    review.announce()
    first = review.file()
    supervisor = review.actor("supervisor")
    appeal_actions.decide_appeal(supervisor, review.contest.id, first.id, "rejected", "评分无误。")
    second = appeal_actions.go_to_second_instance(supervisor, first.id, "裁判漏看了录像中的动作。", [])
    assert (second.instance, second.first_id, second.number) == (2, first.id, 2)
    assert second.receipt != first.receipt
    with pytest.raises(NotAllowed):
        appeal_actions.decide_appeal(supervisor, review.contest.id, second.id, "upheld", WORDS)
    with pytest.raises(NotAllowed, match="role"):
        appeal_actions.decide_appeal(
            review.actor("chief_judge"), review.contest.id, second.id, "upheld", WORDS
        )
    appeal_actions.decide_appeal(
        review.actor("organiser"), review.contest.id, second.id, "rejected", WORDS
    )
    with pytest.raises(Conflict, match="final"):
        appeal_actions.go_to_second_instance(supervisor, second.id, "再次要求复核评分。", [])
    with pytest.raises(Conflict, match="decided already"):
        appeal_actions.decide_appeal(
            review.actor("organiser"), review.contest.id, second.id, "upheld", WORDS
        )


def test_the_second_instance_is_open_for_its_hours_only(review):
    review.announce()
    first = review.file()
    appeal_actions.decide_appeal(
        review.actor("supervisor"), review.contest.id, first.id, "rejected", "评分无误。"
    )
    review.pass_time(hours=24)
    with pytest.raises(Conflict, match="ended"):
        appeal_actions.go_to_second_instance(
            review.actor("clerk"), first.id, "裁判漏看了录像中的动作。", []
        )


SECOND = "裁判漏看了录像中的动作。"


def reject_first(review):
    review.announce()
    first = review.file()
    appeal_actions.decide_appeal(
        review.actor("supervisor"), review.contest.id, first.id, "rejected", "评分无误。"
    )
    return first


def second_from_paper(review, first, handed_in, text=SECOND):
    return appeal_actions.go_to_second_instance(
        review.actor("clerk"), first.id, text, [], "clerk", handed_in
    )


def test_the_second_instance_comes_on_paper_too_and_is_typed_in_a_day_later(review):
    first = reject_first(review)
    decided = first.decided_at
    review.pass_time(hours=25)
    with pytest.raises(Invalid) as wrong:
        second_from_paper(review, first, decided - timedelta(minutes=1))
    assert "handed_in" in wrong.value.fields
    with pytest.raises(Conflict, match="time for the second instance ended"):
        second_from_paper(review, first, decided + timedelta(hours=24))
    second = second_from_paper(review, first, decided + timedelta(hours=23))
    assert (second.door, second.instance, second.handed_in_at) == (
        "clerk", 2, decided + timedelta(hours=23)
    )
    assert first.door == "entrant"


def test_the_second_instance_by_the_receipt_says_so(review):
    second = appeal_actions.go_to_second_instance(
        Actor(None, "receipt code"), reject_first(review).id, SECOND, []
    )
    assert second.door == "receipt"
    assert trail("appeal.file")[-1].facts["kind"] == "receipt"


def test_paper_for_the_second_instance_is_typed_in_late_only_with_who_took_it(review):
    first = reject_first(review)
    handed_in = first.decided_at + timedelta(hours=1)
    review.pass_time(hours=48)
    with pytest.raises(Invalid, match="typed in late") as late:
        second_from_paper(review, first, handed_in)
    assert set(late.value.fields) == {"taken_by", "late_reason", "files"}
    with pytest.raises(Conflict, match="ended"):
        appeal_actions.go_to_second_instance(Actor(None, "receipt code"), first.id, SECOND, [])
    assert [row.facts["kind"] for row in trail("appeal.refuse")] == ["receipt"]


def test_nobody_decides_what_he_filed(review):
    review.announce()
    chief = review.actor("chief_judge")
    appeal = appeal_actions.file_appeal(chief, review.entrants["钟一"], "clerk", APPEAL, [])
    with pytest.raises(NotAllowed, match="You filed"):
        appeal_actions.decide_appeal(chief, review.contest.id, appeal.id, "upheld", WORDS)


def test_results_stay_provisional_while_anything_of_it_is_open(review):
    contest = review.contest
    assert sentences(contest) == []
    review.announce()
    assert [text[:20] for text in sentences(contest)] == ["Appeals are taken un"]
    appeal = review.file()
    review.pass_time(hours=2)
    assert sentences(contest) == ["Appeals that wait for a decision: 1 (number 1)."]
    with pytest.raises(Conflict, match="wait for a decision"):
        review.publish("final", "organiser2")
    appeal_actions.decide_appeal(
        review.actor("supervisor"), contest.id, appeal.id, "rejected", "评分无误。"
    )
    assert "may go to the second instance until" in sentences(contest)[0]
    review.pass_time(hours=24)
    assert sentences(contest) == []
    review.publish("final", "organiser2")
    assert contest.state == "final"


def test_an_upheld_appeal_keeps_what_it_changed(review):
    from contest.theory.actions import enter_score

    review.announce()
    appeal = review.file("钟一", module_key="paper")
    entrant = review.entrants["钟一"]
    enter_score(review.actor("clerk"), review.contest.id, "paper", entrant.id, "88", 1, "漏记一题")
    [change] = appeal_queries.effect_of(appeal).changes
    assert (change.number, change.old["total"], change.new["total"]) == (
        entrant.number, "92.25", "94.65"
    )
    assert change.differs("total") and not change.differs("name")
    appeal_actions.decide_appeal(review.actor("supervisor"), review.contest.id, appeal.id, "upheld", WORDS)
    assert appeal.effect["revision"] == 1
    assert appeal.effect["changes"][0]["number"] == entrant.number


def test_three_small_files_of_three_kinds_are_kept_with_their_fingerprints(review):
    review.announce()
    appeal = review.file(files=[("证据.pdf", PDF), ("C:\\fakepath\\a.PNG", PNG), ("../../x.jpg", JPG)])
    kept = appeal_queries.files_of(appeal.id)
    assert [(one.name, one.ending, one.size) for one in kept] == [
        ("证据.pdf", "pdf", len(PDF)), ("a.PNG", "png", len(PNG)), ("x.jpg", "jpg", len(JPG)),
    ]
    assert appeal_queries.get_file(appeal, 2)[1] == PNG


HOSTILE = [
    ("page.html", b"<script>alert(1)</script>"),
    ("page.pdf", b"<html><script>alert(1)</script>"),  # not what its name says
    ("program.exe", b"MZ\x90"),
    ("program.png", b"MZ\x90\x00"),
    ("picture.svg", b"<svg onload=alert(1)>"),
    ("cut.pdf", PDF[:20]),
    ("cut.png", PNG[:-4]),
    ("tail.jpg", JPG + b"A" * 5000),  # another file behind the picture
    ("large.pdf", PDF[:-6] + b" " * MOST_BYTES + b"%%EOF\n"),
    ("empty.png", b""),
    ("no-ending", PDF),
    ("double.pdf.exe", PDF),
    ("zip.jpg", b"PK\x03\x04"),
    ("nul.pdf\x00.exe", PDF),
]


@pytest.mark.parametrize(("name", "content"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_hostile_files_are_refused_and_nothing_is_filed(name, content):
    with pytest.raises(Invalid) as refused:
        read_attachments([(name, content)])
    assert "files" in refused.value.fields


def test_a_fourth_file_is_one_too_many_and_empty_fields_are_none():
    with pytest.raises(Invalid, match="At most 3"):
        read_attachments([("a.pdf", PDF)] * 4)
    assert read_attachments([("", b"")]) == ()


def test_direction_marks_do_not_disguise_a_files_name():
    [taken] = read_attachments([("gpj.\u202eexe.pdf", PDF)])
    assert taken.name == "gpj.exe.pdf"


def test_final_results_take_no_appeal_but_by_paper_that_was_there_in_time(review):
    review.announce()
    first = review.file()
    appeal_actions.decide_appeal(
        review.actor("chief_judge"), review.contest.id, first.id, "rejected", "复核无误。"
    )
    review.pass_time(hours=30)
    review.publish("final", "organiser2")

    with pytest.raises(Conflict, match="results are final"):
        review.file("华二")
    with pytest.raises(Conflict, match="results are final"):
        appeal_actions.file_appeal(
            review.actor("clerk"), review.entrants["华二"], "clerk", APPEAL, (),
            handed_in_at=clock.now() - timedelta(hours=27),
        )
    with pytest.raises(Invalid, match="typed in late"):
        appeal_actions.file_appeal(
            review.actor("clerk"), review.entrants["华二"], "clerk", APPEAL, (),
            handed_in_at=clock.now() - timedelta(hours=29, minutes=30),
        )
    with pytest.raises(Conflict, match="results are final"):
        appeal_actions.go_to_second_instance(
            review.actor("clerk"), first.id, "仍有异议，请再次复核。", ()
        )


def test_paper_is_entered_within_a_day_after_the_window(review):
    review.announce()
    handed_in = clock.now() + timedelta(minutes=30)
    review.pass_time(hours=26, seconds=-1)  # the window is two hours
    appeal_actions.file_appeal(
        review.actor("clerk"), review.entrants["钟一"], "clerk", APPEAL, (), handed_in_at=handed_in
    )
    review.pass_time(seconds=1)

    with pytest.raises(Invalid, match="typed in late"):
        appeal_actions.file_appeal(
            review.actor("clerk"), review.entrants["华二"], "clerk", APPEAL, (),
            handed_in_at=handed_in,
        )


def _second_chief(review, organisation=None):
    """A second chief judge who is a judge of the contest too."""
    judge = factories.make_judge(review.contest, organisation=organisation)
    factories.make_grant(db.session.get(User, judge.user_id), "chief_judge", review.contest)
    return Actor(judge.user_id, judge.name, word_at=clock.now())


def _decide(review, actor, appeal):
    appeal_actions.decide_appeal(actor, review.contest.id, appeal.id, "rejected", "复核无误。")


@pytest.mark.parametrize("module_key", ["risk", ""])
@pytest.mark.parametrize("ruling", ["penalty", "adjustment", "state"])
def test_whoever_gave_the_ruling_does_not_decide_on_the_appeal_against_it(review, ruling, module_key):
    chief, entrant = _second_chief(review), review.entrants["钟一"]
    own = {"contest_id": review.contest.id, "entrant_id": entrant.id, "by_id": chief.user_id}
    make = {
        "penalty": lambda at: Penalty(**own, scope="risk", units=10_000, reason="超时", at=at),
        "adjustment": lambda at: RecordedFigure(
            **own, kind="adjustment", key="risk", units=10_000, at=at
        ),
        "state": lambda at: StateEvent(**own, module_key="", state="normal", reason="到了", at=at),
    }[ruling]
    db.session.add(make(clock.now()))
    db.session.commit()
    review.announce()
    review.pass_time(minutes=1)
    appeal = review.file(module_key=module_key)

    with pytest.raises(NotAllowed, match="gave a penalty or a state"):
        _decide(review, chief, appeal)
    _decide(review, review.actor("supervisor"), appeal)


def test_whoever_puts_right_what_an_appeal_showed_decides_on_it(review):
    chief, entrant = _second_chief(review), review.entrants["钟一"]
    review.announce()
    appeal = review.file(module_key="risk")
    review.pass_time(minutes=1)
    db.session.add(Penalty(
        contest_id=review.contest.id, entrant_id=entrant.id, scope="risk", units=10_000, reason="超时",
        by_id=chief.user_id, at=clock.now(),
    ))
    db.session.commit()

    _decide(review, chief, appeal)
    assert appeal.outcome == "rejected"


def test_a_chief_judge_decides_on_no_appeal_of_his_own_organisation(review):
    chief = _second_chief(review, db.session.get(Organisation, review.entrants["钟一"].organisation_id))
    review.announce()
    appeal = review.file(module_key="")

    with pytest.raises(NotAllowed, match="keep away from this contestant"):
        _decide(review, chief, appeal)
    _decide(review, review.actor("chief_judge"), appeal)


@pytest.mark.parametrize("module_key", ["risk", ""])
def test_a_judge_decides_on_no_appeal_against_his_own_marks(review, module_key):
    review.announce()
    appeal = review.file(module_key=module_key)
    marker = db.session.query(Judge).filter_by(contest_id=review.contest.id).first().user_id
    factories.make_grant(db.session.get(User, marker), "chief_judge", review.contest)

    with pytest.raises(NotAllowed, match="marked this contestant yourself"):
        appeal_actions.decide_appeal(
            Actor(marker, "judge"), review.contest.id, appeal.id, "rejected", "复核无误。"
        )
    appeal_actions.decide_appeal(
        review.actor("chief_judge"), review.contest.id, appeal.id, "rejected", "复核无误。"
    )

"""Who moves up when somebody leaves the list: by rule, confirmed by a person, told as a new revision."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from contest import clock
from contest.audit.chain_queries import check_chain
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.registry import actions as registry
from contest.registry.models import Honour
from contest.selection import list_queries, list_rules, moving_queries, moving_rules
from contest.selection.call_rules import Terms
from contest.selection.list_rules import Candidate
from contest.selection.models import ListChange
from tests import factories
from tests.selection.test_rules import NINGXIA
from tests.selection.test_walk import House, by_scores, rows_of, winners

KINDS = [share.kind for share in NINGXIA]


def as_lines(lines):
    return [
        {"entrant_id": one.candidate.entrant_id, "category": one.candidate.category,
         "kind": one.candidate.kind, "place": one.candidate.place, "total": one.candidate.total,
         "outcome": one.outcome, "message": one.message, "params": one.params} for one in lines
    ]


def by_outcome(lines):
    return {line["entrant_id"]: line["outcome"] for line in lines}


def on_list(lines):
    return {line["entrant_id"] for line in lines if line["outcome"] in ("chosen", "moved")}


@given(st.lists(st.sampled_from(KINDS), min_size=2, max_size=14), st.integers(1, 8), st.data())
def test_who_moves_up_is_whom_the_list_would_have_had_without_the_one_who_left(kinds, places, data):
    """Shares with their shifts, places left free: one after another leaves, nobody else is moved."""
    people = [Candidate(n, "工匠", kind, n, "90") for n, kind in enumerate(kinds, start=1)]
    terms = Terms(categories=(("工匠", places),), shares=NINGXIA)
    document, gone = {"lines": as_lines(list_rules.choose(people, terms))}, []
    for _ in range(3):
        if not (standing := on_list(document["lines"])):
            break
        left = data.draw(st.sampled_from(sorted(standing)))
        gone.append(left)
        proposal = moving_rules.next_up(document["lines"], left, True, "")
        picked = moving_rules.chosen_next(proposal, proposal.key, "")
        document = moving_rules.revised(document, left, picked, proposal)
        anew = as_lines(list_rules.choose(people, terms, gone=set(gone)))
        assert by_outcome(document["lines"]) == by_outcome(anew)


def test_whoever_stood_on_a_free_place_takes_over_the_kinds_own_and_the_free_one_goes_to_the_next():
    """The case for which this was taken back once: two of one kind leave, one after the other."""
    lines = [line(1, "甲", outcome="chosen"), line(2, "甲", outcome="chosen"), line(3, "甲", outcome="moved"),
             line(4, "乙"), line(5, "甲")]
    proposal = moving_rules.next_up(lines, 1, True, "")
    assert (proposal.ids, proposal.outcome, proposal.heir) == ((4,), "moved", 3)
    lines = moving_rules.revised({"lines": lines}, 1, 4, proposal)["lines"]
    assert [each["outcome"] for each in lines] == ["gone", "chosen", "chosen", "moved", "not"]

    again = moving_rules.next_up(lines, 2, True, "")
    assert (again.ids, again.outcome, again.heir) == ((5,), "chosen", None)


def line(number, kind="", place=None, outcome="not", total="90"):
    return {"entrant_id": number, "category": "工匠", "kind": kind, "place": place or number, "total": total,
            "outcome": outcome}


def test_nobody_below_the_least_and_nobody_of_another_category_moves_up():
    lines = [line(1, outcome="chosen"), line(2, total="59.99"), {**line(3), "category": "教师"}]
    assert moving_rules.next_up(lines, 1, False, "60").ids == ()
    assert moving_rules.next_up(lines, 1, False, "59.99").ids == (2,)


def test_who_left_before_does_not_come_back():
    lines = [line(1, outcome="chosen"), line(2, outcome="gone"), line(3)]
    assert moving_rules.next_up(lines, 1, False, "").ids == (3,)


def test_of_equals_a_person_chooses_and_an_old_page_is_refused():
    proposal = moving_rules.next_up([line(1, outcome="chosen"), line(2), line(3, place=2)], 1, False, "")
    assert proposal.is_choice
    assert moving_rules.chosen_next(proposal, "2,3", "3") == 3
    with pytest.raises(Invalid):
        moving_rules.chosen_next(proposal, "2,3", "")
    with pytest.raises(Invalid):
        moving_rules.chosen_next(proposal, "2,3", "4")
    with pytest.raises(Conflict):
        moving_rules.chosen_next(proposal, "2", "2")


@pytest.fixture
def house(app):
    """Two places, five people reviewed; the list is before the public."""
    clock.stand_still(datetime(2026, 11, 10, 4, tzinfo=UTC))
    source = winners(5)
    made = House(app, by_scores())
    made.office.post(f"{made.at}/selection/call", data={
        "title": "年度工匠", "opens_on": "2026-11-02", "closes_on": "2026-11-30", "categories": "工匠 2",
    })
    made.step("registration")
    made.office.post(f"{made.at}/selection/winners", data={
        "from": source.id, "category": "工匠", "most": "99",
    })
    for row in rows_of(made).values():
        made.office.post(f"{made.at}/selection/nominations/{row.id}", data={
            "decided": "admitted", "met-consent": "yes", "why-consent": "本人已签字同意",
        })
    made.people = [row.entrant for row in rows_of(made).values()]
    for at, entrant in enumerate(made.people):
        factories.make_theory(made.contest, entrant, str(90 - at))
    made.contest.state = "collected"
    db.session.commit()
    made.to_the_notice()
    made.office = factories.browser_of(app, made.organiser)
    yield made
    clock.stand_still(None)


def leave(house, entrant, confirmed, **form):
    return house.office.post(
        f"{house.at}/selection/list/{entrant.id}/leave",
        data={"confirmed": str(confirmed.id) if confirmed else "", **form},
    )


def standing(house):
    return [one["entrant_id"] for one in list_queries.chosen(moving_queries.document_now(house.contest.id))]


def publish(house):
    return house.office.post(f"{house.at}/selection/list", data={
        "authority": "市总工会", "document_number": "〔2026〕30号", "granted_on": "2026-12-20",
        "level": "工匠", "is_checked": "1",
    })


def holders(house):
    rows = db.session.scalars(select(Honour).filter_by(contest_id=house.contest.id, state="listed"))
    return {honour.craftsman.human_id for honour in rows}


def test_during_the_notice_who_withdraws_leaves_and_the_next_moves_up_when_it_is_confirmed(house, client):
    first, second, third, fourth, _ = house.people
    assert standing(house) == [first.id, second.id]
    page = house.office.get(f"{house.at}/selection/list").text
    assert "By rule moves up:" in page and third.human.name in page

    nameless = leave(house, second, third, cause="withdrew", reason=" ")
    assert nameless.status_code == 422 and "Write the reason" in nameless.text
    causeless = leave(house, second, third, cause="revoked", reason="本人书面申请")
    assert causeless.status_code == 422 and "本人书面申请" in causeless.text  # what was typed stays
    stale = leave(house, second, fourth, cause="withdrew", reason="本人书面申请")
    assert stale.status_code == 409
    assert standing(house) == [first.id, second.id] and list_queries.changes(house.contest.id) == []

    assert leave(house, second, third, cause="withdrew", reason="本人书面申请").status_code == 303
    assert standing(house) == [first.id, third.id]
    assert leave(house, second, fourth, cause="withdrew", reason="再来").status_code == 404
    shown = client.get("/selections/rangers").text
    assert "What changed on the list" in shown and "withdrew" in shown
    assert "本人书面申请" not in shown  # the office's own
    row = db.session.scalar(select(TrailRow).filter_by(did="selection.move_up"))
    assert (row.facts["moved_up"], row.facts["reason"]) == ([third.number], "本人书面申请")

    house.to_the_end()
    assert publish(house).status_code == 303
    assert holders(house) == {first.human_id, third.human_id}


def test_a_revoked_honour_frees_a_place_and_the_list_gets_a_new_revision(house, client):
    first, second, third, _, _ = house.people
    house.to_the_end()
    assert publish(house).status_code == 303
    decision = {"document_number": "〔2027〕1号", "granted_on": "2026-12-28", "is_checked": "1"}
    kept = leave(house, first, third, reason="事迹不实", **decision)
    assert kept.status_code == 404  # the honour stands

    [honour] = [one for one in db.session.scalars(select(Honour).filter_by(contest_id=house.contest.id))
                if one.craftsman.human_id == first.human_id]
    registry.revoke_honour(house.actor(), honour.id, "事迹不实")
    assert standing(house) == [first.id, second.id] and holders(house) == {second.human_id}
    assert "The place waits for a decision" in house.office.get(f"{house.at}/selection/list").text

    bare = leave(house, first, third, reason="递补", document_number="〔2027〕1号")
    assert bare.status_code == 422 and "〔2027〕1号" in bare.text
    assert leave(house, first, third, reason="递补", **{**decision, "is_checked": ""}).status_code == 422
    assert holders(house) == {second.human_id}

    assert leave(house, first, third, reason="按名次递补", **decision).status_code == 303
    assert standing(house) == [second.id, third.id]
    assert holders(house) == {second.human_id, third.human_id}
    [new] = [one for one in db.session.scalars(select(Honour)) if one.craftsman
             and one.craftsman.human_id == third.human_id and one.contest_id == house.contest.id]
    assert (new.document_number, new.level, new.granted_on.isoformat()) == (
        "〔2027〕1号", "工匠", "2026-12-28",
    )
    [change] = db.session.scalars(select(ListChange)).all()
    assert change.document["revision"] == 2
    assert new.evidence["list_hash"] == change.document_hash  # of the list on which the line stands
    assert change.document_hash == list_rules.document_hash(change.document)
    shown = client.get("/selections/rangers").text
    assert "Revision 2" in shown and "〔2027〕1号" in shown and f"{third.human.name} moved up." in shown
    assert first.human.name in shown  # told that it left, not dropped silently
    assert check_chain(house.contest.id).problems == []


def test_where_nobody_is_left_the_place_stays_free_and_the_list_says_so(house, client):
    for gone, coming in ((0, 2), (1, 3), (2, 4), (3, None)):
        after = house.people[coming] if coming else None
        answer = leave(house, house.people[gone], after, cause="struck_off", reason="资格不符")
        assert answer.status_code == 303
    assert standing(house) == [house.people[4].id]
    assert "Nobody moved up." in client.get("/selections/rangers").text

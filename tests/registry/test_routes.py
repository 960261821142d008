"""The public register, and what the curator does."""

from sqlalchemy import select

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.board.models import BoardSwitch
from contest.db import db
from contest.errors import Conflict
from contest.registry.models import Craftsman, Honour
from tests import factories

FORM = {
    "authority": "省总工会", "document_number": "〔2026〕1号", "granted_on": "2026-11-23", "is_checked": "1",
}


def waiting_award(**values):
    contest = factories.make_contest(state="final")
    return contest, factories.make_award(contest, **values)


def test_an_empty_register_says_so(client):
    assert client.get("/register").status_code == 200


def test_confirming_an_award_puts_the_winner_on_the_register(client, as_role):
    contest, award = waiting_award(level="技术能手", is_title=True)

    answer = as_role("curator").post(
        f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id}
    )

    assert answer.status_code == 303
    honour = db.session.scalar(select(Honour))
    assert honour.evidence["result_hash"] == "f" * 64
    assert honour.craftsman.level == "技术能手"
    page = client.get(f"/register/{honour.craftsman.token}")
    assert "〔2026〕1号" in page.text
    assert "91.25" in page.text
    assert award.entrant.human.name in client.get("/register").text


def test_a_second_award_joins_the_same_person(as_role):
    contest, award = waiting_award()
    title = factories.make_award(
        contest, award.entrant, db.session.get(type(award), award.id) and factories.make_result_sheet(
            contest, revision=2
        ), award_key="title", name="技术能手", is_title=True,
    )

    as_role("curator").post(
        f"/contests/{contest.id}/honours", data={**FORM, "award_id": [award.id, title.id]}
    )

    craftsman = db.session.scalars(select(Craftsman)).one()
    assert {honour.name for honour in craftsman.honours} == {"一等奖", "技术能手"}


def test_an_award_is_confirmed_once(as_role):
    contest, award = waiting_award()
    curator = as_role("curator")
    curator.post(f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id})

    again = curator.post(f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id})

    assert again.status_code == 404
    assert len(db.session.scalars(select(Honour)).all()) == 1


def test_awards_of_unfinished_contests_do_not_wait(as_role):
    contest = factories.make_contest(state="provisional")
    award = factories.make_award(contest)

    answer = as_role("curator").post(
        f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id}
    )

    assert answer.status_code == 404


def test_a_bad_date_brings_the_form_back(as_role):
    contest, award = waiting_award()

    answer = as_role("curator").post(
        f"/contests/{contest.id}/honours",
        data={**FORM, "award_id": award.id, "granted_on": "tomorrow"},
    )

    assert answer.status_code == 422
    assert "〔2026〕1号" in answer.text
    assert db.session.scalars(select(Honour)).all() == []


def test_nothing_is_confirmed_unless_it_was_compared(as_role):
    contest, award = waiting_award()

    answer = as_role("curator").post(
        f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id, "is_checked": ""}
    )

    assert answer.status_code == 422
    assert db.session.scalars(select(Honour)).all() == []


def test_nothing_goes_onto_the_register_that_a_frozen_board_hides(as_role):
    contest, award = waiting_award()
    db.session.add(BoardSwitch(contest_id=contest.id, freeze_from=clock.now()))
    db.session.commit()

    answer = as_role("curator").post(
        f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id}
    )

    assert answer.status_code == 409
    assert db.session.scalars(select(Honour)).all() == []


def test_a_revoked_honour_stays_visible_and_opens_nothing(client, as_role):
    honour = factories.make_honour(is_title=True)
    token = honour.craftsman.token
    assert "/services/skill_allowance" in client.get(f"/register/{token}").text

    as_role("curator").post(f"/honours/{honour.id}/revoke", data={"reason": "成绩无效"})

    page = client.get(f"/register/{token}").text
    assert "成绩无效" in page
    assert "/services/skill_allowance" not in page
    assert db.session.scalar(select(TrailRow).filter_by(did="registry.revoke"))


def test_whose_only_honour_was_revoked_is_not_on_the_list_any_more(client, as_role):
    honour, kept = factories.make_honour(is_title=True), factories.make_honour()
    token = honour.craftsman.token
    assert token in client.get("/register").text

    as_role("curator").post(f"/honours/{honour.id}/revoke", data={"reason": "成绩无效"})

    found = client.get("/register").text
    assert token not in found
    assert kept.craftsman.token in found
    assert client.get(f"/register/{token}").status_code == 200


def level_on_the_register(client, craftsman):
    page, found = client.get(f"/register/{craftsman.token}"), client.get("/register?level=技术能手")
    return 'class="craftsman-level">技术能手' in page.text, craftsman.token in found.text


def test_a_revoked_title_takes_its_level_with_it(client, as_role):
    honour = factories.make_honour(is_title=True, level="技术能手")
    craftsman = honour.craftsman
    craftsman.level = "技术能手"
    db.session.commit()
    assert level_on_the_register(client, craftsman) == (True, True)

    as_role("curator").post(f"/honours/{honour.id}/revoke", data={"reason": "成绩无效"})

    assert level_on_the_register(client, craftsman) == (False, False)
    row = db.session.scalar(select(TrailRow).filter_by(did="registry.revoke"))
    assert (row.facts["old"], row.facts["new"]) == ("技术能手", "")


def test_the_register_is_searched_by_name_and_trade(client):
    contest = factories.make_contest(state="final")
    sheet = factories.make_result_sheet(contest)
    for name, trade in (("张三", "设备点检员"), ("李四", "操作员")):
        entrant = factories.make_entrant(contest, name=name, trade=trade)
        factories.make_honour(contest, factories.make_award(contest, entrant, sheet))

    by_name = client.get("/register?text=张").text
    by_trade = client.get("/register?trade=操作员").text
    nobody = client.get("/register?text=%25").text

    assert "张三" in by_name and "李四" not in by_name
    assert "李四" in by_trade and "张三" not in by_trade
    assert "张三" not in nobody


def test_the_piece_is_part_of_the_page(client):
    factories.make_honour()

    piece = client.get("/register", headers={"HX-Request": "true"}).text

    assert piece.strip().startswith("<section id=\"craftsmen\"")
    assert piece.strip()[:200] in client.get("/register").text


def test_strangers_do_not_curate(client, as_role):
    contest, award = waiting_award()

    assert client.get("/curation").status_code == 303
    assert as_role("judge").post(f"/contests/{contest.id}/honours").status_code == 403
    assert client.get("/register/none").status_code == 404


def evidence_of(rows, **values):
    """A listed winner's page of evidence: (address, contest, award)."""
    contest = factories.make_contest(state="final", **values)
    winner = factories.make_entrant(contest, "钟一")
    document = {"plan_number": 1, "teams": [], "rows": [
        {"entrant_id": winner.id if name == "钟一" else 0, "name": name, "organisation": "甲厂",
         "organisation_en": "", "team": "", "place": place, "total": total,
         "parts": {"theory": "80.00", "practical": None}, "state": state}
        for name, place, total, state in rows
    ]}
    sheet = factories.make_result_sheet(contest, document=document)
    honour = factories.make_honour(contest, factories.make_award(contest, winner, sheet))
    return f"/register/{honour.craftsman.token}/evidence/{honour.id}", honour


ROWS = [("钟一", 1, "91.25", "normal"), ("华二", 2, "88.00", "normal"),
        ("吴三", None, None, "disqualified")]


def test_the_record_behind_an_honour_is_public_as_far_as_the_list_is(client):
    address, honour = evidence_of(ROWS)

    page = client.get(address).text

    assert f'href="{address}"' in client.get(f"/register/{honour.craftsman.token}").text
    assert "91.25" in page and "88.00" in page and "f" * 64 in page
    assert "吴三" not in page and "isqualified" not in page


def test_of_a_contest_that_is_not_public_only_the_winners_line_is(client):
    address, honour = evidence_of(ROWS)
    db.session.get(factories.Contest, honour.contest_id).is_public = False
    db.session.commit()

    page = client.get(address).text

    assert "91.25" in page and "华二" not in page
    assert "/board/" not in client.get(f"/register/{honour.craftsman.token}").text


def test_evidence_of_another_persons_honour_is_missing(client):
    address, _ = evidence_of(ROWS)
    _, other = evidence_of(ROWS)

    assert client.get(address.rsplit("/", 1)[0] + f"/{other.id}").status_code == 404


def test_listing_and_revoking_an_honour_is_told_within_its_work(as_role):
    contest, award = waiting_award()
    told = []

    def hear(sender, honour_id, state):
        assert db.session.get(Honour, honour_id).state == state
        told.append((sender, honour_id, state))

    with signals.honour_changed.connected_to(hear):
        as_role("curator").post(f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id})
        honour = db.session.scalars(select(Honour)).one()
        as_role("curator").post(f"/honours/{honour.id}/revoke", data={"reason": "伪造材料"})

    assert told == [("registry.confirm", honour.id, "listed"), ("registry.revoke", honour.id, "revoked")]


def test_a_listener_that_refuses_leaves_the_honour_as_it_was(as_role):
    contest, award = waiting_award()

    def refuse(sender, honour_id, state):
        raise Conflict("The store is closed.")

    with signals.honour_changed.connected_to(refuse):
        as_role("curator").post(f"/contests/{contest.id}/honours", data={**FORM, "award_id": award.id})

    assert db.session.scalars(select(Honour)).all() == []


def test_without_the_number_of_the_decision_nothing_is_confirmed_and_what_was_typed_stays(as_role):
    contest, award = waiting_award()

    answer = as_role("curator").post(f"/contests/{contest.id}/honours", data={
        **FORM, "document_number": " ", "authority": "市总工会经济部", "award_id": award.id,
    })

    assert answer.status_code == 422
    assert "Enter the number of the decision." in answer.text and "市总工会经济部" in answer.text
    assert db.session.query(Honour).count() == 0

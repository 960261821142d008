"""The pages about people: who gets in, what comes back, what is written."""

import re
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from contest import clock
from contest.accounts.models import Invitation
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.draw.models import BlindCode, Draw
from contest.judging.models import Sheet
from contest.names import name_key
from contest.people import queries, unit_actions
from contest.people.columns import JUDGES, PHONE, ROSTER
from contest.people.models import PendingImport
from contest.people.tables import read_table
from contest.theory.models import TheoryEntry
from tests.factories import (
    make_contest,
    make_entrant,
    make_judge,
    make_organisation,
    make_seat,
    make_team,
    make_user,
)
from tests.people.spreadsheets import xlsx_of

HEADERS = ["单位", "代表队", "姓名", "出生日期"]


@pytest.fixture
def open_contest(app):
    return make_contest(state="registration")


@pytest.fixture
def organiser(as_role, open_contest):
    return as_role("organiser", open_contest)


@pytest.fixture
def contact(as_role, open_contest):
    """The browser of a unit's contact; the unit is 海螺水泥."""
    user, unit = make_user("Milan"), make_organisation("海螺水泥")
    unit_actions.invite_unit(Actor(user.id, "x"), open_contest.id, unit.name)
    db.session.query(Invitation).one().used_by_id = user.id
    db.session.commit()
    return as_role("contact", open_contest, user)


def did():
    db.session.expire_all()
    return [row.did for row in db.session.query(TrailRow).order_by(TrailRow.id)]


def sent(*rows, headers=HEADERS):
    return {"file": (BytesIO(xlsx_of([headers, *rows])), "名单.xlsx")}


OFFICE_PAGES = (
    "entrants",
    "entrants/new",
    "entrants/import",
    "entrants.xlsx",
    "units",
    "arrivals",
    "admission-cards",
    "judges",
    "judges/new",
    "judges/import",
    "panels",
    "roster-template.xlsx",
    "judges-template.xlsx",
)


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_the_organiser_opens_every_page(organiser, open_contest, page):
    entrant = make_entrant(open_contest)
    make_seat(open_contest, make_judge(open_contest, organisation=entrant.organisation), 1)

    assert organiser.get(f"/contests/{open_contest.id}/{page}").status_code == 200


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_a_judge_is_refused_everywhere(as_role, open_contest, page):
    judge = as_role("judge", open_contest)

    assert judge.get(f"/contests/{open_contest.id}/{page}").status_code == 403
    assert "request.refused" in did()


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_an_organiser_of_another_contest_is_refused(as_role, open_contest, page):
    stranger = as_role("organiser", make_contest())

    assert stranger.get(f"/contests/{open_contest.id}/{page}").status_code == 403


@pytest.mark.parametrize("page", [*OFFICE_PAGES, "my-unit"])
def test_a_guest_is_sent_to_sign_in(client, open_contest, page):
    answer = client.get(f"/contests/{open_contest.id}/{page}")

    assert (answer.status_code, "/sign-in" in answer.location) == (303, True)


def test_somebody_of_another_contest_is_missing(organiser, open_contest):
    other = make_contest()
    entrant, judge = make_entrant(other), make_judge(other)

    for page in (f"entrants/{entrant.id}", f"judges/{judge.id}", "entrants/import/999"):
        assert organiser.get(f"/contests/{open_contest.id}/{page}").status_code == 404


def test_the_list_and_its_piece_agree(organiser, open_contest):
    make_entrant(open_contest, "张三", number="A001")
    address = f"/contests/{open_contest.id}/entrants"

    page = organiser.get(address).text
    piece = organiser.get(address, headers={"HX-Request": "true"}).text

    assert piece.lstrip().startswith('<section id="entrant-rows"')
    assert piece.strip() in page


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("text=zhang", ["A1"]),
        ("text=A2", ["A2"]),
        ("text=海螺", ["A2"]),
        ("state=arrived", []),
        ("state=expected", ["A1", "A2", "A10"]),
        ("sort=name", ["A2", "A10", "A1"]),
        ("text=nobody", []),
        ("page=99", ["A1", "A2", "A10"]),
    ],
)
def test_a_search_finds_by_pinyin_number_and_unit(organiser, open_contest, search, found):
    home = make_organisation("海螺水泥")
    for name, number, unit in (("张三", "A1", None), ("李四", "A2", home), ("王五", "A10", None)):
        entrant = make_entrant(open_contest, name, organisation=unit, number=number)
        entrant.human.name_key = name_key(name)
    db.session.commit()

    text = organiser.get(f"/contests/{open_contest.id}/entrants?{search}").text

    assert re.findall(r'class="code">(A\d+)<', text) == found


def test_a_search_by_something_else_is_refused(organiser, open_contest):
    address = f"/contests/{open_contest.id}/entrants?organisation_id=1%20OR%201"

    assert organiser.get(address).status_code == 422


def test_a_list_goes_through_preview_to_the_roster(organiser, open_contest):
    base = f"/contests/{open_contest.id}/entrants/import"

    preview = organiser.post(base, data=sent(["海螺水泥", "一队", "张三", "1990-01-02"]))
    assert preview.status_code == 303
    assert queries.list_entrants(open_contest.id) == []
    assert "张三" in organiser.get(preview.location).text

    done = organiser.post(preview.location)
    assert done.location == f"/contests/{open_contest.id}/entrants"
    assert "1 new, 0 changed, 0 unchanged." in organiser.get(done.location).text
    assert did() == ["roster.upload", "roster.import"]


def test_bad_cells_come_back_by_row_and_column(organiser, open_contest):
    answer = organiser.post(
        f"/contests/{open_contest.id}/entrants/import",
        data=sent(["海螺水泥", "一队", "张三", "1990-02-30"]),
    )

    assert answer.status_code == 422
    for words in ("1 cells have to be mended", "Row 2", "Date of birth", "There is no such day"):
        assert words in answer.text
    assert (db.session.query(PendingImport).count(), did()) == (0, [])


def test_what_must_be_mended_stands_above_what_is_only_noted(organiser, open_contest):
    headers = ["单位", "姓名", "性别", "身高"]
    page = organiser.post(
        f"/contests/{open_contest.id}/entrants/import",
        data=sent(["海螺水泥", "张三", "公", "180"], headers=headers),
    ).text

    assert 0 < page.index("Must be corrected") < page.index("The column 身高 is not used.")


@pytest.mark.parametrize(
    "data", [{}, {"file": (BytesIO(b""), "")}, {"file": (BytesIO(b"x"), "a.csv")}]
)
def test_no_file_or_no_list_is_refused_with_a_sentence(organiser, open_contest, data):
    answer = organiser.post(f"/contests/{open_contest.id}/entrants/import", data=data)

    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_judges_go_through_preview_to_the_list(organiser, open_contest):
    base = f"/contests/{open_contest.id}/judges/import"
    preview = organiser.post(base, data=sent(["王一", "安全"], headers=["姓名", "专长"]))
    assert "王一" in organiser.get(preview.location).text

    organiser.post(preview.location)

    assert [judge.name for judge in queries.list_judges(open_contest.id)] == ["王一"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "columns"), [("roster", (*ROSTER, PHONE)), ("judges", JUDGES)])
def test_a_template_can_be_filled_in_and_read(organiser, open_contest, name, columns, language):
    with organiser.session_transaction() as session:
        session["language"] = language
    empty = organiser.get(f"/contests/{open_contest.id}/{name}-template.xlsx").data

    [headers, *_] = CalamineWorkbook.from_filelike(BytesIO(empty)).get_sheet_by_index(0).to_python()
    filled = xlsx_of([headers, ["某某" if column.required else "" for column in columns]])
    rows, problems = read_table(filled, "a.xlsx", columns)
    assert (len(rows), problems) == (1, [])


def test_the_downloaded_list_can_be_sent_in_again(organiser, open_contest):
    make_entrant(open_contest, "=1+1甲", number="A001", skill_level="senior", trade="焊工")
    data = organiser.get(f"/contests/{open_contest.id}/entrants.xlsx").data

    answer = organiser.post(
        f"/contests/{open_contest.id}/entrants/import", data={"file": (BytesIO(data), "a.xlsx")}
    )

    text = organiser.get(answer.location).text
    assert "Everybody in this list is registered already" in text


def test_one_entrant_is_added_mended_and_given_a_state(organiser, open_contest):
    base = f"/contests/{open_contest.id}/entrants"
    added = organiser.post(f"{base}/new", data={"name": "张三", "organisation": "海螺水泥"})
    assert added.status_code == 303

    form = {"name": "张叁", "organisation": "海螺水泥", "number": "B1"}
    assert organiser.post(added.location, data=form).status_code == 303
    state = {"state": "withdrawn", "reason": "伤病"}
    assert organiser.post(f"{added.location}/state", data=state).status_code == 303

    text = organiser.get(added.location).text
    assert all(words in text for words in ("张叁", "B1", "Withdrawn", "伤病"))
    assert did() == ["entrant.add", "entrant.edit", "entrant.state"]


def test_refused_forms_come_back_with_what_was_typed(organiser, open_contest):
    entrant = make_entrant(open_contest)
    base = f"/contests/{open_contest.id}"
    forms = {
        f"{base}/entrants/new": {"name": "张三", "organisation": "海螺", "born_on": "1990-02-30"},
        f"{base}/entrants/{entrant.id}": {"name": "张三", "organisation": "海螺", "number": ""},
        f"{base}/entrants/{entrant.id}/state": {"state": "absent", "reason": ""},
        f"{base}/judges/new": {"name": "张三", "login": "x"},
        f"{base}/units/invitations": {"name": "x" * 101},
        f"{base}/arrivals": {"number": "Z99"},
    }
    for address, form in forms.items():
        answer = organiser.post(address, data=form)
        assert (address, answer.status_code) == (address, 422)
        assert 'role="alert"' in answer.text
        typed = next(iter(form.values()))
        assert typed in answer.text
    assert did() == []


def test_a_supervisor_reads_and_changes_nothing(as_role, open_contest):
    entrant = make_entrant(open_contest)
    supervisor = as_role("supervisor", open_contest)
    base = f"/contests/{open_contest.id}/entrants/{entrant.id}"

    assert supervisor.get(base).status_code == 200
    assert supervisor.post(base, data={"name": "x"}).status_code == 403
    assert supervisor.post(f"{base}/state", data={"state": "absent"}).status_code == 403


def test_an_invitation_is_shown_once_with_its_link(organiser, open_contest):
    answer = organiser.post(f"/contests/{open_contest.id}/units/invitations", data={"name": "新厂"})

    link = re.search(r'value="http://localhost(/invitation/[^"]+)"', answer.text)[1]
    assert "data:image/svg+xml" in answer.text
    assert organiser.get(link).status_code == 200
    assert link not in organiser.get(f"/contests/{open_contest.id}/units").text


def test_a_contact_sees_and_mends_only_the_own_people(contact, open_contest):
    other = make_entrant(open_contest, "外人")
    base = f"/contests/{open_contest.id}/my-unit"
    form = {"name": "张三", "organisation": "别的厂", "number": "Z1"}

    assert contact.post(f"{base}/new", data=form).status_code == 303
    text = contact.get(base).text
    assert "张三" in text and "外人" not in text
    assert contact.get(f"{base}/{other.id}").status_code == 404
    assert contact.post(f"{base}/{other.id}", data=form).status_code == 404
    mine = next(e for e in queries.list_entrants(open_contest.id) if e.human.name == "张三")
    assert (mine.organisation.name, mine.number) != ("别的厂", "Z1")
    assert contact.get(f"{base}/{mine.id}").status_code == 200
    assert contact.get(f"/contests/{open_contest.id}/entrants").status_code == 403


def test_a_contact_sends_a_list_of_the_own_people(contact, open_contest):
    base = f"/contests/{open_contest.id}/my-unit/import"
    assert contact.get(base).status_code == 200

    preview = contact.post(base, data=sent(["", "一队", "张三", "1990-01-02"]))
    assert "张三" in contact.get(preview.location).text
    assert contact.post(preview.location).status_code == 303

    [entrant] = queries.list_entrants(open_contest.id)
    assert entrant.organisation.name == "海螺水泥"


def test_a_contact_of_no_unit_is_refused(as_role, open_contest):
    assert (
        as_role("contact", open_contest).get(f"/contests/{open_contest.id}/my-unit").status_code
        == 403
    )


def test_after_registration_a_contact_only_reads(contact, open_contest):
    open_contest.state = "scoring"
    db.session.commit()
    base = f"/contests/{open_contest.id}/my-unit"

    assert "Registration is closed" in contact.get(base).text
    assert contact.post(f"{base}/new", data={"name": "张三"}).status_code == 409


def test_scanning_a_card_asks_and_one_tap_checks_in(organiser, open_contest):
    entrant = make_entrant(open_contest, "张三")

    asked = organiser.get(f"/check-in/{entrant.check_in_token}")
    assert "Is this the right person?" in asked.text and did() == []

    done = organiser.post(f"/contests/{open_contest.id}/arrivals/{entrant.id}")
    assert "Welcome" in organiser.get(done.location).text
    again = organiser.post(f"/contests/{open_contest.id}/arrivals/{entrant.id}")
    assert "Arrived already" in organiser.get(again.location).text

    organiser.post(f"/contests/{open_contest.id}/arrivals/{entrant.id}/undo")
    assert did() == ["entrant.check_in", "entrant.check_in_undo"]


def test_a_card_opens_for_the_staff_of_its_own_contest_only(as_role, client, open_contest):
    entrant = make_entrant(open_contest)
    card = f"/check-in/{entrant.check_in_token}"

    own_result = f"/contests/{open_contest.id}/my-result/{entrant.check_in_token}"
    for stranger in (as_role("organiser", make_contest()), as_role("judge", open_contest), client):
        answer = stranger.get(card)
        assert (answer.status_code, answer.location) == (303, own_result)
    assert as_role("host", open_contest).get(card).status_code == 200
    assert as_role("organiser").get("/check-in/guess").status_code == 404


def test_a_number_at_the_door_checks_in(organiser, open_contest):
    make_entrant(open_contest, "张三", number="A07")

    answer = organiser.post(f"/contests/{open_contest.id}/arrivals", data={"number": "a07"})

    assert "张三" in organiser.get(answer.location).text


def test_panels_are_filled_and_changed_from_the_page(organiser, open_contest):
    judges = [make_judge(open_contest) for _ in range(3)]
    base = f"/contests/{open_contest.id}/panels"

    assert organiser.post(f"{base}/staff", data={"reserves": "1"}).status_code == 303
    changed = organiser.post(
        f"{base}/risk", data={"judge_id": [str(judges[2].id), "", str(judges[0].id)]}
    )
    assert changed.status_code == 303
    assert [s.judge_id for s in queries.seats(open_contest.id)["risk"]] == [
        judges[2].id,
        judges[0].id,
    ]

    twice = organiser.post(f"{base}/risk", data={"judge_id": [str(judges[1].id)] * 2})
    assert (twice.status_code, "only one seat" in twice.text) == (422, True)
    assert organiser.post(f"{base}/nope", data={}).status_code == 404
    assert did() == ["panel.staff", "panel.seats", "request.refused"]


def test_names_that_look_like_markup_are_shown_as_text(organiser, open_contest):
    make_entrant(open_contest, "<script>alert(1)</script>", number="<b>1</b>")

    for page in ("entrants", "arrivals", "admission-cards"):
        text = organiser.get(f"/contests/{open_contest.id}/{page}").text
        assert "<script>alert" not in text and "<b>1" not in text


def test_somebody_registered_by_mistake_is_removed_by_name(organiser, open_contest):
    entrant = make_entrant(open_contest, "张错", team=make_team(open_contest))
    at = f"/contests/{open_contest.id}/entrants/{entrant.id}"

    refused = organiser.post(f"{at}/remove", data={"confirmed_name": "张三"})
    assert refused.status_code == 422 and "Type the name 张错 here." in refused.text
    assert did() == [] and queries.list_entrants(open_contest.id)

    assert f"{at}/remove" in organiser.get(at).text
    assert organiser.post(f"{at}/remove", data={"confirmed_name": " 张错 "}).status_code == 303
    assert did() == ["entrant.remove"]
    assert queries.list_entrants(open_contest.id) == []
    assert queries.list_teams(open_contest.id) == []
    assert organiser.get(at).status_code == 404


@pytest.mark.parametrize("holds", ["a code", "a score", "a sheet", "nothing, but it is scored"])
def test_an_entrant_about_whom_something_is_held_stays(organiser, open_contest, holds):
    entrant = make_entrant(open_contest, "张三")
    ids = {"contest_id": open_contest.id, "entrant_id": entrant.id}
    if holds == "a code":
        draw = Draw(contest_id=open_contest.id, stage="final", seed="123456", at=clock.now())
        db.session.add(draw)
        db.session.flush()
        db.session.add(BlindCode(draw_id=draw.id, stage="final", code="A33", start_order=1, **ids))
    elif holds == "a score":
        db.session.add(TheoryEntry(
            module_key="paper", units=0, state="scored", source="clerk", at=clock.now(), **ids
        ))
    elif holds == "a sheet":
        judge = make_judge(open_contest)
        db.session.add(Sheet(module_key="risk", judge_id=judge.id, seat=1, **ids))
    else:
        open_contest.state = "scoring"
    db.session.commit()
    at = f"/contests/{open_contest.id}/entrants/{entrant.id}"

    assert f"{at}/remove" not in organiser.get(at).text
    assert organiser.post(f"{at}/remove", data={"confirmed_name": "张三"}).status_code == 409
    assert did() == [] and len(queries.list_entrants(open_contest.id)) == 1


def test_a_contact_removes_only_people_of_the_own_unit(contact, open_contest):
    own = make_entrant(open_contest, "张三", queries.find_organisation("海螺水泥"))
    other = make_entrant(open_contest, "李四")
    at = f"/contests/{open_contest.id}/my-unit"

    assert f"{at}/{own.id}/remove" in contact.get(f"{at}/{own.id}").text
    assert contact.post(f"{at}/{other.id}/remove", data={"confirmed_name": "李四"}).status_code == 404
    path = f"/contests/{open_contest.id}/entrants/{own.id}/remove"
    assert contact.post(path, data={"confirmed_name": "张三"}).status_code == 403
    assert contact.post(f"{at}/{own.id}/remove", data={"confirmed_name": "x"}).status_code == 422
    assert contact.post(f"{at}/{own.id}/remove", data={"confirmed_name": "张三"}).status_code == 303
    assert [e.human.name for e in queries.list_entrants(open_contest.id)] == ["李四"]

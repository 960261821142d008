"""Records of teams: the same rules as a person's, with the members of that time and their unit."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.awards import actions as awards
from contest.awards import annulment_actions
from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.members import erasing
from contest.people.models import PersonAccount
from contest.registry import (
    record_actions,
    record_asking_queries,
    record_history_queries,
    record_queries,
    record_team_rules,
)
from contest.registry.listing import list_person
from contest.registry.record_models import RecordMark, RecordMember
from contest.results.queries import find_latest_sheet, standings
from contest.results.result_document import without_team_modules
from contest.results.rules import changed_since, fingerprint
from contest.scoring.scheme_reading import plan_from
from contest.setup.proposal_queries import find_open
from contest.webhooks.models import WebhookMessage
from tests import factories
from tests.awards.test_annulments import SAID
from tests.registry.test_record_routes import browser, public
from tests.registry.test_record_rules import EARLIER, FORM, refused, typed, why
from tests.registry.test_records import House
from tests.webhooks.scenes import subscribe

TEAM = {"record_holder": "team"}
RELAY = TEAM | {"record_what": "module", "record_key": "race", "record_top": "100"}
TOTAL = TEAM | {"record_top": "220"}
WHY = "本人书面要求删除"


def team_plan(method="sum", size=2, **changes):
    """Theory alone for the members, and a relay of the team's own that weighs a fifth."""
    document = factories.plan_document()
    paper = document["modules"][0] | {"part": "theory"}
    race = paper | {"key": "race", "part": "relay", "name": "接力", "name_en": "Relay"}
    teams = {"method": method} | ({"size": size} if size else {})
    parts = [
        {"key": "theory", "stage": "final", "name": "理论", "name_en": "Theory", "weight": 100},
        {"key": "relay", "stage": "final", "name": "接力", "name_en": "Relay", "weight": 20, "to": "team"},
    ]
    return document | {
        "parts": parts, "modules": [paper, race], "teams": teams, "ranking": {"shared": True},
        "awards": [{"key": "first", "name": "一等奖", "to": "team", "rule": "count", "count": 1}],
    } | changes


class Crews(House):
    """Teams in contests: {team: ({member: theory}, what the first of them reached in the relay)}."""

    def __init__(self):
        super().__init__()
        self.teams = {}

    def crews(self, crews, day="2026-05-01", is_final=True, **plan):
        contest = factories.make_contest(
            starts_on=clock.day_of(clock.now()).fromisoformat(day), document=team_plan(**plan)
        )
        for name, (members, relay) in crews.items():
            team = self.teams[name] = factories.make_team(contest, name=name)
            for at, (member, points) in enumerate(members.items()):
                entrant = self.entrants[member] = factories.make_entrant(contest, member, team=team)
                factories.make_theory(contest, entrant, points)
                if at == 0:
                    factories.make_theory(contest, entrant, relay, "race")
        return self.publish(contest) if is_final else contest


@pytest.fixture
def house(app):
    return Crews()


@pytest.fixture
def both(house):
    """Two teams; the first is the best in total, the second in the relay."""
    return house.crews({
        "龙队": ({"甲": "90", "乙": "80"}, "70"), "虎队": ({"丙": "60", "丁": "50"}, "95.5"),
    })


def test_a_teams_total_is_a_record_with_its_unit_and_its_members(house, both):
    line = house.line(both, **TOTAL)
    assert house.waiting(line) == [("龙队", "first", None)]
    mark = house.confirm(line, "龙队")
    assert (mark.value, mark.unit, mark.entrant_id, mark.team_id) == (
        1_840_000, house.teams["龙队"].organisation.name, None, house.teams["龙队"].id
    )
    [held] = record_history_queries.find_history(line).standing
    assert (held.name, held.unit, held.value, held.organisation_id) == (
        "龙队", mark.unit, "184.00", house.teams["龙队"].organisation_id
    )
    assert [one.name for one in held.members] == ["甲", "乙"]


def test_a_relay_gives_the_teams_own_figure_whoever_of_the_team_it_was_marked_through(house, both):
    line = house.line(both, **RELAY)
    assert house.waiting(line) == [("虎队", "first", None)]
    assert house.confirm(line, "虎队").value == 955_000


def test_the_relay_counts_although_its_member_is_not_among_those_who_make_the_total(house):
    contest = house.crews(
        {"龙队": ({"慢": "10", "甲": "90", "乙": "80"}, "70")}, teams={"method": "best", "best": 2},
    )
    [team] = find_latest_sheet(contest.id, "final").document["teams"]
    assert house.entrants["慢"].id not in team["counting"] and team["modules"] == {"race": "70.00"}
    assert house.confirm(house.line(contest, **RELAY), "龙队").value == 700_000


def test_a_better_team_ends_the_record_and_equal_ones_share_it(house, both):
    line = house.line(both, **RELAY)
    house.confirm(line, "虎队")
    later = house.crews({"鹰队": ({"戊": "60", "己": "50"}, "95.5")}, "2026-06-01")
    record_actions.let_in(house.curator, line.id, later.id)
    assert house.waiting(line) == [("鹰队", "equals", 955_000)]
    house.confirm(line, "鹰队")
    best = house.crews({"凤队": ({"庚": "60", "辛": "50"}, "96")}, "2026-07-01")
    record_actions.let_in(house.curator, line.id, best.id)
    house.confirm(line, "凤队")
    assert house.history(line) == [
        ("凤队", "96.00", "2026-07-01", None, False),
        ("鹰队", "95.50", "2026-06-01", "2026-07-01", True),
        ("虎队", "95.50", "2026-05-01", "2026-07-01", True),
    ]


def test_a_record_of_persons_takes_no_team_and_one_of_teams_no_person(house, both):
    persons = house.line(both)
    assert house.waiting(persons) == [("甲", "first", None)]
    assert [mark.team_id for mark in record_queries.marks_of(persons.id)] == [None]
    assert record_history_queries.find_history(persons).history == ()


@pytest.mark.parametrize("name", ["甲", "乙"])
def test_no_member_confirms_the_record_of_the_own_team(house, both, name):
    line = house.line(both, **TOTAL)
    db.session.add(PersonAccount(
        user_id=house.second.user_id, human_id=house.entrants[name].human_id, linked_at=clock.now()
    ))
    db.session.commit()
    with pytest.raises(NotAllowed, match="of their own"):
        house.confirm(line, "龙队")


def test_a_member_whose_result_is_annulled_takes_the_record_along(house, both):
    line = house.line(both, **TOTAL)
    house.confirm(line, "龙队")
    awards.grant_awards(house.one, both.id)
    number = house.entrants["乙"].number
    annulment_actions.propose_annulment(house.one, both.id, {"number": number}, SAID)
    annulment_actions.confirm_annulment(house.two, both.id, find_open(both.id, "annul").id)
    mark = house.mark(line, "龙队", "withdrawn")
    assert mark.withdrawn_why["message"] == "The result was annulled: %(reason)s"
    assert house.waiting(line) == [("虎队", "first", None)]


def test_refused_laid_down_and_taken_out_as_a_persons(house, both):
    line = house.line(both, **TOTAL)
    record_actions.refuse_mark(house.second, house.mark(line, "龙队").id, "人员不符")
    assert house.waiting(line) == [("虎队", "first", None)]
    record_actions.propose_again(house.curator, house.mark(line, "龙队", "refused").id, "已核实")
    house.confirm(line, "龙队")
    record_actions.take_out(house.curator, line.id, both.id, "赛题不同")
    assert [mark.name for mark in record_history_queries.taken_back(line.id)] == ["龙队"]


def test_two_publications_of_one_moment_make_one_mark(house, both):
    line = house.line(both, **TOTAL)
    mark = house.mark(line, "龙队")
    values = {key: getattr(mark, key) for key in (
        "line_id", "contest_id", "team_id", "result_sheet_id", "value", "on", "name", "unit", "proposed_at")}
    db.session.add(RecordMark(**values))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_mark_is_of_a_person_or_of_a_team(house, both):
    mark = house.mark(house.line(both, **TOTAL), "龙队")
    mark.entrant_id = house.entrants["甲"].id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_an_erased_member_keeps_no_name_and_the_team_its_record(app, house, both):
    line = house.line(both, **TOTAL)
    house.confirm(line, "龙队")
    human_id = house.entrants["乙"].human_id
    done = erasing.erase(house.curator, human_id, "乙", WHY)
    assert {"table": "record_member", "why": "record", "rows": 1} in done.kept
    assert sorted(db.session.scalars(select(RecordMember.name))) == ["–", "甲"]
    page = public(app, f"/records/{line.id}")
    assert "龙队" in page and "甲" in page and "乙" not in page and "Name not told" in page
    assert record_history_queries.held_by(human_id) == []


def test_who_was_erased_before_the_proposal_is_named_nowhere(house, both):
    erasing.erase(house.curator, house.entrants["乙"].human_id, "乙", WHY)
    mark = house.mark(house.line(both, **TOTAL), "龙队")
    assert [one.name for one in mark.members] == ["甲", "–"]


def test_pages_name_the_team_its_unit_and_members_and_lead_to_both(app, house, both):
    line = house.line(both, **TOTAL)
    unit = house.teams["龙队"].organisation
    address = f"/register/organisations/{unit.id}"
    assert "no such organisation" in public(app, address)
    craftsman = list_person(house.entrants["甲"].human)
    db.session.commit()
    house.confirm(line, "龙队")
    for page in (public(app), public(app, f"/records/{line.id}")):
        assert "龙队" in page and "Members:" in page and "乙" in page
        assert f"/register/{craftsman.token}" in page and address in page
    page = public(app, address)
    assert line.name_en in page and "184.00" in page and "龙队" in page
    own = public(app, f"/register/{craftsman.token}")
    assert line.name_en in own and "龙队" in own

    both.is_public = False
    db.session.commit()
    page = public(app, f"/records/{line.id}")
    assert "184.00" in page and "龙队" not in page and "甲" not in page and address not in page
    assert "no such organisation" in public(app, address)
    assert line.name_en not in public(app, f"/register/{craftsman.token}")


def test_a_members_own_page_tells_with_which_team(app, house, both):
    line = house.line(both, **TOTAL)
    user = factories.make_user("own")
    db.session.add(PersonAccount(
        user_id=user.id, human_id=house.entrants["乙"].human_id, linked_at=clock.now()
    ))
    db.session.commit()
    house.confirm(line, "龙队")
    page = factories.browser_of(app, user).get("/my").text.split('id="records"')[1].split("</section>")[0]
    assert line.name_en in page and "with the team 龙队" in page


def test_the_desk_shows_the_members_and_the_teams_receipt(app, house, both):
    line = house.line(both, **TOTAL)
    page = browser(app, house.second).get(f"/curation/records/{line.id}").text
    assert "龙队" in page and "甲" in page and "A team" in page and "Revision" in page


def test_programs_and_subscribers_are_told_of_the_team(app, house, both):
    subscribe(app, "http://127.0.0.1:1999/hook", ("record",), facts=("name",))
    line = house.line(both, **TOTAL)
    house.confirm(line, "龙队")
    told = app.test_client().get(f"/api/v1/records/{line.id}").json
    [now] = told["standing"]
    assert (told["holder"], now["name"], now["organisation"]) == (
        "team", "龙队", house.teams["龙队"].organisation_id
    )
    assert now["members"] == [{"name": "甲", "craftsman": None}, {"name": "乙", "craftsman": None}]
    [body] = db.session.scalars(select(WebhookMessage.body))
    assert '"team":"龙队"' in body and "甲" not in body and '"about"' not in body


def test_officials_see_beside_the_team_that_it_would_be_a_record(app, house, as_role):
    contest = house.crews({"龙队": ({"甲": "90", "乙": "80"}, "70")}, is_final=False)
    house.line(contest, **TOTAL, **EARLIER | {"earlier_value": "183.99"})
    found = record_asking_queries.flags(contest.id, standings(contest.id))
    [(_, word, is_settled)] = found[f"team-{house.teams['龙队'].id}"]
    assert (word, is_settled) == ("Beats the standing record", False) and len(found) == 1
    page = as_role("organiser", contest).get(f"/contests/{contest.id}/results?show=teams").text
    assert "Beats the standing record" in page


def test_published_results_of_an_earlier_release_are_not_called_changed(house, both):
    sheet = find_latest_sheet(both.id, "final")
    document = sheet.document
    assert [team["modules"] for team in document["teams"]] == [{"race": "70.00"}, {"race": "95.50"}]
    assert changed_since(sheet, document) is None
    sheet.document_hash = fingerprint(without_team_modules(document))
    assert changed_since(sheet, document) is None
    document["teams"][0]["modules"]["race"] = "71.00"
    sheet.document_hash = fingerprint(document)
    document["teams"][0]["modules"]["race"] = "70.00"
    assert changed_since(sheet, document) == sheet.revision
    db.session.rollback()


def plan(**changes):
    return plan_from(team_plan(**changes))


def test_teams_on_the_same_scale_fit_and_others_say_why_not():
    total, relay = typed(**TOTAL), typed(**RELAY)
    assert why(total, plan()) is None and why(relay, plan()) is None
    assert why(typed(**TEAM, record_top="120"), plan(method="mean")) is None
    assert why(typed(**TEAM, record_top="320"), plan(teams={"method": "best", "best": 3})) is None
    assert why(typed(**TEAM), plan()) == "The maximum is 220 here and 100 in the record."
    assert "no teams" in why(total)
    assert "does not say how many" in why(total, plan(size=None))
    places = plan(teams={"method": "places", "place_points": [3, 2, 1]})
    assert "points for places" in why(total, places) and why(relay, places) is None
    assert "for each member" in why(typed(**RELAY | {"record_key": "paper"}), plan())
    assert "other direction" in why(typed(**TOTAL, record_better="low"), plan())


def test_what_no_team_has_is_refused_at_its_field():
    assert "measured of persons" in refused(**TEAM, record_what="figure", record_key="time")["record_what"]
    assert "persons" in refused(**TEAM, record_group="workers")["record_group"]
    assert set(refused(record_holder="crowd")) == {"record_holder"}
    assert typed().holder == "person"


def test_where_less_is_better_a_team_that_lacks_somebody_has_no_total():
    made = plan_from(team_plan(ranking={"shared": True, "order": "low"}))
    rows = [{"entrant_id": each, "name": f"E{each}", "competed": True} for each in (1, 2, 3)]
    teams = [
        {"team_id": 1, "place": 1, "total": "50.00", "members": [1], "counting": [1]},
        {"team_id": 2, "place": 2, "total": "90.00", "members": [2, 3], "counting": [2, 3]},
    ]
    low = typed(**TOTAL, record_better="low")
    [(team, units, _)] = record_team_rules.values_in(teams, rows, low, made)
    assert (team["team_id"], units) == (2, 900_000)


def test_a_record_of_teams_is_defined_and_changed_by_form(app, house):
    owner = browser(app, house.curator)
    form = FORM | TOTAL
    assert owner.post("/curation/records/new", data=form).status_code == 303
    line = record_queries.list_lines()[0]
    assert line.holder == "team"
    page = owner.get(f"/curation/records/{line.id}/change").text
    assert '<option value="team" selected' in page
    owner.post(f"/curation/records/{line.id}/change", data=form | {"record_holder": "person"})
    db.session.refresh(line)
    assert line.holder == "person"


def test_a_contest_without_such_a_figure_is_not_let_in(house):
    with pytest.raises(Conflict, match="no teams"):
        house.line(house.held({"甲": ("90", "9")}), **TOTAL)

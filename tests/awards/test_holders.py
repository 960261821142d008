"""After an annulment: the table of the units counts who holds the prizes, and every list tells two places."""

import csv
import io

import pytest

from contest import clock
from contest.awards import (
    actions,
    annulment_actions,
    certificate_queries,
    decision_actions,
    nomination_actions,
    nomination_queries,
    queries,
    vacancy_queries,
)
from contest.awards.nomination_papers import form_paper, summary_table
from contest.board.queries import public_board
from contest.db import db
from contest.people.models import Entrant, Organisation
from contest.results import actions as results
from contest.results.queries import find_latest_sheet, stage_of
from contest.setup.models import Contest
from contest.setup.proposal_queries import find_open
from contest.setup.queries import get_contest
from tests import factories
from tests.awards.certified import DAY, PETRA, STYLE
from tests.kept_scenes import kept_scene

AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant", "rule": "count",
     "count": 1},
    {"key": "second", "name": "二等奖", "name_en": "Second prize", "to": "entrant", "rule": "count",
     "count": 1},
    {"key": "spirit", "name": "突出贡献奖", "name_en": "Merit", "to": "entrant", "rule": "vote", "count": 1},
    {"key": "team", "name": "团体奖", "name_en": "Team prize", "to": "team", "rule": "count", "count": 1},
]
POINTS = {"甲": ("90", "9"), "乙": ("80", "8"), "丙": ("70", "7"), "丁": ("60", "6")}
SAID = {"reason": "查实替考", "minutes": "纪要〔2026〕9号", "decided_on": "2026-11-20"}
WORTH = [{"award": "first", "points": 4}, {"award": "second", "points": 3}, {"award": "spirit", "points": 2},
         {"award": "team", "points": 1}]


def build(app):
    from contest.audit import key_actions
    from contest.awards import certificate_actions
    document = factories.plan_document(
        awards=AWARDS, teams={"method": "sum", "size": 2},
        organisations={"order": "points", "points": WORTH},
    )
    contest, entrants = factories.make_marked_contest(POINTS, document=document, slug="holders")
    units = {name: factories.make_organisation(name) for name in ("东厂", "西厂")}
    for unit, members in (("东厂", "甲丙"), ("西厂", "乙丁")):
        team = factories.make_team(contest, units[unit], name=f"{unit}队")
        for one in members:
            entrants[one].team_id, entrants[one].organisation_id = team.id, units[unit].id
    db.session.commit()
    one, two = (factories.make_official(name, "organiser", contest=contest) for name in ("first", "second"))
    results.publish_results(one, contest.id, "provisional")
    results.publish_results(two, contest.id, "final")
    decision_actions.choose(PETRA, contest.id, "spirit", {"number": entrants["丁"].number}, SAID)
    actions.grant_awards(PETRA, contest.id)
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    return {"id": contest.id, "one": one, "two": two,
            "ids": {name: entrant.id for name, entrant in entrants.items()}}


def annul(scene, name="甲"):
    whom = {"whom": f"entrant-{scene['ids'][name]}"}
    annulment_actions.propose_annulment(scene["one"], scene["id"], whom, SAID)
    annulment_actions.confirm_annulment(scene["two"], scene["id"], find_open(scene["id"], "annul").id)
    annulment_actions.publish_without_annulled(scene["two"], scene["id"])


@pytest.fixture
def granted(app):
    return kept_scene("holders-granted", lambda: build(app))


@pytest.fixture
def annulled(app):
    def make():
        values = kept_scene("holders-granted", lambda: build(app))
        annul(values)
        return values

    return kept_scene("holders-annulled", make)


def table(scene):
    """{unit: (first, second, merit, team)} as the public reads it; the paper and the lists say the same."""
    board = public_board("holders", clock.now())
    public = {line.name: line.counts for line in board.organisations}
    paper = queries.summary(scene["id"]).organisations
    assert {line.name: tuple(line.counts.values()) for line in paper} == public
    listed = {unit: [0, 0, 0, 0] for unit in public}
    for at, (_, rows) in enumerate(queries.granted(scene["id"])):
        for row in rows:
            listed[row.organisation][at] += 1
    assert {unit: tuple(counts) for unit, counts in listed.items()} == public
    return public


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_what_the_committee_gave_counts_once_it_is_granted(granted):
    # The merit prize follows from no place: the rule alone gives it to nobody.
    document = find_latest_sheet(granted["id"], stage_of(granted["id"])).document
    by_rule = {line["name"]: line["counts"]["spirit"] for line in document["organisations"]}
    assert by_rule == {"东厂": 0, "西厂": 0}
    assert table(granted) == {"东厂": (1, 0, 0, 1), "西厂": (0, 1, 1, 0)}
    points = {line.name: (line.place, line.points) for line in queries.summary(granted["id"]).organisations}
    assert points == {"东厂": (1, "5"), "西厂": (1, "5")}


def test_a_teams_prize_counts_for_the_first_member_with_a_unit(granted):
    from contest.results.holder_queries import with_holders
    from contest.results.queries import standings

    def team_prizes():
        by_rule = standings(granted["id"])
        held = with_holders(by_rule)
        assert held.counts_holders
        return [{line.name: line.counts["team"] for line in each.organisations} for each in (by_rule, held)]

    assert team_prizes() == [{"东厂": 1, "西厂": 0}] * 2
    nameless = Organisation(name="")
    db.session.add(nameless)
    db.session.get(Entrant, granted["ids"]["甲"]).organisation = nameless
    db.session.commit()

    assert team_prizes() == [{"东厂": 1, "西厂": 0}] * 2


def test_an_annulled_prize_counts_for_nobody_until_somebody_moves_up(annulled, as_role):
    # By the rule 乙 would have the first prize now, and 丙 the second.
    document = find_latest_sheet(annulled["id"], stage_of(annulled["id"])).document
    assert {line["name"]: line["counts"]["first"] for line in document["organisations"]} == {
        "东厂": 0, "西厂": 1,
    }
    before = table(annulled)
    assert (before["东厂"][:2], before["西厂"]) == ((0, 0), (0, 1, 1, 0))
    office, base = as_role("organiser"), f"/contests/{annulled['id']}"
    page = office.get(f"{base}/results?show=organisations").text
    assert "Counted by who holds the prizes now." in page
    revision = find_latest_sheet(annulled["id"], stage_of(annulled["id"]))
    old = office.get(f"{base}/results/published/{revision.stage}/{revision.revision}").text
    assert "counted by the rules from the places of this revision" in old

    empty = next(one for one in vacancy_queries.list_vacancies(annulled["id"]) if one.award.key == "first")
    key = f"entrant-{annulled['ids']['乙']}"
    annulment_actions.move_up(annulled["one"], annulled["id"], empty.annulment.id, key, SAID)

    assert table(annulled)["西厂"] == (1, 0, 1, 0)


def test_a_freeze_hides_what_was_granted_since(granted):
    from contest.board import shown_queries
    contest = db.session.get(Contest, granted["id"])
    sheet = find_latest_sheet(contest.id, stage_of(contest.id))
    frozen, _ = shown_queries.shown(contest.id, sheet.at)
    assert (frozen.counts_holders, shown_queries.shown(contest.id, None)[0].counts_holders) == (False, True)


def test_every_list_tells_the_place_at_the_grant_and_the_place_now(annulled, as_role):
    office, base = as_role("organiser"), f"/contests/{annulled['id']}"
    places = {"乙": ("2", "1"), "丁": ("4", "3")}
    for paper in ("awards", "notice", "script"):
        rows = rows_of(office.get(f"{base}/papers/{paper}.csv").data.decode("utf-8-sig"))
        told = {row["Name"]: (row["Place at grant"], row["Place now"]) for row in rows}
        for name, both in places.items():
            shown = name if paper != "notice" else next(one for one in told if one.startswith(name))
            assert told[shown] == both, paper
        assert "Place" not in rows[0], paper
        for form in ("pdf", "docx", "xlsx"):
            assert office.get(f"{base}/papers/{paper}.{form}").status_code == 200
    page = office.get(f"{base}/awards").text
    assert "Place at grant" in page
    assert "place now 1" in page
    assert "“Place at grant” is the place for which an award was granted" in page
    certificates = office.get(f"{base}/certificates").text
    assert "Place at grant: 2 · place now: 1" in certificates
    [row] = [row for award, rows in queries.granted(annulled["id"]) if award.key == "team" for row in rows]
    team = next(one for one in public_board("holders", clock.now()).teams if one.name == row.name)
    assert (row.place, row.place_now) == (1, team.place)


def test_the_public_result_and_the_lists_agree_about_the_place_now(annulled):
    board = {row.name: row.place for row in public_board("holders", clock.now()).rows}
    for award, rows in queries.granted(annulled["id"]):
        if award.to == "entrant":
            assert {row.name: row.place_now for row in rows} == {row.name: board[row.name] for row in rows}
    lines = [one for one in certificate_queries.list_lines(annulled["id"]) if one.award.entrant_id]
    assert {one.name: one.place_now for one in lines if one.award.place and not one.is_barred} == {
        "乙": board["乙"], "丁": board["丁"],
    }


def test_an_own_report_says_both(annulled):
    [report] = [one for one in queries.reports(annulled["id"]) if one.name == "乙"]
    assert report.place == 1
    last = report.steps[-1]
    assert last.params == {"granted": 2, "now": 1}
    assert last.label.startswith("Place at grant")


def test_the_api_gives_both(annulled, as_role):
    items = as_role("organiser").get(f"/api/v1/contests/{annulled['id']}/awards").json["items"]
    assert {(one["name"], one["place"], one["place_now"]) for one in items if one["award"] == "second"} == {
        ("乙", 2, 1),
    }


def test_a_nomination_says_both(annulled, app):
    contest = get_contest(annulled["id"])
    award = next(one for one in queries.all_awards(contest.id) if one.award_key == "second")
    asked = {"kind": "medal", "title": "省五一劳动奖章", "authority": "省总工会", "deeds": "好"}
    case = nomination_queries.get_case(contest.id, nomination_actions.prepare(
        PETRA, contest.id, award.id, asked).id)
    [certificate] = [one.certificate for one in certificate_queries.list_lines(contest.id)
                     if one.award.id == award.id]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        facts = dict(form_paper(contest, case, certificate, "en").parts[0].pairs)
        [row] = summary_table(contest, case, "en").parts[0].rows
    assert (facts["Place at grant"], facts["Place now"]) == ("2", "1")
    assert "Place" not in facts
    assert (row["place"], row["place_now"]) == (2, 1)


def test_without_an_annulment_there_is_one_place_and_no_sentence(granted, as_role):
    office, base = as_role("organiser"), f"/contests/{granted['id']}"
    for paper in ("awards", "notice", "script"):
        [row, *_] = rows_of(office.get(f"{base}/papers/{paper}.csv").data.decode("utf-8-sig"))
        assert "Place" in row, paper
        assert "Place now" not in row
    assert "Place at grant" not in office.get(f"{base}/awards").text

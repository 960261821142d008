"""Where groups are ranked apart, every paper, the script, the certificate and programs say which group."""

import csv
import io

import pytest

from contest.api import actions as tokens
from contest.audit import key_actions
from contest.awards import actions, certificate_actions, certificate_queries, list_papers, papers, queries
from contest.ceremony.script_queries import script_for
from contest.db import db
from contest.documents import Annex
from contest.results import actions as results
from contest.results.queries import find_latest_sheet
from contest.setup.queries import get_contest
from tests import factories
from tests.awards.certified import DAY, PETRA, STYLE

AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant", "rule": "ratio",
     "ratio": 25, "rounding": "up"},
    {"key": "second", "name": "二等奖", "name_en": "Second prize", "to": "entrant", "rule": "count",
     "count": 1},
    {"key": "team", "name": "团体奖", "name_en": "Team prize", "to": "team", "rule": "count", "count": 1},
]
PEOPLE = {
    "工一": ("90", "9", "职工组"), "工二": ("80", "8", "职工组"), "工三": ("70", "7", "职工组"),
    "学一": ("95", "9.5", "学生组"), "学二": ("60", "6", "学生组"),
}


@pytest.fixture
def contest(app):
    document = factories.plan_document(
        awards=AWARDS, teams={"method": "sum", "size": 3},
        ranking={"shared": True, "by_group": True, "ties": []},
    )
    made, entrants = factories.make_marked_contest(
        {name: row[:2] for name, row in PEOPLE.items()}, document=document, slug="grouped"
    )
    team = factories.make_team(made, name="红队")
    for name, entrant in entrants.items():
        entrant.group = PEOPLE[name][2]
        entrant.team_id = team.id if entrant.group == "职工组" else None
    db.session.commit()
    first, second = (factories.make_official(name, "organiser") for name in ("Petra", "Milan"))
    results.publish_results(first, made.id, "provisional")
    results.publish_results(second, made.id, "final")
    return made


@pytest.fixture
def granted(contest):
    actions.grant_awards(PETRA, contest.id)
    return contest


def rows_of(client, contest, paper):
    text = client.get(f"/contests/{contest.id}/papers/{paper}.csv").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_award_list_has_a_part_for_each_group_with_its_own_number(app, contest):
    preview = queries.preview(contest.id)
    with app.test_request_context():
        document = papers.award_list(contest, preview, DAY, "zh")

    annexes = [part for part in document.parts if isinstance(part, Annex)]
    assert [part.title for part in annexes] == [
        "学生组 · 一等奖（1）", "学生组 · 二等奖（1）", "职工组 · 一等奖（1）", "职工组 · 二等奖（1）",
        "团体奖（1）",
    ]
    tables = [part.parts[0] for part in annexes]
    assert [[row["name"] for row in table.rows] for table in tables] == [
        ["学一"], ["学二"], ["工一"], ["工二"], ["红队"],
    ]
    # 25 % of two and of three, rounded up: each group has a number of its own.
    assert [table.notes for table in tables] == [
        ("名额：25 × 2 ÷ 100 = 0.5 → 1",), (), ("名额：25 × 3 ÷ 100 = 0.75 → 1",), (), (),
    ]


def test_a_group_without_a_winner_has_its_part_all_the_same(app, contest):
    preview = queries.preview(contest.id)
    section = (preview.sections[1][0], ())

    found = [(part.group, part.rows) for part in preview.parts_of(*section)]
    assert found == [("学生组", ()), ("职工组", ())]


def test_script_notice_and_summary_name_the_group(granted, as_role):
    client = as_role("organiser")
    called = [(row["Award"], row["Group"], row["Name"]) for row in rows_of(client, granted, "script")]
    assert called == [
        ("Team prize", "", "红队"), ("Second prize", "学生组", "学二"), ("Second prize", "职工组", "工二"),
        ("First prize", "学生组", "学一"), ("First prize", "职工组", "工一"),
    ]
    assert {row["Group"] for row in rows_of(client, granted, "notice")} == {"学生组", "职工组", ""}
    listed = [(row["Group"], row["Place"], row["Place overall"], row["Name"])
              for row in rows_of(client, granted, "summary") if row["Name"]]
    assert listed == [
        ("学生组", "1", "1", "学一"), ("学生组", "2", "5", "学二"),
        ("职工组", "1", "2", "工一"), ("职工组", "2", "3", "工二"), ("职工组", "3", "4", "工三"),
    ]


def test_without_groups_no_paper_has_such_a_column(app):
    contest, _ = factories.make_marked_contest({"甲": ("80", "9"), "乙": ("70", "7")})
    preview = queries.preview(contest.id)
    with app.test_request_context():
        for document in (list_papers.notice_list(contest, preview, DAY, "zh"),
                         list_papers.presenter_script(contest, preview, "zh"),
                         papers.award_list(contest, preview, DAY, "zh"),
                         papers.score_summary(contest, queries.summary(contest.id), "zh")):
            keys = {column.key for table in document.tables for column in table.columns}
            assert not keys & {"group", "place_overall", "team_place"}


def test_the_ceremony_announces_a_prize_with_its_group(granted):
    sheet = find_latest_sheet(granted.id, "final")
    script = script_for("prizes", sheet, {"group": "", "from_place": None, "names": "one"})

    assert [heading.name for heading in script.chapters] == [
        "团体奖", "学生组 · 二等奖", "职工组 · 二等奖", "学生组 · 一等奖", "职工组 · 一等奖",
    ]
    assert script.chapters[1].name_en == "学生组 · Second prize"


def test_the_certificate_says_the_group_and_the_page_lists_it(app, granted, as_role):
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    certificate_actions.set_style(PETRA, granted.id, STYLE)
    made, _ = certificate_actions.issue_certificates(PETRA, granted.id, signer, DAY)

    said = [(one.name, certificate_queries.judge_code(one.code).said.prize) for one in made]
    assert {("工一", "职工组 一等奖"), ("学一", "学生组 一等奖"), ("红队", "团体奖")} < set(said)
    assert said == [(one.name, one.prize) for one in made]
    page = as_role("organiser").get(f"/contests/{granted.id}/awards").text
    assert page.index("<h3>学生组") < page.index("学一") < page.index("<h3>职工组") < page.index("工一")


def test_programs_are_told_the_group_and_both_places(granted, client):
    owner = factories.make_official("owner", "organiser")
    scopes = ["awards:read", "standings:read"]
    _, token = tokens.make_token(owner, granted.id, "x", scopes, 9, scopes)
    head = {"Authorization": f"Bearer {token}"}

    def ask(what):
        return client.get(f"/api/v1/contests/{granted.id}/{what}", headers=head).json

    awards = {row["name"]: row for row in ask("awards")["items"]}
    assert (awards["工一"]["group"], awards["工一"]["place"]) == ("职工组", 1)
    assert (awards["工一"]["place_overall"], awards["工一"]["team_place"]) == (2, 1)
    assert (awards["学一"]["place_overall"], awards["学一"]["team_place"]) == (1, None)
    rows = {row["name"]: row for row in ask("standings")["rows"]}
    assert (rows["工二"]["place"], rows["工二"]["place_overall"], rows["工二"]["team_place"]) == (2, 3, 1)


def test_lists_and_reports_have_both_places(granted, as_role):
    client = as_role("organiser")
    won = {row["Name"]: row for row in rows_of(client, granted, "awards")}
    one = won["工一"]
    assert (one["Place"], one["Place overall"], one["Team's place"]) == ("1", "2", "1")
    report = queries.report(granted.id, next(
        row.entrant_id for row in queries.preview(granted.id).sections[0][1] if row.name == "工一"
    ))
    assert (report.group, report.place, report.place_overall, report.team_place) == ("职工组", 1, 2, 1)
    assert get_contest(granted.id).state == "final"

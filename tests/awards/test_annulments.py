"""After the grant: two people annul, everything that rests on it goes, and the next may move up."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from contest import clock
from contest.api import actions as tokens
from contest.audit import key_actions
from contest.audit.chain_queries import check_chain
from contest.audit.models import TrailRow
from contest.awards import (
    actions,
    annulment_actions,
    annulment_queries,
    certificate_actions,
    certificate_queries,
    nomination_actions,
    nomination_queries,
    queries,
    vacancy_queries,
)
from contest.awards.certificate_models import Certificate
from contest.awards.models import Annulment, Award
from contest.awards.nomination_models import NominationEvent
from contest.board.queries import public_board
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.people.models import Entrant, StateEvent
from contest.registry import actions as registry
from contest.registry.models import Honour
from contest.registry.queries import waiting_awards
from contest.results import actions as results
from contest.results.models import ResultSheet
from contest.results.queries import find_latest_sheet, published_standings, stage_of, standings
from contest.setup.models import Contest
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.awards.certified import DAY, PETRA, STYLE
from tests.kept_scenes import kept_scene

AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant", "rule": "count",
     "count": 1},
    {"key": "second", "name": "二等奖", "name_en": "Second prize", "to": "entrant", "rule": "count",
     "count": 1},
    {"key": "expert", "name": "技术能手", "name_en": "Expert", "to": "entrant", "rule": "top", "first": 1,
     "last": 2, "title": True, "level": "技术能手"},
    {"key": "team", "name": "团体奖", "name_en": "Team prize", "to": "team", "rule": "count", "count": 1},
]
POINTS = {"甲": ("90", "9"), "乙": ("80", "8"), "丙": ("70", "7"), "丁": ("60", "6")}
SAID = {"reason": "查实替考", "minutes": "纪要〔2026〕9号", "decided_on": "2026-11-20"}


def build(app, **states):
    """A contest whose awards were granted, certified and put on the register; two teams. Its plain values."""
    document = factories.plan_document(awards=AWARDS, teams={"method": "sum", "size": 2})
    contest, entrants = factories.make_marked_contest(POINTS, document=document, slug="annulled")
    for name, members in (("红队", "甲乙"), ("蓝队", "丙丁")):
        team = factories.make_team(contest, name=name)
        for one in members:
            entrants[one].team_id = team.id
    for one, state in states.items():
        db.session.add(StateEvent(
            contest_id=contest.id, entrant_id=entrants[one].id, state=state, reason="病假", at=clock.now(),
        ))
    db.session.commit()
    one, two = (factories.make_official(name, "organiser", contest=contest) for name in ("first", "second"))
    results.publish_results(one, contest.id, "provisional")
    results.publish_results(two, contest.id, "final")
    actions.grant_awards(PETRA, contest.id)
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    [(_, waiting)] = waiting_awards()
    registry.confirm_honours(PETRA, contest.id, [one.id for one in waiting], "省总工会", "1号", DAY, True)
    return {"id": contest.id, "ids": {name: one.id for name, one in entrants.items()}, "one": one,
            "two": two, "signer": signer,
            "published_hash": find_latest_sheet(contest.id, stage_of(contest.id)).document_hash}


class Scene:
    """The contest of `build`, and what people do there. certificates: those issued first."""

    def __init__(self, id, ids, one, two, signer, published_hash):
        self.published_hash = published_hash
        self.id, self.one, self.two, self.signer = id, one, two, signer
        self.contest = db.session.get(Contest, id)
        self.entrants = {name: db.session.get(Entrant, entrant_id) for name, entrant_id in ids.items()}
        self.certificates = db.session.scalars(
            select(Certificate).filter_by(contest_id=id).order_by(Certificate.id)
        ).all()

    def propose(self, name="甲", said=SAID, **more):
        whom = {"whom": f"entrant-{self.entrants[name].id}", **more}
        annulment_actions.propose_annulment(self.one, self.id, whom, said)
        return find_open(self.id, "annul")

    def annul(self, name="甲", **more):
        proposal = self.propose(name, **more)
        is_due = annulment_actions.confirm_annulment(self.two, self.id, proposal.id)
        if is_due:
            annulment_actions.publish_without_annulled(self.two, self.id)
        return is_due

    def winners(self, key):
        return [row.name for award, rows in queries.granted(self.id) if award.key == key for row in rows]

    def vacancy(self, key):
        return next(one for one in vacancy_queries.list_vacancies(self.id)
                    if one.award.key == key and one.filled is None)

    def states(self, name):
        return {(one.name, one.state) for one in db.session.scalars(
            select(Honour).join(Honour.craftsman).filter_by(human_id=self.entrants[name].human_id)
        )}


@pytest.fixture
def granted(app):
    """The values of `build`, built once in a process."""
    return kept_scene("annulments-granted", lambda: build(app))


@pytest.fixture
def scene(granted):
    return Scene(**granted)


@pytest.fixture
def after(app):
    """The scene in which the result of 甲 was annulled and the results are published anew."""
    def annul():
        values = kept_scene("annulments-granted", lambda: build(app))
        Scene(**values).annul()
        return values

    return Scene(**kept_scene("annulments-annulled", annul))


def test_two_organisers_annul_together_and_with_the_word_typed_again(scene):
    proposal = scene.propose()
    assert scene.winners("first") == ["甲"]
    with pytest.raises(NotAllowed, match="second person"):
        annulment_actions.confirm_annulment(scene.one, scene.id, proposal.id)
    chief = factories.make_official("chief", "chief_judge", contest=scene.contest)
    with pytest.raises(NotAllowed, match="role"):
        annulment_actions.confirm_annulment(chief, scene.id, proposal.id)
    from dataclasses import replace
    with pytest.raises(NotAllowed, match="password"):
        annulment_actions.confirm_annulment(replace(scene.two, word_at=None), scene.id, proposal.id)
    assert db.session.scalars(select(Annulment)).all() == []

    assert annulment_actions.confirm_annulment(scene.two, scene.id, proposal.id)
    row = db.session.scalars(select(TrailRow).filter_by(did="award.annul")).one()
    assert (row.who, row.facts["proposed_by"], row.facts["reason"]) == ("second", "first", "查实替考")
    assert row.facts["named"] == ["一等奖", "技术能手", "团体奖"]


def test_certificate_honour_and_every_list_let_go_of_the_winner(after, as_role, client):
    codes = {one.prize: one for one in after.certificates if one.name == "甲"}

    for one in codes.values():
        shown = certificate_queries.judge_code(one.code)
        assert (shown.state, shown.certificate.revoked_reason) == ("revoked", "查实替考")
    page = client.post("/c", data={"code": codes["一等奖"].code}).text
    assert "查实替考" in page
    assert after.states("甲") == {("一等奖", "revoked"), ("技术能手", "revoked"), ("团体奖", "revoked")}
    # What others won stands, also the team's prize and the share that the other member has of it.
    assert ("团体奖", "listed") in after.states("乙")
    assert (after.winners("first"), after.winners("second"), after.winners("team")) == ([], ["乙"], ["红队"])
    # The award was granted for the second place; the list says which one it is by now.
    [row] = [row for award, rows in queries.granted(after.id) if award.key == "second" for row in rows]
    assert (row.place, row.place_now) == (2, 1)
    office = as_role("organiser")
    text = office.get(f"/contests/{after.id}/papers/awards.csv").text
    assert "Place at grant" in text or "授奖时名次" in text
    for paper in ("awards", "script", "notice", "organisations"):
        text = office.get(f"/contests/{after.id}/papers/{paper}.csv").data.decode("utf-8-sig")
        assert "甲" not in text, paper
    [line] = [row for row in queries.summary(after.id).rows if row["name"] == "甲"]
    assert (line["place"], line["total"], line["note"]) == (None, None, "Disqualified")


def test_the_results_get_a_further_revision_with_the_reason_and_the_old_one_stays(after):
    sheets = db.session.scalars(select(ResultSheet).order_by(ResultSheet.revision)).all()
    assert [(one.revision, one.kind, one.reason) for one in sheets] == [
        (1, "provisional", ""), (2, "final", ""), (3, "final", "查实替考"),
    ]
    places = {row.name: row.place for row in published_standings(sheets[-1]).rows}
    assert places == {"甲": None, "乙": 1, "丙": 2, "丁": 3}
    assert sheets[1].document_hash == after.published_hash
    assert sheets[-1].second_count["figures"] > 10
    assert {row.name: row.place for row in standings(after.id).rows} == places
    board = public_board(after.contest.slug, clock.now())
    assert (board.revision, board.state) == (3, "final")
    assert {row.name: (row.place, row.state) for row in board.rows}["甲"] == (None, "unranked")


def test_a_contest_that_was_archived_is_annulled_all_the_same_and_its_chain_holds(scene):
    from contest.audit import chaining
    from contest.audit.work import work
    with work(PETRA, "contest.step", contest_id=scene.id):
        db.session.get(type(scene.contest), scene.id).state = "archived"
        chaining.note_record(scene.id, "close", {"contest": scene.id})

    scene.annul()
    annulment_actions.move_up(
        scene.one, scene.id, scene.vacancy("first").annulment.id, f"entrant-{scene.entrants['乙'].id}", SAID
    )

    assert scene.winners("first") == ["乙"]
    assert check_chain(scene.id).is_whole


def test_who_comes_next_is_offered_and_gets_it_by_a_decision_alone(after):
    vacancy = after.vacancy("first")

    assert [(one.name, one.place, [lower.name for lower in one.gives_up]) for one in vacancy.offers] == [
        ("乙", 1, ["二等奖"]), ("丙", 2, []), ("丁", 3, []),
    ]
    # Nothing moves by itself: the place left empty is as good.
    assert (after.winners("first"), after.winners("second")) == ([], ["乙"])
    with pytest.raises(Invalid) as refused:
        annulment_actions.move_up(after.one, after.id, vacancy.annulment.id, "entrant-0", {"reason": "x"})
    assert set(refused.value.fields) == {"who", "minutes", "decided_on"}

    key = f"entrant-{after.entrants['乙'].id}"
    made = annulment_actions.move_up(after.one, after.id, vacancy.annulment.id, key, SAID)

    assert (made.place, made.why["after"]) == (1, vacancy.annulment.award_id)
    assert (after.winners("first"), after.winners("second")) == (["乙"], [])
    assert [one.name for one in after.vacancy("second").offers] == ["丙", "丁"]
    with pytest.raises(Conflict, match="already"):
        annulment_actions.move_up(after.one, after.id, vacancy.annulment.id, key, SAID)
    made, held = certificate_actions.issue_certificates(PETRA, after.id, after.signer, DAY)
    assert ([(one.name, one.prize) for one in made], held) == ([("乙", "一等奖")], [])
    [(_, waiting)] = waiting_awards()
    assert [one.name for one in waiting] == ["一等奖"]


def test_an_annulled_award_gets_no_certificate_again_and_waits_for_nobody(after):
    revoked = next(one for one in after.certificates if (one.name, one.prize) == ("甲", "一等奖"))
    with pytest.raises(Conflict, match="annulled"):
        certificate_actions.reissue_certificate(PETRA, after.id, revoked.id, after.signer, DAY)
    assert waiting_awards() == []
    assert certificate_actions.issue_certificates(PETRA, after.id, after.signer, DAY) == ([], [])


def test_a_nomination_that_rests_on_it_is_withdrawn(scene):
    award = db.session.scalars(select(Award).filter_by(
        award_key="first", entrant_id=scene.entrants["甲"].id)).one()
    asked = {"kind": "medal", "title": "省五一劳动奖章", "authority": "省总工会", "deeds": "好"}
    case = nomination_actions.prepare(PETRA, scene.id, award.id, asked)
    scene.annul()

    last = nomination_queries.get_case(scene.id, case.id).last
    assert (last.state, last.note) == ("withdrawn", "查实替考")
    assert award.id not in {one.id for one in nomination_queries.list_nominable(scene.id)}


def test_a_team_is_its_members(scene):
    held = {one.award_key for one in annulment_queries.standing_awards(scene.id)}
    assert held == {"first", "second", "expert", "team"}
    team_id = scene.entrants["甲"].team_id
    annulment_actions.propose_annulment(scene.one, scene.id, {"whom": f"team-{team_id}"}, SAID)
    annulment_actions.confirm_annulment(scene.two, scene.id, find_open(scene.id, "annul").id)
    assert vacancy_queries.still_placed(scene.id)
    assert scene.vacancy("team").offers == ()  # of the old results nobody is offered
    annulment_actions.publish_without_annulled(scene.two, scene.id)

    assert annulment_queries.standing_awards(scene.id) == []
    assert [one.name for one in scene.vacancy("team").offers] == ["蓝队"]
    key = scene.vacancy("team").offers[0].key
    annulment_actions.move_up(scene.one, scene.id, scene.vacancy("team").annulment.id, key, SAID)
    assert scene.winners("team") == ["蓝队"]
    shares = [one for one in annulment_queries.standing_awards(scene.id) if one.shared_team]
    assert [(one.entrant.human.name, one.shared_team) for one in shares] == [("丙", "蓝队"), ("丁", "蓝队")]


def test_a_member_whose_result_was_annulled_has_no_share_of_a_team_that_moves_up(scene):
    scene.annul("丁")
    scene.annul("甲", with_team=True)
    vacancy = scene.vacancy("team")
    [key] = [one.key for one in vacancy.offers if one.name == "蓝队"]

    annulment_actions.move_up(scene.one, scene.id, vacancy.annulment.id, key, SAID)

    shares = [one for one in annulment_queries.standing_awards(scene.id) if one.shared_team]
    assert [(one.entrant.human.name, one.shared_team) for one in shares] == [("丙", "蓝队")]


def test_nobody_is_offered_the_very_award_that_was_taken_from_them(scene):
    scene.annul("丙")
    scene.annul("甲", with_team=True)
    # The other member still counts for the red team: it comes next by the results of now.
    places = {team.name: team.place for team in standings(scene.id).teams}
    assert places == {"红队": 1, "蓝队": 2}
    assert [one.name for one in scene.vacancy("team").offers] == ["蓝队"]


def test_an_annulled_one_without_a_place_who_counts_for_a_team_makes_a_revision_due(app):
    scene = Scene(**build(app, 乙="not_finished"))
    before = {team.name: team.total for team in standings(scene.id).teams}
    proposal = scene.propose("乙")

    assert annulment_actions.confirm_annulment(scene.two, scene.id, proposal.id)

    assert vacancy_queries.still_placed(scene.id) == {scene.entrants["乙"].id}
    annulment_actions.publish_without_annulled(scene.two, scene.id)
    assert {team.name: team.total for team in standings(scene.id).teams}["红队"] != before["红队"]
    assert vacancy_queries.still_placed(scene.id) == set()


def test_the_reason_of_moving_up_is_for_the_public_and_holds_no_number_of_a_person(after, as_role):
    vacancy = after.vacancy("first")
    said = SAID | {"reason": "递补 身份证 11010519491231002X"}
    with pytest.raises(Invalid) as refused:
        annulment_actions.move_up(after.one, after.id, vacancy.annulment.id, vacancy.offers[0].key, said)
    assert set(refused.value.fields) == {"reason"}
    page = as_role("organiser").get(f"/contests/{after.id}/awards/annulments").text
    assert page.count("The public reads it.") == page.count('name="reason"') > 1


def test_whoever_moved_up_stands_at_the_place_in_the_list(after):
    # The committee lets 丁 move up first and 丙, who is placed before, only then.
    for gone, follower in ("甲丁", "乙丙"):
        if gone != "甲":
            after.annul(gone)
        key = f"entrant-{after.entrants[follower].id}"
        annulment_actions.move_up(after.one, after.id, after.vacancy("expert").annulment.id, key, SAID)
    assert after.winners("expert") == ["丙", "丁"]


def test_a_teams_certificate_leaves_out_whoever_was_annulled_and_says_that_a_new_one_is_due(after, as_role):
    [old] = [one for one in after.certificates if one.name == "红队"]
    assert old.members == "甲、乙"
    [line] = [one for one in certificate_queries.list_lines(after.id) if one.name == "红队"]
    assert (line.state, line.members) == ("renamed", "乙")
    page = as_role("organiser").get(f"/contests/{after.id}/certificates").text
    assert "It names the members 甲、乙; now they are 乙." in page
    made = certificate_actions.reissue_certificate(PETRA, after.id, old.id, after.signer, DAY)
    assert made.members == "乙"


@pytest.mark.parametrize("is_first", [True, False])
def test_a_title_of_another_authority_stays_and_the_page_names_whose_it_is(scene, as_role, is_first):
    award = db.session.scalars(select(Award).filter_by(
        award_key="expert", entrant_id=scene.entrants["甲"].id)).one()
    own = db.session.scalars(select(Honour).filter_by(award_id=award.id)).one()
    if is_first:  # then the title is the honour of the award, for which the curator confirmed none
        own.award_id = None
        db.session.commit()
    asked = {"kind": "expert", "title": "省技术能手", "authority": "省人社厅", "deeds": "好"}
    case = nomination_actions.prepare(PETRA, scene.id, award.id, asked)
    db.session.add(NominationEvent(
        nomination_id=case.id, state="sent", document_number="1", on=clock.now().date(), pack_sha256="a",
        at=clock.now(),
    ))
    db.session.commit()
    nomination_actions.grant(
        PETRA, scene.id, case.id, {"on": clock.now().date().isoformat(), "document_number": "人社〔2026〕7号"}
    )
    scene.annul()

    states = scene.states("甲")
    assert ("省技术能手", "listed") in states
    assert ("一等奖", "revoked") in states
    assert (("技术能手", "revoked") in states) != is_first
    at = f"/contests/{scene.id}/awards/annulments"
    page = as_role("organiser").get(at).text
    assert "granted on a nomination by 省人社厅: that authority revokes it" in page
    title = db.session.scalars(select(Honour).filter_by(name="省技术能手")).one()
    registry.revoke_honour(PETRA, title.id, "省人社厅撤销")
    assert "granted on a nomination" not in as_role("organiser").get(at).text


def test_the_award_of_an_unplaced_one_is_taken_without_touching_the_results(scene):
    whom = {"whom": "", "number": scene.entrants["丁"].number}
    annulment_actions.propose_annulment(scene.one, scene.id, whom, SAID)
    annulment_actions.confirm_annulment(scene.two, scene.id, find_open(scene.id, "annul").id)
    annulment_actions.publish_without_annulled(scene.two, scene.id)
    places = {row.name: row.place for row in standings(scene.id).rows}
    assert places == {"甲": 1, "乙": 2, "丙": 3, "丁": None}
    with pytest.raises(Conflict, match="annulled already"):
        annulment_actions.propose_annulment(scene.one, scene.id, whom, SAID)
    with pytest.raises(Conflict, match="hold nobody"):
        annulment_actions.publish_without_annulled(scene.two, scene.id)


def test_before_the_grant_results_are_corrected_and_not_annulled(app):
    contest, entrants = factories.make_marked_contest(POINTS)
    one = factories.make_official("first", "organiser", contest=contest)
    with pytest.raises(Conflict, match="not been granted"):
        annulment_actions.propose_annulment(
            one, contest.id, {"whom": f"entrant-{entrants['甲'].id}"}, SAID
        )


@pytest.mark.parametrize(("whom", "said", "fields"), [
    ({"whom": ""}, SAID, {"whom"}), ({"whom": "entrant-987654"}, SAID, {"whom"}),
    ({"whom": "nobody-1"}, {}, {"whom", "reason", "minutes", "decided_on"}),
    ({"number": "X"}, SAID | {"reason": "身份证 11010519491231002X"}, {"whom", "reason"}),
])
def test_what_cannot_be_taken_is_named_and_nothing_is_proposed(scene, whom, said, fields):
    with pytest.raises(Invalid) as refused:
        annulment_actions.propose_annulment(scene.one, scene.id, whom, said)
    assert set(refused.value.fields) == fields
    assert find_open(scene.id, "annul") is None


def test_what_was_annulled_stays_so(scene):
    scene.annul()
    for statement in ("UPDATE annulment SET reason = ''", "DELETE FROM annulment"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_the_pages_lead_through_it_and_keep_what_was_typed(after, as_role):
    office = as_role("organiser")
    at = f"/contests/{after.id}/awards/annulments"
    refused = office.post(at, data={"whom": "", "reason": "抄袭", "word": ""})
    assert refused.status_code == 422
    assert "抄袭" in refused.text
    page = office.get(at).text
    assert "查实替考" in page
    assert "Empty place: First prize" in page
    vacancy = after.vacancy("first")
    refused = office.post(f"{at}/{vacancy.annulment.id}/next", data={"reason": "递补", "who": ""})
    assert (refused.status_code, "递补" in refused.text) == (422, True)
    key = f"entrant-{after.entrants['乙'].id}"
    office.post(f"{at}/{vacancy.annulment.id}/next", data=SAID | {"who": key})
    assert after.winners("first") == ["乙"]
    assert "Taken by 乙" in office.get(at).text


def test_a_program_that_reads_page_by_page_misses_none_when_an_award_goes_meanwhile(scene, client):
    owner = factories.make_official("owner", "organiser")
    _, token = tokens.make_token(owner, scene.id, "x", ["awards:read"], 9, ["awards:read"])

    def ask(after):
        answer = client.get(
            f"/api/v1/contests/{scene.id}/awards", query_string={"limit": 1, "after": after},
            headers={"Authorization": f"Bearer {token}"},
        ).json
        return [(row["award"], row["name"]) for row in answer["items"]], answer["next"]

    seen, cursor = ask("")
    [(_, name)] = seen
    assert name == "甲"
    scene.annul("甲")
    while cursor:
        more, cursor = ask(cursor)
        seen += more
    stand = {(award.key, row.name) for award, rows in queries.granted(scene.id) for row in rows}
    assert len(seen) == len(set(seen))
    assert stand and stand <= set(seen)

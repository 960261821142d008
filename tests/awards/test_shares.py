"""Awards of teams that were granted before members had a share: given once, by the organiser."""

import pytest
from sqlalchemy import select

from contest.audit import chaining
from contest.audit.chain_archive import archive_lines
from contest.audit.chain_queries import check_chain
from contest.audit.models import TrailRow
from contest.audit.work import work
from contest.awards import actions, annulment_actions, annulment_queries, certificate_queries, queries
from contest.awards.models import Award
from contest.awards.sharing import shares_of
from contest.db import db
from contest.errors import Conflict
from contest.offline.archived_chain import check_archive
from contest.offline.archived_rows import ArchivedRows
from contest.registry.queries import waiting_awards
from contest.results import actions as results
from contest.setup.proposal_queries import find_open
from tests import factories
from tests.awards.certified import PETRA
from tests.awards.test_annulments import AWARDS, POINTS, SAID
from tests.kept_scenes import kept


@kept
def awards_without_shares():
    """(contest, entrants, two organisers): awards as a program left them that knew no shares."""
    document = factories.plan_document(awards=AWARDS, teams={"method": "sum", "size": 2})
    contest, entrants = factories.make_marked_contest(POINTS, document=document, slug="earlier")
    for name, members in (("红队", "甲乙"), ("蓝队", "丙丁")):
        team = factories.make_team(contest, name=name)
        for one in members:
            entrants[one].team_id = team.id
    db.session.commit()
    officials = [factories.make_official(name, "organiser", contest=contest) for name in ("first", "second")]
    results.publish_results(officials[0], contest.id, "provisional")
    results.publish_results(officials[1], contest.id, "final")
    actions.grant_awards(PETRA, contest.id)
    shares = [one.id for one in queries.all_awards(contest.id) if one.shared_team]
    assert len(shares) == 2
    with work(PETRA, "award.unshare", contest_id=contest.id):
        for one in shares:
            db.session.delete(db.session.get(Award, one))
    return contest, entrants, officials


@pytest.fixture
def earlier(app):
    return awards_without_shares()


def given(contest):
    return sorted((one.entrant.human.name, one.shared_team, one.name)
                  for one in annulment_queries.standing_awards(contest.id) if one.shared_team)


def test_the_organiser_gives_them_once_and_the_trail_says_so(earlier, as_role):
    contest, _, _ = earlier
    office, at = as_role("organiser"), f"/contests/{contest.id}/awards"
    assert "Give members their share" in office.get(at).text
    assert "Give members their share" not in as_role("supervisor").get(at).text

    assert office.post(f"{at}/shares").status_code == 303

    assert given(contest) == [("乙", "红队", "团体奖"), ("甲", "红队", "团体奖")]
    row = db.session.scalars(select(TrailRow).filter_by(did="award.share")).one()
    assert (row.facts["named"], row.facts["shares"]) == (["团体奖"], 2)
    assert "Give members their share" not in office.get(at).text
    assert office.post(f"{at}/shares").status_code == 409
    assert len(given(contest)) == 2
    [(_, waiting)] = waiting_awards()
    assert sum(bool(one.shared_team) for one in waiting) == 2
    assert {one.prize for one in certificate_queries.list_lines(contest.id) if one.award.shared_team} == {
        "团体奖（红队）"
    }


@pytest.fixture
def over(earlier):
    """The same, archived: its chain is closed."""
    contest, entrants, _ = earlier
    with work(PETRA, "contest.step", contest_id=contest.id):
        contest.state = "archived"
        chaining.note_record(contest.id, "close", {"contest": contest.id})
    return contest, entrants


def test_a_contest_that_was_archived_gets_them_and_its_chain_holds(over):
    contest, _ = over
    assert actions.share_awards(PETRA, contest.id) == 2
    assert told(contest) == []


def told(contest):
    """What a check of the chain and one of its archive find; they find the same."""
    found = [(one.code, one.kind, one.row_id) for one in check_chain(contest.id).problems]
    _, archived, _, _ = check_archive(list(archive_lines(contest.id)), rows=ArchivedRows())
    assert [(one.code, one.kind, one.row_id) for one in archived.problems] == found
    return found


def forged(over, names=None, holder="甲", **changes):
    """An award given behind the end as a share is, but for what is changed; its id."""
    contest, entrants = over
    [whole] = [one for one in queries.all_awards(contest.id) if one.team_id]
    with work(PETRA, "award.share", contest_id=contest.id):
        [share] = shares_of(whole, whole.team.name, [entrants[holder].id])
        for name, value in changes.items():
            setattr(share, name, value)
        db.session.add(share)
        db.session.flush()
        chaining.note_record(contest.id, "share", {"awards": [share.id] if names is None else names})
    return share.id


def test_an_award_that_the_record_does_not_name_is_told(over):
    stray = forged(over, names=[1000])
    assert told(over[0]) == [("after_close", "award", stray)]


@pytest.mark.parametrize(("holder", "changes"), [
    ("甲", {"award_key": "stray"}),
    ("甲", {"name": "特等奖"}),
    ("甲", {"is_title": True}),
    ("甲", {"place": 1}),
    ("甲", {"total": "99"}),
    ("甲", {"why": {}}),
    ("甲", {"why": {"share_of": 1000}}),
    ("丙", {}),  # of the other team
])
def test_an_award_behind_the_end_that_is_no_share_of_its_teams_is_told_though_a_record_names_it(
    over, holder, changes
):
    stray = forged(over, holder=holder, **changes)
    assert told(over[0]) == [("after_close", "award", stray)]


def test_an_award_that_stood_before_the_end_is_not_mended_by_a_record(over):
    contest, _ = over
    old = queries.all_awards(contest.id)[0]
    with work(PETRA, "award.share", contest_id=contest.id):
        old.name = "特等奖"
        chaining.note_record(contest.id, "share", {"awards": [old.id]})
    assert told(contest) == [("after_close", "award", old.id)]


def annul(contest, officials, whom, with_team=""):
    annulment_actions.propose_annulment(
        officials[0], contest.id, {"whom": whom, "with_team": with_team}, SAID
    )
    annulment_actions.confirm_annulment(officials[1], contest.id, find_open(contest.id, "annul").id)


def test_nobody_whose_result_was_annulled_gets_one(earlier):
    contest, entrants, officials = earlier
    annul(contest, officials, f"entrant-{entrants['甲'].id}")
    assert actions.share_awards(PETRA, contest.id) == 1
    assert given(contest) == [("乙", "红队", "团体奖")]


def test_an_annulled_award_of_a_team_is_shared_with_nobody(earlier):
    contest, entrants, officials = earlier
    annul(contest, officials, f"entrant-{entrants['甲'].id}", with_team="1")
    with pytest.raises(Conflict, match="their share already"):
        actions.share_awards(PETRA, contest.id)


def test_a_share_that_was_annulled_is_not_given_again(earlier):
    contest, entrants, officials = earlier
    actions.share_awards(PETRA, contest.id)
    for one in "甲乙":
        annul(contest, officials, f"entrant-{entrants[one].id}")
    assert queries.unshared_awards(contest.id)[0] == []

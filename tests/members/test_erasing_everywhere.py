"""Figure 48, the far corners: merged rows, nominations with papers and stories, facts behind levels."""

import json
from datetime import date

import pytest
from sqlalchemy import select, text

from contest import clock
from contest.audit import chain_checks
from contest.db import db
from contest.errors import Conflict, Missing
from contest.members import erasing, personal_actions, telling
from contest.members.models import Erasure
from contest.people.models import Human
from contest.people.personal_models import PersonalAccess
from contest.points import actions as points
from contest.points.day_rules import Period
from contest.registry import archive_actions, person_actions
from contest.registry.level_models import CareerFact, LevelEvent
from contest.selection import emptying, list_queries, queries
from contest.selection.models import ConditionVerdict, Story, UnitNomination, UnitNominationFile
from tests import factories
from tests.members.conftest import NUMBER
from tests.members.test_erasing import BOTH, WHY, everything_readable, official
from tests.world_selection import PDF, filled

DEEDS, PAPER, VERDICT, TOLD = "二十年巡山护林", "杨守山身份证.pdf", "社保记录连续三年", "守林人的一天"


def nominate(contest, name="杨守山", human=None, entrant=None, state="handed_in", unit=None, **values):
    """A nomination with a paper and a verdict, as a unit leaves it behind."""
    row = UnitNomination(
        contest_id=contest.id, organisation_id=(unit or factories.make_organisation()).id, state=state,
        human_id=human and human.id, entrant_id=entrant and entrant.id, words="请补材料",
        values=filled(name=name, deeds=DEEDS, **values).to_dict(), at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all([
        UnitNominationFile(nomination_id=row.id, kind="推荐表", name=PAPER, ending="pdf", size=len(PDF),
                           sha256="0" * 64, content=PDF, at=clock.now()),
        ConditionVerdict(nomination_id=row.id, key="years", is_met=True, reason=VERDICT,
                         rule={"is_met": True, "message": "x", "params": {"years": 7}}, at=clock.now()),
    ])
    db.session.commit()
    return row


@pytest.fixture
def selected(app):
    """A selection that is over, with somebody who was selected and of whom a story is told."""
    contest = factories.make_contest(state="final")
    entrant = factories.make_entrant(contest, "杨守山")
    factories.make_award(contest, entrant)
    nominate(contest, human=entrant.human, entrant=entrant, state="admitted")
    db.session.add(Story(contest_id=contest.id, entrant_id=entrant.id, title=TOLD, text=TOLD, at=clock.now()))
    db.session.commit()
    return contest, entrant


@BOTH
def test_of_whoever_was_selected_the_name_stays_and_what_was_told_goes(app, selected):
    contest, entrant = selected
    assert len(list_queries.stories(contest.id)) == 1

    done = erasing.erase(official(), entrant.human_id, "杨守山", WHY)

    after = everything_readable()
    assert [word for word in (DEEDS, PAPER, TOLD, "1980-05-04", "县林业局") if word in after] == []
    row = db.session.scalar(select(UnitNomination))
    assert (row.values["name"], row.values["category"], row.words) == ("杨守山", "最美护林员", "")
    file = db.session.scalar(select(UnitNominationFile))
    assert (file.content, file.name, file.size, file.sha256) == (None, "", len(PDF), "0" * 64)
    with pytest.raises(Missing, match="erased"):
        queries.get_file(row.id, file.id)
    assert list_queries.stories(contest.id) == {}
    told = {one["table"]: one["why"] for one in done.kept}
    assert (told["unit_nomination_file"], told["selection_story"]) == ("paper", "story")
    assert chain_checks.check_now(contest.id, "test").is_whole


@BOTH
@pytest.mark.parametrize("statement", [
    "UPDATE unit_nomination_file SET content = NULL, size = 1", "UPDATE unit_nomination_file SET name = 'x'",
    "UPDATE unit_nomination_file SET sha256 = 'x'", "DELETE FROM unit_nomination_file",
    "UPDATE selection_story SET words = 'x'", "UPDATE selection_story SET words = '', entrant_id = 7",
    "DELETE FROM selection_story", "UPDATE condition_verdict SET reason = 'x'",
    "UPDATE condition_verdict SET is_met = NOT is_met", "DELETE FROM condition_verdict",
    "UPDATE condition_verdict SET rule_said = '[]'",
])
def test_what_can_be_emptied_cannot_be_changed(app, selected, statement):
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


@BOTH
def test_what_was_emptied_stays_empty(app, selected):
    empty = "UPDATE unit_nomination_file SET content = NULL, name = ''"
    db.session.execute(text(empty))
    db.session.execute(text(empty))
    db.session.commit()
    for statement in ("SET content = :new", "SET name = 'x'"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(text(f"UPDATE unit_nomination_file {statement}"),
                               {"new": b"again"} if ":new" in statement else {})
        db.session.rollback()


@BOTH
def test_a_nomination_that_came_to_nothing_goes_with_whoever_is_meant(app):
    """By name and day of birth, or by name and unit where a day is missing; a namesake's stays."""
    contest, unit = factories.make_contest(state="registration"), factories.make_organisation()
    human = factories.make_person("杨守山", unit, born_on="1980-05-04")
    meant = nominate(contest, state="refused")
    undated = nominate(contest, state="draft", unit=unit, born_on="")
    namesake = nominate(contest, born_on="1991-01-01")
    stranger = nominate(contest, born_on="")
    found = [row.id for row in emptying.find_untied("杨守山", human.born_on, unit.id)]
    assert found == [meant.id, undated.id]

    erasing.erase(official(), human.id, "杨守山", WHY)

    for row, state in ((meant, "refused"), (undated, "withdrawn")):
        db.session.refresh(row)
        assert (row.values["name"], row.values["deeds"], row.values["trade"]) == ("–", "", "护林")
        assert (row.state, row.erased_at) == (state, clock.now())
    files = {row.nomination_id: row.content for row in db.session.scalars(select(UnitNominationFile))}
    assert [files[row.id] for row in (meant, undated, namesake, stranger)] == [None, None, PDF, PDF]
    verdicts = {row.nomination_id: row.reason for row in db.session.scalars(select(ConditionVerdict))}
    assert (verdicts[meant.id], verdicts[namesake.id]) == ("", VERDICT)


def merged_pair(app):
    """Two rows of one person, each with a number, an address and a name of its own; the first is kept."""
    keeper = factories.make_official("管理员", "curator")
    keep, gone = factories.make_person("钟一"), factories.make_person("钟一一")
    personal_actions.set_address(keeper, keep.id, "keep@example.org", WHY)
    personal_actions.set_address(keeper, gone.id, "gone@example.org", WHY)
    personal_actions.enter_number(keeper, gone.id, NUMBER, WHY)
    person_actions.merge_people(keeper, keep.id, gone.id, WHY)
    return keep.id, gone.id


@BOTH
def test_rows_that_were_found_to_be_one_go_together(app):
    keep_id, gone_id = merged_pair(app)

    done = erasing.erase(official(), keep_id, "钟一", WHY)

    after = everything_readable()
    assert [word for word in (NUMBER, "keep@example.org", "gone@example.org") if word in after] == []
    assert {db.session.get(Human, each).name for each in (keep_id, gone_id)} == {"–"}
    assert done.also == [gone_id]
    line = erasing.read_journal()[done.mark]
    assert (line["human_id"], line["also"]) == (keep_id, [gone_id])


def test_a_row_that_was_found_to_be_another_one_is_erased_there(app):
    _, gone_id = merged_pair(app)
    with pytest.raises(Conflict, match="钟一"):
        erasing.erase(official(), gone_id, "钟一一", WHY)


def test_of_a_published_person_the_other_rows_name_goes_all_the_same(app, selected):
    _, entrant = selected
    gone = factories.make_person("杨守山（林场）")
    person_actions.merge_people(official(), entrant.human_id, gone.id, WHY)
    gone_id = gone.id

    erasing.erase(official(), entrant.human_id, "杨守山", WHY)

    assert db.session.get(Human, entrant.human_id).name == "杨守山"
    assert db.session.get(Human, gone_id).name == "–"


@BOTH
def test_facts_go_but_for_those_on_which_a_level_rests(app, selected):
    _, entrant = selected
    facts = [
        CareerFact(human_id=entrant.human_id, kind="training", number=hours, on=date(2024, 1, 1),
                   source="苍岭技校结业证", at=clock.now()) for hours in (40, 60)
    ]
    db.session.add_all(facts)
    db.session.flush()
    db.session.add(LevelEvent(
        human_id=entrant.human_id, ladder="c2", was="", now="one", kind="confirmed", on=date(2024, 2, 1),
        grounds={"facts": [facts[1].id]}, at=clock.now(),
    ))
    db.session.commit()

    erasing.erase(official(), entrant.human_id, "杨守山", WHY)

    [left] = db.session.scalars(select(CareerFact))
    assert (left.number, left.on, left.source) == (60, date(2024, 1, 1), "")


@BOTH
def test_facts_of_whoever_was_never_published_go(app, human):
    db.session.add(CareerFact(human_id=human.id, kind="training", number=40, on=date(2024, 1, 1),
                              source="苍岭技校结业证", at=clock.now()))
    db.session.commit()
    erasing.erase(official(), human.id, human.name, WHY)
    assert db.session.scalar(select(CareerFact)) is None


def test_a_copy_tells_what_every_row_of_the_person_holds_and_what_others_were_told(app):
    keep_id, gone_id = merged_pair(app)
    db.session.add(CareerFact(human_id=keep_id, kind="training", number=40, on=date(2024, 1, 1),
                              source="苍岭技校结业证", at=clock.now()))
    db.session.commit()

    document = telling.everything(keep_id)

    assert [one["id"] for one in document["tables"]["human"]] == [keep_id, gone_id]
    assert {"services", "webhooks", "career"} <= document["told"][0].keys()
    assert document["told"][0]["career"][0]["source"] == "苍岭技校结业证"


@BOTH
def test_of_a_learner_no_name_is_left_in_ledger_and_lists(app):
    curator, lines = official(), [
        {"reference": f"R-{day}", "name": "钟一学员", "organisation": "苍岭林场", "kind": "reading",
         "quantity": "5", "earned_on": day} for day in ("2025-02-03", "2025-08-03")
    ]
    points.record_points(curator, "职工学堂", list(enumerate(lines, start=1)))
    for period in (Period(2025, 1), Period(2025)):
        points.publish_lists(curator, period)
    human = db.session.scalar(select(Human).filter_by(name="钟一学员"))

    done = erasing.erase(curator, human.id, "钟一学员", WHY)

    assert "钟一学员" not in everything_readable()
    told = {one["table"]: (one["why"], one["rows"]) for one in done.kept}
    assert told == {"points_entry": ("points", 2), "points_list": ("points_list", 2)}


def write_line(app, **line):
    """The journal, as an erasure left it that this database does not know."""
    path = app.config["DATA_FOLDER"] / erasing.JOURNAL
    path.write_text(json.dumps({**line, "at": "2026-11-01T00:00:00+00:00"}) + "\n")


@BOTH
def test_a_person_whom_an_older_copy_does_not_know_is_noted_and_nobody_else_is_erased(app, human):
    """Else whoever got the number meanwhile would be erased by the next restore."""
    human_id = human.id
    mark = "0" * 32
    write_line(app, mark=mark, human_id=human_id + 1, also=[])
    assert erasing.erase_again(official()) == 0
    newcomer = factories.make_person("新来的")
    assert newcomer.id == human_id + 1

    assert erasing.erase_again(official()) == 0

    assert db.session.get(Human, human_id + 1).name == "新来的"
    assert db.session.scalar(select(Erasure.human_id).filter_by(mark=mark)) == 0


@BOTH
def test_rows_that_went_along_are_erased_again_in_a_copy_from_before_the_merge(app, human):
    other = factories.make_person("钟一一")
    write_line(app, mark="m", human_id=human.id, also=[other.id])
    assert erasing.erase_again(official()) == 1
    assert {human.name, other.name} == {"–"}


@BOTH
def test_a_nomination_that_came_to_nothing_goes_on_request(app):
    """Whoever was put forward and never admitted has no page: a curator finds the nomination by name."""
    row = nominate(factories.make_contest(state="registration"), state="refused")
    namesake = nominate(factories.make_contest(state="registration"), state="refused")
    user = factories.make_user("管理员")
    factories.make_grant(user, "curator")
    desk, typed = factories.browser_of(app, user), {"text": "杨守", "reason": WHY, "word": factories.WORD}
    at = f"/people/nominations/{row.id}/erase"
    assert at in desk.get("/people?text=杨守").get_data(as_text=True)
    for slip in ({"reason": ""}, {"word": ""}, {"word": "guessed"}):
        answer = desk.post(at, data={**typed, **slip})
        assert answer.status_code == 422 and (slip.get("reason", WHY) in answer.get_data(as_text=True))
    assert row.values["name"] == "杨守山"

    assert desk.post(at, data=typed).status_code == 303

    db.session.expire_all()
    assert (row.values["name"], row.values["deeds"], namesake.values["name"]) == ("–", "", "杨守山")
    assert at not in desk.get("/people?text=杨守").get_data(as_text=True)
    assert desk.post(at, data=typed).status_code == 404
    log = db.session.scalars(select(PersonalAccess).order_by(PersonalAccess.id.desc())).first()
    assert (log.kind, log.fields, log.reason) == ("erase", ["nominations"], WHY)


def test_an_admitted_nomination_is_not_erased_alone(app, selected):
    row = db.session.scalar(select(UnitNomination))
    with pytest.raises(Missing):
        erasing.erase_nomination(official(), row.id, WHY)


@BOTH
def test_a_nomination_is_erased_again_in_an_older_copy(app):
    row = nominate(factories.make_contest(state="registration"), state="refused")
    write_line(app, mark="m", human_id=0, also=[], nomination_id=row.id)
    assert erasing.erase_again(official()) == 1
    db.session.refresh(row)
    assert row.values["name"] == "–"
    assert erasing.erase_again(official()) == 0


@BOTH
def test_a_nomination_of_a_copy_that_does_not_know_the_person_is_erased_again(app):
    """The copy was taken before the nomination was admitted: the person it became is not in it."""
    contest = factories.make_contest(state="registration")
    row = nominate(contest)
    before = dict(db.session.execute(select(UnitNomination.__table__)).mappings().one())
    human = factories.make_person("杨守山", born_on="1980-05-04")
    entrant = factories.make_entrant(contest, "杨守山")
    entrant.human_id, row.human_id, row.entrant_id, row.state = human.id, human.id, entrant.id, "admitted"
    contest.state = "archived"
    db.session.commit()
    done = erasing.erase(official(), human.id, "杨守山", WHY)
    assert (done.nomination_ids, DEEDS in everything_readable()) == ([row.id], False)
    mark, human_id = done.mark, human.id
    taken_back(before, mark)
    factories.make_person("别人")

    assert erasing.erase_again(official()) == 1

    assert [word for word in (DEEDS, "1980-05-04") if word in everything_readable()] == []
    again = db.session.scalar(select(Erasure).filter_by(mark=mark))
    assert (again.human_id, again.nomination_ids) == (0, [before["id"]])
    assert db.session.get(Human, human_id) is None or db.session.get(Human, human_id).name == "别人"
    assert erasing.erase_again(official()) == 0


def taken_back(nomination, mark):
    """The database as the copy has it: the nomination, no person, no erasure; the journal stays."""
    tables = ("personal_erasure", "personal_access")
    for name in tables:
        _guards(name, False)
    human_id = db.session.scalar(select(UnitNomination.human_id))
    db.session.execute(text("DELETE FROM personal_erasure WHERE mark = :mark"), {"mark": mark})
    db.session.execute(UnitNomination.__table__.update().values(nomination))
    db.session.execute(text("DELETE FROM entrant WHERE human_id = :id"), {"id": human_id})
    db.session.execute(text("DELETE FROM human WHERE id = :id"), {"id": human_id})
    for name in tables:
        _guards(name, True)
    db.session.commit()
    db.session.expire_all()


def _guards(name, are_on):
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"ALTER TABLE {name} {'ENABLE' if are_on else 'DISABLE'} TRIGGER USER"))
    elif not are_on:
        db.session.execute(text(f"DROP TRIGGER {name}_no_delete"))


@BOTH
def test_a_line_of_an_earlier_release_has_no_nominations(app):
    human = factories.make_person("钟一")
    journal = app.config["DATA_FOLDER"] / erasing.JOURNAL
    journal.write_text(json.dumps({"mark": "old", "human_id": human.id, "also": [], "at": "x"}) + "\n")

    assert erasing.erase_again(official()) == 1

    assert db.session.get(Human, human.id).name == "–"


@BOTH
def test_whoever_stands_in_an_earlier_contest_keeps_the_name_until_it_is_withdrawn(app, client):
    curator = official()
    form = {"archive_name": "2019年竞赛", "held_on": "2019-10-12", "authority": "省总工会",
            "document_number": "77号", "source": "档案室", "contest_level": ""}
    table = "姓名,单位,名次\n白工,望湖水泥,2\n黑工,望湖水泥,3\n".encode()
    pending = archive_actions.upload_archive(curator, form, table, "2019.csv")
    archive = archive_actions.confirm_archive(curator, pending, False)
    first, second = (one.human_id for one in archive.results)

    done = erasing.erase(curator, first, "白工", WHY)

    assert db.session.get(Human, first).name == "白工"
    assert {one["table"]: one["why"] for one in done.kept}["human"] == "name_published"
    assert "白工" in client.get(f"/register/archive/{archive.id}").text
    archive_actions.withdraw_archive(curator, archive.id, "错册")
    erasing.erase(curator, second, "黑工", WHY)
    assert db.session.get(Human, second).name == "–"

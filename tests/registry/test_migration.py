"""0032: what the release before kept is there afterwards, on both databases, and back again."""

from datetime import date

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from contest import clock
from contest.db import db
from contest.member_services.entitlement_models import Entitlement
from contest.registry.models import Honour
from contest.registry.record_models import RecordLine, RecordMark, RecordMember
from tests import factories

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@BOTH
def test_0032_keeps_every_honour_and_what_rests_on_it(app):
    honour = factories.make_honour(is_title=True)
    honour_id, unit = honour.id, honour.craftsman.unit
    db.session.add(Entitlement(
        human_id=honour.craftsman.human_id, service_key="skill_allowance", ground="honour",
        honour_id=honour_id, start_on=date(2026, 12, 1), opened_at=clock.now(),
    ))
    db.session.commit()
    db.session.remove()

    downgrade(revision="0028_api")
    upgrade(revision="0032_registry")

    found = db.session.get(Honour, honour_id)
    assert (found.name, found.unit, found.state, found.is_title) == ("一等奖", unit, "listed", True)
    assert db.session.scalar(text("SELECT honour_id FROM entitlement")) == honour_id


@BOTH
def test_an_honour_has_one_holder(app):
    honour = factories.make_honour()
    unit = factories.make_organisation()

    with pytest.raises(IntegrityError):
        db.session.execute(text(f"UPDATE honour SET organisation_id = {unit.id} WHERE id = {honour.id}"))


@BOTH
@pytest.mark.parametrize("table", ["ladder_version", "level_event", "former_name", "honour_file"])
def test_what_is_history_never_changes(app, table):
    with pytest.raises(DBAPIError, match="append-only|no rows"):
        db.session.execute(text(f"DELETE FROM {table}"))
        raise DBAPIError("no rows", None, None)


def tables_of_records():
    with db.engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if name.startswith("record_")}


@BOTH
def test_0050_adds_records_beside_what_was_there(app):
    honour_id = factories.make_honour().id
    db.session.remove()

    downgrade(revision="0049_benefit_payments_banks")
    assert tables_of_records() == set()
    upgrade(revision="0050_records")

    assert tables_of_records() == {"record_line", "record_contest", "record_mark"}
    assert db.session.get(Honour, honour_id).name == "一等奖"


@BOTH
def test_0057_keeps_the_records_of_persons_and_back_again_loses_those_of_teams_alone(app):
    contest, entrants = factories.make_marked_contest({"甲": ("90", "9")})
    team, sheet = factories.make_team(contest, name="龙队"), factories.make_result_sheet(contest)
    entrant_id = entrants["甲"].id
    facts = {
        "contest_id": contest.id, "result_sheet_id": sheet.id, "value": 935_000, "on": date(2026, 5, 1),
        "unit": "云溪水泥", "proposed_at": clock.now(),
    }
    said = {"event": "消防", "what": "total", "better": "high", "unit": "分", "level": "province",
            "top": 1_000_000, "places": 2, "at": clock.now()}
    lines = [RecordLine(name=name, holder=name, **said) for name in ("person", "team")]
    db.session.add_all(lines)
    db.session.flush()
    db.session.add(RecordMark(line_id=lines[0].id, entrant_id=entrant_id, name="甲", **facts))
    member = RecordMember(entrant_id=entrant_id, name="甲")
    db.session.add(RecordMark(line_id=lines[1].id, team_id=team.id, name="龙队", members=[member], **facts))
    db.session.commit()
    db.session.remove()

    downgrade(revision="0056_device_keys")
    assert tables_of_records() == {"record_line", "record_contest", "record_mark"}
    assert db.session.execute(text("SELECT name FROM record_line")).scalars().all() == ["person"]
    db.session.remove()
    upgrade()

    [kept] = db.session.query(RecordMark).all()
    assert (kept.name, kept.entrant_id, kept.team_id, kept.line.holder) == (
        "甲", entrant_id, None, "person"
    )
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE record_mark SET entrant_id = NULL"))

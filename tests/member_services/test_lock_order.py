"""Person, case, register, line are held in one order, whoever moves what: nobody waits in a ring."""

import threading
import time

import pytest
from sqlalchemy import text

from contest.db import about_to_write, db
from contest.member_services import item_actions, item_queries
from contest.member_services.models import Case
from tests.member_services.walking import act, apply, form, officer, person, somebody_waits

pytestmark = pytest.mark.parametrize("app", ["postgres"], indirect=True)


def is_free(connection, table, row_id):
    """True when nobody else holds a row."""
    asked = text(f"SELECT id FROM {table} WHERE id = :id FOR UPDATE SKIP LOCKED")
    return connection.execute(asked, {"id": row_id}).scalar() is not None


def held_while_it_waits(app, held, others, run):
    """Which of `others` ((table, id)) an act holds while it waits for `held`; then it goes on, to its end."""
    found = []

    def work():
        with app.app_context():
            about_to_write(True)
            found.append(run())
            db.session.remove()

    thread = threading.Thread(target=work)
    db.session.remove()
    with db.engine.connect() as other:
        assert is_free(other, *held)
        thread.start()
        until = time.monotonic() + 20
        while thread.is_alive() and not somebody_waits() and time.monotonic() < until:
            time.sleep(0.01)
        assert thread.is_alive(), found
        taken = [one for one in others if not is_free(other, *one)]
        other.rollback()
    thread.join(30)
    return found, taken


def listed(desk, human=None):
    case = apply("council", human, words="饭凉", **{"class": "canteen"})
    act(desk, case, "accept")
    return case


def test_a_line_that_is_moved_waits_for_its_case_before_it_holds_the_line(app):
    desk = officer("郑秘书", "council_secretary")
    case = listed(desk)
    [item] = item_queries.lines_of_case(case.id)
    case_id, item_id, revision = case.id, item.id, item.revision

    found, taken = held_while_it_waits(
        app, ("service_case", case_id), [("register_item", item_id)],
        lambda: item_actions.move_item(desk, item_id, revision, form(state="answered", words="加窗口")).state,
    )

    assert (found, taken) == (["answered"], [])


@pytest.mark.parametrize("words", ["", "加窗口"])
def test_a_case_that_is_moved_waits_for_its_line_and_holds_the_case(app, words):
    desk = officer("郑秘书", "council_secretary")
    case = listed(desk)
    [item] = item_queries.lines_of_case(case.id)
    case_id, item_id = case.id, item.id

    def step():
        return act(desk, db.session.get(Case, case_id), "step", words=words).step_key

    found, taken = held_while_it_waits(
        app, ("register_item", item_id), [("service_case", case_id)], step
    )

    assert (found, taken) == (["track"], [("service_case", case_id)])


def test_a_case_that_is_moved_waits_for_its_person_before_it_holds_the_case(app):
    desk, human = officer("郑秘书", "council_secretary"), person("李四")
    case = listed(desk, human)
    case_id, human_id = case.id, human.id

    def step():
        return act(desk, db.session.get(Case, case_id), "step", words="加窗口").step_key

    found, taken = held_while_it_waits(app, ("human", human_id), [("service_case", case_id)], step)

    assert (found, taken) == (["track"], [])

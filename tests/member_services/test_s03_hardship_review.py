"""S3: 543 files are checked, 194 continue; people come off and on the file, aid follows."""

from datetime import timedelta

from contest import clock
from contest.db import db
from contest.member_services import entitlement_actions, entitlement_queries
from contest.member_services.entitlement_models import Entitlement
from contest.people.models import Human
from tests.conftest import NOON
from tests.member_services.test_s02_hardship import FAMILY
from tests.member_services.walking import act, apply, feedback, officer, person, standard


def test_of_543_files_194_continue(app):
    desk = officer()
    people = [Human(name=f"在档{n}") for n in range(543)]
    db.session.add_all(people)
    db.session.flush()
    today = clock.today()
    db.session.add_all(Entitlement(
        human_id=one.id, service_key="hardship", ground="need", start_on=today - timedelta(days=365),
        review_on=today, opened_at=clock.now(),
    ) for one in people)
    db.session.commit()
    due = entitlement_queries.files_due(today, limit=1000)
    assert len(due) == 543

    for number, row in enumerate(due):
        entitlement_actions.review_file(desk, row.id, number < 194, "" if number < 194 else "收入已超标准")

    figures = entitlement_queries.review_figures(NOON - timedelta(days=1), NOON + timedelta(days=1))
    assert figures == {"continued": 194, "ended": 349}
    assert entitlement_queries.files_due(today, limit=1000) == []
    assert len(entitlement_queries.files_due(limit=1000)) == 194


def test_a_change_is_reported_and_the_file_continues_or_ends(app):
    desk = officer("帮扶", "means_checker", "visitor")
    human = person("李四")
    with standard():
        first = apply("hardship", human, **{**FAMILY, "spending": "3500"})
        for what in ("accept", "step", "step"):
            act(desk, first, what)
        act(desk, first, "decide", amount="1000", aid=["living"])
        change = {key: value for key, value in FAMILY.items() if key not in ("cause", "consent")}
        report = apply("hardship_review", human, **{**change, "spending": "3400", "change": "孩子升学"})
        act(desk, report, "accept")
        act(desk, report, "decide", words="继续在档")
        feedback(report)
        assert report.state == "closed"
        assert len(entitlement_queries.open_of(human.id, "hardship")) == 1
        # Somebody of the household found work: off the file, and its aid ends with it.
        second = apply("hardship_review", human, **{**change, "household-1-income": "5000", "change": "就业"})
        act(desk, second, "accept")
        act(desk, second, "refuse", words="人均收入已超过标准，退出档案")
    assert entitlement_queries.open_of(human.id, "hardship") == []
    assert first.ended_at is not None  # the aid of the first case is under way, and ends too

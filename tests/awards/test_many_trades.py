"""C13: 183 trades in one contest, each ranked apart with prizes of its own, from marks to register."""

import csv
import io

import pytest

from contest.audit import key_actions
from contest.awards import actions, certificate_actions, queries
from contest.db import db
from contest.registry import actions as registry
from contest.registry.queries import Search, choices, list_craftsmen, waiting_awards
from contest.results import actions as results
from tests import factories
from tests.awards.certified import DAY, PETRA, STYLE

TRADES = [f"工种{number:03d}" for number in range(1, 184)]
PLAN = {
    "parts": [{"key": "theory", "stage": "final", "name": "理论", "name_en": "Theory", "weight": 100}],
    "modules": [{"key": "paper", "part": "theory", "name": "理论考试", "name_en": "Theory paper",
                 "weight": 100, "max": 100, "entry": "scores", "kind": "theory"}],
    "ranking": {"shared": True, "by_group": True, "ties": []},
    "awards": [
        {"key": "first", "name": "第一名", "name_en": "First", "to": "entrant", "rule": "count", "count": 1},
        {"key": "second", "name": "第二名", "name_en": "Second", "to": "entrant", "rule": "count",
         "count": 1},
    ],
}


@pytest.fixture
def contest(app):
    made = factories.make_contest(factories.plan_document(**PLAN), slug="trades", name="油田技能竞赛")
    unit = factories.make_organisation("采油一厂")
    for at, trade in enumerate(TRADES):
        for place in (1, 2):
            entrant = factories.make_entrant(
                made, f"{trade}选手{place}", unit, number=f"{at:03d}-{place}", group=trade, trade=trade
            )
            factories.make_theory(made, entrant, str(100 - place - at % 40))
    one, two = (factories.make_official(name, "organiser") for name in ("Petra", "Milan"))
    results.publish_results(one, made.id, "provisional")
    results.publish_results(two, made.id, "final")
    return made


def test_each_of_183_trades_has_its_winners_its_part_and_its_place_on_the_register(app, contest, as_role):
    actions.grant_awards(PETRA, contest.id)
    preview = queries.preview(contest.id)

    assert len(preview.groups) == 183
    parts = {(part.group, part.award.key): [row.name for row in part.rows] for part in preview.parts}
    assert len(parts) == 366
    for trade in TRADES:
        assert parts[trade, "first"] == [f"{trade}选手1"]
        assert parts[trade, "second"] == [f"{trade}选手2"]

    text = as_role("organiser").get(f"/contests/{contest.id}/papers/awards.csv").data.decode("utf-8-sig")
    tables = {row["Table"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert {f"{trade} · First" for trade in TRADES} <= tables

    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    certificate_actions.set_style(
        PETRA, contest.id, STYLE | {"pattern": "{issuer}-{event}-{group}-{level}-{serial:04d}"}
    )
    made, held = certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    assert (len({one.number for one in made}), held) == (366, [])
    assert {one.prize for one in made} >= {f"{trade} 第一名" for trade in TRADES}

    [(_, waiting)] = waiting_awards()
    firsts = [one.id for one in waiting if one.award_key == "first"]
    registry.confirm_honours(PETRA, contest.id, firsts, "油田工会", "1号", DAY, True)
    assert choices()["trades"] == TRADES
    rows, count = list_craftsmen(Search(trade="工种077"))
    assert (count, [one.human.name for one in rows]) == (1, ["工种077选手1"])
    assert list_craftsmen(Search())[1] == 183
    assert db.session.get(type(contest), contest.id).state == "final"

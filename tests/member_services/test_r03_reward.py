"""R3: a flat for the model worker, and the same flat for the master who trained the worker."""

import json

import pytest

from contest.db import db
from contest.member_services import case_queries, catalogue_queries, effect_actions, office_actions
from contest.member_services.catalogue_rules import write_toml
from contest.member_services.models import Case
from contest.webhooks.models import WebhookMessage
from tests.member_services.test_s19_allowance import granted
from tests.member_services.walking import act, apply, feedback, officer, person
from tests.webhooks.scenes import subscribe


@pytest.fixture
def ties():
    known = {}

    def masters_of(human_id):
        return known.get(human_id, [])

    effect_actions.MASTERS_OF.append(masters_of)
    yield known
    effect_actions.MASTERS_OF.remove(masters_of)


def test_the_reward_extends_to_the_master(app, ties):
    desk = officer()
    subscribe(app, "http://127.0.0.1:1999/hook", ("case",), ("reward",))
    honour, human = granted(is_title=True)
    master = person("师傅")
    ties[human.id] = [master.id]
    case = apply("reward", human, honour_id=honour.id, reward="住房一套", masters="yes")
    act(desk, case, "accept")
    act(desk, case, "decide", words="同意")

    [other] = db.session.query(Case).filter_by(human_id=master.id)
    assert (other.state, other.step_key, other.answers["reward"]) == ("decided", "give", "住房一套")
    # The worker's telephone is the worker's; the office has the master's on file or asks.
    assert (case.phone != "–", other.phone) == (True, "–")
    for each in (case, other):
        act(desk, each, "step", words="已交钥匙")
        feedback(each)
        assert each.state == "closed"
    assert [one.case.id for one in case_queries.cases_of(master.id)] == [other.id]
    told = [json.loads(one.body)["data"] for one in db.session.query(WebhookMessage)]
    assert [(one["was"], one["now"]) for one in told if one["case"] == other.id] == [
        ("", "decided"), ("decided", "done"), ("done", "closed"),
    ]


def test_the_workers_account_is_not_the_masters(app, ties):
    """Where an entry asks for one, the master's reward would be paid to the worker, and show the number."""
    document = catalogue_queries.document_of("reward")
    more = [
        {"key": "bank", "name": "开户行", "name_en": "Bank"},
        {"key": "account", "name": "账号", "name_en": "Account", "kind": "account"},
    ]
    office_actions.enter_version(
        officer("组委会", role="organiser"), write_toml({**document, "fields": [*document["fields"], *more]})
    )
    desk, (honour, human) = officer(), granted(is_title=True)
    ties[human.id] = [person("师傅").id]
    case = apply(
        "reward", human, honour_id=honour.id, reward="奖金", masters="yes", bank="农商行",
        account="62284800001",
    )
    act(desk, case, "accept")
    act(desk, case, "decide", words="同意")
    [other] = db.session.query(Case).filter_by(human_id=ties[human.id][0])
    assert other.answers == {"reward": "奖金", "masters": "no"}
    assert case.answers["account"] == "62284800001"


def test_without_the_wish_it_stays_with_the_worker(app, ties):
    desk = officer()
    honour, human = granted(is_title=True)
    ties[human.id] = [person("师傅").id]
    case = apply("reward", human, honour_id=honour.id, reward="住房一套", masters="no")
    act(desk, case, "accept")
    act(desk, case, "decide")
    assert db.session.query(Case).count() == 1

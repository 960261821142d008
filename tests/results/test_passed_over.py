"""Where one organiser publishes alone: what is still open is told, asked for, and kept with the reason."""

import pytest

from contest import clock
from contest.audit.chain_models import ChainWitness
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.judging.models import Sheet
from contest.judging.tablet_models import SheetFlag, Tablet
from contest.results import actions, doubt_rules
from contest.results.doubt_rules import PassedOver
from contest.results.models import ResultSheet
from contest.setup.queries import step_notes, step_problems
from tests import factories

WHY = "The tablet fell into the pool; its judge signed every sheet on paper."


class Scene:
    """A contest of the short procedure with every mark in, and two organisers."""

    def __init__(self):
        document = factories.plan_document()
        document["modules"][1]["blind"] = False
        points = {"甲": ("90", "9"), "乙": ("80", "8"), "丙": ("70", "7")}
        self.contest, entrants = factories.make_marked_contest(points, document=document)
        self.entrant = entrants["甲"]
        self.sheet = db.session.query(Sheet).filter_by(entrant_id=self.entrant.id, seat=1).one()
        self.judge = self.sheet.judge
        if self.judge.user_id is None:
            self.judge.user_id = factories.make_user("严判").id
            db.session.commit()
        self.first, self.second = (
            factories.make_official(name, "organiser", contest=self.contest) for name in ("first", "second")
        )

    def hold_tablet(self, device="0" * 16, name="tablet 7", **counts):
        now = clock.now()
        db.session.add(Tablet(
            device_id=device, user_id=self.judge.user_id, name=name, version="1", first_seen_at=now,
            seen_at=now, offset_s=0, made=3, keeps_pages=True,
            **{"unsent": 3, "refused": 0, "clashing": 0, **counts},
        ))
        db.session.commit()

    def report(self):
        db.session.add(SheetFlag(
            op_id="8b0e7f7e-9c1c-4b43-9d0f-0d6f7c0f4f77", fingerprint="f" * 64, contest_id=self.contest.id,
            sheet_id=self.sheet.id, module_key="risk", entrant_id=self.entrant.id,
            user_id=self.judge.user_id, reason="rule", text="", device_id="0" * 16, at=clock.now(),
        ))
        db.session.commit()

    def show_a_strange_head(self):
        db.session.add(ChainWitness(
            contest_id=self.contest.id, seq=3, hash="ab" * 32, fits=False, source="typed", device="",
            by_id=None, at=clock.now(),
        ))
        db.session.commit()

    def doubts(self, act="publish", to="provisional"):
        notes = step_notes(self.contest, actions.find_step(self.contest, act, to))
        return doubt_rules.doubts(notes)

    def seal(self, **step):
        return doubt_rules.seal(self.doubts(**step))

    def publish(self, kind="provisional", actor=None, passed_over=None):
        return actions.publish_results(
            actor or self.first, self.contest.id, kind, passed_over=passed_over
        )


@pytest.fixture
def scene(app):
    return Scene()


OPEN = {
    "tablet": (Scene.hold_tablet, "The tablet tablet 7 of {judge} holds what is not in: not sent 3, "),
    "report": (Scene.report, "Judges' reports that nobody has answered: {number}"),
    "head": (Scene.show_a_strange_head, "not on the chain: 1 (3·abababab)"),
}


@pytest.mark.parametrize("what", OPEN)
def test_it_is_told_and_nothing_is_published_without_a_word_on_it(scene, what):
    make, said = OPEN[what]
    make(scene)
    said = said.format(judge=scene.judge.name, number=scene.entrant.number)
    assert step_problems(scene.contest, actions.find_step(scene.contest, "publish", "provisional")) == []

    for passed_over in (None, PassedOver("", WHY), PassedOver("0" * 32, WHY)):
        with pytest.raises(Conflict) as refused:
            scene.publish(passed_over=passed_over)
        assert said in str(refused.value) and "may publish all the same" in str(refused.value)
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(Invalid) as refused:
            scene.publish(passed_over=PassedOver(scene.seal(), reason))
        assert list(refused.value.fields) == ["why"]
    assert db.session.query(ResultSheet).count() == 0

    assert scene.publish(passed_over=PassedOver(scene.seal(), WHY)) == 1
    row = db.session.query(TrailRow).filter_by(did="results.provisional").one()
    [kept] = row.facts["passed_over"]
    told = kept["message"] % {k: v["en"] if isinstance(v, dict) else v for k, v in kept["params"].items()}
    assert said in told and row.facts["in_spite_because"] == WHY
    [sheet] = db.session.query(ResultSheet)
    assert sheet.exceptions == row.facts["passed_over"]


def test_who_makes_them_final_is_told_and_asked_too(scene):
    scene.publish()
    scene.hold_tablet()
    with pytest.raises(Conflict, match="tablet 7"):
        scene.publish("final", scene.second)
    seal = scene.seal(act="finalise", to="final")
    assert scene.publish("final", scene.second, PassedOver(seal, WHY)) == 2


def test_what_came_up_since_the_page_was_loaded_is_not_passed_over(scene):
    scene.hold_tablet()
    seen = scene.seal()
    scene.hold_tablet("1" * 16, "tablet 8", clashing=1)

    with pytest.raises(Conflict, match="tablet 8"):
        scene.publish(passed_over=PassedOver(seen, WHY))
    assert scene.publish(passed_over=PassedOver(scene.seal(), WHY)) == 1


def test_where_nothing_is_open_nothing_is_asked(scene):
    assert scene.doubts() == [] and scene.publish() == 1
    facts = db.session.query(TrailRow).filter_by(did="results.provisional").one().facts
    assert "passed_over" not in facts and db.session.query(ResultSheet).one().exceptions is None


def test_one_page_and_one_confirmation_with_the_list(as_role, scene):
    scene.hold_tablet()
    scene.report()
    browser = as_role("organiser", scene.contest)
    address = f"/contests/{scene.contest.id}/results"

    page = browser.get(address).text
    assert page.count("holds what is not in: not sent 3") == 2  # on the page, and in the confirmation
    assert page.count(f"nobody has answered: {scene.entrant.number}") == 2 and scene.seal() in page
    form = {"word": factories.WORD, "seen": scene.seal()}
    empty = browser.post(f"{address}/provisional", data=form)
    assert empty.status_code == 422 and "why it is published all the same" in empty.text
    unseen = browser.post(f"{address}/provisional", data={"word": factories.WORD, "why": WHY})
    assert unseen.status_code == 409
    done = browser.post(f"{address}/provisional", data=form | {"why": WHY}, follow_redirects=True)
    assert "Published as revision 1" in done.text

    trail = browser.get(f"/contests/{scene.contest.id}/trail").text
    assert WHY in trail and "holds what is not in: not sent 3" in trail and "still open" in trail
    published = browser.get(f"{address}/published/final/1").text
    assert "Published with exceptions" in published and "holds what is not in" in published


def test_a_program_passes_nothing_over_either(scene):
    scene.hold_tablet()
    with pytest.raises(Conflict, match="tablet 7"):
        scene.publish(actor=Actor(None, "command line"))

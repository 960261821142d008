"""What every run of the protocol's model begins with: a contest that is being judged, made once."""

import json
import sqlite3

from contest import clock, create_app
from contest.db import about_to_write, db
from contest.scoring.scheme_reading import plan_from, plan_hash
from contest.setup.models import PlanVersion
from tests import factories
from tests.conftest import TEST_SETTINGS
from tests.judging.panels import make_panel


class House:
    """What every run begins with, made once: the database, three sheets, people."""

    def __init__(self, path):
        app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}")
        with app.app_context():
            about_to_write(True)
            panel = make_panel()
            self.sheets = tuple(panel.sheet(at).id for at in range(3))
            self.judge, self.other = (judge.user_id for judge in panel.judges)
            self.contest = panel.contest.id
            chief = factories.make_user("裁判长")
            factories.make_grant(chief, "chief_judge", panel.contest)
            self.chief = chief.id
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
            about_to_write(False)
        self.template = image_of(path)
        self.plans = {}  # top of A1: (document, its hash)

    def change_plan(self):
        """Another version of the plan is in force: the top of A1 is 8 instead of 10, or 10 again."""
        number, now = db.session.query(PlanVersion.number, PlanVersion.document_hash).order_by(
            PlanVersion.number.desc()
        ).first()
        document, its_hash = self._plan(8 if (8 not in self.plans or now != self.plans[8][1]) else 10)
        db.session.add(PlanVersion(
            contest_id=self.contest, number=number + 1, document=document, document_hash=its_hash,
            proposed_at=clock.now(), in_force_at=clock.now(),
        ))
        db.session.commit()
        db.session.remove()

    def _plan(self, top):
        if top not in self.plans:
            first = db.session.query(PlanVersion).filter_by(contest_id=self.contest, number=1).one()
            document = json_copy(first.document)
            [risk] = [m for m in document["modules"] if m["key"] == "risk"]
            aspect = risk["criteria"][0]["aspects"][0]
            aspect["max"], risk["max"] = top, top + 10
            self.plans[top] = document, plan_hash(plan_from(document))
        return self.plans[top]


def image_of(path):
    """The bytes of a database in memory with what stands in a file."""
    file = sqlite3.connect(path)
    image = bytearray(file.serialize())
    file.close()
    image[18:20] = b"\x01\x01"  # as it is written and read without a write-ahead log, which memory has not
    return bytes(image)


def json_copy(document):
    """A copy that may be changed."""
    return json.loads(json.dumps(document, default=str))

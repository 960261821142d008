"""A contest whose results are published as provisional, and the people who review them."""

from dataclasses import dataclass, field
from datetime import timedelta

from contest import clock
from contest.audit.work import Actor
from contest.db import db
from contest.results import actions as results
from contest.review import appeal_actions
from contest.setup.models import Contest
from contest.setup.procedure_rules import Procedure, stored_form
from tests import factories
from tests.kept_scenes import kept

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"
APPEAL = {"module_key": "risk", "ground": "scoring", "text": "第二项漏记了一分，请复核评分表。"}
OBJECTION = {"name": "李明", "contact": "138 1234 5678", "text": "名单中第二名的单位写错了，请核实。"}
PUBLIC = Actor(None, "public form")
WITH_NOTICE = Procedure("own", notice=True)


@dataclass
class Review:
    """The contest and who holds which role in it; `pass_time` moves the server's clock."""

    contest: Contest
    entrants: dict
    users: dict = field(default_factory=dict)

    def actor(self, role):
        """Whoever holds a role here, who has just typed the password again."""
        if role not in self.users:
            self.users[role] = user = factories.make_user(f"某{role}")
            factories.make_grant(user, role.rstrip("12"), self.contest)
        user = self.users[role]
        return Actor(user.id, user.name, word_at=clock.now())

    def pass_time(self, **spans):
        """Let the server's clock run on."""
        clock.stand_still(clock.now() + timedelta(**spans))

    def announce(self, module_key=""):
        """The chief judge announces results."""
        appeal_actions.announce_results(self.actor("chief_judge"), self.contest.id, module_key)

    def announce_again(self):
        """The organiser announces the whole results again."""
        appeal_actions.announce_results(self.actor("organiser"), self.contest.id, "", "更正后再次宣布")

    def file(self, name="钟一", files=(), **changes):
        """An appeal of one contestant by the admission card."""
        return appeal_actions.file_appeal(
            Actor(None, "admission card"), self.entrants[name], "entrant", {**APPEAL, **changes}, files
        )

    def publish(self, kind="provisional", role="organiser", reason=""):
        """Publish the results as they stand."""
        results.publish_results(self.actor(role), self.contest.id, kind, reason)
        db.session.refresh(self.contest)


@kept
def provisional(procedure=None, **values):
    """A Review of a contest with provisional results; short procedure unless another is given."""
    points = {"钟一": ("80", "9.5"), "华二": ("90", "8"), "吴小三": ("60", "5")}
    contest, entrants = factories.make_marked_contest(
        points, procedure=stored_form(procedure or Procedure()), slug="review", **values
    )
    found = Review(contest, entrants)
    if procedure is not None and procedure.name != "short":
        contest.state = "collected"
        db.session.commit()
    found.publish()
    return found

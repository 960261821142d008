"""A contest with granted awards, a signing key and a look of its certificates, for tests."""

from contest.audit import key_actions
from contest.audit.work import Actor
from contest.awards import actions as awards
from contest.awards import certificate_actions
from contest.awards.certificate_models import Certificate
from contest.db import db
from contest.people.models import Entrant
from contest.results import actions as results
from contest.setup.models import Contest
from tests import factories
from tests.kept_scenes import kept, kept_scene

PETRA = Actor(None, "Petra")
AWARDS = [
    {"key": "first", "name": "一等奖", "name_en": "First prize", "to": "entrant",
     "rule": "count", "count": 1},
    {"key": "expert", "name": "技术能手", "name_en": "Expert", "to": "entrant", "rule": "top",
     "first": 1, "last": 3, "title": True, "level": "技术能手"},
]
POINTS = {"张三": ("80", "9.5"), "李四": ("90", "8"), "王五": ("60", "5")}
STYLE = {"issuer": "省总工会", "event": "水泥行业技能竞赛", "issuer_code": "zgh", "event_code": "SN26"}
DAY = "2026-11-27"


@kept
def granted_contest(points=None, slug="certified"):
    """(contest, {name: entrant}) with every award granted."""
    contest, entrants = factories.make_marked_contest(
        points or POINTS, document=factories.plan_document(awards=AWARDS), slug=slug
    )
    first, second = (factories.make_official(name, "organiser") for name in ("Petra", "Milan"))
    results.publish_results(first, contest.id, "provisional")
    results.publish_results(second, contest.id, "final")
    awards.grant_awards(PETRA, contest.id)
    return contest, entrants


def issued_contest(app, points=None):
    """(contest, entrants, the certificates, the Signer)."""
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    contest, entrants = granted_contest(points)
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    made, _ = certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    return contest, entrants, made, signer


def kept_issued_contest(app):
    """As issued_contest, built once in a process and copied; asked before the test does anything else."""
    def build():
        contest, entrants, made, signer = issued_contest(app)
        people = {name: one.id for name, one in entrants.items()}
        return contest.id, people, [one.id for one in made], signer

    contest_id, people, made, signer = kept_scene("issued", build)
    entrants = {name: db.session.get(Entrant, entrant_id) for name, entrant_id in people.items()}
    certificates = [db.session.get(Certificate, one) for one in made]
    return db.session.get(Contest, contest_id), entrants, certificates, signer

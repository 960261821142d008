"""What every part of the world knows: who walks through it, and what stands where."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from contest import clock
from contest.accounts.rules import ROLES
from contest.audit.work import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "four calm words here"


BUILDER = Actor(None, "布置")
# Who walks through the doors: a guest, each role held in a contest (or, where it belongs to the
# whole installation, everywhere), and the owner, who is organiser everywhere.
WALKERS = ("guest", *ROLES, "owner")


class NoExample(Exception):
    """A route has no example address."""


@dataclass
class World:
    """The contests' ids, everybody's session token, and what stands for each part of an address."""

    running: int = 0
    finished: int = 0
    registering: int = 0
    noticed: int = 0  # provisional results before the public
    staged: int = 0  # published behind a freeze, its reveal before the curtain
    quiz: int = 0  # four teams in the middle of their wagers
    timed: int = 0  # a fire drill with the stopwatch
    foreign: int = 0  # nobody of `people` holds a role here
    people: dict = field(default_factory=dict)  # walker: user id
    tokens: dict = field(default_factory=dict)  # walker: session token
    examples: dict = field(default_factory=dict)  # part of an address: value
    special: dict = field(default_factory=dict)  # endpoint: parts that differ there
    strange: dict = field(default_factory=dict)  # part of an address: value in the foreign contest
    more: dict = field(default_factory=dict)  # things that only single tests name

    def arguments(self, rule):
        """Example values for every part of a route's address; NoExample says what is missing."""
        values = {**self.examples, **self.special.get(rule.endpoint, {})}
        wanted = rule.arguments - set(rule.defaults or {})
        if missing := sorted(wanted - set(values)):
            raise NoExample(
                f"{rule.endpoint} ({rule.rule}) has no example for {', '.join(missing)}: "
                "write one into tests/world.py, so that the page is tried by every role."
            )
        return {name: values[name] for name in wanted}

    def actor(self, walker):
        """Whoever holds this role, as the trail knows them."""
        return Actor(self.people[walker], NAMES[walker], word_at=clock.now())

    def browser(self, app, walker, language="en"):
        """A browser without a script in which this walker is signed in (the guest is not)."""
        client = app.test_client()
        with client.session_transaction() as session:
            session["language"] = language
            if walker != "guest":
                session["entry"] = self.tokens[walker]
        return client


NAMES = dict(zip(ROLES, (
    "周组委", "史领队", "严裁判", "秦裁判长", "石加密", "郝监督", "贾统分", "万主持", "顾馆长", "段专员",
), strict=True)) | {"owner": "房东"}

"""Every table in one import, for migrations."""

from contest.accounts import models as accounts
from contest.audit import models as audit
from contest.awards import models as awards
from contest.board import models as board
from contest.draw import models as draw
from contest.figures import models as figures
from contest.judging import models as judging
from contest.member_services import models as member_services
from contest.people import models as people
from contest.registry import models as registry
from contest.results import models as results
from contest.setup import models as setup
from contest.theory import models as theory

__all__ = [
    "accounts", "audit", "awards", "board", "draw", "figures", "judging", "member_services",
    "people", "registry", "results", "setup", "theory",
]

"""Every table in one import, for migrations."""

from contest.accounts import entry_models as entries
from contest.accounts import factor_models as factors
from contest.accounts import models as accounts
from contest.api import models as api
from contest.audit import chain_models as chain
from contest.audit import models as audit
from contest.awards import certificate_models as certificates
from contest.awards import models as awards
from contest.awards import nomination_models as nominations
from contest.awards import signed_list_models as signed_lists
from contest.backups import witness_models as witnesses
from contest.board import models as board
from contest.ceremony import models as ceremony
from contest.checks import models as checks
from contest.draw import models as draw
from contest.figures import models as figures
from contest.judging import models as judging
from contest.judging import tablet_models as tablets
from contest.judging import total_models as totals
from contest.letters import models as letters
from contest.member_services import contribution_models as contributions
from contest.member_services import entitlement_models as entitlements
from contest.member_services import item_models as registers
from contest.member_services import membership_models as memberships
from contest.member_services import models as member_services
from contest.member_services import place_models as service_places
from contest.members import models as members
from contest.paper import models as paper
from contest.people import message_models as messages
from contest.people import models as people
from contest.people import personal_models as personal
from contest.points import models as points
from contest.quiz import models as quiz
from contest.registry import archive_models as archives
from contest.registry import level_models as levels
from contest.registry import life_models as lives
from contest.registry import models as registry
from contest.registry import person_models as persons
from contest.registry import record_models as records
from contest.registry import whole_models as wholes
from contest.results import bulletin_models as bulletins
from contest.results import models as results
from contest.review import models as review
from contest.selection import models as selection
from contest.setup import calendar_models as calendar
from contest.setup import models as setup
from contest.theory import bank_models as banks
from contest.theory import models as theory
from contest.webhooks import models as webhooks

__all__ = [
    "accounts", "api", "archives", "audit", "awards", "banks", "board", "bulletins", "calendar", "ceremony",
    "certificates", "chain", "checks", "contributions", "draw", "entitlements", "entries", "factors",
    "figures", "judging", "letters", "levels",
    "lives", "member_services", "members", "memberships", "messages", "nominations", "paper", "people",
    "personal",
    "persons", "points", "quiz", "records", "registers", "registry", "results", "review", "selection",
    "service_places", "setup", "signed_lists",
    "tablets", "theory", "totals", "webhooks", "wholes", "witnesses",
]

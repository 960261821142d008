"""What a contest may become next, who may change its plan, and when."""

import re
from dataclasses import dataclass, field

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_
from contest.scoring.units import text_of

STATES = {
    "setup": N_("Set-up"),
    "registration": N_("Registration"),
    "scoring": N_("Scoring"),
    "collected": N_("All sheets in"),
    "review": N_("Review"),
    "decoded": N_("Decoded"),
    "provisional": N_("Provisional results"),
    "notice": N_("Public notice"),
    "final": N_("Final results"),
    "archived": N_("Archived"),
}
# Which steps lead from one to another: setup.step_rules.
PLAN_IS_OPEN_IN = (
    "setup", "registration", "scoring", "collected", "review", "decoded", "provisional"
)
STAGE_IS_OPEN_IN = ("setup", "registration", "scoring")
BEFORE_SCORING = ("setup", "registration")
# From the first mark of a stage to its publication.
UNPUBLISHED_IN = ("scoring", "collected", "review", "decoded")
# Standings are made of marks; whether marks are still taken is Contest.takes_marks.
SCORES_COUNT_IN = (*UNPUBLISHED_IN, "provisional", "notice")
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
SECOND_PERSON = ("organiser", "chief_judge")


@dataclass(frozen=True)
class Note:
    """One line on a contest's desk: what there is, or what is to be done, and where.

    text: an English sentence with %(name)s for `params`. endpoint: where it is done, taking
    contest_id; left out when that page does not exist. kind: todo, good, warn, info; advice
    beside a refusal, which is nothing that is missing; confirm for what one person may pass over, who
    says why, where no second one is asked for.
    blocks: the state that must not begin before this is done, or "".
    """

    text: str
    params: dict = field(default_factory=dict)
    endpoint: str = ""
    kind: str = "info"
    blocks: str = ""


def amount(units):
    """Units as points in plain decimals, for a page; None stays None."""
    return None if units is None else text_of(units)


def stage_of(plan, key):
    """The key of the stage in which a module or part (also one within a part) is held, or the stage.

    A key that a part shares with a module or stage means the latter; unknown ones come back as is.
    """
    if key in {stage.key for stage in plan.stages}:
        return key
    parts = {part.key: part for part in plan.parts}
    found = {module.key: parts[module.part] for module in plan.modules}.get(key, parts.get(key))
    while found is not None and found.within:
        found = parts[found.within]
    return key if found is None else found.stage


def check_seen(state, seen, marks_version):
    """A plan is approved by what its page showed it changes; Conflict when it showed other marks.

    While judges mark, the list moves by the minute; once results are published, it must not.
    """
    if seen is None:
        raise Conflict("Open the plan's page and look at what this version changes first.")
    if state == "provisional" and seen != marks_version:
        raise Conflict(
            "Marks have changed since this page was loaded. Look again at what the version changes."
        )


def check_still_counts(plan, held, key):
    """Conflict when a module, part or stage belongs to a stage before `held`, the one being held.

    Its results are published, and a later stage may carry them: they no longer move.
    """
    keys = [stage.key for stage in plan.stages]
    stage = stage_of(plan, key)
    if held in keys and stage in keys and keys.index(stage) < keys.index(held):
        raise Conflict("That stage is over; its marks no longer change.")


def check_slug(slug):
    """A word for the public address: small letters, digits and hyphens, at most 60."""
    if not SLUG.fullmatch(slug):
        raise Invalid(
            "The short name may have small letters, digits and hyphens, at most 60, "
            "such as cement-2026."
        )


def takes_marks(state, procedure_name):
    """True while sheets, scores and whatever else counts may change.

    The short procedure lets a slip be mended while results are provisional; in any other one the
    scoring is opened again for that, so that nothing moves under a review or a signature.
    """
    return state == "scoring" or (state == "provisional" and procedure_name == "short")


def check_plan_is_open(state):
    """After the results are final, the plan stands."""
    if state not in PLAN_IS_OPEN_IN:
        raise Conflict("The results are final, so the plan can no longer change.")


def check_stage_is_open(state):
    """Once results are published, the next stage is begun where they are published."""
    if state not in STAGE_IS_OPEN_IN:
        raise Conflict(
            "The results of this stage are published; begin the next stage from the results page."
        )


def check_stage_is_unmarked(marked_modules):
    """A stage that holds marks is left only by publishing its results."""
    if marked_modules:
        raise Conflict(
            "This stage has marks already; its results are published before the next stage begins."
        )


def check_reason(reason):
    """A change to a plan that has been marked with needs words."""
    if not reason.strip():
        raise Invalid(
            "Say why the plan is to change.",
            fields={"reason": Invalid("A reason is needed; it stays with the version.")},
        )
    if len(reason) > 1000:
        raise Invalid(
            "The reason is too long.",
            fields={"reason": Invalid("At most %(most)s characters.", most=1000)},
        )


def check_second_person(proposer_id, decider_id):
    """Nobody approves his own proposal."""
    if proposer_id == decider_id:
        raise NotAllowed(
            "A change to a plan in use needs a second person: "
            "whoever proposed it cannot approve it."
        )


def check_rev(seen, rev):
    """Whoever writes must have seen the latest draft."""
    if seen != rev:
        raise Conflict(
            "The draft was changed in another window meanwhile, so nothing was saved. "
            "Reload the page to see it as it is now."
        )


class BadPlan(Invalid):
    """A plan that cannot come into force; `problems` holds every scheme.Problem."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__(
            N_("The plan cannot come into force yet: %(count)s things are not right."),
            count=len(self.problems),
        )

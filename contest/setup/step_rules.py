"""The one table of the steps that a contest may take, and what each of them asks for.

Whoever changes a contest's state goes through setup.stepping, which asks this table.
"""

from dataclasses import dataclass
from datetime import timedelta

from contest.errors import Conflict, NotAllowed
from contest.i18n import N_
from contest.setup.rules import STATES

# So fresh must be the password or PIN that was typed for an act that asks for it.
WORD_HOLDS = timedelta(minutes=5)
# So long a proposal waits for a second person; then things stand otherwise, and it is proposed again.
PROPOSAL_HOLDS = timedelta(hours=24)
# States that a procedure may leave out; the others are always walked through.
OPTIONAL = ("collected", "review", "decoded", "notice")

ORGANISER = ("organiser",)
CHIEF = ("chief_judge",)
# Who may be the second person; always another one, whatever rights the first has.
WITNESSES = ("chief_judge", "organiser", "supervisor")
# Who may open codes that no coding judge was named for: any two of them.
OPENERS = ("coding_judge", "chief_judge", "organiser", "supervisor")
# Acts that are taken with one button on the contest's desk; the others have a page of their own.
ON_THE_DESK = ("open", "begin", "collect", "begin_review", "archive")


@dataclass(frozen=True)
class StateStep:
    """From one state to another, by one act.

    roles: who may, in this contest or everywhere. held, skips: optional states that the procedure
    must hold, or must not hold, for this step to exist. eyes: when a second person is needed:
    "" (never), "formal" (when the procedure asks for four eyes) or "always". second: the roles
    of that person. word: everybody who takes part types the password or PIN again.
    """

    state: str
    to: str
    act: str
    roles: tuple
    held: tuple = ()
    skips: tuple = ()
    eyes: str = ""
    second: tuple = ()
    word: bool = False


def _decoding(state, **facts):
    return StateStep(state, "decoded", "decode", OPENERS, held=("decoded",), eyes="always",
                     second=OPENERS, word=True, **facts)


def _publishing(state, **facts):
    return StateStep(state, "provisional", "publish", ORGANISER, eyes="formal",
                     second=WITNESSES, word=True, **facts)


def _reopening(state, to="scoring", **facts):
    return StateStep(state, to, "reopen_sheet", CHIEF, eyes="formal", second=WITNESSES, word=True,
                     **facts)


def _taking_back(state, eyes="formal", second=WITNESSES):
    return StateStep(state, "scoring", "take_back", ORGANISER, eyes=eyes, second=second, word=True)


STEPS = (
    StateStep("setup", "registration", "open", ORGANISER),
    StateStep("registration", "scoring", "begin", ORGANISER),
    StateStep("scoring", "collected", "collect", (*CHIEF, *ORGANISER), held=("collected",)),
    StateStep("collected", "review", "begin_review", ("supervisor", *CHIEF, *ORGANISER),
         held=("review",)),
    _decoding("scoring", skips=("collected",)),
    _decoding("collected", skips=("review",)),
    _decoding("review"),
    _publishing("scoring", skips=("collected", "decoded")),
    _publishing("collected", skips=("review", "decoded")),
    _publishing("review", skips=("decoded",)),
    _publishing("decoded"),
    _publishing("provisional"),
    StateStep("provisional", "notice", "give_notice", ORGANISER, held=("notice",), eyes="formal",
         second=WITNESSES, word=True),
    StateStep("provisional", "final", "finalise", ORGANISER, skips=("notice",), eyes="always",
         second=ORGANISER, word=True),
    StateStep("notice", "final", "finalise", ORGANISER, eyes="always", second=ORGANISER, word=True),
    StateStep("final", "archived", "archive", ORGANISER),
    # The ways back. Each leads to where sheets are open, and the whole road is walked again.
    _reopening("scoring"),
    _reopening("collected", held=("collected",)),
    _reopening("review", held=("review",)),
    _reopening("decoded", held=("decoded",)),
    # The short procedure mends a slip while the results are provisional.
    _reopening("provisional", "provisional", skips=("collected",)),
    _reopening("provisional", held=("collected",)),
    _reopening("notice", held=("notice",)),
    _taking_back("collected"),
    _taking_back("review"),
    _taking_back("decoded"),
    _taking_back("provisional"),
    _taking_back("notice"),
    _taking_back("final", eyes="always", second=ORGANISER),
    StateStep("final", "scoring", "next_stage", ORGANISER),
)
# Striking out a sheet that holds marks: no step from one state to another, but an act of two people.
STRIKING = StateStep("", "", "excuse_sheet", CHIEF, eyes="formal", second=WITNESSES, word=True)
# Drawing again what was drawn already; whoever is the second one has watched it.
REDRAWING = StateStep("", "", "draw_again", ("coding_judge", *CHIEF, *ORGANISER), eyes="formal",
                      second=OPENERS, word=True)
# What a file brings of a judge's tablet counts as that judge's.
CARRYING = StateStep("", "", "carry_in", CHIEF, eyes="formal", second=WITNESSES, word=True)
# Vouching for a head that is not on the chain: by two in every procedure, or one could hide own doing.
SETTLING = StateStep("", "", "settle_heads", WITNESSES, eyes="always", second=WITNESSES, word=True)
# Taking a result or an award away after the grant: two organisers, as those who made the results final.
ANNULLING = StateStep("", "", "annul", ORGANISER, eyes="always", second=ORGANISER, word=True)
ACTS = {
    "open": N_("Open the registration"),
    "begin": N_("Begin the scoring"),
    "collect": N_("All sheets are in: close the scoring"),
    "begin_review": N_("Begin the review"),
    "decode": N_("Decode the codes"),
    "publish": N_("Publish the provisional results"),
    "give_notice": N_("Put the results on public notice"),
    "finalise": N_("Make the results final"),
    "archive": N_("Archive the contest"),
    "reopen_sheet": N_("Reopen a sheet"),
    "take_back": N_("Open the scoring again"),
    "next_stage": N_("Open the next stage"),
    # No step of the table, but also an act of two people.
    "excuse_sheet": N_("Strike a sheet out"),
    "carry_in": N_("Take a tablet's operations from a file"),
    "settle_heads": N_("Settle heads that are not on the chain"),
    "annul": N_("Annul a result or an award"),
    "procedure": N_("Change the road to the results"),
    "publish_in_spite": N_("Publish with exceptions: three people"),
}
FORWARD = ("open", "begin", "collect", "begin_review", "decode", "publish", "give_notice",
           "finalise", "archive")


def exists(step, held):
    """True when a procedure that holds these optional states has this step."""
    return set(step.held) <= set(held) and not set(step.skips) & set(held)


def steps_from(state, held):
    """Every step that leads on or back from a state."""
    return [step for step in STEPS if step.state == state and exists(step, held)]


def next_step(state, held):
    """The step that leads on from a state, or None at the end of the road."""
    forward = [s for s in steps_from(state, held) if s.act in FORWARD and s.to != state]
    return forward[0] if forward else None


def road(held):
    """The states that a contest with this procedure walks through, in order."""
    return [state for state in STATES if state not in OPTIONAL or state in held]


def get_step(state, to, act, held):
    """The permitted step; Conflict when the table has none for this."""
    for step in steps_from(state, held):
        if step.to == to and act in (step.act, None):
            return step
    raise Conflict("This step cannot be taken now. Reload the page to see where things stand.")


def get_desk_step(state, to, held):
    """The step that a button on the desk takes; Conflict when there is none, or not from there."""
    for step in steps_from(state, held):
        if step.to == to and step.act in ON_THE_DESK:
            return step
    raise Conflict("This step cannot be taken now. Reload the page to see where things stand.")


def needs_second(step, four_eyes):
    """True when a second person must confirm this step."""
    return step.eyes == "always" or (step.eyes == "formal" and four_eyes)


def check_role(allowed, held):
    """NotAllowed for whoever holds none of the roles that may take this step."""
    if not set(allowed) & set(held):
        raise NotAllowed("Your role does not take this step.")


def check_second(first, actor):
    """Two people, each once: first proposed what actor confirms. Nobody's rights change that."""
    if first is None:
        raise NotAllowed("This needs a second person: one proposes it, another confirms it.")
    if first.user_id == actor.user_id:
        raise NotAllowed("A second person must confirm this: you proposed it yourself.")


def check_word(actor, now):
    """NotAllowed unless the password or PIN was typed again for this act.

    A program on the machine itself (the command line) has no password; the trail says its name.
    """
    if actor.user_id is None:
        return
    if actor.word_at is None or not now - WORD_HOLDS <= actor.word_at <= now:
        raise NotAllowed("Type your password or PIN again to do this.")


def check_not_lapsed(proposed_at, now):
    """A proposal is confirmed within a day; Conflict."""
    if has_lapsed(proposed_at, now):
        raise Conflict(
            "This proposal has lapsed: a proposal holds for %(hours)s hours. Propose it again.",
            hours=PROPOSAL_HOLDS // timedelta(hours=1),
        )


def has_lapsed(proposed_at, now):
    """True when a proposal of that moment can no longer be confirmed."""
    return now >= proposed_at + PROPOSAL_HOLDS


def check_first_holds(name, allowed, held):
    """Whoever proposed it is still active and holds a role that may; Conflict."""
    if not set(allowed) & set(held):
        raise Conflict(
            "%(name)s took part in this proposal and no longer holds the role for it. Propose it "
            "again.", name=name,
        )


def check_clear(problems):
    """Conflict with the sentence of everything (Notes) that stands in the way."""
    if problems:
        first, *others = [Conflict(note.text, **note.params) for note in problems]
        first.also = tuple(others)
        raise first

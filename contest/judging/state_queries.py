"""Which state of a contestant is shown where, while names are hidden.

A state in the whole contest is known by name. Shown under a code as well it would tell whose code it
is, and whoever may set one could find the name behind any code.
"""

from contest.i18n import N_
from contest.judging.blind_queries import hides_names
from contest.judging.queries import module_of, stage_of, state_in
from contest.people import queries as people
from contest.people.rules import ENTRANT_STATES
from contest.setup.queries import plan_in_force

# What a judge reads instead of the kind of state.
OUT = "out"
SHOWN_STATES = ENTRANT_STATES | {OUT: N_("Does not count")}


def state_of(contest_id, entrant_id, module_key=""):
    """The state that stands for an entrant, in one module or (empty key) in the whole contest."""
    return people.entrant_states(contest_id).get((entrant_id, module_key), "normal")


def hides_states(contest_id, plan, module, states):
    """True when states of this module's contestants must not tell who is behind a code."""
    return bool(states) and hides_names(contest_id, stage_of(plan, module))


def hides_of_page(contest_id, module_key):
    """True while names are hidden in the stage of a module; Missing for an unknown one."""
    force = plan_in_force(contest_id)
    return hides_names(contest_id, stage_of(force.plan, module_of(force, module_key)))


def official_state(states, entrant_id, module, is_hidden):
    """The state that officials see in a module: under a code only what was said under it."""
    if is_hidden and module.blind:
        return states.get((entrant_id, module.key), "normal")
    return state_in(states, entrant_id, module.key)


def judges_state(states, entrant_id, module, is_hidden):
    """The state that a judge sees in a module: while names are hidden without its kind."""
    state = official_state(states, entrant_id, module, is_hidden)
    return OUT if is_hidden and state != "normal" else state

"""When a layer of codes may be opened, and by whom."""

from contest.errors import Conflict, NotAllowed
from contest.setup.step_rules import OPENERS

SECONDS = ("supervisor", "chief_judge")


def check_stage(stage, held):
    """Only the stage being held is decoded."""
    if stage != held:
        raise Conflict("Only the codes of the stage that is being held can be decoded.")


def check_all_in(open_modules):
    """No sheet of a blind module is out; Conflict."""
    if open_modules:
        raise Conflict("Sheets are still out: the codes are decoded when the last one is in.")


def needs_coder(has_keeper, is_chosen, has_coders):
    """True where the coding judge is one of the two who decode.

    That is where one was named for the layer, or where the procedure chose decoding and somebody has
    the role. Else any two of OPENERS may: a school that holds its own contest has no more people.
    """
    return has_keeper or (is_chosen and has_coders)


def seconds(is_with_coder):
    """The roles of which the second person holds one."""
    return SECONDS if is_with_coder else OPENERS


def check_pair(first, second, first_roles, second_roles, is_with_coder):
    """Two different people, of whom each may; NotAllowed."""
    if first.user_id is None or first.user_id == second.user_id:
        raise NotAllowed("Decoding needs two different people.")
    if is_with_coder:
        if "coding_judge" not in first_roles:
            raise turn_of_a_coder()
        if not set(SECONDS) & set(second_roles):
            raise NotAllowed("The second person must be a supervisor or the chief judge.")
    elif not (set(OPENERS) & set(first_roles) and set(OPENERS) & set(second_roles)):
        raise NotAllowed("Your role does not take this step.")


def check_own_layer(user_id, keeper_id, name):
    """The keeper of a layer opens it; NotAllowed, with whose turn it is."""
    if user_id != keeper_id:
        raise NotAllowed(
            "It is the turn of %(name)s, who keeps this layer of codes: that person signs in and opens "
            "it, with a supervisor or the chief judge.", name=name,
        )


def check_unchanged(is_same):
    """What is opened is what was sealed; Conflict."""
    if not is_same:
        raise Conflict(
            "The codes are no longer those whose fingerprint was told after the draw. Nothing is "
            "decoded: compare the sealed list on paper."
        )


def turn_of_a_coder():
    """What is said to whoever may only be the second person."""
    return NotAllowed("The coding judge opens this layer, with a second person.")

"""What the contest's desk says of the draws, and what the scoring waits for before it is closed."""

from contest import signals
from contest.draw import queries
from contest.draw.rules import FEW
from contest.i18n import N_
from contest.setup import queries as setup
from contest.setup.rules import Note

UNWITNESSED = {  # page: what its draws are
    "draw.show_draw": N_("Draws of codes that nobody has signed for as a witness: %(count)s."),
    "draw.show_order": N_(
        "Draws of the starting order or of papers that nobody has signed for as a witness: %(count)s."
    ),
}


def desk_notes(contest_id):
    """What the contest's desk says of the draw, while there is still something to draw for."""
    contest, found = setup.get_contest(contest_id), setup.find_plan_in_force(contest_id)
    if found is None or contest.state not in {"setup", "registration", "scoring"}:
        return []
    judged = [m for m in found.plan.modules_of_stage(contest.stage) if m.entry == "sheets"]
    if not judged:
        return []
    is_blind = any(module.blind for module in judged)
    if waiting := [one for one in queries.layers(contest_id, contest.stage) if not one.count]:
        notes = []
    else:
        return _newcomers_notes(contest)
    if not queries.coding_judges(contest_id):
        notes.append(Note(
            N_("Nobody is coding judge yet; only a coding judge can hold the draw."),
            endpoint="accounts.new_person", kind="todo",
        ))
    if waiting[0].number == 1:
        notes.append(Note(
            N_("The draw has not been held yet."), {}, "draw.show_draw", "todo",
            "scoring" if is_blind else "",
        ))
    else:
        # The works of a later layer are coded while the contest is being held.
        notes.append(Note(
            N_("Layers of codes still to be drawn: %(count)s. Sheets are handed out after that."),
            {"count": len(waiting)}, "draw.show_draw", "todo",
        ))
    return notes


def _newcomers_notes(contest):
    notes = _witness_notes(contest.id, contest.stage)
    count = len(queries.newcomers(contest.id, contest.stage))
    if not count:
        return [Note(N_("The draw has been held."), {}, "draw.show_draw", "good"), *notes]
    notes.append(Note(
        N_("Joined after the draw and still without a code: %(count)s."), {"count": count},
        "draw.show_draw", "todo",
    ))
    if count < FEW and queries.names_stand_beside(contest.id, contest.stage):
        notes.append(Note(
            N_("Fewer than three newcomers: a judge who marks them under their names too sees a new "
               "name and a new code at once, and knows whose it is. Wait for others, or put judges on "
               "the blind modules who see no names."), {}, "draw.show_draw", "warn",
        ))
    return notes


def unwitnessed(contest_id, stage):
    """Pairs (page, how many) of a stage's draws that nobody signed for as a witness.

    Of every draw that ever stood: else whoever draws until it suits has only the last one watched.
    """
    of_codes = [
        line for layer in range(1, queries.innermost_layer(contest_id) + 1)
        for line in queries.list_draws(contest_id, stage, layer) if line.order is None
    ]
    others = [
        line for kind in ("order", "paper") for line in queries.list_draws(contest_id, stage, 0, kind)
    ]
    pages = (("draw.show_draw", of_codes), ("draw.show_order", others))
    return [
        (page, count) for page, lines in pages
        if (count := sum(not line.witnesses for line in lines))
    ]


def _witness_notes(contest_id, stage):
    return [
        Note(UNWITNESSED[page], {"count": count}, page, "todo")
        for page, count in unwitnessed(contest_id, stage)
    ]


@signals.step_asked.connect
def hold_until_witnessed(act, contest_id, to, problems):
    """Except in the short procedure the scoring is not closed before every draw has its witness."""
    contest = setup.get_contest(contest_id)
    if act != "collect":  # the short procedure has no such step
        return
    problems += _witness_notes(contest_id, contest.stage)


setup.DESK_NOTES.append(desk_notes)

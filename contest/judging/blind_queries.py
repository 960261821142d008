"""Which blind modules are still being marked; until then their marks stand beside no name."""

from collections import Counter
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from contest import signals
from contest.accounts import queries as accounts
from contest.db import db
from contest.draw import queries as draws
from contest.draw.models import BlindCode, Draw
from contest.i18n import N_, both_names
from contest.judging import decoding_rules
from contest.judging.models import Sheet, SheetRevision
from contest.judging.queries import may_still_mark, module_of, stage_of
from contest.judging.rules import MARKING_STATES, UNSETTLED_STATES
from contest.people import queries as people
from contest.people.models import Judge, StateEvent
from contest.people.rules import PRACTICE
from contest.setup import queries as setup
from contest.setup.queries import (
    find_plan_in_force,
    get_contest,
    held_states,
    plan_in_force,
    procedure_of,
)
from contest.setup.rules import Note
from contest.setup.step_rules import next_step

# Names appear with the step out of these, whatever else has happened.
UNDECODED_IN = ("setup", "registration", "scoring", "collected", "review")
AT_A_TIME = 50
SETTLING_KINDS = ("submit", "confirm", "excuse")


def open_blind_modules(contest_id, stage=None, as_of=None):
    """The blind modules (of one stage) of which a sheet that will count is not in, in the plan's order.

    as_of: as it was at a moment, for a board that is frozen there.
    """
    force = find_plan_in_force(contest_id)
    if force is None or get_contest(contest_id).state not in MARKING_STATES and as_of is None:
        return []
    states = None
    found = []
    for module in _blind_modules(force.plan, stage):
        # Before the last sheets the first row says it: a board asks this after every mark.
        with db.session.execute(_unsettled(contest_id, [module.key], as_of)) as sheets:
            for key, one in chain(sheets, _without_sheet(contest_id, force.plan, module)):
                states = _states_at(contest_id, as_of) if states is None else states
                if may_still_mark(states, one, key):
                    found.append(module)
                    break
    return found


def _blind_modules(plan, stage):
    return [
        module for module in plan.modules
        if module.blind and module.entry == "sheets" and stage in (None, stage_of(plan, module))
    ]


def _unsettled(contest_id, keys, as_of):
    """A select of (module key, entrant id) of every sheet of these modules that is not in."""
    found = select(Sheet.module_key, Sheet.entrant_id).where(
        Sheet.contest_id == contest_id, Sheet.module_key.in_(keys), Sheet.seat < PRACTICE
    )
    if as_of is None:
        return found.where(Sheet.state.in_(UNSETTLED_STATES)).execution_options(yield_per=AT_A_TIME)
    known = aliased(SheetRevision)
    latest = (
        select(func.max(known.rev)).where(known.sheet_id == Sheet.id, known.at <= as_of)
        .correlate(Sheet).scalar_subquery()
    )
    settled = select(SheetRevision.id).where(
        SheetRevision.sheet_id == Sheet.id, SheetRevision.rev == latest,
        SheetRevision.kind.in_(SETTLING_KINDS),
    )
    return found.where(~settled.exists()).execution_options(yield_per=AT_A_TIME)


def _without_sheet(contest_id, plan, module):
    """(module key, entrant id) of everybody in the draw who has no sheet yet where others have theirs."""
    own = select(Sheet.entrant_id).where(
        Sheet.contest_id == contest_id, Sheet.module_key == module.key, Sheet.seat < PRACTICE
    )
    if not db.session.scalar(select(own.exists())):
        return
    left = select(BlindCode.entrant_id).where(
        BlindCode.contest_id == contest_id, BlindCode.stage == stage_of(plan, module),
        BlindCode.entrant_id.not_in(own),
    )
    for one in db.session.scalars(left.distinct()):
        yield module.key, one


def _states_at(contest_id, as_of):
    if as_of is None:
        return people.entrant_states(contest_id)
    events = db.session.scalars(
        select(StateEvent).where(StateEvent.contest_id == contest_id, StateEvent.at <= as_of)
        .order_by(StateEvent.id)
    )
    return {(event.entrant_id, event.module_key): event.state for event in events}


def hidden_modules(contest_id, stage=None, as_of=None):
    """The blind modules (of one stage) whose marks, and whatever follows from them, name nobody yet.

    All of a stage together: they share its codes, and a mark that stands under a code here and
    beside a name there would tell whose code it is. None where no codes were drawn. It ends with
    the step of decoding: never with the last sheet, which a word about a contestant can make so.
    """
    force = find_plan_in_force(contest_id)
    if force is None:
        return []
    blind = _blind_modules(force.plan, stage)
    coded = {
        key for key in {stage_of(force.plan, module) for module in blind}
        if _has_codes(contest_id, key, as_of) and not _is_decoded(contest_id, key, as_of)
    }
    # Asked last and only where it matters: it looks at the sheets.
    closed = coded & _undecoded(contest_id, stage, as_of)
    if coded - closed:
        closed |= coded & {
            stage_of(force.plan, module) for module in open_blind_modules(contest_id, stage, as_of)
        }
    return [module for module in blind if stage_of(force.plan, module) in closed]


def _has_codes(contest_id, stage, as_of):
    found = select(BlindCode.id).join(Draw, BlindCode.draw_id == Draw.id).where(
        BlindCode.contest_id == contest_id, BlindCode.stage == stage,
        BlindCode.layer == draws.innermost_layer(contest_id),
    )
    if as_of is not None:
        found = found.where(Draw.at <= as_of)
    return db.session.scalar(found.limit(1)) is not None


def _undecoded(contest_id, stage, as_of):
    """The stage being held, as a set, where its codes wait for the step of decoding."""
    contest = get_contest(contest_id)
    if as_of is not None:
        # Whatever the contest has come to since: where there are codes, they wait for their step.
        return {stage or contest.stage}
    if "decoded" not in held_states(contest) or stage not in (None, contest.stage):
        return set()
    return {contest.stage} if contest.state in UNDECODED_IN else set()


def needs_coder(contest, stage):
    """True where the layer that is opened next needs its coding judge (decoding_rules.needs_coder)."""
    closed = [one for one in draws.layers(contest.id, stage) if one.decoding is None]
    return decoding_rules.needs_coder(
        bool(closed and closed[-1].keeper), procedure_of(contest).decoding,
        bool(draws.coding_judges(contest.id)),
    )


def _is_decoded(contest_id, stage, as_of):
    """What was opened once stays open."""
    opened = draws.decodings(contest_id, stage).get(1)
    return opened is not None and (as_of is None or opened.at <= as_of)


def has_blind_marks(contest_id, modules, as_of=None):
    """True when a sheet of these modules was ever handed in (up to a moment)."""
    found = (
        select(SheetRevision.id).join(Sheet, SheetRevision.sheet_id == Sheet.id)
        .where(
            Sheet.contest_id == contest_id, SheetRevision.kind != "draft", Sheet.seat < PRACTICE,
            Sheet.module_key.in_([module.key for module in modules]),
        )
    )
    if as_of is not None:
        found = found.where(SheetRevision.at <= as_of)
    return db.session.scalar(select(found.exists()))


def hides_names(contest_id, stage=None):
    """True while nobody may read a name beside what blind modules (of a stage) come to."""
    return bool(hidden_modules(contest_id, stage))


def keeps_from_board(person, contest_id):
    """True while the board would tell somebody who judges what the others gave."""
    if person.has_any(("chief_judge",), contest_id) and hides_names(contest_id):
        return True
    if get_contest(contest_id).state not in MARKING_STATES:
        return False
    own_modules = (
        select(Sheet.module_key).join(Judge, Sheet.judge_id == Judge.id)
        .where(Sheet.contest_id == contest_id, Judge.user_id == person.user_id)
    )
    still_open = db.session.execute(
        select(Sheet.module_key, Sheet.entrant_id).where(
            Sheet.contest_id == contest_id, Sheet.state.in_(UNSETTLED_STATES),
            Sheet.module_key.in_(own_modules), Sheet.seat < PRACTICE,
        )
    ).all()
    states = people.entrant_states(contest_id) if still_open else {}
    return any(may_still_mark(states, one, key) for key, one in still_open)


@signals.step_asked.connect
def hold_until_in(act, contest_id, to, problems):
    """The scoring is not closed over a sheet that is out, also of somebody who did not finish.

    Sheets of those who compete are told with the marks that are missing (results.rules.problems).
    """
    contest, force = get_contest(contest_id), find_plan_in_force(contest_id)
    if force is None or contest.state != "scoring" or act not in ("collect", "decode"):
        return
    keys = [one.key for one in force.plan.modules_of_stage(contest.stage) if one.entry == "sheets"]
    states = people.entrant_states(contest_id)
    left = Counter(
        key for key, one in db.session.execute(_unsettled(contest_id, keys, None))
        if states.get((one, "")) == "not_finished" and may_still_mark(states, one, key)
    )
    problems += [
        Note(
            N_("%(module)s: sheets of contestants who did not finish are out: %(count)s. They are "
               "handed in or struck out, or the contestant is marked absent in this module."),
            {"module": both_names(module_of(force, key)), "count": left[key]},
            "judging.show_chief_desk", "todo",
        )
        for key in keys if left[key]
    ]


def desk_notes(contest_id):
    """What the contest's desk says of decoding, when it is due."""
    contest = get_contest(contest_id)
    if find_plan_in_force(contest_id) is None or not is_due(contest):
        return []
    if open_blind_modules(contest_id, contest.stage) or not _has_blind_sheets(contest):
        return []
    words = (
        N_("The codes can be decoded, by the coding judge with a supervisor or the chief judge.")
        if needs_coder(contest, contest.stage) else N_(
            "Every sheet under a code is in: the codes can be decoded, by two of coding judge, chief "
            "judge, supervisor and organiser."
        )
    )
    return [Note(words, {}, "judging.show_decoding", "todo")]


def _has_blind_sheets(contest):
    keys = [module.key for module in _blind_modules(plan_in_force(contest.id).plan, contest.stage)]
    found = select(Sheet.id).where(Sheet.contest_id == contest.id, Sheet.module_key.in_(keys))
    return db.session.scalar(found.limit(1)) is not None


def is_due(contest):
    """True where decoding is the contest's next step."""
    step = next_step(contest.state, held_states(contest))
    return step is not None and step.act == "decode"


def hidden_keys(contest_id):
    """The keys of the modules of the stage being held that name nobody yet."""
    return {module.key for module in hidden_modules(contest_id)}


def decoders(contest):
    """(roles of whom opens the next layer, roles of the second person); None where the step says it."""
    if not needs_coder(contest, contest.stage):
        return None
    return ("coding_judge",), decoding_rules.SECONDS


accounts.KEEPS_FROM_BOARD.append(keeps_from_board)
people.HIDDEN_MODULES.append(hidden_keys)
setup.DESK_NOTES.append(desk_notes)
setup.STEP_TAKERS["decode"] = decoders

"""Entering points and times, undoing an entry; each is one commit that also makes the score."""

from sqlalchemy.exc import IntegrityError

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.quiz import clock_rules, queries, rules, setting_rules, trail_words  # noqa: F401
from contest.quiz.models import QuizEntry, QuizSetting
from contest.quiz.rules import Draft
from contest.setup.freezing import freeze_plan
from contest.setup.late_changes import check_not_held
from contest.setup.queries import check_module_counts, get_contest, plan_in_force
from contest.theory import ledger
from contest.theory.queries import lock_contest
from contest.theory.rules import check_open

SOURCE = "quiz"


def begin(actor, contest_id, module_key, seen, op_id):
    """Give the base points to everybody on the stage who has none; how many got them.

    seen: the number of the last entry that the page showed; op_id: of this press. Conflict as for
    every act here: somebody was faster, the contest takes no marks, or the plan's ends are passed.
    """
    _open(contest_id, module_key)
    desk = queries.desk(contest_id, module_key)
    _check_kind(desk, is_timed=False)
    if queries.find_by_operation(contest_id, module_key, op_id):
        return 0
    drafts = [
        Draft(column.player.entrant_id, "base", desk.settings.base)
        for column in desk.columns if column.may_play and not column.has_base
    ]
    if not drafts:
        raise Conflict("Everybody on the stage has the base points already.")
    _write(actor, "quiz.begin", contest_id, module_key, drafts, seen, op_id,
           amount=rules.signed(desk.settings.base))
    return len(drafts)


def enter_answer(actor, contest_id, module_key, entrant_id, kind, is_right, question, seen, op_id):
    """Enter what an answer is worth: kind must, buzz, or risk (then a wager was chosen before)."""
    _open(contest_id, module_key, entrant_id)
    desk, there = _stage_of(contest_id, module_key, entrant_id)
    question = rules.clean(question, rules.LONGEST_QUESTION)
    if (old := queries.find_by_operation(contest_id, module_key, op_id)) is not None:
        stake = queries.find_stake(old.id)
        return _again(old, _answer(desk, entrant_id, kind, is_right, question, stake))
    draft = _answer(desk, entrant_id, kind, is_right, question, rules.open_stake(there))
    return _write(actor, "quiz.points", contest_id, module_key, [draft], seen, op_id,
                  amount=rules.signed(draft.amount))


def _answer(desk, entrant_id, kind, is_right, question, stake):
    if kind == "risk":
        if stake is None:
            raise Conflict("A wager is chosen before its question: choose one first.")
        amount = stake.amount if is_right else -stake.amount
        return Draft(entrant_id, "risk", amount, question, stake_id=stake.id)
    return Draft(entrant_id, kind, desk.settings.worth(kind, is_right), question)


def choose_stake(actor, contest_id, module_key, entrant_id, units, seen, op_id):
    """Note the wager that somebody has chosen, before the question; it moves no score yet."""
    _open(contest_id, module_key, entrant_id)
    desk, there = _stage_of(contest_id, module_key, entrant_id)
    draft = Draft(entrant_id, "stake", units)
    if (old := queries.find_by_operation(contest_id, module_key, op_id)) is not None:
        return _again(old, draft)
    if units not in desk.settings.stakes:
        raise Conflict("This wager is no longer to be chosen; reload the page.")
    if rules.open_stake(there):
        raise Conflict("A wager is chosen already: enter its answer, or undo it.")
    if not rules.chances_left(there, desk.settings.chances):
        raise Conflict("Everybody has %(count)s wagers, and these are used up.",
                       count=desk.settings.chances)
    return _write(actor, "quiz.stake", contest_id, module_key, [draft], seen, op_id,
                  amount=rules.text_of(units))


def enter_points(actor, contest_id, module_key, entrant_id, typed, note, seen, op_id):
    """Enter any other points with their sign and a word why, such as a foul at the buzzer."""
    _open(contest_id, module_key, entrant_id)
    _stage_of(contest_id, module_key, entrant_id)
    draft = Draft(entrant_id, "other", rules.read_points(typed), note=rules.read_note(note))
    if (old := queries.find_by_operation(contest_id, module_key, op_id)) is not None:
        return _again(old, draft)
    return _write(actor, "quiz.points", contest_id, module_key, [draft], seen, op_id,
                  amount=rules.signed(draft.amount), note=draft.note)


def enter_time(actor, contest_id, module_key, entrant_id, typed, counts, seen, op_id,
               device_ms=None, server_ms=None):
    """Enter a time with its faults: net time is time + seconds of each fault × how often.

    counts: how often, in the order of the settings' faults. device_ms, server_ms: what the
    stopwatch and the server's clock said meanwhile, for the trail.
    """
    _open(contest_id, module_key, entrant_id)
    desk, there = _stage_of(contest_id, module_key, entrant_id, is_timed=True)
    ms = clock_rules.read_time(typed)
    drafts = [Draft(entrant_id, "time", ms)]
    for (name, each), count in zip(desk.settings.faults, counts, strict=True):
        if not 0 <= count <= clock_rules.MOST_FAULTS:
            raise rules.at_field("faults", "Count faults from 0 to 99.")
        if count:
            drafts.append(Draft(entrant_id, "fault", each * count, note=f"{name} × {count}"))
    if (old := queries.find_by_operation(contest_id, module_key, op_id)) is not None:
        return _again(old, drafts[0])
    if any(entry.kind in ("time", "fault", "void") for entry in there):
        raise Conflict("A time stands already: undo its entries first, then enter the right one.")
    return _write(
        actor, "quiz.time", contest_id, module_key, drafts, seen, op_id,
        time=clock_rules.time_text(ms), faults=", ".join(d.note for d in drafts[1:]),
        measured=clock_rules.source_of(ms, device_ms),
        apart=clock_rules.clocks_differ(device_ms, server_ms) or "",
    )


def enter_void(actor, contest_id, module_key, entrant_id, reason, seen, op_id):
    """Say that somebody did not finish, or that the run does not count, and why."""
    _open(contest_id, module_key, entrant_id)
    _, there = _stage_of(contest_id, module_key, entrant_id, is_timed=True)
    draft = Draft(entrant_id, "void", note=rules.read_note(reason))
    if (old := queries.find_by_operation(contest_id, module_key, op_id)) is not None:
        return _again(old, draft)
    if any(entry.kind == "void" for entry in there):
        raise Conflict("That it does not count is entered already.")
    return _write(actor, "quiz.void", contest_id, module_key, [draft], seen, op_id, reason=draft.note)


def undo(actor, contest_id, module_key, seq, seen, op_id):
    """Take an entry back by an entry of its own; an undo is not undone."""
    rows = queries.entries(contest_id, module_key)
    entry = next((one for one in rows if one.seq == seq), None)
    if (old := queries.find_by_operation(contest_id, module_key, op_id)) is not None:
        return entry is not None and _again(old, _undoing(entry))
    _open(contest_id, module_key, entry.entrant_id if entry else None)
    rules.check_can_undo(entry, rows)
    return _write(actor, "quiz.undo", contest_id, module_key, [_undoing(entry)], seen, op_id,
                  of_kind=entry.kind, entry=seq)


def _undoing(entry):
    return Draft(entry.entrant_id, "undo", -entry.amount, entry.question, undoes=entry.id)


def set_values(actor, contest_id, module_key, form, players):
    """Store what questions are worth from now on, and who is on the stage; entries keep theirs."""
    contest = get_contest(contest_id)
    check_module_counts(contest_id, module_key)
    queries.get_module(contest_id, module_key)
    if contest.state in ("final", "archived"):
        raise Conflict("The results are final; nothing is entered any more.")
    known = [one.entrant_id for one in queries.players(contest_id, module_key)]
    settings = setting_rules.read_settings(form, players, known)
    old = queries.settings_of(contest_id, module_key)
    if settings == old:
        return False
    before, after = setting_rules.typed_form(old), setting_rules.typed_form(settings)
    with work(
        actor, "quiz.setting", contest_id=contest_id, subject=module_key, module=module_key,
        old=before | {"players": len(old.players)}, new=after | {"players": len(settings.players)},
    ):
        db.session.add(QuizSetting(
            contest_id=contest_id, module_key=module_key,
            values=setting_rules.to_document(settings), by_id=actor.user_id, at=clock.now(),
        ))
    return True


def _open(contest_id, module_key, entrant_id=None):
    check_open(lock_contest(contest_id))  # held, so that nobody closes or publishes before the entry stands
    check_not_held(contest_id, entrant_id)
    check_module_counts(contest_id, module_key)
    queries.get_module(contest_id, module_key)
    rules.check_no_list(queries.is_typed(contest_id, module_key))


def _check_kind(desk, is_timed):
    if desk.is_timed and not is_timed:
        raise Conflict(
            "The plan ranks the lowest total first, so times are entered here, not points."
        )
    if is_timed and not desk.is_timed:
        raise Conflict(
            "The plan ranks the highest total first, so points are entered here, not times."
        )


def _stage_of(contest_id, module_key, entrant_id, is_timed=False):
    """The Desk, and the standing entries of somebody who is on the stage and competes."""
    desk = queries.desk(contest_id, module_key)
    _check_kind(desk, is_timed)
    column = next((c for c in desk.columns if c.player.entrant_id == entrant_id), None)
    if column is None:
        raise Conflict("This contestant is not on the stage now; choose who is among the values.")
    rules.check_competes(column.player.state)
    rows = queries.entries(contest_id, module_key)
    return desk, rules.standing([one for one in rows if one.entrant_id == entrant_id])


def _again(old, draft):
    rules.check_same(old, draft)
    return False


def _write(actor, did, contest_id, module_key, drafts, seen, op_id, of_kind="", **facts):
    """Add entries and the scores that they make, in one commit."""
    rows = queries.entries(contest_id, module_key)
    rules.check_seen(seen, rows[-1].seq if rows else 0)
    who = {
        one.entrant_id: one
        for one in queries.players(contest_id, module_key, {row.entrant_id for row in rows})
    }
    old, new = _scores(contest_id, module_key, rows, drafts, who)
    names = {one: who[one].number if one in who else str(one) for one in new}
    first = drafts[0]
    try:
        with work(
            actor, did, contest_id=contest_id, subject=f"entrant {first.entrant_id}",
            tell=signals.marks_changed, module=module_key, number=", ".join(names.values()),
            entry_kind=of_kind or first.kind, question=first.question,
            old={names[one]: _told(score) for one, score in old.items()},
            new={names[one]: _told(score) for one, score in new.items()}, **facts,
        ):
            _add(actor, contest_id, module_key, drafts, seen, op_id)
            _make_scores(actor, contest_id, module_key, old, new)
    except IntegrityError:
        # Two pressed in the same moment: the other one's entry has this number.
        rules.check_seen(seen, None)
    return True


def _scores(contest_id, module_key, rows, drafts, who):
    """What stands and what will stand of everybody whom the drafts are about."""
    timed, module = queries.is_timed(contest_id), queries.get_module(contest_id, module_key)
    old, new = {}, {}
    for entrant_id in dict.fromkeys(draft.entrant_id for draft in drafts):
        own = [row for row in rows if row.entrant_id == entrant_id]
        # Ids that no row has yet: the newest entry is told from every other one.
        more = [
            rules.Entry(-n, 0, d.entrant_id, d.kind, d.amount, undoes=d.undoes, stake_id=d.stake_id)
            for n, d in enumerate(drafts, 1) if d.entrant_id == entrant_id
        ]
        old[entrant_id] = rules.score_of(own, timed)
        new[entrant_id] = rules.score_of(own + more, timed)
        name = who[entrant_id].name if entrant_id in who else str(entrant_id)
        rules.check_range(new[entrant_id], module, name)
    return old, new


def _told(score):
    return score.text or score.state


def _add(actor, contest_id, module_key, drafts, seen, op_id):
    for number, draft in enumerate(drafts):
        db.session.add(QuizEntry(
            contest_id=contest_id, module_key=module_key, seq=seen + 1 + number,
            entrant_id=draft.entrant_id, kind=draft.kind, amount=draft.amount,
            question=draft.question, note=draft.note, undoes_id=draft.undoes,
            stake_id=draft.stake_id, op_id=op_id if number == 0 else None, by_id=actor.user_id,
            at=clock.now(),
        ))
        db.session.flush()


def _make_scores(actor, contest_id, module_key, old, new):
    moved = {one: score for one, score in new.items() if score != old[one]}
    for entrant_id, score in moved.items():
        ledger.add_entry(actor, contest_id, module_key, entrant_id, score, SOURCE)
    if moved:
        freeze_plan(plan_in_force(contest_id))
        contest = get_contest(contest_id)
        contest.marks_version = type(contest).marks_version + 1

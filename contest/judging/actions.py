"""Handing out sheets, and taking what judges write on them."""

from sqlalchemy import delete

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.i18n import both_names
from contest.judging import neutral_queries, operation_queries, queries, rules
from contest.judging.devices import note_sender
from contest.judging.handovers import hand_over
from contest.judging.key_rules import check_proof, signed_by
from contest.judging.ledger import add_revision, count_marks
from contest.judging.lines import answer_of, answer_to
from contest.judging.models import Sheet
from contest.judging.number_rules import check_unused
from contest.judging.sheet_rules import check_same_rules
from contest.judging.tablet_rules import check_epoch
from contest.people import queries as people
from contest.people import recusal_queries as people_recusals
from contest.people import rules as people_rules
from contest.people.rules import Member, assign, suits
from contest.setup.freezing import freeze_plan
from contest.setup.queries import get_contest, plan_in_force
from contest.setup.rules import check_still_counts


def take_operation(actor, sheet_id, operation, carrier=None, is_judge=True, epoch=None, proof=None):
    """Store what a judge wrote, once: a SheetAnswer, or a Clash when another revision came first.

    The same operation sent again gets its stored answer again, also after the sheet was closed or
    the judge's role was taken away (`is_judge`).
    carrier: who brings it in a file for the judge (`actor`); the trail then names the carrier.
    epoch: the start of the server that the tablet knows, None when it does not say. proof: a
    key_rules.Proof, None for what is not signed.
    SetBack, NotAllowed, Closed, RulesChanged, Invalid and those of check_proof; then nothing is stored.
    """
    sheet, found = _hold(sheet_id, operation, operation.kind == "submit", proof.key if proof else "")
    plan_now = found.plan_now
    module = rules.on_seat(queries.module_of(plan_now, sheet.module_key), sheet.seat)
    sent = rules.fingerprint(sheet_id, operation)
    if found.is_known and (known := queries.find_revision(operation.op_id)):
        rules.check_own_sheet(actor.user_id, known.by_id)
        rules.check_same_operation(known.fingerprint, sent)
        return answer_of(module, plan_now.plan.rounding, known)
    check_unused(found.is_id_used, found.is_number_used)
    # Before all other refusals: what the tablet offers again may well remove their cause.
    check_epoch(epoch, found.epoch)
    check_proof(proof, found.key)
    rules.check_is_judge(is_judge)
    rules.check_own_sheet(actor.user_id, sheet.judge_user_id)
    rules.check_neutral(not found.is_recused and people_rules.may_judge(
        sheet.judge_organisation_id, sheet.entrant_organisation_id
    ))
    rules.check_contest_open(found)
    check_still_counts(plan_now.plan, found.stage, sheet.module_key)
    rules.check_open(sheet.state)
    check_same_rules(operation.rules, module)
    if operation.base_rev != sheet.rev:
        return queries.clash_now(sheet.id)
    marks = rules.read_marks(module, operation.marks)
    points = rules.points_by_aspect(module, marks)
    if operation.kind == "submit":
        rules.check_complete(module, points)
    signed = signed_by(proof, found.key)
    return _store(actor, sheet, plan_now, module, operation, marks, points, sent, signed, carrier)


def _hold(sheet_id, operation, holds_contest, key):
    """(sheet, operation_queries.Found) with the rows locked that this operation needs.

    What counts, and the first mark of all, also hold the contest: while that mark is stored nobody
    puts other rules in force alone. The contest is always locked before a sheet of it, and what is
    found is read after both.
    """
    if holds_contest:
        queries.hold_contest_of(sheet_id)
    sheet = operation_queries.hold_sheet(sheet_id)
    found = operation_queries.find_all(sheet, operation, key)
    if not holds_contest and found.plan_now.frozen_at is None:
        db.session.rollback()
        return _hold(sheet_id, operation, True, key)
    return sheet, found


def _store(actor, sheet, plan_now, module, operation, marks, points, sent, signed, carrier):
    is_submit, is_practice = operation.kind == "submit", people_rules.is_practice(sheet.seat)
    kind = rules.ledger_kind(sheet.state, operation.kind)
    told = signals.marks_changed if kind == "submit" and not is_practice else None
    changes = rules.changed_marks(sheet.marks, marks)
    did = f"practice.{kind}" if is_practice else f"sheet.{kind}"
    with work(
        carrier or actor, did, contest_id=sheet.contest_id, subject=f"sheet {sheet.id}",
        tell=told, rev=sheet.rev + 1, module=sheet.module_key, entrant=sheet.entrant_id,
        seat=sheet.seat, changed=changes, device=operation.device,
    ) as facts:
        if carrier:
            facts["carried_for"] = actor.name
        units = None
        if is_submit:
            total = rules.sheet_sum(module, plan_now.plan.rounding, points)
            units = rules.whole_units(total)
        if operation.device_id:
            note_sender(operation.device_id, actor.user_id, operation.device, clock.now())
        at = add_revision(
            actor, sheet, kind, marks, plan_now.version_id, op_id=operation.op_id,
            fingerprint=sent, units=units, device=operation.device,
            entered_at=operation.entered_at, device_id=operation.device_id,
            device_seq=operation.device_seq, signed=signed,
        )
        if is_submit and not is_practice:
            facts["units"] = units
            if kind == "submit":
                count_marks(sheet.contest_id)
        if not is_practice:
            # Also of a draft: nobody changes the rules alone who has seen the first marks.
            freeze_plan(plan_now)
        return answer_to(
            module, plan_now.plan.rounding, marks, points, rev=sheet.rev, state=sheet.state, at=at
        )


def hand_out_sheets(actor, contest_id, progress=iter):
    """Give every panel its sheets in the contest's stage; returns how many were added.

    Run it again for late entrants or after a change of panels: a sheet that somebody has begun
    is never touched. Conflict when a panel or the draw for blind modules is still missing.
    """
    contest = get_contest(contest_id)
    rules.check_contest_open(contest)
    plan = plan_in_force(contest_id).plan
    codes = queries.blind_codes(contest_id, contest.stage)
    modules = [m for m in plan.modules_of_stage(contest.stage) if m.entry == "sheets"]
    rules.check_draw_held(codes, [module for module in modules if module.blind])
    entrants = _competing(contest_id, codes)
    seats = people.seats(contest_id)
    with work(actor, "sheets.hand_out", contest_id=contest_id, subject=contest.stage) as facts:
        facts["moved"] = {}
        facts["added"] = {
            module.key: _hand_out(
                contest_id, module, entrants, seats.get(module.key, []), codes, facts["moved"]
            )
            for module in progress(modules)
        }
        for module in modules:
            _hand_out_practice(contest_id, module, entrants, codes)
    return sum(facts["added"].values())


def _competing(contest_id, codes):
    """Who gets sheets: entrants who take part, and once the draw is held only those in it."""
    states = people.entrant_states(contest_id)
    return [
        Member(entrant.id, entrant.organisation_id, entrant.organisation.name)
        for entrant in people.list_entrants(contest_id)
        if (not codes or entrant.id in codes)
        and states.get((entrant.id, ""), "normal") in ("normal", "not_finished")
    ]


def _hand_out(contest_id, module, entrants, seats, codes, moved):
    rules.check_seats_held(module, {seat.seat for seat in seats})
    # Holders of the seats, panel after panel; those behind them step in on any panel of the module.
    avoids = people_recusals.avoided(contest_id)
    judges = [
        Member(
            seat.judge_id, seat.judge.organisation_id, avoids=avoids.get(seat.judge_id, frozenset())
        )
        for seat in sorted(seats, key=lambda seat: seat.seat)
    ]
    wanted = assign(entrants, judges, module.seats, both_names(module))
    there = queries.sheets_by_entrant(contest_id, module.key)
    given = queries.sheets_given(contest_id)
    rows, added = [], 0
    for entrant_id, row in wanted.items():
        sheets = there.get(entrant_id, {})
        begun = {
            seat: sheet.judge_id for seat, sheet in sheets.items()
            if sheet.rev > 0 or sheet.id in given
        }
        final = rules.keep_begun(row, begun)
        for seat, judge_id in enumerate(final, start=1):
            old = sheets.get(seat)
            if old is not None and old.judge_id == judge_id:
                continue
            if old is not None:
                moved[f"sheet {old.id}"] = {"old": old.judge_id, "new": judge_id}
                db.session.delete(old)
            added += old is None
            rows.append(
                Sheet(contest_id=contest_id, module_key=module.key, entrant_id=entrant_id,
                      judge_id=judge_id, seat=seat, marks={})
            )
    _add_sheets(rows, module, codes)
    return added


def _hand_out_practice(contest_id, module, entrants, codes):
    """The same sheets for the module's trainees; none of them is waited for or counts."""
    avoids = people_recusals.avoided(contest_id)
    held = queries.practice_sheets(contest_id, module.key)
    rows = [
        Sheet(contest_id=contest_id, module_key=module.key, entrant_id=entrant.id,
              judge_id=seat.judge_id, seat=seat.seat, marks={})
        for seat in people.trainees(contest_id).get(module.key, [])
        for entrant in entrants
        if (entrant.id, seat.seat) not in held and suits(
            Member(seat.judge_id, seat.judge.organisation_id,
                   avoids=avoids.get(seat.judge_id, frozenset())), entrant,
        )
    ]
    _add_sheets(rows, module, codes)


def _add_sheets(rows, module, codes):
    # A sheet's number stands in its judge's addresses: it follows the starting order, which judges
    # know, and never the list of entrants, which would tell who is behind a code. In an open module
    # it is the other way round: names are known there, and the starting order must not be.
    orders = {key: order for key, (_, order) in codes.items()} if module.blind else {}
    rows.sort(key=lambda sheet: (orders.get(sheet.entrant_id, sheet.entrant_id), sheet.seat))
    # Changed sheets go first: a judge who moves to another seat may hold only one sheet at a time.
    db.session.flush()
    db.session.add_all(rows)
    db.session.flush()


@signals.codes_replaced.connect
def take_back_sheets(sender, contest_id, stage):
    """Take back a stage's untouched sheets before its codes change, within the draw's own work.

    They would keep their numbers, by which old and new codes could be told together. Conflict when
    a sheet was written on, also when its marks were taken back again.
    """
    plan = plan_in_force(contest_id).plan
    keys = [module.key for module in plan.modules_of_stage(stage)]
    rules.check_none_begun(queries.has_begun_sheets(contest_id, keys))
    db.session.execute(
        delete(Sheet).where(Sheet.contest_id == contest_id, Sheet.module_key.in_(keys))
    )


@signals.organisations_changed.connect
def pass_on_sheets(sender, contest_id, facts):
    """Give untouched sheets of own people to other judges of the panel, within the sender's work.

    One that was written on stays where it is, for the chief judge to strike out or to give away.
    """
    db.session.flush()
    for sheet in neutral_queries.own_sheets(contest_id):
        judge = neutral_queries.find_successor(sheet) if sheet.rev == 0 else None
        if judge is None:
            continue
        facts[f"sheet {sheet.id}"] = {"old": sheet.judge.name, "new": judge.name}
        hand_over(sheet, judge, "recusal")

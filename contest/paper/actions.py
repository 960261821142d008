"""Taking in sheets on paper, typing them in twice, and deciding where the two differ."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.i18n import N_
from contest.judging import neutral_queries
from contest.judging import queries as judging
from contest.judging import rules as judging_rules
from contest.judging.ledger import add_revision, count_marks
from contest.paper import queries, rules
from contest.paper.models import PaperEntry, PaperOutcome, PaperSheet
from contest.setup.freezing import freeze_plan
from contest.setup.queries import get_contest, plan_in_force
from contest.setup.rules import check_still_counts

PAPER = "paper"  # the device of a revision that was typed in from paper


def take_in(actor, contest_id, sheet_ids):
    """Say that sheets were marked on paper and wait for two clerks; returns how many are new.

    All or none: Invalid names the first that is not of this contest, or takes no marks now.
    """
    sheets = [_taken_in(contest_id, sheet_id) for sheet_id in sorted(set(sheet_ids))]
    new = [sheet for sheet in sheets if queries.open_paper(sheet.id) is None]
    if not new:
        return 0
    numbers = [rules.number_of(sheet.id) for sheet in new]
    with work(
        actor, "paper.take_in", contest_id=contest_id, subject=f"{len(new)}", papers=numbers
    ):
        for sheet in new:
            _add_paper(actor, sheet)
    return len(new)


def _taken_in(contest_id, sheet_id):
    """A sheet that may be marked on paper, locked; Invalid names its number."""
    try:
        sheet = _lock(contest_id, sheet_id)
        judging_rules.check_open(sheet.state)
    except (Missing, judging_rules.Closed) as why:
        sentence = N_("%(number)s cannot be taken in: %(why)s")
        params = {"number": rules.number_of(sheet_id), "why": why.message}
        raise Invalid(sentence, fields={"numbers": Invalid(sentence, **params)}, **params) from why
    return sheet


def _lock(contest_id, sheet_id):
    queries.get_sheet(contest_id, sheet_id)
    judging.lock_contest_of(sheet_id)
    sheet = judging.lock_sheet(sheet_id)
    contest = get_contest(contest_id)
    judging_rules.check_contest_open(contest)
    check_still_counts(plan_in_force(contest_id).plan, contest.stage, sheet.module_key)
    return sheet


def _told(sheet):
    return {
        "contest_id": sheet.contest_id, "subject": f"sheet {sheet.id}", "module": sheet.module_key,
        "entrant": sheet.entrant_id, "seat": sheet.seat, "number": rules.number_of(sheet.id),
    }


def _add_paper(actor, sheet):
    judging_rules.check_open(sheet.state)
    paper = PaperSheet(
        contest_id=sheet.contest_id, sheet_id=sheet.id, number=queries.latest_number(sheet.id) + 1,
        base_rev=sheet.rev, by_id=actor.user_id, at=clock.now(),
    )
    db.session.add(paper)
    db.session.flush()
    return paper


def type_in(actor, contest_id, sheet_id, typed):
    """Store what one clerk read on a paper; the second time, what agrees is handed in at once.

    typed: {aspect: texts}. Invalid names each bad field; NotAllowed for a judge of the module, and
    for who typed it in before. What comes back says nothing of the other clerk's figures.
    """
    sheet = _lock(contest_id, sheet_id)
    force = plan_in_force(contest_id)
    module = queries.module_on(force, sheet)
    marks, unclear = rules.read_typed(module, typed)
    if _is_sent_twice(actor, sheet, marks):
        return
    paper = queries.open_paper(sheet.id)
    entered_by = [entry.by_id for entry in paper.entries] if paper else []
    check_may_type(actor.user_id, sheet, entered_by)
    if paper is not None:
        rules.check_waits_for_clerk(queries.state_now(paper))
    did = "paper.second" if entered_by else "paper.first"
    is_agreed = False
    told = signals.marks_changed if entered_by and sheet.state != "reopened" else None
    with work(actor, did, tell=told, **_told(sheet)) as facts:
        paper = paper or _add_paper(actor, sheet)
        db.session.add(
            PaperEntry(
                paper_id=paper.id, place=len(entered_by) + 1, marks=marks, unclear=list(unclear),
                by_id=actor.user_id, at=clock.now(),
            )
        )
        db.session.flush()
        db.session.refresh(paper)
        if len(paper.entries) == 2 and queries.state_now(paper) == "mismatch":
            versions = queries.versions_of(paper)
            is_agreed = not rules.differing(module, versions)
        if is_agreed:
            _hand_in(actor, paper, sheet, force, module, marks, facts)
            _end(actor, paper, "agreed", rev=sheet.rev)
        facts["clerks"] = [entry.by.name for entry in paper.entries]


def _is_sent_twice(actor, sheet, marks):
    """True when this clerk's last act on the sheet's paper was this very one."""
    paper = queries.latest_paper(sheet.id)
    if paper is None or (paper.outcome is not None and paper.outcome.rev != sheet.rev):
        return False
    return any(entry.by_id == actor.user_id and entry.marks == marks for entry in paper.entries)


def check_may_type(user_id, sheet, entered_by):
    """NotAllowed for a judge of the module, and for whoever typed this paper in before."""
    judges = queries.judges_of_module(sheet.contest_id, sheet.module_key)
    rules.check_clerk(user_id, judges, entered_by)


def _hand_in(actor, paper, sheet, force, module, marks, facts, reason=""):
    """The next revision of the sheet, named as coming from paper with everybody who read it."""
    judging_rules.check_open(sheet.state)
    if not neutral_queries.is_neutral(sheet):
        raise Conflict(
            "The judge of this sheet may not mark this contestant: the chief judge gives it to another."
        )
    points = judging_rules.points_by_aspect(module, marks)
    judging_rules.check_complete(module, points)
    units = judging_rules.whole_units(judging_rules.sheet_sum(module, force.plan.rounding, points))
    kind = judging_rules.ledger_kind(sheet.state, "submit")
    clerks = "，".join(entry.by.name for entry in paper.entries)
    facts.update(
        kind=kind, units=units, rev=sheet.rev + 1, device=PAPER,
        changed=judging_rules.changed_marks(sheet.marks, marks),
    )
    add_revision(
        actor, sheet, kind, marks, force.version_id, units=units, device=PAPER,
        reason=f"{clerks}: {reason}" if reason else clerks,
    )
    if kind == "submit":
        count_marks(sheet.contest_id)
    freeze_plan(force)


def _end(actor, paper, kind, rev=None, choices=None, reason=""):
    db.session.add(
        PaperOutcome(
            paper_id=paper.id, kind=kind, rev=rev, choices=choices or {}, reason=reason,
            by_id=actor.user_id, at=clock.now(),
        )
    )


def settle(actor, contest_id, paper_id, choices, seen, is_chief):
    """Hand in a paper as a third person decides, aspect by aspect with a reason each.

    choices: {aspect: rules.Choice}; seen: the sheet's revision that the page showed. Invalid names
    what is not decided, NotAllowed for either clerk, Conflict when a tablet was faster.
    """
    paper = queries.get_paper(contest_id, paper_id)
    sheet = _lock(contest_id, paper.sheet_id)
    db.session.refresh(paper)
    check_may_decide(actor.user_id, paper, sheet, is_chief)
    rules.check_seen(seen, sheet.rev)
    force = plan_in_force(contest_id)
    module = queries.module_on(force, sheet)
    marks = rules.decide(module, queries.versions_of(paper), choices)
    open_keys = rules.differing(module, queries.versions_of(paper))
    kept = {
        key: {"took": choices[key].took, "reason": choices[key].reason} for key in open_keys
    }
    told = signals.marks_changed if sheet.state != "reopened" else None
    with work(actor, "paper.settle", tell=told, **_told(sheet)) as facts:
        facts["aspects"] = list(kept)
        facts["reasons"] = [choice["reason"] for choice in kept.values()]
        reason = "；".join(dict.fromkeys(facts["reasons"]))[:300]
        _hand_in(actor, paper, sheet, force, module, marks, facts, reason)
        _end(actor, paper, "decided", sheet.rev, kept, reason)
        facts["clerks"] = [entry.by.name for entry in paper.entries]


def check_may_decide(user_id, paper, sheet, is_chief):
    """NotAllowed or Conflict for whoever is not the third person of this paper."""
    rules.check_third(
        user_id, queries.judges_of_module(sheet.contest_id, sheet.module_key),
        [entry.by_id for entry in paper.entries], queries.state_now(paper), is_chief,
    )


def withdraw(actor, contest_id, paper_id, reason):
    """End a paper without handing anything in, with a reason: what the sheet holds stays."""
    paper = queries.get_paper(contest_id, paper_id)
    judging.lock_contest(contest_id)
    db.session.refresh(paper)
    rules.check_unsettled(queries.state_now(paper))
    words = judging_rules.check_reason(reason)
    with work(
        actor, "paper.withdraw", contest_id=contest_id, subject=f"sheet {paper.sheet_id}",
        number=rules.number_of(paper.sheet_id), reason=words,
    ) as facts:
        if paper.sheet is not None:
            facts.update(_told(paper.sheet))
            facts.pop("contest_id"), facts.pop("subject")
        _end(actor, paper, "withdrawn", reason=words)



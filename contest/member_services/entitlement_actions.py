"""The rule engine: honours, levels and memberships open, change and end entitlements; cases are told."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.i18n import N_
from contest.member_services import case_queries, case_rules, entitlement_rules
from contest.member_services import entitlement_queries as queries
from contest.member_services.catalogue_queries import every_service
from contest.member_services.entitlement_models import Entitlement, EntitlementEvent, StandingLevel
from contest.member_services.models import CaseEvent
from contest.member_services.moving_actions import check_duty
from contest.registry.models import Honour

PROGRAM = "rule"
FOLLOWED = N_("The file was opened anew.")
BATCH = 200  # people


def refresh(human_id, reason):
    """Bring a person's entitlements into line with what they rest on, within the caller's work.

    Entitlements by need are opened and ended by their cases, never here.
    """
    _refresh_all([(human_id, reason)])


def _refresh_all(pairs):
    """The same of several people; pairs: (person's id, reason), of one person perhaps more than one."""
    db.session.flush()
    reasons = {}
    for human_id, reason in pairs:
        reasons.setdefault(human_id, []).append(reason)
    standing = {key: one for key, one in every_service().items() if one.entitled.standing}
    queries.hold_people(reasons)
    known, today, fits = queries.Known(list(reasons)), clock.today(), []
    for human_id, said in reasons.items():
        grounds = entitlement_rules.grounds_of(
            known.honours[human_id], known.levels[human_id], known.memberships.get(human_id)
        )
        is_there = [one for one in known.open[human_id] if one.ground != "need"]
        reason = "; ".join(dict.fromkeys(one for one in said if one))
        for key, service in standing.items():
            held = [one for one in is_there if one.service_key == key]
            wanted = entitlement_rules.wanted(service, grounds)
            fits.append(_Fit(service, human_id, held, wanted, reason, today))
    # One flush for all that is opened: only then it has numbers, which the history and messages name.
    for one in fits:
        one.open()
    db.session.flush()
    for one in fits:
        one.tell()


def refresh_everybody(actor):
    """Bring everybody's entitlements into line, as after a changed entry; returns how many people.

    A batch at a time, so that nobody waits for it.
    """
    people = queries.everybody_with_grounds()
    for at in range(0, len(people), BATCH):
        batch = people[at:at + BATCH]
        with work(actor, "entitlement.refresh", subject="entitlements", count=len(batch)):
            _refresh_all([(human_id, "") for human_id in batch])
    return len(people)


class _Fit:
    """One service of one person: what is open (held) is brought to what should be (wanted).

    One that only changes is followed by the next.
    """

    def __init__(self, service, human_id, held, wanted, reason, today):
        kept = {entitlement_rules.mark(one) for one in held} & {one.mark for one in wanted}
        self.service, self.human_id, self.reason, self.today = service, human_id, reason, today
        self.gone = [one for one in held if entitlement_rules.mark(one) not in kept]
        self.new = [one for one in wanted if one.mark not in kept]
        self.opened = []  # (row, ground, what it follows or None)

    def open(self):
        """Add the new rows; they have no numbers before the next flush."""
        for ground in self.new:
            before = self.gone.pop(0) if self.gone and self.service.entitled.single else None
            row = _row(self.service, self.human_id, ground, before, self.today)
            db.session.add(row)
            self.opened.append((row, ground, before))

    def tell(self):
        """Write the history, end what is followed or gone, and tell of each."""
        for row, ground, before in self.opened:
            _tell_opened(row, ground, before, self.reason, self.today)
        for one in self.gone:
            end_entitlement(one, self.reason, self.today)


def _row(service, human_id, ground, before, today):
    return Entitlement(
        human_id=human_id, service_key=service.key, ground=ground.kind, honour_id=ground.honour_id,
        membership_id=ground.membership_id, ladder=ground.ladder, level=ground.level, amount=ground.amount,
        start_on=entitlement_rules.start_on(service, ground.since, today if before else None),
        authority=ground.authority or service.authority, follows_id=before.id if before else None,
        opened_at=clock.now(),
    )


def _tell_opened(row, ground, before, reason, today):
    if before is None:
        _note(row, "opened", reason, {"amount": row.amount})
        signals.entitlement_changed.send("opened", entitlement_id=row.id, was="", now="open")
        return
    still_holds = ground.amount is not None and (before.amount or 0) <= ground.amount
    before.end_on = max(today, entitlement_rules.day_before(row.start_on)) if still_holds else today
    before.ended_at, before.reason = clock.now(), reason
    for case in case_queries.open_on_entitlement(before.id):
        case.entitlement_id = row.id
    _note(before, "changed", reason, {"followed_by": row.id})
    _note(row, "opened", reason, {"was": before.amount, "amount": row.amount})
    signals.entitlement_changed.send("changed", entitlement_id=row.id, was="open", now="changed")


def open_by_need(case, service, who, aids, today):
    """A case was granted that opens a file of its own; returns the entitlement."""
    before = queries.find_open(case.human_id, service.key)
    row = Entitlement(
        human_id=case.human_id, service_key=service.key, ground="need", case_id=case.id, start_on=today,
        review_on=entitlement_rules.days_after(today, service.review_days) if service.review_days else None,
        authority=service.authority, aids=list(aids) or None, opened_at=clock.now(),
        follows_id=before.id if before else None,
    )
    db.session.add(row)
    db.session.flush()
    if before is not None:
        before.end_on, before.ended_at, before.reason = today, clock.now(), FOLLOWED
        _note(before, "changed", "", {"followed_by": row.id}, who)
    _note(row, "opened", "", {"aids": list(aids)}, who)
    signals.entitlement_changed.send("opened", entitlement_id=row.id, was="", now="open")
    return row


def end_entitlement(row, reason, today, who=PROGRAM, kind="ended"):
    """End an entitlement; the open cases on it are told and can only be ended too."""
    row.end_on = min(today, row.end_on) if row.end_on else today
    row.ended_at, row.reason = clock.now(), reason
    _note(row, kind, reason, {}, who)
    for case in case_queries.open_on_entitlement(row.id):
        tell_ended(case, reason)
    signals.entitlement_changed.send("ended", entitlement_id=row.id, was="open", now="ended")


def tell_ended(case, reason):
    """An open case learns that what it rests on has ended."""
    if case.ended_at is None:
        case.ended_at = clock.now()
        db.session.add(CaseEvent(
            case_id=case.id, at=clock.now(), who=PROGRAM, kind="ended", was=case.state, now=case.state,
            step_key=case.step_key, words=reason, facts={},
        ))


def _note(row, kind, words, facts, who=PROGRAM):
    db.session.add(EntitlementEvent(
        entitlement_id=row.id, kind=kind, words=words, who=who, facts=facts, at=clock.now(),
    ))


def review_file(actor, entitlement_id, continues, words):
    """Check a standing file again: it goes on for another term, or it ends with a reason (S3).

    NotAllowed for whoever may not decide the same in a case.
    """
    row = queries.get_entitlement(entitlement_id)
    for duty in _who_reviews():
        check_duty(actor, duty)
    words = case_rules.read_words(
        words, None if continues else N_("Say why the file is closed.")
    )
    with work(
        actor, "entitlement.review", subject=f"entitlement {row.id}", state=continues, reason=words
    ):
        review(row, continues, words, actor.name)
    return row


def _who_reviews():
    """The duties to which the catalogue gives the checking of files."""
    steps = (step for one in every_service().values() for step in one.steps)
    return sorted({step.who for step in steps if step.does == "review_file"})


def review(row, continues, words, who):
    """The same within a case's work. Conflict when it has ended, or is no file that is checked."""
    queries.hold_people([row.human_id])
    db.session.refresh(row)  # somebody else may have ended it, or a case opened the next one
    if row.ended_at is not None or row.review_on is None:
        raise Conflict("This file is not open any more.")
    today = clock.today()
    if not continues:
        end_entitlement(row, words, today, who, "review_ended")
        return
    row.review_on = entitlement_rules.days_after(
        today, every_service()[row.service_key].review_days or 365
    )
    _note(row, "reviewed", words, {"review_on": row.review_on.isoformat()}, who)
    signals.entitlement_changed.send("reviewed", entitlement_id=row.id, was="open", now="open")


def _on_honour(_did, honour_id, state):
    honour = db.session.get(Honour, honour_id)
    if honour.craftsman is None:
        return  # an organisation's or a team's honour opens nothing for one person
    signals.follow(_refresh_all, (honour.craftsman.human_id, honour.state_reason or honour.name))
    if state not in ("granted", "listed"):
        for case in case_queries.open_on_honour(honour_id):
            tell_ended(case, honour.state_reason)


def _on_level(_did, human_id, ladder, was, now):
    row = db.session.get(StandingLevel, (human_id, ladder))
    if not now:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(StandingLevel(
            human_id=human_id, ladder=ladder, level=now, since=clock.today()
        ))
    else:
        row.level, row.since = now, clock.today()
    signals.follow(_refresh_all, (human_id, f"{was or '–'} → {now or '–'}"))


signals.honour_changed.connect(_on_honour)
signals.level_changed.connect(_on_level)

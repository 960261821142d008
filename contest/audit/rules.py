"""How a row of the trail is read: what was done in words, and what changed from what to what."""

from dataclasses import dataclass

from contest.i18n import N_

# So many refused guests are noted in an hour; those who try more doors fill no disk by it.
GUESTS_AN_HOUR = 60
GUEST = "guest"

# What each deed is called; a deed that is not named here is shown by its own word.
DEEDS = {
    "installation.code": N_("New set-up code"),
    "installation.set_up": N_("Installation set up"),
    "session.start": N_("Signed in"),
    "session.end": N_("Signed out"),
    "session.refuse": N_("Sign-in refused"),
    "request.refused": N_("Request refused"),
    "account.add": N_("Account added"),
    "account.roles": N_("Roles changed"),
    "account.switch": N_("Account switched on or off"),
    "account.password": N_("Password changed"),
    "account.new_password": N_("One-time password given"),
    "account.language": N_("Language chosen"),
    "card.issue": N_("Card and PIN issued"),
    "card.revoke": N_("Card taken back"),
    "invitation.accept": N_("Invitation accepted"),
    "contest.create": N_("Contest created"),
    "contest.change": N_("Contest's facts changed"),
    "contest.public": N_("Contest shown or hidden"),
    "contest.stage": N_("Next stage begun"),
    "contest.step": N_("Contest moved a step"),
    "stage.open": N_("Stage opened"),
    "proposal.add": N_("Act proposed to a second person"),
    "proposal.second": N_("Proposed act seconded"),
    "proposal.decline": N_("Proposed act left undone"),
    "procedure.set": N_("Road to the results chosen"),
    "calendar.enter": N_("Calendar days entered"),
    "calendar.remove": N_("Calendar day taken out"),
    "calendar.announce": N_("Year's holidays announced"),
    "plan.write": N_("Plan changed"),
    "plan.add": N_("Plan: something added"),
    "plan.remove": N_("Plan: something removed"),
    "plan.move": N_("Plan: order changed"),
    "plan.kind": N_("Plan: kind of marking changed"),
    "plan.load": N_("Plan loaded from a preset"),
    "plan.upload": N_("Plan loaded from a file"),
    "plan.propose": N_("New version of the plan proposed"),
    "plan.approve": N_("Version of the plan approved"),
    "plan.decline": N_("Version of the plan declined"),
    "plan.discard": N_("Draft of the plan discarded"),
    "plan.in_force": N_("Plan in force"),
    "unit.invite": N_("Unit invited"),
    "unit.withdraw_invitation": N_("Invitation withdrawn"),
    "team.rename": N_("Team renamed"),
    "roster.upload": N_("Roster file read"),
    "roster.import": N_("Roster imported"),
    "entrant.add": N_("Contestant added"),
    "entrant.edit": N_("Contestant changed"),
    "entrant.remove": N_("Contestant removed"),
    "entrant.state": N_("Contestant's state changed"),
    "entrant.check_in": N_("Contestant checked in"),
    "entrant.check_in_undo": N_("Check-in taken back"),
    "judge.add": N_("Judge added"),
    "judge.edit": N_("Judge changed"),
    "judges.upload": N_("Judges' file read"),
    "judges.import": N_("Judges imported"),
    "panel.staff": N_("Panels staffed"),
    "panel.seats": N_("Seats of a panel changed"),
    "draw.hold": N_("Draw held"),
    "draw.newcomers": N_("Newcomers drawn in"),
    "judge.recuse": N_("Recusal recorded"),
    "judge.substitute": N_("Judge substituted"),
    "panel.trainee": N_("Trainee seated"),
    "panel.trainee_end": N_("Training ended"),
    "practice.draft": N_("Practice sheet saved"),
    "practice.submit": N_("Practice sheet handed in"),
    "draw.seal": N_("Secret seed sealed"),
    "draw.order": N_("Starting order drawn"),
    "draw.late": N_("Latecomers drawn into the starting order"),
    "draw.paper": N_("Paper drawn"),
    "draw.witness": N_("Draw witnessed"),
    "draw.layers": N_("Layers of codes set"),
    "codes.decode": N_("Codes decoded"),
    "theory.enter": N_("Theory score entered"),
    "theory.correct": N_("Theory score corrected"),
    "theory.clear": N_("Theory score cleared"),
    "theory.upload": N_("Score file read"),
    "theory.import": N_("Theory scores imported"),
    "sheets.hand_out": N_("Sheets handed out"),
    "sheet.draft": N_("Sheet saved"),
    "sheet.submit": N_("Sheet submitted"),
    "sheet.resubmit": N_("Sheet handed in again"),
    "sheet.reopen": N_("Sheet reopened"),
    "sheets.confirm": N_("New marks confirmed"),
    "sheet.give": N_("Sheet given to another judge"),
    "sheet.excuse": N_("Seat struck out"),
    "sheets.mark_again": N_("Panel told to mark again"),
    "sheet.flag": N_("Problem reported"),
    "sheet.flag_answer": N_("Report answered"),
    "tablet.clock": N_("Tablet's clock is wrong"),
    "penalty.add": N_("Penalty given"),
    "penalty.lift": N_("Penalty lifted"),
    "mark.adjust": N_("Mark adjusted"),
    "mark.adjust_withdraw": N_("Adjustment withdrawn"),
    "figure.data": N_("Data recorded"),
    "figure.difficulty": N_("Difficulties recorded"),
    "tie.rule": N_("Tie ruled on"),
    "results.provisional": N_("Provisional results published"),
    "results.final": N_("Final results published"),
    "key.make": N_("Signing key made"),
    "bulletin.sign": N_("Bulletin signed"),
    "chain.broken": N_("Chain found broken"),
    "chain.misfit": N_("A head was shown that is not on the chain"),
    "chain.settle": N_("Heads that are not on the chain settled"),
    "backup.fail": N_("Copy of the database failed"),
    "backup.restore": N_("Database restored from a copy"),
    "database.take_over": N_("Database taken over by a newer version"),
    "follow.fail": N_("Second place of the database not followed"),
    "results.miscounted": N_("Not published: the two scorers differ"),
    "results.uncounted": N_("Not published: the second scorer could not count"),
    "results.reopen": N_("Results reopened"),
    "results.reopen_propose": N_("Reopening of final results proposed"),
    "results.reopen_decline": N_("Reopening of final results declined"),
    "board.open": N_("Board opened"),
    "board.close": N_("Board closed"),
    "board.freeze": N_("Board frozen"),
    "board.unfreeze": N_("Freeze lifted"),
    "board.reveal": N_("Board revealed"),
    "appeal.announce": N_("Results announced"),
    "appeal.ceremony": N_("Ceremony begun"),
    "appeal.file": N_("Appeal filed"),
    "appeal.refuse": N_("Appeal refused, too late"),
    "appeal.decide": N_("Appeal decided"),
    "notice.give": N_("Public notice given"),
    "notice.extend": N_("Public notice prolonged"),
    "notice.object": N_("Objection made"),
    "notice.handle": N_("Objection taken over"),
    "notice.decide": N_("Objection decided"),
    "correction.file": N_("Correction asked for"),
    "correction.refuse": N_("Correction refused, too late"),
    "correction.sign": N_("Late correction signed"),
    "award.grant": N_("Awards granted"),
    "award.vote": N_("Committee's votes entered"),
    "registry.confirm": N_("Honours confirmed"),
    "registry.describe": N_("Craftsman's page changed"),
    "registry.revoke": N_("Honour revoked"),
    "service.apply": N_("Service applied for"),
    "service.answer": N_("Application answered"),
}

# What the facts of a row are called; others are shown by their own word.
FACT_NAMES = {
    "reason": N_("reason"),
    "status": N_("status"),
    "method": N_("method"),
    "sentence": N_("answer"),
    "entered_by": N_("way in"),
    "clerks": N_("typed in by"),
    "papers": N_("sheets on paper"),
    "device": N_("device"),
    "carried_for": N_("brought in from a file for"),
    "seconds": N_("seconds ahead"),
    "address": N_("address"),
    "name": N_("name"),
    "logins": N_("logins"),
    "role": N_("role"),
    "module": N_("module"),
    "module_key": N_("module"),
    "stage": N_("stage"),
    "seat": N_("seat"),
    "points": N_("points"),
    "marks": N_("marks"),
    "rev": N_("revision"),
    "revision": N_("revision"),
    "state": N_("state"),
    "file_name": N_("file"),
    "file_hash": N_("fingerprint of the file"),
    "note": N_("note"),
    "rows": N_("rows"),
    "new": N_("new"),
    "changed": N_("changed"),
    "unchanged": N_("unchanged"),
    "added": N_("added"),
    "aspects": N_("aspects"),
    "about": N_("about"),
    "hash": N_("fingerprint"),
    "plan_hash": N_("fingerprint of the plan"),
    "result_hash": N_("fingerprint of the results"),
    "seed": N_("seed"),
    "whom": N_("from whom"),
    "relation": N_("relation"),
    "sheets_moved": N_("sheets given to others"),
    "sheets_left": N_("sheets left"),
    "layer": N_("layer"),
    "layers": N_("layers"),
    "keepers": N_("coding judges"),
    "paper": N_("paper"),
    "spare": N_("spare"),
    "second": N_("second person"),
    "ends_at": N_("ends at"),
    "days": N_("working days"),
    "instance": N_("instance"),
    "files": N_("fingerprints of the files"),
    "outcome": N_("outcome"),
    "decision": N_("decision"),
    "late": N_("late"),
    "replaced": N_("codes replaced"),
    "source": N_("source"),
    "passed_over": N_("still open"),
    "in_spite_because": N_("why it was published all the same"),
    "proposed_by": N_("proposed by"),
    "authority": N_("authority"),
    "document": N_("document"),
    "answer": N_("answer"),
    "person": N_("person"),
    "corrected": N_("corrected"),
    "moved": N_("given to another judge"),
    "entrants": N_("contestants"),
    "entrant": N_("contestant"),
    "was": N_("before"),
    "now": N_("now"),
    "order": N_("order"),
    "kind": N_("kind"),
    "weight": N_("weight"),
    "places": N_("decimal places"),
    "figures": N_("figures counted twice"),
    "ledger": N_("fingerprint of the ledger"),
    "differences": N_("differences"),
    "problem": N_("problem"),
    "act": N_("act"),
    "size": N_("how many"),
    "count": N_("how many"),
    "counts": N_("what does not fit"),
    "by": N_("checked by"),
    "draw": N_("draw"), "key": N_("key"), "heads": N_("heads"),
}
# Later areas say in words what the keys in their own facts mean: fact's name -> {key: words}.
VALUES_OF = {
    "kind": {
        "codes": N_("codes"), "order": N_("order"), "paper": N_("paper"),
        "off": N_("day off"), "on": N_("working day"),
    },
}
# What a person typed is shown as it was typed, even where it looks like a key.
TYPED = frozenset({
    "faults", "reason", "note", "answer", "decision", "document", "authority", "relation", "source", "name",
    "paper_figure", "text", "minutes", "screen", "proposed_by", "second", "person", "clerks", "carried_for",
    "keepers", "question", "in_spite_because", "names_ground", "factor_ground",
})
# What the program calls itself in `who` where no person acted.
PROGRAM_NAMES = {
    GUEST: N_("guest"),
    "set-up": N_("set-up"),
    "sign-in": N_("sign-in"),
    "chain": N_("chain"),
    "backup": N_("backup"),
    "admission card": N_("admission card"),
    "command line": N_("command line"),
    "public form": N_("public form"),
    "rule": N_("by rule"),
    "timer": N_("timer"),
    "webhooks": N_("webhooks"),
}
# Keys that stand in rows as values, in words; what a person typed is shown as it was typed.
# "final" is left out: it may be the state of a contest or the key of a stage.
VALUE_NAMES = {
    "order": N_("order"),
    "normal": N_("Competing"),
    "absent": N_("Absent"),
    "withdrawn": N_("Withdrawn"),
    "disqualified": N_("Disqualified"),
    "not_finished": N_("Not finished"),
    "empty": N_("Not started"),
    "draft": N_("In progress"),
    "submitted": N_("Handed in"),
    "reopened": N_("Reopened"),
    "resubmitted": N_("Handed in again"),
    "excused": N_("Struck out"),
    "setup": N_("Set-up"),
    "registration": N_("Registration"),
    "scoring": N_("Scoring"),
    "collected": N_("All sheets in"),
    "review": N_("Review"),
    "decoded": N_("Decoded"),
    "provisional": N_("Provisional results"),
    "notice": N_("Public notice"),
    "archived": N_("Archived"),
    "scored": N_("Scored"),
    "organiser": N_("Organiser"),
    "contact": N_("Unit contact"),
    "judge": N_("Judge"),
    "chief_judge": N_("Chief judge"),
    "coding_judge": N_("Coding judge"),
    "supervisor": N_("Supervisor"),
    "clerk": N_("Clerk"),
    "host": N_("Ceremony host"),
    "curator": N_("Registry curator"),
    "service_officer": N_("Service officer"),
    "listed": N_("Listed"),
    "revoked": N_("Revoked"),
    "applied": N_("Applied"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "done": N_("Done"),
}
ROWS_A_PAGE = 50
HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Change:
    """One fact of a row: its name, and its value, its values before and after, or stored sentences."""

    name: str
    value: str = ""
    old: str | None = None
    new: str | None = None
    sentences: tuple = ()

    @property
    def is_fingerprint(self):
        """True for what only a machine compares."""
        texts = (self.value, self.old, self.new)
        return any(text and len(text) == 64 and not set(text) - HEX for text in texts)

    @property
    def is_pair(self):
        """True when the fact has a value before and one after."""
        return self.old is not None or self.new is not None


def changes_of(facts):
    """The facts of a row for reading: `old` with `new` as one change, dicts of both key by key."""
    rest = dict(facts or {})
    found = []
    if "old" in rest or "new" in rest:
        found += _pairs(rest.pop("old", None), rest.pop("new", None))
    for name, value in rest.items():
        if isinstance(value, list) and value and all(map(_is_sentence, value)):
            found.append(Change(name, sentences=tuple(value)))
        elif _is_pair(value):
            found.append(Change(name, old=words(value.get("old")), new=words(value.get("new"))))
        elif isinstance(value, dict) and value and all(map(_is_pair, value.values())):
            # What a list corrected, by entry number or login.
            found += [
                Change(one, old=words(pair.get("old")), new=words(pair.get("new")))
                for one, pair in value.items()
            ]
        else:
            found.append(Change(name, value=words(value)))
    return found


def _is_sentence(value):
    return isinstance(value, dict) and value.keys() == {"message", "params"}


def _is_pair(value):
    return isinstance(value, dict) and bool(value) and value.keys() <= {"old", "new"}


def _pairs(old, new):
    if not isinstance(old, dict) and not isinstance(new, dict):
        return [Change("", old=words(old), new=words(new))]
    old, new = _as_dict(old), _as_dict(new)
    names = [*old, *(name for name in new if name not in old)]
    return [
        Change(name, old=words(old.get(name)), new=words(new.get(name)))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _as_dict(value):
    if isinstance(value, dict):
        return value
    return {} if value is None else {"": value}


def without_tokens(path, arguments):
    """A path as the trail may keep it: of each token only the first letters."""
    for value in arguments.values():
        if isinstance(value, str) and len(value) > 8:
            path = path.replace(value, value[:4] + "…")
    return path


def words(value):
    """A value as text: lists with commas, nested facts as `name: value`, nothing as a dash."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {words(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(words(inner) for inner in value)
    return str(value)

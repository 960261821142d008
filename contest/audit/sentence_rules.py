"""What somebody did as a sentence without its subject; the name stands before it on the page.

The words in %(...)s come from the row: about, number, module, seat, stage, panel, scope, points, count.
"""

from contest.i18n import N_

SENTENCES = {
    "installation.code": N_("Made a new set-up code"),
    "installation.set_up": N_("Set the installation up"),
    "session.start": N_("Signed in"),
    "session.end": N_("Ended a session"),
    "session.refuse": N_("Was refused when signing in as %(about)s"),
    "request.refused": N_("Was refused at %(about)s"),
    "account.add": N_("Added the account %(about)s"),
    "account.roles": N_("Changed the roles of %(about)s"),
    "account.switch": N_("Switched the account %(about)s on or off"),
    "account.password": N_("Changed the own password"),
    "account.new_password": N_("Gave %(about)s a one-time password"),
    "account.language": N_("Chose the language of the pages"),
    "card.issue": N_("Issued cards and PINs to %(about)s"),
    "card.revoke": N_("Took the card of %(about)s back"),
    "invitation.accept": N_("Accepted the invitation"),
    "contest.create": N_("Created the contest"),
    "contest.change": N_("Changed the facts of the contest"),
    "contest.public": N_("Showed the contest to the public, or hid it"),
    "contest.stage": N_("Chose the stage that is being held"),
    "contest.step": N_("Moved the contest a step"),
    "stage.open": N_("Opened the next stage: %(stage)s"),
    "proposal.add": N_("Proposed an act to a second person"),
    "proposal.second": N_("Seconded a proposed act"),
    "proposal.decline": N_("Left a proposed act undone"),
    "procedure.set": N_("Chose the road from the scores to final results"),
    "review.draw": N_("Drew the sheets for the review"),
    "review.check": N_("Checked a sheet again"),
    "review.state": N_("Stated why the figures of a sheet stand"),
    "signature.add": N_("Signed for sheets"),
    "calendar.enter": N_("Entered days into the calendar: %(about)s"),
    "calendar.remove": N_("Took %(about)s out of the calendar"),
    "calendar.announce": N_("Entered the holidays of %(about)s as announced"),
    "plan.write": N_("Changed the plan at %(about)s"),
    "plan.add": N_("Added to the plan at %(about)s"),
    "plan.remove": N_("Removed from the plan at %(about)s"),
    "plan.move": N_("Changed the order of the plan at %(about)s"),
    "plan.kind": N_("Changed the kind of marking at %(about)s"),
    "plan.load": N_("Took the plan from an earlier version"),
    "plan.upload": N_("Took the plan from a file"),
    "plan.propose": N_("Proposed a new version of the plan"),
    "plan.approve": N_("Approved the proposed version of the plan"),
    "plan.decline": N_("Declined the proposed version of the plan"),
    "plan.discard": N_("Discarded the draft of the plan"),
    "plan.in_force": N_("Put a version of the plan in force"),
    "unit.invite": N_("Invited the unit %(about)s"),
    "unit.withdraw_invitation": N_("Withdrew the invitation of %(about)s"),
    "team.rename": N_("Gave a team another name"),
    "roster.upload": N_("Uploaded the roster file %(about)s"),
    "roster.import": N_("Imported the roster from %(about)s"),
    "entrant.add": N_("Added the contestant %(about)s"),
    "entrant.edit": N_("Changed the entry of contestant %(about)s"),
    "entrant.remove": N_("Removed the contestant %(about)s"),
    "entrant.state": N_("Changed the state of contestant %(about)s"),
    "entrant.check_in": N_("Checked the contestant %(about)s in"),
    "entrant.check_in_undo": N_("Took the check-in of %(about)s back"),
    "judge.add": N_("Added the judge %(about)s"),
    "judge.edit": N_("Changed the judge %(about)s"),
    "judges.upload": N_("Uploaded the judges' file %(about)s"),
    "judges.import": N_("Imported the judges from %(about)s"),
    "panel.staff": N_("Staffed the panels"),
    "panel.seats": N_("Changed the seats of the panel of %(module)s"),
    "draw.hold": N_("Held the draw of %(stage)s"),
    "draw.newcomers": N_("Drew newcomers into %(stage)s"),
    "judge.recuse": N_("Recorded from whom a judge keeps away"),
    "judge.substitute": N_("Let another judge take over"),
    "panel.trainee": N_("Seated a trainee beside the panel of %(module)s"),
    "panel.trainee_end": N_("Ended a training in %(module)s"),
    "practice.draft": N_("Saved a practice sheet in %(module)s"),
    "practice.submit": N_("Handed in a practice sheet in %(module)s"),
    "draw.seal": N_("Sealed a secret seed for a draw of %(stage)s"),
    "draw.order": N_("Drew the starting order of %(stage)s"),
    "draw.late": N_("Drew latecomers into the starting order of %(stage)s"),
    "draw.paper": N_("Drew the paper of %(stage)s"),
    "draw.witness": N_("Signed for a draw of %(stage)s"),
    "draw.layers": N_("Set the layers of codes"),
    "codes.decode": N_("Decoded a layer of the codes of %(stage)s"),
    "theory.enter": N_("Entered the score of %(about)s in %(module)s"),
    "theory.correct": N_("Corrected the score of %(about)s in %(module)s"),
    "theory.clear": N_("Cleared the score of %(about)s in %(module)s"),
    "theory.upload": N_("Uploaded the score file %(about)s for %(module)s"),
    "theory.import": N_("Imported the scores of %(module)s from %(about)s"),
    "sheets.hand_out": N_("Handed the sheets out to the panels"),
    "sheet.draft": N_("Saved marks of %(about)s in %(module)s, seat %(seat)s"),
    "sheet.submit": N_("Handed in the sheet of %(about)s in %(module)s, seat %(seat)s"),
    "sheet.resubmit": N_("Handed in again the sheet of %(about)s in %(module)s, seat %(seat)s"),
    "sheets.confirm": N_("Confirmed the new marks of %(about)s in %(module)s"),
    "sheet.reopen": N_("Reopened the sheet of %(about)s in %(module)s, seat %(seat)s"),
    "sheet.give": N_("Gave the sheet of %(about)s in %(module)s, seat %(seat)s, to another judge"),
    "sheet.excuse": N_("Struck out the sheet of %(about)s in %(module)s, seat %(seat)s"),
    "sheet.flag": N_("Reported a problem with %(about)s in %(module)s, seat %(seat)s"),
    "sheet.flag_answer": N_("Answered the report about %(about)s in %(module)s"),
    "tablet.clock": N_("Works on tablet %(number)s, whose clock is wrong"),
    "tablet.total": N_("Tablet %(number)s handed in what the server does not hold"),
    "tablet.excuse": N_("Excused tablet %(number)s from what it had not sent"),
    "tablet.settle": N_("Settled that tablet %(number)s handed in otherwise than the server holds"),
    "sheets.mark_again": N_("Had the panel mark %(about)s again in %(module)s"),
    "paper.take_in": N_("Took in sheets on paper: %(about)s"),
    "paper.first": N_("Typed in the paper of %(about)s in %(module)s, seat %(seat)s"),
    "paper.second": N_("Typed in as second clerk the paper of %(about)s in %(module)s, seat %(seat)s"),
    "paper.settle": N_("Decided what the paper of %(about)s in %(module)s says, seat %(seat)s"),
    "paper.photo": N_("Kept photographs of the paper of sheet %(number)s"),
    "paper.withdraw": N_("Withdrew the paper of %(about)s in %(module)s"),
    "penalty.add": N_("Took %(points)s off %(about)s in %(scope)s"),
    "penalty.lift": N_("Lifted the penalty of %(points)s on %(about)s in %(scope)s"),
    "mark.adjust": N_("Adjusted the mark of %(about)s in %(module)s"),
    "mark.adjust_withdraw": N_("Withdrew the adjustment of %(about)s in %(module)s"),
    "figure.data": N_("Recorded data: %(about)s"),
    "figure.difficulty": N_("Recorded difficulties in %(module)s"),
    "tie.rule": N_("Ruled on a tie in %(stage)s"),
    "review.seal": N_("Sealed the secret part of the seed for the review"),
    "sample.seal": N_("Sealed the secret part of the seed for the comparison with paper"),
    "sample.draw": N_("Drew the sheets that are compared with their paper"),
    "key.make": N_("Made a new signing key, %(about)s"),
    "bulletin.sign": N_("Signed the bulletin of %(stage)s"),
    "chain.broken": N_("Found the chain of the contest broken"),
    "chain.misfit": N_("Showed a head (%(about)s) that is not on the chain"),
    "chain.settle": N_("Confirmed that these heads are not on the chain for a known reason: %(about)s"),
    "backup.fail": N_("Could make no copy of the database"),
    "backup.restore": N_("Put the copy %(about)s in the place of the database"),
    "database.take_over": N_("Took the database over into a newer version of the program"),
    "follow.fail": N_("Could not bring the database to the second place"),
    "results.provisional": N_("Published provisional results of %(stage)s"),
    "results.final": N_("Made the results of %(stage)s final"),
    "results.reopen": N_("Took the published results back"),
    "results.reopen_propose": N_("Proposed to take the final results of %(stage)s back"),
    "results.reopen_decline": N_("Declined to take the final results back"),
    "board.open": N_("Opened the public board"),
    "board.close": N_("Closed the public board"),
    "board.freeze": N_("Froze the board"),
    "board.unfreeze": N_("Lifted the freeze of the board"),
    "board.reveal": N_("Revealed the board"),
    "appeal.announce": N_("Announced the results of %(stage)s"),
    "appeal.ceremony": N_("Stated that the ceremony began"),
    "appeal.file": N_("Filed appeal %(number)s"),
    "appeal.vouch": N_("Vouched for the paper of appeal %(number)s, which was typed in late"),
    "appeal.refuse": N_("Was refused an appeal that came too late"),
    "appeal.decide": N_("Decided on appeal %(number)s"),
    "notice.give": N_("Gave public notice %(number)s of the list"),
    "notice.extend": N_("Prolonged public notice %(number)s"),
    "notice.object": N_("Made objection %(number)s to the notice"),
    "notice.handle": N_("Took over objection %(number)s"),
    "notice.decide": N_("Decided on objection %(number)s"),
    "correction.file": N_("Asked for a correction of the results"),
    "correction.refuse": N_("Was refused a correction that came too late"),
    "correction.sign": N_("Signed a late correction"),
    "award.leave_out": N_("Stated that no prizes are given"),
    "award.grant": N_("Granted the awards"),
    "award.vote": N_("Entered the committee's votes"),
    "registry.confirm": N_("Confirmed honours for the register"),
    "registry.describe": N_("Changed the page of craftsman %(about)s"),
    "registry.revoke": N_("Revoked an honour"),
    "service.apply": N_("Applied for a member service"),
    "service.answer": N_("Answered an application for a member service"),
}
# A deed that has no sentence is shown by its own word.
OTHER = N_("%(deed)s: %(about)s")

# Facts that serve whoever has to prove something: shown when they are asked for.
DETAILS = (
    "device", "address", "method", "status", "entered_by", "rev", "revision", "hash", "file_hash",
    "plan_hash", "result_hash", "seed", "secret", "public", "logins",
)
# Numbers of rows in tables, which say nothing to anybody; the sentence names what they stand for.
NUMBERS = (
    "entrant", "units", "penalty", "sheets", "application", "contest", "session", "result_sheet",
    "awards", "organisation", "number", "module", "module_key", "seat", "panel", "scope",
)
# What one act of a person leaves before its own row, seen from that: saving before handing in,
# reading a file before importing it.
BEFORE = {
    "sheet.submit": {"sheet.draft"},
    "sheet.resubmit": {"sheet.draft"},
    "sheet.draft": {"sheet.draft"},
    "roster.import": {"roster.upload"},
    "judges.import": {"judges.upload"},
    "theory.import": {"theory.upload"},
    "request.refused": {"request.refused"},
    "session.refuse": {"session.refuse"},
}


def fold(rows):
    """Rows, newest first, in groups that are one thing a person did: lists, newest first."""
    groups, open_groups = [], {}
    for row in rows:
        about = row.subject, row.contest_id
        who = row.who, row.user_id
        group = open_groups.get(about)
        if group and (group[0].who, group[0].user_id) == who and row.did in BEFORE.get(
            group[-1].did, ()
        ):
            group.append(row)
            continue
        group = [row]
        groups.append(group)
        # Whatever happened to the same thing in between ends what can be taken together.
        open_groups[about] = group
    return groups


def facts_of(group):
    """The facts of a group as one: of what changed the first value before and the last one after."""
    facts = dict(group[0].facts or {})
    changed = {}
    for row in reversed(group):
        for key, pair in ((row.facts or {}).get("changed") or {}).items():
            old, new = (pair["old"], pair["new"]) if isinstance(pair, dict) else pair
            changed[key] = {"old": changed.get(key, {"old": old})["old"], "new": new}
    changed = {key: pair for key, pair in changed.items() if pair["old"] != pair["new"]}
    if "changed" in facts:
        facts["changed"] = changed
    return facts


def about_of(row, most=4):
    """What a row is about, as text; of many accounts the first few and how many there are."""
    logins = (row.facts or {}).get("logins") or []
    if len(logins) > most:
        return f"{', '.join(logins[:most])} … ({len(logins)})"
    return row.subject or "–"


def number_of(row):
    """The number or name behind the noun of what a row is about: 3 of “appeal 3”."""
    return row.subject.rpartition(" ")[2]


def shown_facts(facts):
    """What a person wants to see of the facts: neither evidence nor numbers of rows nor nothing."""
    pair = ("old", "new")
    shown = {
        key: value for key, value in facts.items()
        if key not in DETAILS and key not in NUMBERS
        and (key in pair or value not in (None, "", [], {}))
    }
    if {"was", "now"} <= shown.keys() and not shown.keys() & set(pair):
        was, now = shown.pop("was"), shown.pop("now")
        if isinstance(was, dict) or isinstance(now, dict):
            return {"old": was, "new": now, **shown}
        return {"now": {"old": was, "new": now}, **shown}  # by its name: its states have words of their own
    return shown

"""How the trail calls what is done here; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_
from contest.member_services import case_rules, catalogue_rules, item_rules

DEEDS.update({
    "entitlement.refresh": N_("Entitlements brought into line"),
    "service.move": N_("Case moved"),
    "service.look": N_("Case opened by the office"),
    "service.note": N_("Note on a case"),
    "service.write": N_("Message about a case"),
    "service.feedback": N_("Feedback on a case"),
    "service.file": N_("File added to a case"),
    "service.payments": N_("List of payments taken"),
    "service.benefits": N_("Monthly benefits paid"),
    "service.benefit_back": N_("A month's transfer came back"),
    "service.came_back": N_("A transfer came back"),
    "service.book": N_("Another time booked"),
    "service.assign": N_("Case given to somebody"),
    "service.link": N_("Person of a case found"),
    "service.remind": N_("Reminders of cases sent"),
    "service.version": N_("Entry of the catalogue changed"),
    "service.setting": N_("Figure of a region entered"),
    "service.duty": N_("Somebody named for a duty"),
    "service.duty_end": N_("Duty ended"),
    "service.budget": N_("Unit's budget entered"),
    "service.contribution": N_("Contribution entered"),
    "service.contributions": N_("List of contributions taken in"),
    "service.contribution_back": N_("Contribution taken back"),
    "entitlement.review": N_("Standing file checked"),
    "member.end": N_("Membership ended"),
    "member.goal": N_("Number of workers entered"),
    "register.open": N_("Register opened"),
    "register.add": N_("Lines added to a register"),
    "register.topic": N_("Topic made in a register"),
    "register.move": N_("Line of a register changed"),
    "register.close": N_("Register closed"),
    "station.save": N_("Station saved"),
    "slot.save": N_("Time offered"),
    "slot.cancel": N_("Time called off"),
    "slot.attend": N_("Attendance noted"),
})
SENTENCES.update({
    "entitlement.refresh": N_("Brought entitlements into line with honours, levels and memberships"),
    "service.move": N_("Moved a case of a member service"),
    "service.look": N_("Opened the case %(about)s"),
    "service.note": N_("Wrote a note on a case"),
    "service.write": N_("Wrote about an own case"),
    "service.feedback": N_("Said how a service went"),
    "service.file": N_("Added a file to a case"),
    "service.payments": N_("Took the list of what is to be paid"),
    "service.benefits": N_("Wrote down that a month of benefits was paid"),
    "service.benefit_back": N_("Wrote down that the transfer of a month of benefits came back"),
    "service.came_back": N_("Wrote down that the transfer of a case came back"),
    "service.book": N_("Booked another time instead of one that was called off"),
    "service.assign": N_("Gave a case to somebody"),
    "service.link": N_("Said whose case it is"),
    "service.remind": N_("Sent reminders of cases"),
    "service.version": N_("Changed the entry %(about)s of the catalogue"),
    "service.setting": N_("Entered a figure for the region %(about)s"),
    "service.duty": N_("Named somebody for a duty"),
    "service.duty_end": N_("Ended a duty"),
    "service.budget": N_("Entered the budget of %(about)s for its members"),
    "service.contribution": N_("Entered the contribution of a member"),
    "service.contributions": N_("Took a list of contributions in"),
    "service.contribution_back": N_("Took the contribution of a member back"),
    "entitlement.review": N_("Checked a standing file"),
    "member.end": N_("Ended a membership"),
    "member.goal": N_("Entered how many people work at %(about)s"),
    "register.open": N_("Opened the register %(about)s"),
    "register.add": N_("Added lines to the register %(about)s"),
    "register.topic": N_("Made a topic in the register %(about)s"),
    "register.move": N_("Changed a line of the register %(about)s"),
    "register.close": N_("Closed the register %(about)s"),
    "station.save": N_("Saved the station %(about)s"),
    "slot.save": N_("Offered a time to be booked"),
    "slot.cancel": N_("Called a time off"),
    "slot.attend": N_("Noted who came"),
})
FACT_NAMES.update({
    "amount": N_("amount in yuan"),
    "reminded": N_("reminded"),
    "escalated": N_("told of being late"),
    "closed": N_("closed"),
    "district": N_("district"), "on": N_("on the day"),
    "text": N_("what it says"),
    "total": N_("in all, yuan"),
    "for_members": N_("of it for members, yuan"),
    "line": N_("line of the register"), "line_state": N_("the line is now"),
    "without_contribution": N_("granted without a contribution on record for the year"),
    "for_year": N_("for the year"), "known": N_("known already"), "left_out": N_("left out"),
    "month": N_("month"), "voucher": N_("number of the voucher"),
    "human": N_("person"), "case": N_("case"), "case_state": N_("the case is now"),
})
VALUES_OF["line_state"] = item_rules.STATES
VALUES_OF["case_state"] = case_rules.STATES
for _fact in ("was", "now"):
    VALUES_OF.setdefault(_fact, {}).update(case_rules.STATES | item_rules.STATES)
VALUES_OF.setdefault("act", {}).update(case_rules.ACT_WORDS)
VALUES_OF["kind"].update(catalogue_rules.CHANNELS)
VALUES_OF["kind"].update({kind: case_rules.EVENTS[kind] for kind in ("note", "told")})

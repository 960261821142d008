"""How the trail calls what is done on the register; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_
from contest.kept_words import CHOICES, TYPED
from contest.registry import contact_rules, level_rules, life_rules, record_rules, record_words

DEEDS.update({
    "registry.describe_unit": N_("Line of life of a unit changed"),
    "registry.archive_upload": N_("List of an earlier contest read"),
    "registry.archive": N_("Earlier contest brought in"),
    "registry.archive_withdraw": N_("Earlier contest withdrawn"),
    "registry.whole": N_("Whole contest taken over from its archive"),
    "registry.whole_withdraw": N_("Whole contest withdrawn"),
    "registry.grant": N_("Honour entered"),
    "registry.list": N_("Honour listed"),
    "registry.document": N_("Document put beside an honour"),
    "registry.merge": N_("Two rows made one person"),
    "registry.split": N_("Two people parted again"),
    "registry.apart": N_("Two people told apart"),
    "registry.rename": N_("Organisation renamed"),
    "registry.upload": N_("Register's file read"),
    "registry.import": N_("Register taken in"),
    "registry.contact_ask": N_("Contact asked for"),
    "registry.contact_answer": N_("Request for contact answered"),
    "registry.picture": N_("Picture of a craftsman set"),
    "registry.picture_remove": N_("Picture of a craftsman taken off"),
    "registry.work": N_("Work or patent entered"),
    "registry.work_remove": N_("Work or patent taken out"),
    "registry.tie": N_("Master and apprentice entered"),
    "registry.tie_remove": N_("Master and apprentice taken out"),
    "registry.studio": N_("Studio saved"),
    "registry.alliance": N_("Studio's alliance set"),
    "registry.level": N_("Level confirmed"),
    "registry.level_first": N_("Level confirmed, waits for a second person"),
    "registry.level_refuse": N_("Level refused"),
    "registry.ladder": N_("Ladder put in force"),
    "registry.ladder_end": N_("Ladder taken out of force"),
    "registry.contest_level": N_("Contest's level for ladders set"),
    "registry.fact": N_("Career fact entered"),
    "registry.fact_strike": N_("Career fact struck out"),
    **record_words.DEEDS,
})
SENTENCES.update({
    "registry.describe_unit": N_("Changed the line of life of the unit %(about)s"),
    "registry.archive_upload": N_("Read the list of the earlier contest %(about)s"),
    "registry.archive": N_("Brought in the earlier contest %(about)s"),
    "registry.archive_withdraw": N_("Withdrew the earlier contest %(about)s"),
    "registry.whole": N_("Took over the whole contest %(about)s from its archive"),
    "registry.whole_withdraw": N_("Withdrew the whole contest %(about)s"),
    "registry.grant": N_("Entered the honour %(about)s"),
    "registry.list": N_("Put the honour %(about)s on the list"),
    "registry.document": N_("Put a document beside the honour %(about)s"),
    "registry.merge": N_("Made two rows one person: %(about)s"),
    "registry.split": N_("Parted two rows that had been made one: %(about)s"),
    "registry.apart": N_("Said that two rows are two people: %(about)s"),
    "registry.rename": N_("Renamed the organisation %(about)s"),
    "registry.upload": N_("Read a register from the file %(about)s"),
    "registry.import": N_("Took in a register from the file %(about)s"),
    "registry.contact_ask": N_("Asked for contact with %(about)s"),
    "registry.contact_answer": N_("Answered a request for contact with %(about)s"),
    "registry.picture": N_("Set the picture of %(about)s"),
    "registry.picture_remove": N_("Took off the picture of %(about)s"),
    "registry.work": N_("Entered a work or patent of %(about)s"),
    "registry.work_remove": N_("Took out a work or patent of %(about)s"),
    "registry.tie": N_("Entered who trained %(about)s"),
    "registry.tie_remove": N_("Took out who trained %(about)s"),
    "registry.studio": N_("Saved the studio %(about)s"),
    "registry.alliance": N_("Set the alliance of the studio %(about)s"),
    "registry.level": N_("Confirmed a level of %(about)s"),
    "registry.level_first": N_("Confirmed a level of %(about)s, as the first of two"),
    "registry.level_refuse": N_("Refused a level of %(about)s"),
    "registry.ladder": N_("Put the ladder %(about)s in force"),
    "registry.ladder_end": N_("Took the ladder %(about)s out of force"),
    "registry.contest_level": N_("Said at which level a contest counts for ladders"),
    "registry.fact": N_("Entered something about the career of %(about)s"),
    "registry.fact_strike": N_("Struck out something about the career of %(about)s"),
    **record_words.SENTENCES,
})
FACT_NAMES.update({
    "whole": N_("contest held elsewhere"), "genesis": N_("first link of the chain"),
    "head": N_("end of the chain"), "links": N_("links of the chain"),
    **life_rules.FIGURES, **record_words.FACT_NAMES,
    "ladder": N_("ladder"),
    "version": N_("version"),
    "known": N_("known already"),
    "faulty": N_("left out"),
    "kept": N_("people"),
    "honours": N_("honours"),
    "confirmed_by": N_("confirmed first by"),
    "on": N_("day"),
})
VALUES_OF.setdefault("state", {}).update(contact_rules.STATES)
VALUES_OF.setdefault("kind", {}).update(level_rules.FACTS)
TYPED.update({
    "archive_name": N_("Name of the contest"), "held_on": N_("Held on"), "source": N_("Source of the list"),
    "work_title": N_("Title of the work"), "work_number": N_("Number of the patent or record"),
    "work_on": N_("Day"),
    "studio_name": N_("Name of the studio"), "alliance_name": N_("Alliance"),
    "founded_on": N_("Founded on"), **life_rules.FIGURES,
    "employer": N_("Employer"), "asker": N_("Your name"), "purpose": N_("What it is about"),
    "consent": N_("How the person agreed"), "asked_how": N_("How the person was asked"),
    "person_name": N_("Name of the person"), "unit_name": N_("Unit"), "team_name": N_("Team or crew"),
    "honour_place": N_("Place"), "organisation_name": N_("New name"), "since": N_("Holds from"),
    **record_words.TYPED,
    "fact_number": N_("Grade, or hours"), "fact_on": N_("Day"), "ladder_text": N_("The ladder as a file"),
})
CHOICES["agrees"] = (N_("Answer"), {"yes": N_("Agreed"), "no": N_("Said no")})
CHOICES["work_kind"] = (N_("Kind"), life_rules.KINDS)
CHOICES["contest_level"] = (N_("Level of the contest"), level_rules.CONTEST_LEVELS)
CHOICES["fact_kind"] = (N_("What is entered"), level_rules.FACTS)
CHOICES["record_holder"] = (N_("Who sets it"), record_rules.HOLDERS)
CHOICES["record_what"] = (N_("What is compared"), record_rules.WHATS)
CHOICES["record_better"] = (N_("Which value is better"), record_rules.BETTERS)

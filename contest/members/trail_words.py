"""How the trail calls what is done here; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_
from contest.members import personal_rules

DEEDS.update({
    "personal.enter": N_("Identity number entered"),
    "personal.take_away": N_("Identity number taken away"),
    "personal.reveal": N_("Identity number looked at"),
    "personal.search": N_("Identity number searched for"),
    "personal.export": N_("Data of a person taken out"),
    "personal.numbers_ask": N_("File of identity numbers asked for"),
    "personal.numbers_allow": N_("File of identity numbers allowed"),
    "personal.numbers": N_("File of identity numbers taken out"),
    "personal.address": N_("Address for codes changed"),
    "personal.ask": N_("Erasure asked for"),
    "personal.erase": N_("Data of a person erased"),
    "personal.erase_nomination": N_("Nomination of somebody erased"),
    "personal.erase_whole_name": N_("Name erased from a contest from elsewhere"),
    "personal.erase_again": N_("Erasures done again after a restore"),
    "personal.retain": N_("Data erased whose time was over"),
    "personal.rotate": N_("Personal data sealed with a new key"),
    "personal.pictures": N_("Stored pictures cleaned of what cameras wrote"),
    "personal.alarm": N_("Unusually many looks at personal data"),
    "member.invite": N_("Member invited"),
    "member.uninvite": N_("Member's invitation withdrawn"),
    "member.join": N_("Member's account tied to the person"),
    "code.hand_out": N_("One-time code handed out"),
    "code.send": N_("One-time code sent"),
    "identity.link": N_("Union sign-in tied to an account"),
    "identity.unlink": N_("Union sign-in parted from an account"),
})
SENTENCES.update({
    "personal.pictures": N_("Took out of stored pictures what cameras had written into them"),
    "personal.enter": N_("Entered a person's identity number"),
    "personal.take_away": N_("Took a person's identity number away"),
    "personal.reveal": N_("Looked at a person's identity number"),
    "personal.search": N_("Searched for an identity number"),
    "personal.export": N_("Took out everything that is kept of a person"),
    "personal.numbers_ask": N_("Asked for a file of identity numbers"),
    "personal.numbers_allow": N_("Allowed a file of identity numbers"),
    "personal.numbers": N_("Took out a file of identity numbers"),
    "personal.address": N_("Changed the address for a person's codes"),
    "personal.ask": N_("Asked for the own data to be erased"),
    "personal.erase": N_("Erased a person's data"),
    "personal.erase_nomination": N_("Erased what a nomination that was never admitted says of somebody"),
    "personal.erase_whole_name": N_("Erased a name from the lists of a contest from elsewhere"),
    "personal.erase_again": N_("Erased again what a restored copy had brought back"),
    "personal.retain": N_("Erased data whose time was over"),
    "personal.rotate": N_("Sealed personal data with a new key"),
    "personal.alarm": N_("Looked at personal data unusually often"),
    "member.invite": N_("Invited a member to a page of their own"),
    "member.uninvite": N_("Withdrew a member's invitation"),
    "member.join": N_("Took up a member's invitation"),
    "code.hand_out": N_("Handed out a one-time code to %(about)s"),
    "code.send": N_("Sent a one-time code to %(about)s"),
    "identity.link": N_("Tied the union's sign-in to the own account"),
    "identity.unlink": N_("Parted the union's sign-in from an account"),
})
FACT_NAMES.update({
    "fields": N_("which data"), "subjects": N_("how many people"), "looks": N_("looks within an hour"),
    "kept": N_("what stays"), "rows": N_("rows"), "key_id": N_("number of the key"),
    "hashes": N_("SHA-256 before and after"),
})
VALUES_OF.setdefault("fields", {}).update(personal_rules.FIELDS)

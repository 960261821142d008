"""What the trail calls the deeds of this area: the committee's decisions, certificates, nominations."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_

DEEDS |= {
    "award.annul": N_("Result or award annulled"),
    "award.move_up": N_("Moved up into an empty place"),
    "award.share": N_("Awards of teams given to their members"),
    "results.annul": N_("Results published without the annulled"),
    "nomination.prepare": N_("Nomination prepared"),
    "nomination.file": N_("Scan added to a nomination"),
    "nomination.sent": N_("Nomination sent out"),
    "nomination.returned": N_("Nomination returned"),
    "nomination.granted": N_("Nomination granted"),
    "nomination.refused": N_("Nomination refused"),
    "nomination.withdrawn": N_("Nomination withdrawn"),
    "award.choose": N_("Winner named by the committee"),
    "award.pass_over": N_("Passed over by the committee"),
    "award.take_back": N_("Decision of the committee taken back"),
    "certificate.style": N_("Look of the certificates set"),
    "certificate.name": N_("Printing of a name settled"),
    "certificate.issue": N_("Certificates issued"),
    "certificate.reissue": N_("Certificate issued anew"),
    "certificate.revoke": N_("Certificate revoked"),
}
SENTENCES |= {
    "award.annul": N_("Annulled a result or an award after the grant"),
    "award.move_up": N_("Wrote down who moves up into an empty place"),
    "award.share": N_("Gave the members of teams that won their share of the award"),
    "results.annul": N_("Published the results without those that were annulled"),
    "nomination.prepare": N_("Prepared a nomination"),
    "nomination.file": N_("Added a scan to a nomination"),
    "nomination.sent": N_("Sent a nomination out"),
    "nomination.returned": N_("Wrote down that a nomination was returned"),
    "nomination.granted": N_("Wrote down that a nomination was granted"),
    "nomination.refused": N_("Wrote down that a nomination was refused"),
    "nomination.withdrawn": N_("Withdrew a nomination"),
    "award.choose": N_("Wrote down whom the committee chose"),
    "award.pass_over": N_("Wrote down whom the committee passed over"),
    "award.take_back": N_("Wrote down that the committee took a decision back"),
    "certificate.style": N_("Set the look of the certificates"),
    "certificate.name": N_("Settled how a name is printed"),
    "certificate.issue": N_("Issued certificates"),
    "certificate.reissue": N_("Issued a certificate anew"),
    "certificate.revoke": N_("Revoked a certificate"),
}
FACT_NAMES |= {
    "minutes": N_("minutes"),
    "named": N_("awards"),
    "shares": N_("shares"),
    "has_result": N_("with the result"),
    "decided_on": N_("decided on"),
    "dated": N_("dated"),
    "held": N_("held back"),
    "pictures": N_("with a picture"),
    "design": N_("design"),
    "pattern": N_("pattern"),
    "issuer": N_("issued by"),
}

"""What the trail calls the deeds of this area's certificates."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_

DEEDS |= {
    "certificate.style": N_("Look of the certificates set"),
    "certificate.name": N_("Printing of a name settled"),
    "certificate.issue": N_("Certificates issued"),
    "certificate.reissue": N_("Certificate issued anew"),
    "certificate.revoke": N_("Certificate revoked"),
}
SENTENCES |= {
    "certificate.style": N_("Set the look of the certificates"),
    "certificate.name": N_("Settled how a name is printed"),
    "certificate.issue": N_("Issued certificates"),
    "certificate.reissue": N_("Issued a certificate anew"),
    "certificate.revoke": N_("Revoked a certificate"),
}
FACT_NAMES |= {
    "held": N_("held back"),
    "pictures": N_("with a picture"),
    "design": N_("design"),
    "pattern": N_("pattern"),
    "issuer": N_("issued by"),
}

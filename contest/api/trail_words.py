"""How the trail calls what is done about tokens; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_

DEEDS.update({"token.make": N_("Token made"), "token.revoke": N_("Token revoked")})
SENTENCES.update({
    "token.make": N_("Made the token “%(about)s”"),
    "token.revoke": N_("Revoked the token “%(about)s”"),
})
FACT_NAMES.update({"scopes": N_("scopes"), "token": N_("number of the token")})

"""How the trail calls what is done here; imported by whatever writes into it."""

from contest.audit.rules import DEEDS
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_

DEEDS.update({"letter.again": N_("News told outside once more")})
SENTENCES.update({"letter.again": N_("Let what could not be told outside be tried again")})

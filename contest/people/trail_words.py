"""How the trail calls what was told to those who take part; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_
from contest.people.message_rules import AUDIENCES

DEEDS["message.send"] = N_("Message sent to those who take part")
SENTENCES["message.send"] = N_("Sent the message “%(about)s” to those who take part")
FACT_NAMES["id_numbers"] = N_("identity numbers kept")
FACT_NAMES["phones"] = N_("telephone numbers kept")
FACT_NAMES["audience"] = N_("to whom")
VALUES_OF["audience"] = AUDIENCES

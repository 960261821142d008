"""How the trail calls what is done here; imported by whatever writes into it."""

from contest.audit.rules import DEEDS, FACT_NAMES, VALUES_OF
from contest.audit.sentence_rules import SENTENCES
from contest.i18n import N_
from contest.webhooks.rules import PAUSES

DEEDS.update({
    "webhook.add": N_("Webhook added"), "webhook.test": N_("Test message sent"),
    "webhook.rotate": N_("Secret of a webhook exchanged"), "webhook.pause": N_("Webhook paused"),
    "webhook.resume": N_("Webhook goes on"), "webhook.replay": N_("Messages sent again"),
    "webhook.end": N_("Webhook ended"),
})
SENTENCES.update({
    "webhook.add": N_("Added the webhook “%(about)s”"),
    "webhook.test": N_("Sent a test message to the webhook “%(about)s”"),
    "webhook.rotate": N_("Exchanged the secret of the webhook “%(about)s”"),
    "webhook.pause": N_("Paused the webhook “%(about)s”"),
    "webhook.resume": N_("Let the webhook “%(about)s” go on"),
    "webhook.replay": N_("Sent messages again to the webhook “%(about)s”"),
    "webhook.end": N_("Ended the webhook “%(about)s”"),
})
FACT_NAMES.update({
    "webhook": N_("number of the webhook"), "topics": N_("topics"), "services": N_("services"),
    "told": N_("what is told of people"), "left_out": N_("left out"), "pause": N_("reason"),
})
VALUES_OF["pause"] = PAUSES

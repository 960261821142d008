"""Signing a contest's list of certificates with the installation's key, behind an act that changed it."""

from flask import current_app
from flask_babel import gettext

from contest.audit import signing
from contest.awards import signed_list_actions, signed_list_queries
from contest.errors import Refusal
from contest.pages import say


def sign_due(actor, contest_id):
    """Sign the list where one is due; the sentence why it could not be, or "". What was done stands."""
    if not signed_list_queries.is_due(contest_id):
        return ""
    try:
        signer = signing.open_key(current_app.config["SIGNING_KEY"], current_app.config["KEY_PASSPHRASE"])
        signed_list_actions.sign_list(actor, contest_id, signer)
    except Refusal as refused:
        return gettext("The list of certificates is not signed anew.") + " " + say(refused)
    return ""

"""The ways out that this installation's settings open: mail as for one-time codes, and a text gateway."""

import json
import smtplib

from flask import current_app

from contest import clock
from contest.members.sending import sender_of
from contest.webhooks import sending, signing_rules
from contest.webhooks.networks import networks

KIND = "sms.send"


def ways_here():
    """The ways that are set up, as a set of rules.WAYS."""
    here = current_app.config
    return {way for way, is_set in (("mail", here["CODE_SENDER"]), ("sms", here["SMS_URL"])) if is_set}


def home():
    """The address of the house's own pages for a message, or "" where it is not set."""
    base = current_app.config["ADDRESS"]
    return f"{base}/my" if base else ""


def send(way, message_id, to, subject, text):
    """Hand one message over; "" when it was taken, else why not (rules.PROBLEMS)."""
    return _mail(to, subject, text) if way == "mail" else _sms(message_id, to, text)


def _mail(to, subject, text):
    try:
        sender_of(current_app.config["CODE_SENDER"]).send(to, subject, text)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        # 5xx: never; 4xx: not now.
        return "recipient" if codes and all(code >= 500 for code in codes) else "refused"
    except smtplib.SMTPResponseException:
        return "refused"
    except TimeoutError:
        return "timeout"
    except (OSError, smtplib.SMTPException):
        return "connect"
    return ""


def _sms(message_id, to, text):
    """To the gateway as webhooks go: signed, resolved once, into no private network that is not named."""
    now, here = clock.now(), current_app.config
    body = json.dumps({
        "type": KIND, "timestamp": now.isoformat(timespec="seconds"), "data": {"to": to, "text": text},
    }, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signing_rules.headers([here["SMS_SECRET"]], message_id, int(now.timestamp()), body)
    return sending.send(here["SMS_URL"], headers, body, networks()).problem

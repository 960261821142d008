"""Which private networks this installation's settings open to messages."""

from flask import current_app


def networks():
    """The networks that CONTEST_WEBHOOK_NETWORKS names."""
    return current_app.config["WEBHOOK_NETWORKS"]

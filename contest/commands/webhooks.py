"""The command that delivers what outside systems are to be told, where no `contest serve` does it."""

import click

from contest.commands.terminal import reads, say
from contest.i18n import N_
from contest.letters import outbox_actions
from contest.webhooks import sender


@click.command("deliver")
@reads
def deliver():
    """Deliver messages of webhooks and news to people that are due; let a timer call it each minute."""
    say(N_("Delivered: %(count)s."), count=sender.deliver_once() + outbox_actions.send_once())


commands = [deliver]

"""The command that a timer calls: what is due soon or late at the service desk is told."""

import click

from contest.commands.terminal import TERMINAL, say, writes
from contest.i18n import N_
from contest.member_services import case_actions, entitlement_actions


@click.command("remind")
@writes
def remind():
    """Remind of cases that are due within a day, tell of late ones, close what nobody answered."""
    counts = case_actions.remind(TERMINAL)
    say(N_(
        "Reminded: %(reminded)s. Told of being late: %(escalated)s. Closed without an answer: %(closed)s."
    ), **counts)


@click.command("entitlements")
@writes
def refresh_entitlements():
    """Bring everybody's entitlements into line: once after an upgrade, and after an entry was changed."""
    count = entitlement_actions.refresh_everybody(TERMINAL)
    say(N_("Looked at %(count)s people."), count=count)


commands = [remind, refresh_entitlements]

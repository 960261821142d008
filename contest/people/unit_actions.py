"""Units: inviting somebody to register their people, and keeping names of units and teams right."""

from contest import clock, signals
from contest.accounts import tickets
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.people import cells, queries, unit_queries
from contest.people.forms import ALL_WRONG
from contest.people.models import Organisation, Team
from contest.people.roster_rules import same_words
from contest.people.rules import check_roster_open
from contest.setup.models import Contest
from contest.setup.queries import get_contest


def invite_unit(actor, contest_id, name):
    """Make an invitation for a unit's contact, and the unit when it is new; returns (unit, token).

    The token is shown once; only its hash is kept.
    """
    check_roster_open(get_contest(contest_id).state)
    name = read_unit_name(name)
    organisation = queries.find_organisation(name)
    with work(actor, "unit.invite", contest_id=contest_id, subject=name):
        if organisation is None:
            organisation = Organisation(name=name)
            db.session.add(organisation)
            db.session.flush()
        token = tickets.new_invitation(contest_id, organisation.id)
    return organisation, token


def read_unit_name(text):
    """A unit's or team's name of 1 to 100 characters; raises Invalid at the field `name`."""
    name, _ = cells.clean_text(text)
    if not 1 <= len(name) <= 100:
        sentence = Invalid("The name must have 1 to 100 characters.")
        raise Invalid(ALL_WRONG.message, fields={"name": sentence})
    return name


def withdraw_invitation(actor, contest_id, invitation_id):
    """Make an invitation worthless; a contact who used it no longer acts for the unit."""
    invitation = unit_queries.get_invitation(contest_id, invitation_id)
    if invitation.revoked_at is not None:
        raise Conflict("This invitation has been withdrawn already.")
    unit = queries.get_organisation(invitation.organisation_id).name
    with work(actor, "unit.withdraw_invitation", contest_id=contest_id, subject=unit):
        invitation.revoked_at = clock.now()


def rename_team(actor, contest_id, team_id, name):
    """Give a team another name, which no other team of the contest may have."""
    contest = get_contest(contest_id)
    check_roster_open(contest.state)
    name = read_unit_name(name)
    teams = {team.id: team for team in queries.list_teams(contest_id)}
    if team_id not in teams:
        raise Missing("There is no such team in this contest.")
    team: Team = teams.pop(team_id)
    if any(same_words(other.name) == same_words(name) for other in teams.values()):
        sentence = Invalid("Another team has this name.")
        raise Invalid(sentence.message, fields={"name": sentence})
    with work(
        actor,
        "team.rename",
        contest_id=contest_id,
        subject=team.id,
        tell=signals.marks_changed,
        old=team.name,
        new=name,
    ):
        team.name = name
        contest.marks_version = Contest.marks_version + 1

"""The name under which all pages about people are known, and who may open them."""

from flask import Blueprint, g
from flask_babel import gettext

from contest.audit.work import Actor
from contest.pages import language, named
from contest.people.roster_rules import same_words
from contest.people.rules import ROSTER_CLOSED_IN
from contest.setup.queries import get_contest

bp = Blueprint("people", __name__)

# Who may see the people of a contest by name. Judges never: they know codes.
READERS = ("organiser", "chief_judge", "supervisor", "clerk")
DOOR = ("organiser", "chief_judge", "supervisor", "clerk", "host")
BENCH = ("organiser", "chief_judge")
FILES = ".xlsx,.xls,.ods,.csv"


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)


def facts_of(contest_id):
    """What every page of a contest needs: the contest, and what this person may do in it."""
    contest = get_contest(contest_id)
    return {
        "contest": contest,
        # What a page calls people to do must be possible.
        "is_roster_open": contest.state not in ROSTER_CLOSED_IN,
        "is_organiser": g.person.has_role("organiser", contest_id),
        "may_rule": g.person.has_any(BENCH, contest_id),
        "may_read": g.person.has_any(READERS, contest_id),
    }


@bp.app_template_global()
def translated(words):
    """Pairs (key, word in this request's language) for a choice."""
    return [(key, gettext(word)) for key, word in words.items()]


@bp.app_template_global()
def named_modules(modules):
    """Pairs (key, name in this request's language) of a plan's modules."""
    return [(module.key, named(module)) for module in modules]


@bp.app_template_global()
def shown_value(column, value):
    """A value of a list as people read it: choices by their word."""
    if column is None or not column.choices or value not in column.choices:
        return value or "–"
    return column.choices[value][0 if language() == "zh" else -1]


@bp.app_template_global()
def field_word(fields, word):
    """A judge's speciality in this request's language; fields: what panel_queries.field_names() gives."""
    return fields.get(same_words(word), word)

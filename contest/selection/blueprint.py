"""The name under which the pages of this area are known, who asks, and what their fields are called."""

from flask import Blueprint, Response, g

from contest.audit.work import Actor
from contest.documents.attached import KINDS, UPLOAD_POLICY
from contest.i18n import N_
from contest.kept_words import CHOICES, TYPED
from contest.pages import language
from contest.people.rules import GENDERS, SKILL_LEVELS
from contest.selection import nomination_rules
from contest.setup.queries import get_contest

bp = Blueprint("selection", __name__)
READERS = ("organiser", "supervisor")

TYPED.update({
    "title": N_("Title"), "title_en": N_("Title in English"), "opens_on": N_("First day"),
    "closes_on": N_("Last day"), "years": N_("Full years in the job without a break"),
    "gap_days": N_("Days between two jobs that are no break"), "age_most": N_("Oldest age"),
    "papers": N_("Papers handed in"), "categories": N_("Categories and their places"),
    "shares": N_("Shares of kinds of unit"), "unit_most": N_("Nominations of one unit"),
    "unit_limits": N_("Other quotas of single units"), "trade_limits": N_("Quotas of trades"),
    "least": N_("Least total"), "category": N_("Category"), "joint": N_("Put forward together with"),
    "deeds": N_("Deeds, without names"), "why": N_("Reason"), "since": N_("Since"), "until": N_("Until"),
    "alternative": N_("What is seen, in words"),
    "where": N_("Where"), "most": N_("Down to place"),
})
CHOICES["grade"] = (N_("Skill level"), SKILL_LEVELS)
CHOICES["gender"] = (N_("Gender"), GENDERS)
CHOICES["decided"] = (N_("Decision"), nomination_rules.DECISIONS)


@bp.app_template_filter("named_call")
def named_call(call):
    """The name of a call's honour in the language of this request."""
    return call.title_en if language() == "en" and call.title_en else call.title


@bp.app_template_filter("pair")
def pair(word):
    """A word as a choice that means itself."""
    return word, word


def actor():
    """Who is signed in, as the trail knows them."""
    return Actor(g.person.user_id, g.person.name)


def facts_of(contest_id):
    """What every page of a contest needs."""
    return {
        "contest": get_contest(contest_id), "is_organiser": g.person.has_role("organiser", contest_id),
        "states": nomination_rules.STATES, "badges": nomination_rules.BADGES,
    }


def as_download(file, name):
    """A paper as a download under a name of ours; nothing of it runs in a page of ours."""
    return Response(file.content, mimetype=KINDS[file.ending][0], headers={
        "Content-Disposition": f'attachment; filename="{name}.{file.ending}"',
        "Content-Security-Policy": UPLOAD_POLICY,
    })

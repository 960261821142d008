"""Who asks, the front page, and the languages."""

from flask import Blueprint, g, redirect, request, session

from contest.accounts import actions, front_rules, queries, rules, session_rules
from contest.accounts.guards import SESSION_KEY, find_door, open_to_all
from contest.audit import contest_queries
from contest.clock import now
from contest.numbers import read_whole
from contest.pages import WHO_ASKS, find_address, language, local_goal, show

bp = Blueprint("accounts", __name__)

bp.app_template_global("find_door")(find_door)

@bp.before_app_request
def load_person():
    """Find out who asks."""
    g.person = g.locked = None
    token = session.get(SESSION_KEY)
    if not token or request.endpoint == "static":
        return
    person = queries.find_person(token)
    if person is None:
        # Without a word somebody whose session ran out would only see a sign-in page.
        session.pop(SESSION_KEY)
        session["has_ended"] = True
        return
    if _is_left_alone(person):
        g.locked = person
        return
    g.person = person


def _is_left_alone(person):
    """Lock a session whose device nobody has touched for too long; else note that it is in use."""
    touched_at = None
    if person.idle_s is not None and person.acted_at is not None:
        said = _said_untouched()
        alone = session_rules.untouched(now(), person.acted_at, said)
        if person.locked_at is not None or session_rules.is_left_alone(person.idle_s, alone):
            if person.locked_at is None:
                actions.lock_session(person.session_id)
            return True
        # Whoever goes to a page has touched the device; a page that asks by itself says when somebody did.
        touched_at = now() if said is None else now() - alone
    if now() - person.seen_at >= rules.SEEN_EVERY:
        actions.note_seen(person.session_id, touched_at)
    return False


def _said_untouched():
    """So many seconds ago the device was touched last, as its page says (static/idle.js), or None."""
    return read_whole(request.headers.get("X-Idle"))


WHO_ASKS.append(load_person)


@bp.get("/")
@open_to_all
def front():
    """The first page: contests and doors for guests, their work for people who signed in."""
    if g.person is None:
        return show("accounts/front.html", **_show_front())
    if not g.person.grants and any(has(g.person.user_id) for has in front_rules.HAS_OWN_PAGE):
        return redirect(find_address("members.my_page"), 303)
    return show("accounts/desk.html", **_show_desk())


def _show_front():
    return {
        "contests": [_public_card(heading) for heading in contest_queries.list_public_headings()],
        "register_at": find_address("registry.list_craftsmen"),
        "selections_at": find_address("selection.list_selections"),
        "points_at": find_address("points.show_points"),
        "services_at": find_address("member_services.list_services"),
        "is_new": not queries.has_any_user(),
    }


def _public_card(heading):
    kind, state = front_rules.PUBLIC_STATES[heading.state]
    board_at = find_address("board.show_board", slug=heading.slug, contest_id=heading.id)
    return {
        "heading": heading, "kind": kind, "state": state,
        "is_live": heading.state in front_rules.LIVE_STATES,
        # The board knows no sessions, so its address says which language was chosen here.
        "draws_at": find_address("draw.show_public", slug=heading.slug) if heading.is_public else None,
        "board_at": board_at and f"{board_at}?lang={language()}",
    }


def _show_desk():
    person = g.person
    sees_all = person.has_role("organiser")
    held_in = {contest_id for _, contest_id in person.grants} - {None}
    headings = [
        queries.heading_for(person, heading)
        for heading in contest_queries.list_headings(None if sees_all else held_in)
    ]
    contests = [
        _public_card(heading)
        | {
            "tasks": _offered(
                front_rules.tasks_in(person, heading.id, heading.state), heading
            ),
            "shows_board": heading.is_public and not queries.is_kept_from_board(person, heading.id),
        }
        for heading in sorted(headings, key=lambda one: one.state in front_rules.OVER_STATES)
    ]
    return {
        "contests": contests,
        "tasks": _offered(front_rules.tasks_everywhere(person)),
        "roles": [rules.ROLES[role] for role in rules.ROLES if role in person.roles],
        "new_contest_at": find_address("setup.new_contest") if sees_all else None,
    }


def _offered(tasks, heading=None):
    known = {"contest_id": heading.id, "slug": heading.slug} if heading else {}
    offers = [(task, find_address(task.endpoint, **known)) for task in tasks]
    return [{"task": task, "at": at} for task, at in offers if at]


@bp.post("/language")
@open_to_all
def set_language():
    """Read in Chinese or English from now on."""
    chosen = request.form.get("language", "")
    rules.check_language(chosen)
    if g.person is not None:
        actions.set_language(g.person, chosen)
    session["language"] = chosen
    return redirect(local_goal(request.form.get("next")), 303)


# The other pages of this area hang themselves on the blueprint; they need it to exist first.
from contest.accounts import (  # noqa: E402, F401
    account_routes,
    card_routes,
    entry_routes,
    factor_routes,
    own_routes,
    session_routes,
)

"""Comparing a list of judges with those who are known already."""

from contest.accounts.queries import find_user, organisation_of_contact, roles_of
from contest.accounts.rules import check_login, check_roles_apart, clean_login
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.people import panel_queries, queries
from contest.people.roster_rules import Line, same_words
from contest.people.tables import Problem


def compare_judges(contest_id, documents):
    """Pairs (row's document, the judge it means or None), and problems.

    A judge is known by the login; without one by name and organisation.
    """
    known = {clean_login(login): j for j, login in queries.judges_with_logins(contest_id)}
    by_name = {(j.name, _home(j)): (j, login) for login, j in known.items()}
    pairs, problems, seen = [], [], {}
    for document in documents:
        values, row = document["values"], document["row"]
        key = (values["name"], same_words(values["organisation"]))
        login = clean_login(values["login"]) if values["login"] else ""
        namesake, their_login = by_name.get(key, (None, ""))
        judge = known.get(login) if login else namesake
        pairs.append((document, judge))
        first = min(seen.setdefault(login or key, row), seen.setdefault(key, row))
        if first != row:
            sentence = N_("The same person stands in row %(first)s already.")
            problems.append(Problem("bad", sentence, row=row, column="Name", first=first))
        elif login and judge is None and namesake is not None:
            sentence = N_("This judge is on the list already, with the login %(login)s.")
            problems.append(Problem("bad", sentence, row=row, column="Login", login=their_login))
        if login:
            problems += _login_problems(login, values["name"], row)
            if user := find_user(login):
                problems += _coder_problems(contest_id, user, row)
                problems += home_problems(find_contact_home(contest_id, user.id), values, row)
    return pairs, problems


def find_contact_home(contest_id, user_id):
    """The name of the organisation for which this account is the contact here; empty for none."""
    home = organisation_of_contact(contest_id, user_id)
    return queries.get_organisation(home).name if home else ""


def home_problems(home, values, row):
    """Whoever speaks for a unit is one of its people; an empty cell is filled with it later."""
    given = values["organisation"]
    if home and given and same_words(given) != same_words(home):
        sentence = N_("This person is the contact of %(home)s, so that is the organisation.")
        return [Problem("bad", sentence, row=row, column="Organisation", home=home)]
    return []


def _home(judge):
    return same_words(judge.organisation.name if judge.organisation else "")


def _login_problems(login, name, row):
    try:
        check_login(login)
    except Invalid as refused:
        return [Problem("bad", refused.message, row=row, column="Login", **refused.params)]
    user = find_user(login)
    if user is not None and user.name != name:
        sentence = N_("This login is taken by somebody with another name.")
        return [Problem("bad", sentence, row=row, column="Login")]
    return []


def _coder_problems(contest_id, user, row):
    """Nobody marks works whose codes he keeps."""
    try:
        check_roles_apart({"judge", *roles_of(user, contest_id)})
    except Conflict as refused:
        return [Problem("bad", refused.message, row=row, column="Login", **refused.params)]
    return []


def judges_preview(contest_id, documents):
    """Lines (new or changed), problems, and counts of new, changed and unchanged."""
    pairs, problems = compare_judges(contest_id, documents)
    problems += unknown_fields(contest_id, documents)
    lines, counts = [], {"new": 0, "changed": 0, "unchanged": 0}
    for document, judge in pairs:
        line = Line(
            document["row"],
            document["values"],
            judge and judge.id,
            changes_of(judge, document["values"]) if judge else {},
        )
        counts[line.kind] += 1
        if line.kind != "unchanged":
            lines.append(line)
    return lines, problems, counts


def unknown_fields(contest_id, documents):
    """A warning for each speciality that no module of the plan asks for."""
    modules = panel_queries.fields_of_plan(contest_id)
    known = {same_words(word) for m in modules for word in panel_queries.panel_of(m).words}
    asked = "、".join(dict.fromkeys(module.speciality for module in modules))
    sentence = N_(
        "No module asks for “%(word)s”, so it seats this judge nowhere. The plan asks for: %(words)s."
    )
    return [
        Problem("warn", sentence, row=document["row"], column="Specialities", word=word, words=asked)
        for document in documents if modules
        for word in document["values"]["specialities"] or ()
        if same_words(word) not in known
    ]


def changes_of(judge, values):
    """What a row says that is not known yet: {key: (old, new)}; an empty cell says nothing."""
    home = judge.organisation.name if judge.organisation else ""
    changes = {}
    if values["name"] != judge.name:
        changes["name"] = (judge.name, values["name"])
    if values["organisation"] and same_words(values["organisation"]) != same_words(home):
        changes["organisation"] = (home, values["organisation"])
    if values["specialities"] and values["specialities"] != judge.specialities:
        changes["specialities"] = ("、".join(judge.specialities), "、".join(values["specialities"]))
    return changes

"""Taking in a roster: read it, show what it would change, and store it after a yes."""

import hashlib
import secrets
from datetime import date

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Invalid
from contest.i18n import N_
from contest.names import name_key
from contest.people import import_queries, person_queries, queries
from contest.people.columns import ROSTER, UNIT_ROSTER
from contest.people.models import Entrant, Human, Organisation, PendingImport, Team
from contest.people.roster_rules import IDENTITY, as_text, next_numbers, old_and_new, same_words
from contest.people.rules import check_numbers_stay, check_registration_open, check_roster_open
from contest.people.tables import Problem, is_usable, read_table
from contest.setup.models import Contest
from contest.setup.queries import get_contest


class BadList(Invalid):
    """A list with cells that cannot be taken; `problems` names each of them."""

    def __init__(self, problems):
        count = sum(problem.kind == "bad" for problem in problems)
        super().__init__(
            N_("The file was not taken: %(count)s cells have to be mended first."), count=count
        )
        self.problems = problems


def upload_roster(actor, contest_id, data, file_name, organisation_id=None):
    """Read a roster and keep it for confirming; returns the pending list's id.

    With `organisation_id` only people of that unit may stand in it. Raises Invalid for a file
    that is no list and BadList for bad cells; then nothing is kept.
    """
    _check_open(contest_id, organisation_id)
    home = queries.get_organisation(organisation_id).name if organisation_id else None
    db.session.rollback()  # Reading may take seconds; nobody else should wait for the database.
    rows, problems = read_table(data, file_name, UNIT_ROSTER if home else ROSTER)
    documents = [{"row": row.number, "values": row.values} for row in rows]
    if home:
        problems += _stand_for(documents, home)
    problems += _unborn(documents)
    # Everything that is wrong is said in one round; who stands in a row with a bad name is not known.
    unsure = {one.row for one in problems if one.kind == "bad" and one.column in IDENTITY}
    _, more, _ = import_queries.roster_preview(contest_id, documents, organisation_id, unsure)
    if not is_usable(problems + more):
        raise BadList(sorted(problems + more, key=lambda one: one.row or 0))
    with work(actor, "roster.upload", contest_id=contest_id, subject=file_name[:100]) as facts:
        import_queries.forget_old()
        pending = PendingImport(
            contest_id=contest_id,
            kind="roster",
            file_name=file_name[:200],
            file_hash=hashlib.sha256(data).hexdigest(),
            rows=documents,
            notes=[problem.to_document() for problem in problems],
            by_id=actor.user_id,
            at=clock.now(),
        )
        db.session.add(pending)
        db.session.flush()
        facts.update(rows=len(documents), file_hash=pending.file_hash)
    return pending.id


def _check_open(contest_id, organisation_id):
    state = get_contest(contest_id).state
    if organisation_id is not None:
        check_registration_open(state)
    check_roster_open(state)


def _stand_for(documents, home):
    """Every row belongs to the unit that sends the file; says which do not."""
    problems = []
    for document in documents:
        given = document["values"]["organisation"]
        if given and same_words(given) != same_words(home):
            problems.append(
                Problem(
                    "bad",
                    "This file may only hold people of %(organisation)s.",
                    row=document["row"],
                    column="Organisation",
                    cell=given,
                    organisation=home,
                )
            )
        document["values"]["organisation"] = home
    return problems


def _unborn(documents):
    today = clock.now().date().isoformat()
    return [
        Problem("bad", "This day lies in the future.", row=document["row"], column="Date of birth",
                cell=document["values"]["born_on"])
        for document in documents
        if (document["values"].get("born_on") or "") > today
    ]


def confirm_roster(actor, contest_id, pending_id, organisation_id=None, progress=iter):
    """Store a list that was looked at, in one transaction; returns counts of each kind of line.

    Everything is compared again: what others registered meanwhile is seen, and the same file
    confirmed twice changes nothing the second time. progress: see RosterWriter.write.
    """
    _check_open(contest_id, organisation_id)
    pending = import_queries.get_pending(contest_id, pending_id, "roster", actor.user_id)
    lines, problems, counts = import_queries.roster_preview(
        contest_id, pending.rows, organisation_id
    )
    if not is_usable(problems):
        raise BadList(problems)
    contest = get_contest(contest_id)
    with work(
        actor,
        "roster.import",
        contest_id=contest_id,
        subject=pending.file_name,
        tell=signals.marks_changed,
        file_hash=pending.file_hash,
        **counts,
    ) as facts:
        writer = RosterWriter(contest_id)
        facts["corrected"] = {
            writer.entrants[line.entrant_id].number: old_and_new(line.changes)
            for line in lines if line.kind == "changed"
        }
        writer.write(lines, progress)
        contest.marks_version = Contest.marks_version + 1
        db.session.delete(pending)
    return counts


class RosterWriter:
    """Puts lines into the tables; shares organisations and teams among them. Commits nothing."""

    def __init__(self, contest_id):
        self.contest_id = contest_id
        self.organisations = person_queries.organisations_by_name()
        self.teams = {same_words(team.name): team for team in queries.list_teams(contest_id)}
        self.entrants = {e.id: e for e in queries.list_entrants(contest_id)}
        self.humans = {entrant.human_id for entrant in self.entrants.values()}
        self.known = {}

    def write(self, lines, progress=iter):
        """Add the new entrants, with numbers for those who bring none, and change the changed.

        progress: wraps the lines, to tell how far they have been worked through.
        """
        taken = [e.number for e in self.entrants.values()]
        taken += [line.values["number"] for line in lines if line.values.get("number")]
        new = [line for line in lines if line.kind == "new"]
        numbers = iter(next_numbers(taken, sum(not line.values.get("number") for line in new)))
        held = queries.numbers_held(self.contest_id)
        check_numbers_stay(
            any("number" in line.changes and line.entrant_id in held for line in lines)
        )
        # Numbers are unique: those that are given up must be gone before others take them.
        for line in lines:
            if "number" in line.changes:
                self.entrants[line.entrant_id].number = f"?{line.entrant_id}"
        db.session.flush()
        for line in progress(lines):
            if line.kind == "new":
                self.add(line.values, line.values.get("number") or next(numbers))
            elif line.kind == "changed":
                entrant = self.entrants[line.entrant_id]
                self.change(entrant, {key: new for key, (_, new) in line.changes.items()})
        db.session.flush()

    def organisation(self, name):
        """The organisation of this name, made when there is none."""
        key = same_words(name)
        if key not in self.organisations:
            self.organisations[key] = Organisation(name=name)
            db.session.add(self.organisations[key])
            db.session.flush()
        return self.organisations[key]

    def team(self, name, organisation):
        """The contest's team of this name, made when there is none."""
        key = same_words(name)
        if key not in self.teams:
            self.teams[key] = Team(
                contest_id=self.contest_id, organisation_id=organisation.id, name=name
            )
            db.session.add(self.teams[key])
            db.session.flush()
        return self.teams[key]

    def add(self, values, number):
        """A new entrant; the person may be known from an earlier contest."""
        organisation = self.organisation(values["organisation"])
        entrant = Entrant(
            contest_id=self.contest_id,
            organisation_id=organisation.id,
            number=number,
            human=self._human(values, organisation),
            organisation=organisation,
            check_in_token=secrets.token_urlsafe(12),
        )
        db.session.add(entrant)
        self.change(entrant, {key: value for key, value in values.items() if value})
        return entrant

    def _human(self, values, organisation):
        """Somebody of this name, birth date and organisation, if not in this contest already."""
        if born_on := values.get("born_on"):
            if organisation.id not in self.known:
                # Once for each organisation: asked for each row, a large list took minutes.
                self.known[organisation.id] = person_queries.people_of(organisation.id)
            key = values["name"], date.fromisoformat(born_on)
            known = self.known[organisation.id].get(key)
            if known is not None and known.id not in self.humans:
                return known
        human = Human(
            name=values["name"],
            name_key=name_key(values["name"]),
            organisation_id=organisation.id,
        )
        db.session.add(human)
        return human

    def change(self, entrant, values):
        """Put typed values (texts, as in a list) into an entrant's row and person."""
        human = entrant.human
        if "born_on" in values:
            human.born_on = date.fromisoformat(values["born_on"]) if values["born_on"] else None
        if "gender" in values:
            human.gender = values["gender"] or ""
        if "team" in values:
            name = values["team"]
            entrant.team = self.team(name, entrant.organisation) if name else None
        for key in ("group", "trade", "skill_level", "employment", "room"):
            if key in values:
                setattr(entrant, key, values[key] or "")
        if "titles" in values:
            entrant.titles = [title for title in as_text(values["titles"]).split("、") if title]
        if values.get("number"):
            entrant.number = values["number"]

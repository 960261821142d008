"""Writing lines of a roster into the tables, for whoever takes people in; commits nothing."""

import secrets
from datetime import date

from contest.db import db
from contest.names import name_key
from contest.people import person_queries, queries
from contest.people.models import Entrant, Human, Organisation, Team
from contest.people.roster_rules import as_text, next_numbers, same_words
from contest.people.rules import check_numbers_stay


class RosterWriter:
    """Puts lines into the tables; shares organisations and teams among them. Commits nothing."""

    def __init__(self, contest_id):
        self.contest_id = contest_id
        self.organisations = person_queries.organisations_by_name()
        self.teams = {same_words(team.name): team for team in queries.list_teams(contest_id)}
        self.entrants = {e.id: e for e in queries.list_entrants(contest_id)}
        self.humans = {entrant.human_id for entrant in self.entrants.values()}
        self.known_by_number = {}  # row: the Human whose identity number the row brings
        self.written = {}  # row: the new Entrant
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
                number = line.values.get("number") or next(numbers)
                self.written[line.row] = self.add(line.values, number, self.known_by_number.get(line.row))
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

    def add(self, values, number, human=None):
        """A new entrant; the person may be known from an earlier contest, or is said outright."""
        organisation = self.organisation(values["organisation"])
        entrant = Entrant(
            contest_id=self.contest_id,
            organisation_id=organisation.id,
            number=number,
            human=human or self._human(values, organisation),
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

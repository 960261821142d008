"""The people of many rows of a list at once, found or made; within the caller's work."""

from datetime import date

from contest.db import db
from contest.people import person_queries
from contest.registry import import_queries, listing
from contest.registry.honour_actions import new_person


class People:
    """The people of one file: whoever is new and stands in several rows is made once."""

    def __init__(self):
        self.made, self.made_ids = {}, set()

    def find(self, rows, units):
        """The Human of each row. rows: (the person's id or None, the row's values); units beside them."""
        ids = {human_id for human_id, _ in rows} - {None}
        found = {one.id: person_queries.get_person(one.id) for one in import_queries.people(ids)}
        known = set(self.made)
        humans = [
            found[human_id] if human_id else self._made(values, unit)
            for (human_id, values), unit in zip(rows, units, strict=True)
        ]
        db.session.flush()
        self.made_ids |= {one.id for key, one in self.made.items() if key not in known}
        return humans

    def _made(self, values, unit):
        born_on = values.get("born_on")
        born_on = date.fromisoformat(born_on) if born_on else None
        key = (values["name"], unit.id, born_on)
        if key not in self.made:
            self.made[key] = new_person(values["name"], unit, born_on)
        return self.made[key]


def craftsmen_of(humans):
    """{person's id: the register's row}, found or made."""
    ids = {one.id for one in humans}
    found = {one.human_id: one for one in import_queries.craftsmen(ids)}
    known = import_queries.last_entrants(ids - set(found))
    for human in humans:
        if human.id not in found:
            found[human.id] = listing.new_craftsman(human, known.get(human.id))
    return found

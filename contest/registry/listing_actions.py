"""Putting somebody on the register, within the caller's work."""

import secrets

from sqlalchemy import select

from contest import clock
from contest.db import db
from contest.people.models import Entrant
from contest.registry import ladder_queries, queries
from contest.registry.models import Craftsman


def list_person(human, trade="", unit="", place=""):
    """The register's row of a person, found or made, and listed; what is given replaces what was there."""
    craftsman = keep_person(human, trade, unit, place)
    craftsman.listed_at = craftsman.listed_at or clock.now()
    db.session.flush()
    return craftsman


def keep_person(human, trade="", unit="", place=""):
    """The same row without listing it: the public does not see who has nothing listed yet."""
    craftsman = queries.find_craftsman(human.id)
    if craftsman is None:
        known = _last_entrant(human.id)
        craftsman = Craftsman(
            token=secrets.token_urlsafe(9), human_id=human.id, trade=known.trade if known else "",
            unit=_unit_of(human, known), place=human.organisation.region if human.organisation else "",
        )
        db.session.add(craftsman)
    craftsman.trade = trade or craftsman.trade or ""
    craftsman.unit = unit or craftsman.unit or ""
    craftsman.place = place or craftsman.place or ""
    db.session.flush()
    return craftsman


def show_level(craftsman):
    """Let the register show the level that stands now."""
    db.session.flush()
    craftsman.level = ladder_queries.shown_level(craftsman)


def _last_entrant(human_id):
    return db.session.scalar(
        select(Entrant).filter_by(human_id=human_id).order_by(Entrant.id.desc()).limit(1)
    )


def _unit_of(human, known):
    organisation = known.organisation if known else human.organisation
    return organisation.name if organisation else ""

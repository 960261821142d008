"""Putting somebody and an honour on the register, within the caller's work.

Not one of the register's own acts: a selection's list and an authority's grant come through here too.
"""

import secrets

from sqlalchemy import select

from contest import clock, signals
from contest.board.hold_queries import why_board_is_held
from contest.board.queries import find_cutoff
from contest.db import db
from contest.names import name_key
from contest.people.models import Entrant, Human
from contest.registry import ladder_queries, queries, rules
from contest.registry.models import Craftsman, Honour


def check_not_frozen(contest_id):
    """Conflict while the public board of the contest still hides what an honour would tell."""
    rules.check_not_frozen(find_cutoff(contest_id, clock.now()))
    if (why := why_board_is_held(contest_id)) is not None:
        raise why


def add_honour(did, by_id, holder, *, state="listed", **said):
    """Make one honour, let the register show its holder's level, and tell it; returns the Honour.

    did: the act, as the trail names it; by_id: who confirms; holder: see holder_of_entrant and
    holder_of_unit; said: the honour's other columns.
    """
    honour = new_honour(by_id, holder, state=state, **said)
    db.session.flush()
    if honour.craftsman is not None and state == "listed":
        show_level(honour.craftsman)
    signals.honour_changed.send(did, honour_id=honour.id, state=state)
    return honour


def new_honour(by_id, holder, *, state="listed", **said):
    """The same without a level shown and without a word: for whoever adds many and then does both at once."""
    honour = Honour(**holder, **said, state=state, confirmed_by_id=by_id, confirmed_at=clock.now())
    db.session.add(honour)
    return honour


def revoke_within(did, honour, reason):
    """Take an honour back, with the level that it gave; {"old", "new"} levels of a person."""
    levels = {"old": honour.craftsman.level} if honour.craftsman is not None else {}
    honour.state, honour.state_reason = "revoked", reason
    if honour.craftsman is not None:
        show_level(honour.craftsman)
        levels["new"] = honour.craftsman.level
    db.session.flush()
    signals.honour_changed.send(did, honour_id=honour.id, state="revoked")
    return levels


def holder_of_entrant(entrant):
    """Whose an entrant's honour is: the person, put on the register, under the unit that was entered."""
    unit = entrant.organisation
    return {"craftsman": list_person(entrant.human, entrant.trade, unit.name, unit.region), "unit": unit.name}


def holder_of_unit(organisation, team_name=""):
    """Whose an organisation's honour is, or that of a team of it."""
    return {"organisation": organisation, "team_name": team_name, "unit": organisation.name}


def holder_of_award(award):
    """Whose the honour of an award is: a person's, or an organisation's, for its team or itself.

    A member of a team has the team's honour with its name; a judge or a coach is found or made.
    """
    if award.entrant is not None:
        return holder_of_entrant(award.entrant) | {"team_name": award.shared_team}
    if award.helper is not None:
        unit = award.helper.organisation
        unit_name, region = (unit.name, unit.region) if unit else ("", "")
        human = _human_of_helper(award.helper)
        return {"craftsman": list_person(human, "", unit_name, region), "unit": unit_name}
    if award.team is not None:
        return holder_of_unit(award.team.organisation, award.team.name)
    return holder_of_unit(award.organisation)


def _human_of_helper(helper):
    """The person whom queries.find_helper meets; else somebody new."""
    if (known := queries.find_helper(helper)) is not None:
        return known
    human = Human(name=helper.name, name_key=name_key(helper.name), organisation=helper.organisation)
    db.session.add(human)
    db.session.flush()
    return human


def evidence_of_award(award):
    """What the honour rests on, copied, so that it can be checked against the published results.

    A judge or a coach did not compete: there is no line in the results to be read for them.
    """
    sheet = queries.get_result_sheet(award.result_sheet_id)
    return {
        **({"helper": True} if award.helper else {}),
        "total": award.total,
        "why": award.why,
        "result_revision": sheet.revision,
        "result_hash": sheet.document_hash,
        "result_at": sheet.at.isoformat(),
    }


def list_person(human, trade="", unit="", place=""):
    """The register's row of a person, found or made, and listed; what is given replaces what was there."""
    craftsman = keep_person(human, trade, unit, place)
    craftsman.listed_at = craftsman.listed_at or clock.now()
    db.session.flush()
    return craftsman


def keep_person(human, trade="", unit="", place=""):
    """The same row without listing it: the public does not see who has nothing listed yet."""
    craftsman = queries.find_craftsman(human.id) or new_craftsman(human, _last_entrant(human.id))
    describe(craftsman, trade, unit, place)
    db.session.flush()
    return craftsman


def new_craftsman(human, known=None):
    """A row of the register for somebody who has none. known: the last Entrant that the person was."""
    craftsman = Craftsman(
        token=secrets.token_urlsafe(9), human=human, trade=known.trade if known else "",
        unit=_unit_of(human, known), place=human.organisation.region if human.organisation else "",
        honours=[],
    )
    db.session.add(craftsman)
    return craftsman


def describe(craftsman, trade, unit, place):
    """What is given replaces what was there."""
    craftsman.trade = trade or craftsman.trade or ""
    craftsman.unit = unit or craftsman.unit or ""
    craftsman.place = place or craftsman.place or ""


def fill(craftsman, trade, unit, place):
    """What is given fills what was empty: an old list does not say where somebody is today."""
    describe(craftsman, craftsman.trade or trade, craftsman.unit or unit, craftsman.place or place)


def show_level(craftsman):
    """Let the register show the level that stands now."""
    show_levels([craftsman])


def show_levels(craftsmen):
    """The same of several people."""
    db.session.flush()
    for craftsman, level in zip(craftsmen, ladder_queries.shown_levels(craftsmen), strict=True):
        craftsman.level = level


def _last_entrant(human_id):
    return db.session.scalar(
        select(Entrant).filter_by(human_id=human_id).order_by(Entrant.id.desc()).limit(1)
    )


def _unit_of(human, known):
    organisation = known.organisation if known else human.organisation
    return organisation.name if organisation else ""

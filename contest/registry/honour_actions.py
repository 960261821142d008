"""Honours entered by hand, of people, teams and organisations: granted, then listed."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.documents import attached
from contest.errors import Conflict, Invalid
from contest.names import name_key
from contest.people import person_queries
from contest.people.models import Human, Organisation
from contest.people.queries import get_organisation
from contest.people.roster_rules import same_words
from contest.registry import honour_queries, honour_rules, queries, rules
from contest.registry.listing import add_honour, keep_person, list_person, show_level
from contest.registry.models import HonourFile


def grant_honour(actor, form, files=()):
    """Enter an honour with its document; it waits to be listed and is not public before.

    form: as typed. Invalid names the fields; Conflict for a known name that was not looked at, and for
    an honour that is on record already.
    """
    typed = honour_rules.read_honour(form, clock.now())
    wanted = honour_rules.read_holder(form)
    taken = attached.read_attachments(files)
    with work(
        actor, "registry.grant", subject=typed.name, authority=typed.authority,
        document=typed.document_number,
    ) as facts:
        holder = find_holder(wanted)
        queries.hold_holder(holder.get("craftsman_id"), holder.get("organisation_id"))
        named = {key: value for key, value in holder.items() if key != "unit"}
        honour_rules.check_not_twice(honour_queries.find_twin(named, typed.name, typed.document_number))
        honour = add_honour(
            "registry.grant", actor.user_id, holder, state="granted", evidence={"by_hand": True},
            **typed.__dict__,
        )
        _add_files(actor, honour, taken)
        facts["person"] = queries.holder_of(honour).name
    return honour


def find_holder(wanted):
    """Whose row it is, found or made: the columns of an honour. wanted: honour_rules.HolderTyped."""
    if wanted.kind == "organisation":
        unit = get_organisation(wanted.found_id) if wanted.found_id else find_unit(wanted.unit_name)
        return {"organisation_id": unit.id, "team_name": wanted.team_name, "unit": unit.name}
    unit = find_unit(wanted.unit_name) if wanted.unit_name else None
    if wanted.found_id:
        human = person_queries.get_person(wanted.found_id)
    else:
        honour_rules.check_another(
            len(person_queries.namesakes(wanted.person_name)), wanted.is_another
        )
        human = make_person(wanted.person_name, unit)
    craftsman = keep_person(human, wanted.trade, unit.name if unit else "", unit.region if unit else "")
    return {"craftsman_id": craftsman.id, "unit": craftsman.unit}


def make_person(name, unit, born_on=None):
    """A new row for somebody whom nobody knows yet, within the caller's work."""
    human = new_person(name, unit, born_on)
    db.session.flush()
    return human


def new_person(name, unit, born_on=None):
    """The same row, without its number before the next flush."""
    human = Human(name=name, name_key=name_key(name), organisation=unit, born_on=born_on)
    db.session.add(human)
    return human


def find_unit(name, known=None):
    """The organisation of this present or former name, made when there is none.

    known: person_queries.organisations_by_name, for whoever asks often; a new one is added to it.
    """
    known = person_queries.organisations_by_name() if known is None else known
    key = same_words(name)
    if key not in known:
        known[key] = Organisation(name=name)
        db.session.add(known[key])
        db.session.flush()
    return known[key]


def add_document(actor, honour_id, files):
    """Put a further document beside an honour; Invalid without one."""
    honour = queries.hold_honour(honour_id)
    taken = attached.read_attachments(files)
    if not taken:
        sentence = Invalid("Choose a file.")
        raise Invalid(sentence.message, fields={"files": sentence})
    with work(
        actor, "registry.document", contest_id=honour.contest_id, subject=honour.name,
        document=", ".join(one.name for one in taken),
    ):
        _add_files(actor, honour, taken)


def _add_files(actor, honour, taken):
    there = len(honour_queries.files_of(honour.id))
    if there + len(taken) > 12:
        raise Conflict("An honour holds at most 12 documents.")
    for number, one in enumerate(taken, there + 1):
        db.session.add(HonourFile(
            honour_id=honour.id, number=number, name=one.name, ending=one.ending, sha256=one.sha256,
            content=one.content, by_id=actor.user_id, at=clock.now(),
        ))


def list_honour(actor, honour_id, is_checked):
    """Put an honour that was granted on the public list."""
    honour = queries.hold_honour(honour_id)
    rules.check_listable(honour.state)
    rules.check_compared(is_checked)
    with work(
        actor, "registry.list", contest_id=honour.contest_id, subject=honour.name,
        person=queries.holder_of(honour).name,
    ):
        honour.state = "listed"
        if honour.craftsman is not None:
            list_person(honour.craftsman.human)
            show_level(honour.craftsman)
        db.session.flush()
        signals.honour_changed.send("registry.list", honour_id=honour.id, state="listed")
    return honour

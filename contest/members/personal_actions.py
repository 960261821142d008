"""Acts on personal data: entering, looking at, searching for and taking out identity numbers."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.documents import Column, Table, as_xlsx
from contest.errors import Conflict, Invalid
from contest.members import personal_queries as queries
from contest.members import personal_rules as rules
from contest.members.models import CodeAddress, NumbersRequest
from contest.members.touching import touching
from contest.people import id_rules, number_keeping, phone_rules
from contest.people.personal_models import PersonalAccess

NUMBER_COLUMNS = (
    Column("number", "No.", width=10), Column("name", "Name", width=20),
    Column("id_number", "Identity number", width=22),
)


def enter_number(actor, human_id, text, reason):
    """Keep a person's identity number, sealed, in the place of an earlier one; an empty one takes it away.

    Conflict when another person has the same number: those two are one, or a digit is wrong.
    """
    queries.get_human(human_id)
    kept = queries.find_number(human_id)
    if kept is not None and not (text or "").strip():
        reason = id_rules.read_reason(reason)
        with touching(actor, "personal.take_away", "take_away", ("id_number",), reason, human_id):
            db.session.delete(kept)
        return
    number, reason = _read(text, reason)
    number_keeping.check_nobody_elses(human_id, number)
    with touching(actor, "personal.enter", "enter", ("id_number",), reason, human_id):
        number_keeping.keep_number(human_id, number, actor.user_id)


def enter_phone(actor, human_id, text, reason):
    """Keep a person's telephone number, sealed, instead of an earlier one; an empty one takes it away."""
    queries.get_human(human_id)
    is_given = bool((text or "").strip())
    if is_given:
        phone, reason = _read(text, reason, phone_rules.read_phone)
    else:
        phone, reason = "", id_rules.read_reason(reason)
    kind = "enter" if is_given else "take_away"
    with touching(actor, f"personal.phone_{kind}", kind, ("phone",), reason, human_id):
        number_keeping.keep_phone(human_id, phone, actor.user_id)


def reveal_phone(actor, human_id, reason, contest_id=None):
    """A person's telephone number in clear, for a reason that the person can read; Missing, Invalid.

    contest_id: of which contest somebody asks, for its trail.
    """
    reason = id_rules.read_reason(reason)
    with touching(actor, "personal.phone_reveal", "reveal", ("phone",), reason, human_id,
                  contest_id=contest_id):
        return queries.phone_of(human_id)


def _read(text, reason, read_text=id_rules.read_id_number):
    wrong = {}
    for read, value in ((read_text, text), (id_rules.read_reason, reason)):
        try:
            wrong[read] = read(value)
        except Invalid as refused:
            wrong[read] = refused
    fields = {}
    for found in wrong.values():
        fields |= found.fields if isinstance(found, Invalid) else {}
    if fields:
        raise Invalid("Nothing was saved: please look at the marked fields.", fields=fields)
    return tuple(wrong.values())


def reveal_number(actor, human_id, reason):
    """A person's identity number in clear, for a reason that the person can read; Missing, Invalid."""
    reason = id_rules.read_reason(reason)
    with touching(actor, "personal.reveal", "reveal", ("id_number",), reason, human_id):
        return queries.number_of(human_id)


def search_number(actor, text, reason):
    """The PersonLine of whoever has this number, or None; the search is written down either way."""
    number, reason = _read(text, reason)
    found = queries.find_by_number(number)
    with touching(
        actor, "personal.search", "search", ("id_number",), reason, found.human_id if found else None
    ):
        return found


def set_address(actor, human_id, text, reason):
    """Keep the e-mail address to which a person's codes are sent; an empty one takes it away."""
    queries.get_human(human_id)
    address, reason = rules.read_address(text), id_rules.read_reason(reason)
    with touching(actor, "personal.address", "address", ("code_address",), reason, human_id):
        put_address(human_id, address, actor.user_id)


def put_address(human_id, address, by_id):
    """Within a larger act: keep the address, or take it away when it is empty."""
    row = db.session.get(CodeAddress, human_id)
    if address:
        row = row or CodeAddress(human_id=human_id)
        row.address, row.at, row.by_id = address, clock.now(), by_id
        db.session.add(row)
    elif row is not None:
        db.session.delete(row)


def ask_for_numbers(actor, contest_id, reason):
    """Ask for a file of the identity numbers of a contest's entrants; Invalid when none is kept."""
    reason = id_rules.read_reason(reason)
    count = queries.count_numbers(contest_id)
    if not count:
        raise Invalid("No identity number of this contest's people is kept.")
    with work(
        actor, "personal.numbers_ask", contest_id=contest_id, subjects=count, reason=reason
    ):
        db.session.add(NumbersRequest(
            contest_id=contest_id, reason=reason, count=count, by_id=actor.user_id, at=clock.now(),
        ))


def allow_numbers(actor, contest_id, request_id):
    """The second person lets the first take the file within an hour; NotAllowed for the first."""
    request = queries.get_request(contest_id, request_id)
    rules.check_allows(request.by_id, actor.user_id)
    if request.allowed_at is not None:
        raise Conflict("This is allowed already.")
    with work(
        actor, "personal.numbers_allow", contest_id=contest_id, subjects=request.count,
        reason=request.reason,
    ):
        request.allowed_by_id, request.allowed_at = actor.user_id, clock.now()


def take_numbers(actor, contest_id, request_id):
    """The file (csv) of the numbers, once; every person in it finds it in their own log."""
    request = queries.get_request(contest_id, request_id)
    rules.check_may_take(request, actor.user_id, clock.now())
    rows = [(entrant, number) for entrant, number in queries.numbers_of(contest_id) if number]
    if len(rows) > max(request.count, rules.ALONE_AT_MOST):
        raise Conflict("There are more numbers now than were asked for; ask again.")
    data = as_xlsx(Table("Identity numbers", NUMBER_COLUMNS, [
        {"number": entrant.number, "name": entrant.human.name, "id_number": number}
        for entrant, number in rows
    ]))
    with touching(
        actor, "personal.numbers", "numbers", ("id_number",), request.reason, subjects=len(rows),
        contest_id=contest_id,
    ):
        request.taken_at = clock.now()
        db.session.add_all(
            PersonalAccess(
                at=clock.now(), user_id=actor.user_id, who=actor.name, human_id=entrant.human_id,
                kind="numbers", fields=["id_number"], reason=request.reason,
            ) for entrant, _ in rows
        )
    return data

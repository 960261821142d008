"""Registers on pages: suggestions, topics, wishes, problems, wants, proposals."""

from flask import redirect, request, url_for

from contest.accounts.guards import needs
from contest.errors import Conflict, Invalid, Missing
from contest.member_services import (
    case_queries,
    catalogue_queries,
    duty_queries,
    item_actions,
    item_queries,
    item_rules,
)
from contest.member_services.blueprint import OFFICE, actor, bp
from contest.member_services.desk_routes import refused_as_invalid
from contest.numbers import read_whole
from contest.pages import show


@bp.get("/service-desk/registers")
@needs(*OFFICE, everywhere=True)
def list_registers():
    """Every register with how far it is; a form for another one."""
    return _show_registers()


def _show_registers(refused=None):
    services = catalogue_queries.every_service()
    return show(
        "member_services/list_registers.html", status=refused.status if refused else 200,
        rows=[(one, item_queries.figures(one.id)) for one in item_queries.registers()], services=services,
        kept=[one for one in services.values() if one.register_], officers=duty_queries.officers(),
        refused=refused, values=request.form, field_errors=refused.fields if refused else {},
        wanted=request.values.get("service", ""), wanted_title=request.values.get("title", ""),
    )


@bp.post("/service-desk/registers")
@needs(*OFFICE, everywhere=True)
def open_register():
    """Open another register."""
    try:
        register = item_actions.open_register(actor(), request.form.get("service", ""), request.form)
    except Invalid as refused:
        return _show_registers(refused)
    return redirect(url_for("member_services.show_register", register_id=register.id), 303)


@bp.get("/service-desk/registers/<int:register_id>")
@needs(*OFFICE, everywhere=True)
def show_register(register_id):
    """One register: its lines by group and topic, owners, days, answers."""
    return _show_register(register_id)


def _show_register(register_id, refused=None, refused_id=None):
    register = item_queries.get_register(register_id)
    service = catalogue_queries.find_any(register.service_key)
    if service is None or service.register_ is None:
        raise Missing("There is no such register.")
    group = request.args.get("group", "")
    items = item_queries.items_of(register.id, group=group)
    return show(
        "member_services/show_register.html", status=refused.status if refused else 200, register=register,
        service=service, group=group, topics=item_queries.items_of(register.id, is_topic=True), items=items,
        found=item_queries.figures(register.id), states=item_rules.STATES, badges=item_rules.BADGES,
        following=item_rules.NEXT, over=item_rules.OVER, officers=duty_queries.officers(), refused=refused,
        names=case_queries.names_of({register.head_id, *register.officers}), refused_id=refused_id,
        values=request.form if refused else {}, field_errors=refused.fields if refused else {},
    )


@bp.post("/service-desk/registers/<int:register_id>/lines")
@needs(*OFFICE, everywhere=True)
def add_lines(register_id):
    """Take a pasted list."""
    return _act(register_id, lambda: item_actions.add_lines(
        actor(), register_id, request.form.get("lines", "")
    ))


@bp.post("/service-desk/registers/<int:register_id>/topics")
@needs(*OFFICE, everywhere=True)
def make_topic(register_id):
    """Draw items together under a topic."""
    chosen = [read_whole(one, 0) for one in request.form.getlist("item")]
    return _act(register_id, lambda: item_actions.make_topic(
        actor(), register_id, request.form.get("text", ""), request.form.get("group", ""), chosen
    ))


@bp.post("/service-desk/registers/<int:register_id>/close")
@needs(*OFFICE, everywhere=True)
def close_register(register_id):
    """Close a register in which everything is answered."""
    return _act(register_id, lambda: item_actions.close_register(actor(), register_id))


@bp.post("/service-desk/items/<int:item_id>")
@needs(*OFFICE, everywhere=True)
def move_item(item_id):
    """Owner, day, answer, another state of one item."""
    register_id = item_queries.get_item(item_id).register_id
    rev = read_whole(request.form.get("rev"), 0)
    return _act(register_id, lambda: item_actions.move_item(actor(), item_id, rev, request.form), item_id)


def _act(register_id, act, item_id=None):
    try:
        act()
    except Invalid as refused:
        return _show_register(register_id, refused, item_id)
    except Conflict as refused:  # what was typed stays beside the sentence
        return _show_register(register_id, refused_as_invalid(refused), item_id)
    return redirect(url_for("member_services.show_register", register_id=register_id), 303)

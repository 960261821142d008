"""Stations and slots on pages: keeping them, calling off, saying who came."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from contest.accounts.guards import needs
from contest.errors import Invalid
from contest.member_services import catalogue_queries, duty_queries, place_actions, place_queries
from contest.member_services.blueprint import OFFICE, actor, bp
from contest.numbers import read_whole
from contest.pages import show


@bp.get("/service-desk/stations")
@needs(*OFFICE, everywhere=True)
def keep_stations():
    """Every station, and a form for another one."""
    return _show_stations()


def _show_stations(refused=None, station=None):
    values = request.form if refused else _typed(station)
    return show(
        "member_services/keep_stations.html", status=refused.status if refused else 200, station=station,
        lines=place_queries.stations(only_open=False), officers=duty_queries.officers(), values=values,
        refused=refused, field_errors=refused.fields if refused else {},
    )


def _typed(station):
    if station is None:
        return {}
    keys = ("name", "district", "address", "hours", "keeper", "phone", "keeper_id")
    point = "" if station.latitude is None else (
        f"{station.latitude / 1e6:.6f}, {station.longitude / 1e6:.6f}"
    )
    return {key: getattr(station, key) or "" for key in keys} | {
        "point": point, "equipment": "、".join(station.equipment), "closed": "" if station.is_open else "1",
    }


@bp.post("/service-desk/stations")
@needs(*OFFICE, everywhere=True)
def add_station():
    """One station more."""
    return _save_station(None)


@bp.get("/service-desk/stations/<int:station_id>")
@needs(*OFFICE, everywhere=True)
def edit_station(station_id):
    """One station to be changed."""
    return _show_stations(station=place_queries.get_station(station_id))


@bp.post("/service-desk/stations/<int:station_id>")
@needs(*OFFICE, everywhere=True)
def save_station(station_id):
    """Change a station."""
    return _save_station(place_queries.get_station(station_id))


def _save_station(station):
    try:
        place_actions.save_station(actor(), station.id if station else None, request.form)
    except Invalid as refused:
        return _show_stations(refused, station)
    return redirect(url_for("member_services.keep_stations"), 303)


@bp.get("/service-desk/slots")
@needs(*OFFICE, everywhere=True)
def keep_slots():
    """Times that can be booked, and a form for another one."""
    return _show_slots()


def _show_slots(refused=None):
    services = catalogue_queries.every_service()
    return show(
        "member_services/keep_slots.html", status=refused.status if refused else 200,
        lines=place_queries.slots(coming=False), services=services,
        booked=[one for one in services.values() if one.slots], stations=place_queries.stations(),
        values=request.form, refused=refused, field_errors=refused.fields if refused else {},
    )


@bp.post("/service-desk/slots")
@needs(*OFFICE, everywhere=True)
def add_slot():
    """Offer another time."""
    try:
        place_actions.save_slot(actor(), request.form)
    except Invalid as refused:
        return _show_slots(refused)
    return redirect(url_for("member_services.keep_slots"), 303)


@bp.get("/service-desk/slots/<int:slot_id>")
@needs(*OFFICE, everywhere=True)
def show_slot(slot_id):
    """Who has booked, who came, and who was told when it was called off."""
    return _show_slot(slot_id)


def _show_slot(slot_id, refused=None):
    slot = place_queries.get_slot(slot_id)
    return show(
        "member_services/show_slot.html", status=refused.status if refused else 200, refused=refused,
        values=request.form if refused else {}, told=place_queries.told_of(slot), slot=slot,
        service=catalogue_queries.find_any(slot.service_key),
        cases=place_queries.cases_of_slot(slot.id), attended=place_queries.attended(slot.id),
        session=min(max(1, read_whole(request.args.get("session"), 1)), slot.sessions),
    )


@bp.post("/service-desk/slots/<int:slot_id>/attendance")
@needs(*OFFICE, everywhere=True)
def note_attendance(slot_id):
    """These came."""
    place_queries.get_slot(slot_id)
    session = read_whole(request.form.get("session"), 1)
    came = [read_whole(one, 0) for one in request.form.getlist("case")]
    count = place_actions.note_attendance(actor(), slot_id, session, came)
    flash(gettext("Noted as present: %(count)s.", count=count), "good")
    return redirect(url_for("member_services.show_slot", slot_id=slot_id, session=session), 303)


@bp.post("/service-desk/slots/<int:slot_id>/cancel")
@needs(*OFFICE, everywhere=True)
def cancel_slot(slot_id):
    """Call a time off and tell whoever booked it."""
    try:
        count = place_actions.cancel_slot(actor(), slot_id, request.form.get("reason", ""))
    except Invalid as refused:
        return _show_slot(slot_id, refused)
    flash(gettext("Called off. Told on the page of the application: %(count)s.", count=count), "good")
    return redirect(url_for("member_services.show_slot", slot_id=slot_id), 303)

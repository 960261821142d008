"""The catalogue, what an honour opens, and applications."""

from functools import cache

from sqlalchemy import select

from contest.db import db
from contest.errors import Missing
from contest.member_services.models import Application
from contest.member_services.rules import CATALOGUE, OPEN_STATES, is_entitled, read_catalogue
from contest.registry.models import Honour


@cache
def catalogue():
    """Every service by key, in the order of the catalogue file."""
    return read_catalogue(CATALOGUE.read_text(encoding="utf-8"))


def get_service(key):
    """The service, or Missing."""
    if key not in catalogue():
        raise Missing("There is no such service.")
    return catalogue()[key]


def services_of(honour):
    """The services that an honour opens; a revoked honour opens none."""
    if honour.state != "listed":
        return []
    return [
        service for service in catalogue().values()
        if is_entitled(service, honour.is_title, honour.level, honour.place)
    ]


def find_honour(honour_id):
    """The listed honour with this id, or None."""
    honour = db.session.get(Honour, honour_id)
    return honour if honour is not None and honour.state == "listed" else None


def lock_honour(honour_id):
    """The listed honour, held against a second application at the same moment; or None."""
    return db.session.scalar(
        select(Honour).filter_by(id=honour_id, state="listed").with_for_update()
    )


def open_applicants(service_key, honour_id):
    """The names in the open applications for a service on an honour."""
    return db.session.scalars(
        select(Application.name).where(
            Application.service_key == service_key, Application.honour_id == honour_id,
            Application.state.in_(OPEN_STATES),
        )
    ).all()


def find_sent_before(service_key, honour_id, since, values):
    """The open application that the very same form made since a moment, or None."""
    rows = db.session.scalars(
        select(Application).where(
            Application.service_key == service_key, Application.honour_id == honour_id,
            Application.state.in_(OPEN_STATES), Application.at >= since,
            Application.name == values["name"], Application.phone == values["phone"],
        )
    )
    return next((
        row for row in rows if (row.words, row.answers) == (values["words"], values["answers"])
    ), None)


def get_application(application_id):
    """The application, or Missing."""
    application = db.session.get(Application, application_id)
    if application is None:
        raise Missing("There is no such application.")
    return application


def get_application_by_receipt(receipt):
    """The application with this receipt code, or Missing."""
    application = db.session.scalar(select(Application).filter_by(receipt=receipt.strip().upper()))
    if application is None:
        raise Missing("There is no application with this receipt code.")
    return application


def list_applications(state=""):
    """Applications, the oldest open one first."""
    query = select(Application).order_by(Application.answered_at.is_not(None), Application.id)
    if state:
        query = query.filter_by(state=state)
    return db.session.scalars(query).all()

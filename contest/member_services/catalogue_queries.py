"""The catalogue as it is offered now: entries that the program brings, and versions entered on a page."""

from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from contest.db import db
from contest.errors import Missing
from contest.member_services import catalogue_rules
from contest.member_services.models import ServiceVersion

FOLDER = Path(__file__).with_name("catalogue")
LISTED = ("granted", "listed")  # states of an honour that opens something


@cache
def shipped_documents():
    """{key: document} of the entries that the program brings along, in their order."""
    documents = [
        catalogue_rules.read_toml(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))
    ]
    return {one["key"]: one for one in sorted(documents, key=lambda one: one.get("order", 100))}


_read = {}  # {fingerprint of a document: Service}; documents never change


def service_of(version):
    """The Service of a ServiceVersion, read once."""
    if version.document_hash not in _read:
        _read[version.document_hash] = catalogue_rules.read_service(version.document)
    return _read[version.document_hash]


@cache
def shipped():
    """{key: Service} that the program brings along."""
    return {key: catalogue_rules.read_service(one) for key, one in shipped_documents().items()}


def latest_versions():
    """{key: ServiceVersion} entered on a page, the latest of each key."""
    newest = (
        select(func.max(ServiceVersion.id)).where(ServiceVersion.source == "page")
        .group_by(ServiceVersion.key)
    )
    rows = db.session.scalars(select(ServiceVersion).where(ServiceVersion.id.in_(newest)))
    return {row.key: row for row in rows}


def every_service():
    """{key: Service} as it stands now, also those that are not offered, in the order of the catalogue."""
    found = {**shipped(), **{key: service_of(row) for key, row in latest_versions().items()}}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def services():
    """{key: Service} that can be applied for now, in order."""
    return {key: one for key, one in every_service().items() if one.is_offered}


def get_service(key):
    """The service as it is offered now, or Missing."""
    if (found := services().get(key)) is None:
        raise Missing("There is no such service.")
    return found


def find_any(key):
    """The service as it stands now, offered or not; None when there is none."""
    return every_service().get(key)


def document_of(key):
    """The document that stands behind an entry now, or Missing."""
    if (version := latest_versions().get(key)) is not None:
        return version.document
    if key not in shipped_documents():
        raise Missing("There is no such service.")
    return shipped_documents()[key]


def find_version(key, fingerprint):
    """The version of an entry with exactly this content, or None."""
    return db.session.scalar(
        select(ServiceVersion).filter_by(key=key, document_hash=fingerprint)
        .order_by(ServiceVersion.id.desc()).limit(1)
    )


def hold_catalogue():
    """Hold what makes people and registers out of cases until the transaction ends: two never make one twice.

    On PostgreSQL it is the first version that was kept; whoever applies by just that one waits as well.
    """
    db.session.execute(
        select(ServiceVersion.id).order_by(ServiceVersion.id).limit(1).with_for_update(key_share=True)
    )


def next_number(key):
    """The number of the next version of an entry."""
    top = db.session.scalar(select(func.max(ServiceVersion.number)).filter_by(key=key))
    return (top or 0) + 1


def versions_of(key):
    """The versions of an entry that were kept, the latest first."""
    return db.session.scalars(
        select(ServiceVersion).filter_by(key=key).order_by(ServiceVersion.id.desc())
    ).all()


def services_of(honour):
    """The services that an honour opens; a revoked honour opens none."""
    if honour.state not in LISTED:
        return []
    return [
        service for service in services().values()
        if catalogue_rules.opens_for_honour(service, honour.is_title, honour.level, honour.place)
    ]


def toml_of(key, document):
    """An entry as TOML to be changed: the shipped file with its comments, or written from the document."""
    for path in FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        if catalogue_rules.read_toml(text) == document:
            return text
    return catalogue_rules.write_toml(document)

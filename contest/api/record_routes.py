"""Records over the API: what the public pages tell, for programs that show it elsewhere."""

from contest.accounts.guards import open_to_all
from contest.api import door, record_shapes, shapes
from contest.api.routes import bp, paged
from contest.i18n import N_
from contest.registry import record_history_queries, record_queries

OWN = (
    "id", "name", "name_en", "event", "holder", "what", "key", "better", "unit", "level", "group", "places",
)


@door.operation(
    bp, "GET", "/records", record_shapes.Records, guard=open_to_all, scope="registry:read",
    tag=N_("Registry"), summary=N_("The records and who holds them"), query=shapes.PageQuery,
)
def list_records(query):
    page = paged(query, sorted(record_queries.list_lines(), key=lambda one: one.id), lambda one: one.id)
    page["items"] = [_line(record_history_queries.find_history(one)) for one in page["items"]]
    return page


@door.operation(
    bp, "GET", "/records/<int:line_id>", record_shapes.RecordFacts, guard=open_to_all,
    scope="registry:read", tag=N_("Registry"), summary=N_("One record: who held it from when to when"),
)
def show_record(line_id):
    line = record_queries.get_line(line_id)
    found = record_history_queries.find_history(line)
    return {
        **_line(found), "history": [_holder(line, one) for one in found.history],
        "taken_back": [
            {"value": record_queries.printed(line, one.value), "on": one.on,
             "taken_back_at": one.withdrawn_at}
            for one in record_history_queries.taken_back(line_id)
        ],
    }


def _line(found):
    line = found.line
    return {
        **{name: getattr(line, name) for name in OWN},
        "top": record_queries.printed(line, line.top) or None, "is_compared": line.ended_at is None,
        "standing": [_holder(line, one) for one in found.standing],
    }


def _holder(line, one):
    return {
        "value": one.value, "name": one.name, "unit": one.unit, "craftsman": one.token or None,
        "contest": one.contest, "source": "" if one.mark else line.earlier_source, "on": one.on,
        "until": one.until, "is_shared": one.is_shared, "organisation": one.organisation_id,
        "members": [{"name": each.name, "craftsman": each.token or None} for each in one.members],
        "revision": one.sheet.revision if one.sheet else None,
        "document_hash": one.sheet.document_hash if one.sheet else None,
    }

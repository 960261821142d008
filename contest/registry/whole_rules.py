"""A whole contest from its archive: when it is taken over, what is shown of it, and what it does not hold."""

import zipfile
from datetime import date, datetime

from contest.audit.chain_rules import moment_of
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.names import masked
from contest.offline.archived_files import Limits
from contest.results.ledger_files import CHAIN, OVER

# What a worker unpacks of an archive that comes through a page; whoever uses the command line has the
# machine to themselves. A chain that fits into an upload has about 250,000 links of 500 bytes.
OF_UPLOAD = Limits(each=32, line=4, named={CHAIN: 160})
WITHHELD = "–"  # where a name stood that was erased
# Packed otherwise a few bytes become gigabytes before anybody can count them.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What stays behind where the contest was held: an archive does not carry it.
LEFT_OUT = (
    N_("Accounts, roles, passwords and PINs; who did something is told by name only."),
    N_("Telephone, address, identity number, pictures and works of people; nobody is joined with a person of "
       "this register, and no honour is made."),
    N_("Words, files and receipts of appeals and objections, and the rows of notices: the archive has their "
       "fingerprints only."),
    N_("Photographs of sheets on paper, drawings, certificates, nominations with their files, the ceremony "
       "and the public board's settings."),
    N_("Signed bulletins of earlier revisions; the latest one of the last stage is in the archive if it "
       "was signed."),
    N_("Devices, tablets, programs with a key, webhooks, messages and calendar."),
)
# What the file says and no link binds.
NOT_BOUND = (
    N_("Who held the contest, where and on which days."),
    N_("Names of organisations, judges and coaches beside an award; that they have it is bound."),
)


def check_packing(methods):
    """An archive is packed as a zip file usually is; Invalid. methods: {file's name: zipfile's number}."""
    strange = next((name for name, method in methods.items() if method not in PACKED), None)
    if strange is not None:
        raise Invalid(
            "This archive is packed in an unusual way (%(name)s). Unpack it, pack it again as an ordinary "
            "zip file, and bring that.", name=strange,
        )


def too_large(error):
    """The Invalid for an archive of which a file, or a line of one, is larger than a page takes."""
    if error.is_line:
        return Invalid(
            "This archive is not taken over: a line of %(name)s is longer than %(most)s MB.",
            name=error.name, most=error.most,
        )
    return Invalid(
        "This archive is too large for a page: %(name)s has more than %(most)s MB once it is unpacked. Take "
        "it over with the command contest import-archive.", name=error.name, most=error.most,
    )


def check_new(is_there):
    """A contest is taken over once, and never beside itself; Conflict."""
    if is_there:
        raise Conflict("This contest is here already: its chain begins with the same link.")


def check_withdrawable(is_withdrawn):
    """What was taken over is withdrawn once; Conflict."""
    if is_withdrawn:
        raise Conflict("This has been withdrawn already.")


def read(report, lines):
    """What is shown of an archive that was checked, as plain JSON; Invalid and Conflict say why not.

    report: archive_check's; lines: pairs (is good, line) of what it found.
    """
    bad = next((line for good, line in lines if not good), None)
    if bad is not None:
        raise Invalid("This archive does not hold, and nothing was stored: %(why)s", why=bad.strip())
    try:
        return _read(report, lines)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError) as error:
        raise Invalid("This archive cannot be read: %(why)s", why=repr(error)) from error


def _read(report, lines):
    about, rows = report.about, report.rows
    contest = rows["contest"].get(about["contest"], {})
    if contest.get("state") not in OVER or about["state"] != contest["state"]:
        raise Conflict("This contest was not over when its archive was written; only a closed one is taken.")
    if report.published_file is None:
        raise Conflict(
            "This archive is of the first format, without the published lists. It can be verified, but "
            "not taken over: export it once more with a newer program."
        )
    if about["stage"] != contest.get("stage"):
        raise Conflict(
            "This archive is of the stage %(stage)s, and the contest ended with %(last)s: export that one.",
            stage=about["stage"], last=contest.get("stage", "–"),
        )
    plans = {one["id"]: one["document"] for one in report.published_file["plans"]}
    sheets = [_sheet(one, rows, plans) for one in report.published_file["sheets"]]
    standing = [one for one in sheets if one["stage"] == about["stage"]]
    if not standing or standing[-1]["kind"] != "final":
        raise Conflict("This archive holds no final results.")
    annulled = rows["annulment"].values()
    return {
        "about": _about(about, standing[-1]["document"]["contest"]), "sheets": sheets,
        "awards": _awards(report.published_file["awards"], rows, standing[-1], annulled),
        "plans": [_plan(row_id, rows["plan_version"]) for row_id in plans],
        "entrants": sum("number" in row for row in rows["entrant"].values()), "annulled": len(annulled),
        "report": [line for _, line in lines],
    }


def _about(about, bound):
    """The contest's names as the published list has them, which the chain binds, and the rest as told."""
    told = {key: str(about.get(key) or "") for key in ("host", "place", "starts_on", "ends_on", "at")}
    datetime.fromisoformat(told["at"])
    if told["starts_on"]:
        date.fromisoformat(told["starts_on"])
    return told | {key: str(bound.get(key) or "") for key in ("slug", "name", "name_en")} | {
        "state": about["state"], "stage": about["stage"], "format": about["format"],
    }


def _sheet(one, rows, plans):
    row = rows["result_sheet"][one["id"]]
    plan = plans[row["plan_version_id"]]
    stages = {stage["key"]: stage for stage in plan.get("stages", ())}
    stage = stages.get(row["stage"], {})
    return {
        "id": one["id"], "stage": row["stage"], "revision": row["revision"], "kind": row["kind"],
        "name": stage.get("name") or row["stage"], "name_en": stage.get("name_en") or "",
        "at": moment_of(row["at"]).isoformat(), "reason": row.get("reason", ""),
        "hash": row["document_hash"], "modules": _modules(plan, one["document"]),
        "document": one["document"],
    }


def _modules(node, document):
    """[key, name, name in English] of the modules that a list shows, in the order of the plan."""
    shown = {key for row in document["rows"] for key in row["modules"]}
    found = {}

    def look(part):
        if isinstance(part, dict):
            if part.get("key") in shown and isinstance(part.get("name"), str):
                found.setdefault(part["key"], [part["key"], part["name"], part.get("name_en") or ""])
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(node)
    return [*found.values(), *([key, key, ""] for key in sorted(shown - found.keys()))]


def _awards(holders, rows, sheet, annulled):
    taken = {row.get("award_id") for row in annulled} | {
        ("entrant", row["entrant_id"]) for row in annulled if row.get("entrant_id")
    }
    people = {row["entrant_id"]: row for row in sheet["document"]["rows"]}
    found = []
    for one in sorted(holders, key=lambda holder: holder["id"]):
        row = rows["award"][one["id"]]
        person, team = people.get(row.get("entrant_id"), {}), rows["team"].get(row.get("team_id"), {})
        found.append({
            "name": row["name"], "name_en": row.get("name_en", ""), "place": row.get("place"),
            "total": row.get("total", ""),
            "holder": person.get("name") or team.get("name") or str(one["name"]),
            "organisation": person.get("organisation") or team.get("organisation")
            or str(one["organisation"]),
            "is_person": not (team or row.get("organisation_id")), "entrant_id": row.get("entrant_id"),
            "is_annulled": one["id"] in taken or ("entrant", row.get("entrant_id")) in taken,
        })
    return found


def _plan(row_id, rows):
    row = rows[row_id]
    since = row.get("in_force_at")
    return {
        "number": row["number"], "hash": row["document_hash"], "reason": row.get("reason", ""),
        "since": moment_of(since).isoformat() if since else "",
    }


def people_of(shown):
    """The rows of people in the lists, each person once, as the last list has them; [] once withdrawn."""
    found = {}
    for sheet in shown.get("sheets", ()):
        for row in sheet["document"]["rows"]:
            found[row["entrant_id"]] = row
    return list(found.values())


def without_place(shown):
    """Ids of the entrants who have a place in no list and hold no award: what was published needs no name."""
    rows = [row for sheet in shown["sheets"] for row in sheet["document"]["rows"]]
    placed = {row["entrant_id"] for row in rows if row.get("place")}
    return {
        row["entrant_id"] for row in people_of(shown)
        if row["entrant_id"] not in placed and not any(_is_holder(one, row) for one in shown["awards"])
    }


def without_names(shown, entrant_ids):
    """The same with the names of these entrants gone from lists and awards; who they are stays by number."""
    people = [row for row in people_of(shown) if row["entrant_id"] in entrant_ids]
    gone = {row["entrant_id"] for row in people}
    sheets = [
        one | {"document": one["document"] | {"rows": [
            row | {"name": WITHHELD} if row["entrant_id"] in gone else row for row in one["document"]["rows"]
        ]}}
        for one in shown["sheets"]
    ]
    awards = [
        one | {"holder": WITHHELD} if any(_is_holder(one, row) for row in people) else one
        for one in shown["awards"]
    ]
    withheld = sorted({*shown.get("withheld", ()), *gone})
    return shown | {"sheets": sheets, "awards": awards, "withheld": withheld}


def _is_holder(award, row):
    """Archives that earlier releases took over do not say whose an award is but by name and unit."""
    if not award.get("is_person", True) or award["holder"] == WITHHELD:
        return False
    if award.get("entrant_id") is not None:
        return award["entrant_id"] == row["entrant_id"]
    return (award["holder"], award["organisation"]) == (row["name"], row["organisation"])


def _masked(name):
    return name if name == WITHHELD else masked(name)


def for_everybody(shown):
    """What the public reads of it: final lists, places, awards that stand, and no name in full.

    An archive does not say whether its contest was public, nor who agreed to what since.
    """
    sheets = [
        one | {"document": one["document"] | {"rows": [
            row | {"name": _masked(row["name"])} for row in one["document"]["rows"] if row.get("place")
        ]}}
        for one in shown["sheets"] if one["kind"] == "final"
    ]
    # Whoever was annulled later stands in no list but the one that was made without them.
    last = {one["stage"]: one["id"] for one in sheets}
    return shown | {
        "sheets": [one for one in sheets if one["id"] == last[one["stage"]]],
        "awards": [
            one | {"holder": _masked(one["holder"]) if one.get("is_person", True) else one["holder"]}
            for one in shown["awards"] if not one["is_annulled"]
        ],
    }


def sheet_shown(sheets, sheet_id, stage):
    """The published list with this id, else the last one of the last stage."""
    own = [one for one in sheets if one["stage"] == stage]
    return next((one for one in sheets if one["id"] == sheet_id), own[-1])

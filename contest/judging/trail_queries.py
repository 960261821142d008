"""The trail in the words of a contest: codes or names for contestants, names for all that has a key."""

import re

from sqlalchemy import select

from contest.audit import queries as trail
from contest.db import db
from contest.i18n import pick_name
from contest.judging.blind_queries import hidden_modules
from contest.judging.models import Sheet
from contest.judging.queries import blind_codes, names_of
from contest.people.models import Judge, Team
from contest.scoring.units import text_of
from contest.setup.queries import find_plan_in_force, get_contest

SUBJECT = re.compile(r"(entrant|sheet|stage) (\S+)")


class NamesOfPlan:
    """What rows may be called by: the words of a plan, and people as they are given.

    people: {entrant id: (number, name, …)}; judges, teams: {id: name}. Nothing is hidden.
    """

    def __init__(self, language, plan, people, judges, teams):
        self.language, self.plan = language, plan
        modules = plan.modules if plan else ()
        self.modules = {module.key: module for module in modules}
        self.pieces = {
            piece.key: piece
            for table in (("modules", "parts", "stages") if plan else ())
            for piece in getattr(plan, table)
        }
        self.hidden, self.codes = (), {}
        self.people, self.judges, self.teams = people, judges, teams

    def piece(self, key):
        """The name of a module, part or stage; its key when the plan no longer has it."""
        found = self.pieces.get(key)
        return pick_name(found, self.language) if found else key

    def entrant(self, entrant_id, module_key=""):
        """A code while blind marks are out and the row is not of an open module; else number and name."""
        module = self.modules.get(module_key)
        is_open = module is not None and not (module.blind and module.entry == "sheets")
        if self.hidden and not is_open:
            return self.codes.get(entrant_id, ("–", 0))[0]
        number, name, _ = self.people.get(entrant_id, ("", "", ""))
        return f"{number} {name}".strip() or "–"

    def judge(self, value):
        """A judge's name where a number stood."""
        return self.judges.get(value, value) if isinstance(value, int) else value

    def aspect(self, module_key, key):
        """An aspect's key with its name."""
        aspect = self._aspect(module_key, key)
        return f"{key} {pick_name(aspect, self.language)}" if aspect else key

    def mark(self, module_key, key, value):
        """A mark as it stands on a sheet, in short."""
        aspect = self._aspect(module_key, key)
        if aspect is None or value in (None, "", {}, []):
            return value
        if isinstance(value, dict):
            return [self._choice(aspect.reasons, at, f" × {n}") for at, n in value.items()]
        if isinstance(value, list) and aspect.kind == "checklist":
            ticked = [pick_name(item, self.language)
                      for item, is_there in zip(aspect.items, value, strict=False) if is_there]
            return ticked or "–"
        if isinstance(value, int) and not isinstance(value, bool) and aspect.kind == "judgement":
            return self._choice(aspect.levels, value)
        return value

    def _choice(self, choices, at, rest=""):
        at = int(at)
        return (pick_name(choices[at], self.language) if at < len(choices) else str(at)) + rest

    def _aspect(self, module_key, key):
        module = self.modules.get(module_key)
        return next((each for each in module.aspects if each.key == key), None) if module else None


class Names(NamesOfPlan):
    """What the rows of one contest may be called by, looked up once for a page of them."""

    def __init__(self, contest_id, language):
        force = find_plan_in_force(contest_id)
        judges, teams = (
            dict(db.session.execute(select(table.id, table.name).filter_by(contest_id=contest_id)).all())
            for table in (Judge, Team)
        )
        super().__init__(language, force.plan if force else None, names_of(contest_id), judges, teams)
        self.hidden = hidden_modules(contest_id)
        self.codes = blind_codes(contest_id, get_contest(contest_id).stage)


def tell(contest_id, rows, language):
    """{row id: (words, facts)}; what the trail's sentences and values need, see audit.queries."""
    return told(Names(contest_id, language), rows, _sheets(rows))


def told(names, rows, sheets):
    """{row id: (words, facts)} of pairs (row, facts). names: NamesOfPlan; sheets: {id: Sheet}."""
    return {row.id: _told(names, row, dict(facts), sheets) for row, facts in rows}


def find(contest_id, text):
    """Triples (fact, value, modules) that a text names: contestants as rows call them now, and modules.

    While blind marks are out only a code finds a contestant, and only what was done in the blind
    modules: other rows say the name.
    """
    names, wanted = Names(contest_id, "zh"), text.strip().casefold()
    only = [module.key for module in names.hidden] if names.hidden else None
    if names.hidden:
        called = {one: (code,) for one, (code, _) in names.codes.items()}
    else:
        called = {one: (number, name) for one, (number, name, _) in names.people.items()}
    found = [
        ("entrant", one, only) for one, words in called.items()
        if wanted in (word.casefold() for word in words)
    ]
    modules = [
        ("module", module.key, None) for module in names.modules.values()
        if wanted in (module.name.casefold(), (module.name_en or "").casefold())
    ]
    return found + modules


def _sheets(rows):
    """{sheet id: Sheet} of the sheets that rows only name by their number."""
    numbers = {
        int(found.group(2)) for _, facts in rows for key in facts
        if (found := SUBJECT.fullmatch(key)) and found.group(1) == "sheet"
    }
    if not numbers:
        return {}
    return {
        sheet.id: sheet for sheet in db.session.scalars(select(Sheet).where(Sheet.id.in_(numbers)))
    }


def _told(names, row, facts, sheets):
    words = _words(names, row, facts)
    module_key = facts.get("module") or ""
    if "changed" in facts and isinstance(facts["changed"], dict):
        facts["changed"] = {
            names.aspect(module_key, key): {
                side: names.mark(module_key, key, pair[side]) for side in ("old", "new")
            }
            for key, pair in facts["changed"].items()
        }
    if "aspects" in facts:
        facts["aspects"] = [names.aspect(module_key, key) for key in facts["aspects"]]
    if row.did == "sheet.submit" and facts.get("units") is not None:
        facts["points"] = text_of(facts["units"])
    elif row.did.startswith("penalty."):
        facts.pop("points", None)  # the sentence says it
    for key in ("added", "old", "new"):
        if isinstance(facts.get(key), dict):
            facts[key] = {names.piece(one): value for one, value in facts[key].items()}
    if row.did.startswith("theory."):
        _say_scores(facts)
    if row.did.startswith("panel."):
        for key in ("old", "new"):
            facts[key] = _judges(names, facts.get(key))
    if row.did in ("contest.stage", "stage.open"):
        facts = {key: names.piece(value) if isinstance(value, str) else value
                 for key, value in facts.items()}
    if row.did == "tie.rule" and facts.pop("about", "") == "entrants":
        facts["order"] = [names.entrant(one) for one in facts.get("order", [])]
    elif row.did == "tie.rule":
        facts["order"] = [names.teams.get(one, "–") for one in facts.get("order", [])]
    return words, _without_numbers(names, facts, sheets)


def _words(names, row, facts):
    found = SUBJECT.fullmatch(row.subject)
    kind, key = found.groups() if found else ("", row.subject)
    module_key = facts.get("module") or (row.subject if row.did.startswith("panel.") else "")
    words = {
        "module": names.piece(module_key), "seat": facts.get("seat"),
        "stage": names.piece(key if kind == "stage" else row.subject),
        "scope": names.piece(facts.get("scope", "")), "points": facts.get("points"),
    }
    if row.did == "figure.difficulty":
        words["module"] = names.piece(row.subject)
    entrant_id = facts.get("entrant")
    if kind == "entrant" and key.isdecimal():
        entrant_id = int(key)
    if isinstance(entrant_id, int):
        words["about"] = names.entrant(entrant_id, facts.get("scope") or module_key)
    return words


def _say_scores(facts):
    """Scores as their number, or as the state that stands instead of one."""
    def said(score):
        return score if not isinstance(score, list) else score[1] if score[0] == "scored" else score[0]

    for key in ("old", "new"):
        if key in facts:
            facts[key] = said(facts[key])
    if isinstance(facts.get("corrected"), dict):
        facts["corrected"] = {
            number: {"old": said(pair[0]), "new": said(pair[1])}
            for number, pair in facts["corrected"].items() if isinstance(pair, list)
        }


def _judges(names, value):
    if isinstance(value, dict):
        return {key: _judges(names, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [names.judge(one) for one in value]
    return value


def _without_numbers(names, facts, sheets):
    """Facts in which sheets that changed hands are called by whom and what they were for."""
    moved = facts.pop("moved", {})
    moved = moved if isinstance(moved, dict) else {}
    for key in [key for key in facts if SUBJECT.fullmatch(key)]:
        moved[key] = facts.pop(key)
    passed = []
    for key, pair in moved.items():
        sheet = sheets.get(int(key.split()[1])) if key.startswith("sheet ") else None
        change = f"{names.judge(pair.get('old'))} → {names.judge(pair.get('new'))}"
        if sheet is not None:
            # The row says whose people they are; the codes beside it would be theirs.
            is_hidden = sheet.module_key in {module.key for module in names.hidden}
            about = "" if is_hidden else names.entrant(sheet.entrant_id, sheet.module_key)
            change = f"{names.piece(sheet.module_key)} {about}".strip() + f": {change}"
        passed.append(change)
    if passed:
        facts["moved"] = passed
    return facts


trail.TELLERS.append(tell)
trail.FINDERS.append(find)

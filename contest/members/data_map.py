"""The map of personal data (data_map.toml): which tables hold something of a person, and the rows of one."""

import tomllib
from functools import cache
from pathlib import Path

from sqlalchemy import or_, select

from contest.db import db
from contest.i18n import N_

WHYS = {
    "name_published": N_("The name stands in published results and honours, which stay on record."),
    "staff": N_("The account holds a role: what was done with it is on record under its name."),
    "card": N_("A judge's card, as a hash that says nothing of the person."),
    "entry": N_("Published results rest on the entry."),
    "chain": N_("It is bound into the contest's chain, which would not hold without it."),
    "recusal": N_("It proves that no judge marked somebody close."),
    "code": N_("Marks were given to the code; without it results cannot be checked."),
    "results": N_("Published results rest on it."),
    "decisions": N_("Decisions on results rest on it."),
    "won": N_("Published: who won what stays on record."),
    "certificate": N_("Published: whoever is shown the certificate must be able to check it."),
    "register": N_("The register lists whoever holds an honour; the line of life goes."),
    "honoured": N_("Published: who was honoured stays on record."),
    "level": N_("Levels rest on published results."),
    "record": N_("Published: the record stays with its result, without the name."),
    "paid": N_("What was paid has to be accounted for."),
    "members": N_("The union's book of members."),
    "case": N_("That there was a case, and what it cost, stays for the books; what was told in it goes."),
    "history": N_("When what happened stays; the words go."),
    "file": N_("Name, size and hash of the file stay; its content goes."),
    "matter": N_("The matter stays in its register, without who brought it."),
    "attendance": N_("It counts attendance; without the application it names nobody."),
    "log": N_("The law asks that access to personal data can be proved."),
    "erasure": N_("So that an old copy of the database can be brought into line again."),
    "sent": N_("It was sent to the authority that granted the title, which answers for it."),
    "namesake": N_("It says only which rows are one person, so that nobody's results go to somebody else."),
    "points": N_("Published lists of points rest on it."),
    "points_list": N_("Place, unit and points stay in the published list, without the name."),
    "paper": N_("Kind, size and hash of the paper stay; its name and content go."),
    "story": N_("That a story was told stays; its title and words go."),
    "fact": N_("Levels rest on it; where it is known from goes."),
    "age": N_("Rules of a contest with published results look at it."),
}
TABLES = {
    "human": N_("Person"), "user_account": N_("Account"), "auth_session": N_("Sessions"),
    "entrant": N_("Entries in contests"), "state_event": N_("States of the entries"),
    "recusal": N_("Recusals"), "blind_code": N_("Blind codes"), "sheet": N_("Mark sheets"),
    "sheet_revision": N_("Versions of the marks"), "sheet_check": N_("Sheets checked again"),
    "check_statement": N_("Statements about sheets"), "score_check": N_("Scores checked again"),
    "score_statement": N_("Statements about scores"), "recorded_figure": N_("Recorded figures"),
    "penalty": N_("Penalties"), "sheet_flag": N_("Reports of judges"), "quiz_entry": N_("Quiz"),
    "theory_entry": N_("Theory scores"), "appeal": N_("Appeals"), "appeal_file": N_("Files of appeals"),
    "unchanged_reason": N_("Why an appeal changes no figure"),
    "late_paper": N_("Who took a late paper"), "late_paper_word": N_("Words for late papers"),
    "award": N_("Prizes"), "certificate": N_("Certificates"),
    "certificate_leaf": N_("Certificates in signed lists"), "printed_name": N_("Printed names"),
    "craftsman": N_("Entry in the register"), "honour": N_("Honours"), "standing_level": N_("Levels"),
    "person_letter": N_("News on the own page"), "letter_notice": N_("News told outside"),
    "letter_try": N_("Tries to tell them"), "news_phone": N_("Telephone for news"),
    "entitlement": N_("Entitlements"), "entitlement_event": N_("Changes of entitlements"),
    "benefit_payment": N_("Monthly benefits paid"),
    "benefit_return": N_("Monthly benefits that came back"),
    "paid_contribution": N_("Yearly contributions"),
    "taken_back_contribution": N_("Yearly contributions taken back"),
    "membership": N_("Memberships"), "service_case": N_("Applications"),
    "case_event": N_("Histories of applications"), "case_file": N_("Files of applications"),
    "register_item": N_("Lines of registers"), "item_event": N_("Histories of lines"),
    "attendance": N_("Attendance"), "personal_access": N_("Access log"), "entry_card": N_("Judges' cards"),
    "personal_erasure": N_("Erasures"), "award_helper": N_("Prizes to judges and coaches"),
    "annulment": N_("Annulled results and awards"),
    "committee_decision": N_("Decisions of the committee"), "nomination": N_("Nominations for titles"),
    "nomination_event": N_("Histories of nominations"), "nomination_file": N_("Papers of nominations"),
    "sent_pack": N_("Packs that were sent"), "honour_file": N_("Documents of honours"),
    "record_mark": N_("Records"), "record_member": N_("Records of teams"),
    "career_fact": N_("Grades, years and training"), "level_decision": N_("Decisions on levels"),
    "level_event": N_("Steps of the ladders"), "craftsman_work": N_("Works and patents"),
    "master_tie": N_("Masters and apprentices"), "studio": N_("Studios"),
    "person_apart": N_("Namesakes told apart"), "person_merge": N_("Rows found to be one person"),
    "points_entry": N_("Ledger of points"), "points_list": N_("Published lists of points"),
    "unit_nomination": N_("Nominations by units"),
    "unit_nomination_file": N_("Papers of nominations by units"), "selection_story": N_("Stories"),
    "condition_verdict": N_("Conditions of a selection"),
    "selection_list_change": N_("Changes of lists of selections"),
    "archive_result": N_("Results of earlier contests"),
}


@cache
def data_map():
    """{table's name: what the map says of it} of the tables that lead to a person, as the file has it."""
    return {name: entry for name, entry in _read().items() if name not in ("waiting", "archived")}


def waiting_lists():
    """{table's name: what the map says of it} of lists that were read and that wait for a yes."""
    return _read()["waiting"]


def archived():
    """{table's name: what the map says of it} of what was taken over whole; people are found by name."""
    return _read()["archived"]


def _read():
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def table(name):
    """The table of this name."""
    return db.metadata.tables[name]


def of_person(name, ids):
    """The condition under which rows of a table are of a person; ids: of every row that is the person."""
    entry, here = data_map()[name], table(name)
    column = here.c[entry["of"]]
    if name == "human":
        return column.in_(ids)
    if "line" in entry:
        return here.c.id.in_([row["id"] for row in _with_lines(name, ids)])
    if "also" in entry:
        return or_(*(here.c[each].in_(ids) for each in (entry["of"], *entry["also"])))
    if through := entry.get("through"):
        other, _, key = through.partition(".")
        return column.in_(select(table(other).c[key]).where(of_person(other, ids)))
    if entry["of"] == "human_id":
        return column.in_(ids)
    target = next(iter(column.foreign_keys)).column
    return column.in_(select(target).where(of_person(target.table.name, ids)))


def rows_of(name, ids):
    """The rows of a table that are of this person, as mappings, in order; of a list the own lines alone."""
    here = table(name)
    if "line" in data_map()[name]:
        return _with_lines(name, ids)
    return db.session.execute(
        select(here).where(of_person(name, ids)).order_by(*here.primary_key.columns)
    ).mappings().all()


def _with_lines(name, ids):
    """The rows of a table whose document lists people by number, each with the lines of this person alone."""
    entry, here = data_map()[name], table(name)
    found = []
    for row in db.session.execute(select(here).filter_by(**entry["where"]).order_by(here.c.id)).mappings():
        document = row[entry["of"]]
        lines = [line for line in document["lines"] if line[entry["line"]] in ids]
        if lines:
            found.append({**row, entry["of"]: {**document, "lines": lines}})
    return found

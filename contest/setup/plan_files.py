"""A plan that comes as a file or as typed text."""

from contest.errors import Invalid
from contest.scoring.scheme import PlanError
from contest.scoring.scheme_lines import located
from contest.scoring.scheme_reading import document_from, plan_from
from contest.setup.rules import BadPlan


def read_plan_text(file_bytes, typed):
    """The TOML text of a plan: the uploaded file's if there is one, else what was typed."""
    if file_bytes:
        try:
            text = file_bytes.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\x00"
        # A paper such as a PDF may be made of letters only, but it never begins like a plan.
        if "\x00" in text or text.startswith("%PDF"):
            raise Invalid("The file is not UTF-8 text, so it cannot be a plan.")
        return text.replace("\r\n", "\n")
    if not typed.strip():
        raise Invalid("Choose a plan file, or write the plan into the box.")
    return typed.replace("\r\n", "\n")


def plan_from_text(text):
    """The plan in a TOML text, or BadPlan with every problem and its line."""
    try:
        return plan_from(document_from(text))
    except PlanError as refused:
        raise BadPlan(located(refused.problems, text)) from refused

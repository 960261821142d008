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
            return file_bytes.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise Invalid("The file is not UTF-8 text, so it cannot be a plan.") from None
    if not typed.strip():
        raise Invalid("Choose a plan file, or write the plan into the box.")
    return typed.replace("\r\n", "\n")


def plan_from_text(text):
    """The plan in a TOML text, or BadPlan with every problem and its line."""
    try:
        return plan_from(document_from(text))
    except PlanError as refused:
        raise BadPlan(located(refused.problems, text)) from refused

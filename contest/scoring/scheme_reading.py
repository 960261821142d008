"""Clause 1, continued. From a plan document (TOML or JSON) to a Plan, and back.

`plan_from` notes every problem before it refuses: first the form of each field; when all fields can
be read, whether they agree with each other; and then whether the sums stay within 64 bits.
"""

import hashlib
import json
import re
import tomllib
from decimal import Decimal, InvalidOperation

from contest.scoring.limits import limit_problems
from contest.scoring.scheme import Plan, PlanError, Problem
from contest.scoring.scheme_checks import sense_problems
from contest.scoring.scheme_tables import PLAN

# The standard reader cannot make a whole number of more digits than this.
TOO_LONG = re.compile(r"(?<![\w.])[0-9_]{4000,}")


def plan_from(document: dict) -> Plan:
    """The plan in a document; PlanError with every problem found when it cannot be used."""
    problems = []
    plan = PLAN.read("", document, problems)
    if not problems:
        problems += sense_problems(plan)
    if not problems:
        problems += limit_problems(plan)
    if problems:
        raise PlanError(problems)
    return plan


def document_from(text: str) -> dict:
    """The document in a TOML text, decimals kept exactly; PlanError saying which line is wrong."""
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except RecursionError:
        problem = Problem("", "Lists stand within lists here, too deep to be read.", {})
    except tomllib.TOMLDecodeError as error:
        problem = Problem("", "This is not a TOML file: %(error)s.", {"error": str(error)})
    except ValueError:
        found = TOO_LONG.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 0
        problem = Problem("", "A number has too many digits: at most 12 are allowed.", {}, line)
    raise PlanError([problem])


def _decimal(text):
    """A number with a point or an exponent; one beyond all bounds is refused as its field's value."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def plan_document(plan: Plan) -> dict:
    """The plan as a document of text, whole numbers, lists and tables; what is default is left out.

    `plan_from(plan_document(plan)) == plan`, always.
    """
    return PLAN.write(plan)


def canonical(document: dict) -> str:
    """The one way to write a plan document: JSON, keys sorted, amounts as decimal text.

    Two documents that mean the same plan give the same text. PlanError as `plan_from`.
    """
    return _canonical(plan_from(document))


def plan_hash(plan: Plan) -> str:
    """SHA-256, hexadecimal, of the plan's canonical text: its version's fingerprint."""
    return hashlib.sha256(_canonical(plan).encode()).hexdigest()


def _canonical(plan):
    return json.dumps(plan_document(plan), ensure_ascii=False, sort_keys=True)

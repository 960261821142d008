"""`python -m contest.recount PLAN.toml MARKS.csv [--entrants F] [--stage S]` prints the answer as JSON."""

import argparse
import decimal
import gc
import json
import sys
import tomllib

from contest.recount import Refused, recount
from contest.recount.files import read_text, table


def main(arguments=None):
    """Prints the answer and gives 0; or prints one sentence and gives 2."""
    parser = argparse.ArgumentParser(prog="python -m contest.recount", description=__doc__)
    parser.add_argument("plan")
    parser.add_argument("marks")
    parser.add_argument("--entrants")
    parser.add_argument("--stage")
    given = parser.parse_args(arguments)
    try:
        document = _document(given.plan)
        marks = table(given.marks, "marks", ("entrant", "item", "judge", "value"))
        entrants = table(given.entrants, "entrants", ("code",)) if given.entrants else None
        answer = recount(document, marks, entrants, given.stage)
    except Refused as refused:
        name = getattr(given, refused.where)
        line = f", line {refused.line}" if refused.line else ""
        print(f"{name}{line}: {refused}", file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def _document(path):
    """The plan as TOML, or as JSON when its name ends so."""
    text = read_text(path, "plan")
    try:
        if path.endswith(".json"):
            return json.loads(text, parse_float=decimal.Decimal)
        return tomllib.loads(text, parse_float=decimal.Decimal)
    except (ValueError, RecursionError, decimal.InvalidOperation) as error:
        raise Refused(f"This is not a TOML file (JSON where the name says so): {_reason(error)}.") from None


def _reason(error):
    if isinstance(error, tomllib.TOMLDecodeError | json.JSONDecodeError):
        return str(error)
    deep = "brackets stand too deep within each other"
    long = "a number has too many digits; at most 12 are allowed"
    return deep if isinstance(error, RecursionError) else long


if __name__ == "__main__":
    gc.disable()  # the program ends with its answer; looking for rings among a million rows only costs time
    sys.exit(main())

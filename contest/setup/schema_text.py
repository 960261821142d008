"""The JSON Schema of a plan file as it is published: one text for the page, the command and docs."""

import json

from contest.scoring.scheme_schema import plan_schema


def schema_text():
    """The schema as indented JSON."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=1) + "\n"

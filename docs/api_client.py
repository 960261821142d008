"""Imports a roster through the API and reads the standings; nothing but the standard library.

    CONTEST_TOKEN=jst_… python docs/api_client.py http://127.0.0.1:8000 7 roster.csv

7 is the contest's number. The file has a head with names of the description's RosterRow (organisation, name,
team, gender, born_on, …). Make the token on the page Tokens, with "Import rosters" and "Read the officials'
standings".
"""

import csv
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request

TRIES, PAUSE_S = 5, 2


class Refused(Exception):
    """The sentence of a refusal, with what it says of single fields."""


class Client:
    """One token at one address."""

    def __init__(self, base, token):
        self.base, self.token = base.rstrip("/"), token

    def ask(self, method, path, body=None, key=None):
        """The answer as a dict; Refused. What may be tried again is: with a key nothing is done twice."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/api/v1{path}", data, headers, method=method)
        for left in reversed(range(TRIES)):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refused:
                if refused.code != 503 or not left:
                    raise Refused(_sentence(refused)) from refused
            except OSError:
                if not left:
                    raise
            time.sleep(PAUSE_S)
        raise AssertionError("the last try returns or raises")

    def import_roster(self, contest_id, rows):
        """How many lines are new, changed or unchanged; looked at before anything is stored."""
        path = f"/contests/{contest_id}/roster"
        self.ask("POST", path, {"rows": rows, "is_trial": True})
        key = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
        return self.ask("POST", path, {"rows": rows}, key)["counts"]

    def entrants(self, contest_id):
        """Everybody on the roster, page by page."""
        after = ""
        while after is not None:
            page = self.ask("GET", f"/contests/{contest_id}/entrants?limit=200&after={after}")
            yield from page["items"]
            after = page["next"]

    def standings(self, contest_id):
        """The rows of the stage that is being held, in their order."""
        return self.ask("GET", f"/contests/{contest_id}/standings")["rows"]


def _sentence(refused):
    error = json.load(refused)["error"]
    return "; ".join([error["message"], *(f"{name}: {why}" for name, why in error["fields"].items())])


def read_rows(path):
    """The lines of a CSV file as the API takes them; empty cells are left out."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [{key: text for key, text in row.items() if text} for row in csv.DictReader(file)]


def main():
    """Import, then print the standings as a table."""
    base, contest_id, path = sys.argv[1:]
    client = Client(base, os.environ["CONTEST_TOKEN"])
    try:
        counts = client.import_roster(contest_id, read_rows(path))
        print(", ".join(f"{name}: {count}" for name, count in counts.items()))
        for row in client.standings(contest_id):
            print(row["place"] or "-", row["number"], row["name"], row["organisation"], row["total"] or "-",
                  sep="\t")
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()

"""Which tests `make test` leaves to `make test-long`; CI runs both, and naming a test runs it.

Whoever works here runs `make test` again and again: it must be done in minutes on two cores. What is
here needs a browser, servers of its own, two whole worlds side by side, or hundreds of contests made
by chance; what it tests is held in small by a test that stays. The same test on a second database, which
takes a second to be made, is one of them; those that only PostgreSQL has stay.
"""

from pathlib import PurePath

LONG = (
    "tests/browser", "tests/proof", "tests/test_serving.py", "tests/test_venue.py",
    "tests/audit/test_chain_rows.py", "tests/backups/test_copies.py", "tests/backups/test_upgrade.py",
    "tests/board/test_public_servers.py",
    "tests/board/test_two_worlds.py", "tests/ceremony/test_two_worlds.py",
    "tests/judging/test_two_worlds.py", "tests/members/test_public_outputs.py",
    "tests/members/test_restoring.py",
    "tests/offline/test_two_scorers.py",
    "tests/people/test_hostile_files.py", "tests/people/test_tables.py",
    "tests/results/test_two_scorers_stored.py",
    "tests/results/test_two_scorers_world.py", "tests/scoring/test_plans.py",
    "tests/scoring/test_receipt_chance.py", "tests/scoring/test_scheme_schema.py",
    "tests/setup/test_node_forms.py", "tests/setup/test_plan_changes.py", "tests/setup/test_sentences.py",
    "tests/setup/test_steps.py", "tests/test_routes.py",
    "tests/api/test_schemathesis.py", "tests/api/test_served.py",
    "tests/webhooks/test_delivery.py",
)
# The main job is tried in a browser every time.
SHORT = ("tests/browser/test_main_job.py",)


def is_long(path):
    """True when the test at this path, from the project's root, is left to `make test-long`."""
    own = PurePath(path)
    return any(own.is_relative_to(each) for each in LONG) and str(own) not in SHORT


def with_twins(names):
    """Of the names of tests those on PostgreSQL that are run on SQLite just so."""
    return {name for name in names if (twin := name.replace("postgres", "sqlite")) != name and twin in names}

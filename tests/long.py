"""Which tests `make test` leaves to `make test-long`; CI runs both, and naming a test runs it.

Whoever works here runs `make test` again and again: it must be done in minutes on two cores. What is
here needs a browser, servers of its own, two whole worlds side by side, hundreds of contests made by
chance, or a contest published for each test; what it tests is held in small by a test that stays. The
same test on a second database, which takes a second to be made, is one of them; those that only
PostgreSQL has stay. So are a past migration with its data in it (the newest way up and down stays), what
two do in one moment, and the walk of hundreds of files through a whole service.
"""

from pathlib import PurePath

LONG = (
    "tests/browser", "tests/proof", "tests/test_gate.py", "tests/test_migrations_with_marks.py",
    "tests/test_million_rows.py", "tests/test_serving.py", "tests/test_venue.py",
    "tests/test_without_rows.py", "tests/test_routes.py", "tests/api/test_schemathesis.py",
    "tests/api/test_served.py", "tests/audit/test_chain_rows.py",
    "tests/awards/test_many_trades.py", "tests/awards/test_printed_codes.py",
    "tests/awards/test_shares.py", "tests/backups/test_chain_watch.py", "tests/backups/test_copies.py",
    "tests/backups/test_self_test.py", "tests/backups/test_upgrade.py",
    "tests/board/test_public_servers.py", "tests/board/test_two_worlds.py",
    "tests/ceremony/test_two_worlds.py", "tests/checks/test_road.py",
    "tests/checks/test_signed_results.py", "tests/commands/test_archive.py",
    "tests/documents/test_every_export.py", "tests/judging/test_two_worlds.py",
    "tests/member_services/test_late.py", "tests/member_services/test_lock_order.py",
    "tests/member_services/test_one_behind.py", "tests/member_services/test_s03_hardship_review.py",
    "tests/member_services/test_stored.py", "tests/members/test_public_outputs.py",
    "tests/members/test_restoring.py", "tests/offline/test_two_scorers.py",
    "tests/people/test_hostile_files.py", "tests/people/test_tables.py",
    "tests/registry/test_funnel.py", "tests/registry/test_record_aspects.py",
    "tests/registry/test_record_doubts.py", "tests/registry/test_record_persons.py",
    "tests/registry/test_records.py", "tests/registry/test_shared_honours.py",
    "tests/registry/test_team_records.py", "tests/registry/test_whole.py",
    "tests/registry/test_whole_limits.py", "tests/results/test_caches.py",
    "tests/results/test_two_scorers_stored.py", "tests/results/test_two_scorers_world.py",
    "tests/results/test_verification.py", "tests/scoring/test_plans.py",
    "tests/scoring/test_receipt_chance.py", "tests/scoring/test_scheme_schema.py",
    "tests/selection/test_walk.py", "tests/setup/test_node_forms.py", "tests/setup/test_plan_changes.py",
    "tests/setup/test_sentences.py", "tests/setup/test_steps.py",
    "tests/theory/test_question_banks.py", "tests/webhooks/test_delivery.py",
    "tests/webhooks/test_record_events.py",
)
# Wherever they lie.
LONG_NAMES = ("test_at_once.py", "test_*migration_*.py", "test_*_migration.py", "test_migration.py")
# The main job is tried in a browser every time.
SHORT = ("tests/browser/test_main_job.py",)


def is_long(path):
    """True when the test at this path, from the project's root, is left to `make test-long`."""
    own = PurePath(path)
    if str(own) in SHORT:
        return False
    return any(own.is_relative_to(each) for each in LONG) or any(own.match(name) for name in LONG_NAMES)


def with_twins(names):
    """Of the names of tests those on PostgreSQL that are run on SQLite just so."""
    return {name for name in names if (twin := name.replace("postgres", "sqlite")) != name and twin in names}

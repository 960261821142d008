"""Runs the migrations inside the Flask application's database."""

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def run():
    """Apply the migrations in one transaction each."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            user_module_prefix="",
        )
        with context.begin_transaction():
            context.run_migrations()


run()

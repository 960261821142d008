"""The application: the only file that sees every area."""

from importlib import import_module
from pathlib import Path

AREAS = (
    "audit", "accounts", "setup", "people", "draw", "theory", "figures", "quiz", "judging", "paper",
    "results", "checks", "board", "review", "awards", "ceremony", "registry", "points",
    "selection", "member_services", "members", "webhooks", "letters", "api",
)
ROOT = Path(__file__).resolve().parent


def create_app(**overrides):
    """Build the application from the environment's settings; it opens nothing and asks nothing."""
    # Imported here, so that scoring from files asks for neither Flask nor a database.
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from contest import at_once, clock, config, page_templates, pages
    from contest import db as database  # `from contest.db import db` here would hide the module

    app = Flask(__name__, static_folder=ROOT.parent / "static")
    app.jinja_environment = page_templates.Environment
    app.config.from_mapping({**config.settings(), **overrides})
    clock.set_zone(app.config["TIME_ZONE"])
    app.config["SESSION_COOKIE_SECURE"] = app.config["SECURE_COOKIES"]
    if app.config["SECURE_COOKIES"]:  # browsers take this name from this very host by https alone
        app.config["SESSION_COOKIE_NAME"] = "__Host-session"
    if app.config["PROXIES"]:  # of one's own: so many names of X-Forwarded-For are believed, and no more
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["PROXIES"], x_proto=0, x_host=0)
    app.config["SIGNING_KEY"] = Path(
        app.config["SIGNING_KEY"] or app.config["DATA_FOLDER"] / "signing_key.pem"
    )
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "json_serializer": database.as_json, **app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {}),
    }
    database.prepare_engine()
    database.db.init_app(app)
    database.migrate.init_app(app, database.db, directory=str(ROOT / "migrations"))
    pages.init_pages(app)
    at_once.init_at_once(app)
    # More operations of the API's pages.
    for more in ("points_routes", "service_routes", "case_routes", "record_routes"):
        import_module(f"contest.api.{more}")
    for area in AREAS:
        app.register_blueprint(import_module(f"contest.{area}.routes").bp)
    app.register_blueprint(import_module("contest.api.token_routes").bp)
    app.register_blueprint(import_module("contest.backups.witness_routes").bp)
    _open_services()
    from contest import cli, models  # noqa: F401  (models: so that every table is known)
    from contest.backups import queries  # noqa: F401  (has no pages, but a note on the desk)

    cli.init_cli(app)
    return app


def _open_services():
    """Let a craftsman's page list what each honour opens, and the services ask who trained whom."""
    from contest.member_services.effect_actions import MASTERS_OF
    from contest.member_services.queries import services_of
    from contest.registry.life_queries import masters_of
    from contest.registry.routes import SERVICES_OF

    if services_of not in SERVICES_OF:
        SERVICES_OF.append(services_of)
    if masters_of not in MASTERS_OF:
        MASTERS_OF.append(masters_of)

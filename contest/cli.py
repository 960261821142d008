"""Commands; each one calls an action or a query."""


def init_cli(app):
    """Give the application its commands."""

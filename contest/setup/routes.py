"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("setup", __name__)

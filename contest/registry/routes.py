"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("registry", __name__)

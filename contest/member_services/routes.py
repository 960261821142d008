"""Pages of this area."""

from flask import Blueprint

bp = Blueprint("member_services", __name__)

"""The name under which all pages about sheets on paper are known."""

from flask import Blueprint

bp = Blueprint("paper", __name__, url_prefix="/contests/<int:contest_id>/paper")

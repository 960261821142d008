"""The awards' blueprint, on which its files of routes hang their pages."""

from flask import Blueprint

bp = Blueprint("awards", __name__)
CONTEST = "/contests/<int:contest_id>"

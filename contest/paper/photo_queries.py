"""Photographs of papers, and what their page says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.paper import queries, rules
from contest.paper.models import PaperPhoto, PaperSheet


@dataclass(frozen=True)
class Photo:
    """One photograph in a list. is_picture: a browser can show it; is_erased: its time was over."""

    number: int
    name: str
    ending: str
    size: int
    sha256: str
    by: str
    at: datetime
    is_erased: bool

    @property
    def is_picture(self):
        """True when a browser shows it within a page."""
        return self.ending != "pdf" and not self.is_erased


@dataclass(frozen=True)
class PhotoPage:
    """The photographs of one paper. about: None when its sheet was taken back."""

    id: int
    number: str
    about: object
    state: str
    photos: tuple[Photo, ...]


def photos_of(paper_id):
    """The Photos of a paper, in the order in which they came."""
    rows = db.session.execute(
        select(PaperPhoto, User.name, PaperPhoto.content.is_(None))
        .join(User, User.id == PaperPhoto.by_id)
        .filter(PaperPhoto.paper_id == paper_id).order_by(PaperPhoto.number)
    )
    return tuple(
        Photo(row.number, row.name, row.ending, row.size, row.sha256, by, row.at, is_erased)
        for row, by, is_erased in rows
    )


def counts(contest_id):
    """{paper id: how many photographs it has}, of the papers that have any."""
    return dict(db.session.execute(
        select(PaperPhoto.paper_id, func.count()).join(PaperSheet, PaperSheet.id == PaperPhoto.paper_id)
        .where(PaperSheet.contest_id == contest_id).group_by(PaperPhoto.paper_id)
    ).all())


def judges_of(paper):
    """User ids of everybody who marks in the module of a paper's sheet.

    Where the sheet is gone nobody knows the module any more: of everybody who marks in the contest.
    """
    sheet = paper.sheet
    if sheet is None:
        return queries.judges_at_work(paper.contest_id)
    return queries.judges_of_module(paper.contest_id, sheet.module_key)


def get_page(paper):
    """The PhotoPage of a paper."""
    about = queries.abouts(paper.contest_id, [paper.sheet]).get(paper.sheet_id) if paper.sheet else None
    return PhotoPage(
        paper.id, rules.number_of(paper.sheet_id), about, queries.state_now(paper), photos_of(paper.id)
    )


def get_photo(paper, number):
    """(PaperPhoto, its content), or Missing."""
    row = db.session.execute(
        select(PaperPhoto, PaperPhoto.content).filter_by(paper_id=paper.id, number=number)
    ).first()
    if row is None:
        raise Missing("There is no such file.")
    if row[1] is None:
        raise Missing("The file was erased.")
    return row[0], row[1]

"""The chain over a contest's ledger and trail, heads others have seen, checks of it, and public keys."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change, guard_rows
from contest.audit.own_row_guards import GUARDS
from contest.db import Document, Moment, db

# Links of rows that are linked once: the condition of the index over them.
ONCE = text(
    "row_id > 0 AND kind NOT IN "
    "('contest', 'plan_version', 'team', 'entrant', 'committee_vote', 'award', 'reopening', 'appeal', "
    "'objection')"
)


class ChainLink(db.Model):
    """One link: a row of the ledger or the trail, or a record of the chain's own (chain_rules.KINDS).

    The row itself stands in its table; here stand its salted digest and the hash that binds it to
    the link before.
    """

    __tablename__ = "chain_link"
    __table_args__ = (
        # A row that never changes is linked once; records of the chain's own have no row.
        Index("uq_chain_link_row", "kind", "row_id", unique=True,
              sqlite_where=ONCE, postgresql_where=ONCE),
        {"sqlite_with_rowid": False},
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    row_id: Mapped[int]
    # Microseconds since 1970, as they stand in the hash.
    micros: Mapped[int] = mapped_column(BigInteger)
    late: Mapped[bool]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[dict | None] = mapped_column(Document)


class ChainWitness(db.Model):
    """A head that somebody outside of the database has seen and shown again; fits: it was ours."""

    __tablename__ = "chain_witness"
    __table_args__ = (Index("ix_chain_witness_contest_id_id", "contest_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]  # hexadecimal, maybe only its beginning
    fits: Mapped[bool]
    source: Mapped[str]  # tablet, typed
    device: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class SettledHead(db.Model):
    """A head that is not on the chain, for which two people have vouched: what they found, in writing.

    The names are copied, as in the trail.
    """

    __tablename__ = "settled_head"
    __table_args__ = (UniqueConstraint("contest_id", "seq", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]  # hexadecimal, as it was shown
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by: Mapped[str]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ChainCheck(db.Model):
    """One check of a whole chain: how far it reached and what was wrong."""

    __tablename__ = "chain_check"
    __table_args__ = (Index("ix_chain_check_contest_id_id", "contest_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    seq: Mapped[int]
    hash: Mapped[str]
    rows: Mapped[int]
    # [[code, seq, kind, row_id], …], the first ones; empty where the chain holds.
    problems: Mapped[list] = mapped_column(Document)
    by: Mapped[str]  # page, publication, command, background
    at: Mapped[datetime] = mapped_column(Moment)


class SigningKey(db.Model):
    """The public half of a key with which this installation signs bulletins; the newest one signs now."""

    __tablename__ = "signing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    fingerprint: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(ChainLink.__table__)
forbid_change(ChainWitness.__table__)
forbid_change(SettledHead.__table__)
forbid_change(ChainCheck.__table__)
forbid_change(SigningKey.__table__)
guard_rows(GUARDS)

"""Signed lists of certificates byte for byte, and the leaf of each certificate."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change, guard_rows
from contest.awards.row_guards import LIST_GUARDS
from contest.db import Moment, db


class CertificateList(db.Model):
    """One signed list of a contest's certificates; a later one stands beside it, not in its place."""

    __tablename__ = "certificate_list"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    # Exactly what was signed.
    data: Mapped[bytes] = mapped_column(LargeBinary)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class CertificateLeaf(db.Model):
    """Where a certificate stands in its contest's tree; a hash, which tells nothing of what was hashed."""

    __tablename__ = "certificate_leaf"
    __table_args__ = (UniqueConstraint("contest_id", "position"), UniqueConstraint("certificate_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    position: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


forbid_change(CertificateList.__table__)
forbid_change(CertificateLeaf.__table__)
guard_rows(LIST_GUARDS)

"""Certificates as tables: how they look, each one that was made, and how a hard name is printed."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import guard_rows
from contest.awards.models import Award
from contest.awards.row_guards import GUARDS
from contest.db import Moment, db


class CertificateStyle(db.Model):
    """How the certificates of one contest look and are numbered."""

    __tablename__ = "certificate_style"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    design: Mapped[str]
    pattern: Mapped[str]
    issuer_code: Mapped[str]
    event_code: Mapped[str]
    issuer: Mapped[str]
    event: Mapped[str]  # the contest as the certificate calls it
    signer_title: Mapped[str] = mapped_column(default="")
    signer_name: Mapped[str] = mapped_column(default="")
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The last serial number given; it only rises, so that none is used twice.
    last_serial: Mapped[int] = mapped_column(default=0)
    # Counts the changes of the look, so that papers drawn before are drawn again.
    rev: Mapped[int] = mapped_column(default=1)


class Certificate(db.Model):
    """One certificate as it was issued; what it says and its signature never change."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)  # 128 random bits in hexadecimal digits
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    members: Mapped[str] = mapped_column(default="")  # of a team, as they are printed
    prize: Mapped[str]
    event: Mapped[str]
    issuer: Mapped[str]
    issued_on: Mapped[str]
    code: Mapped[str]  # what stands in the QR code behind #, with the signature
    public: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_reason: Mapped[str] = mapped_column(default="")

    award: Mapped[Award] = db.relationship()
    replaced_by: Mapped["Certificate | None"] = db.relationship(remote_side=[id])

    @property
    def state(self):
        """revoked, replaced or issued."""
        if self.revoked_at is not None:
            return "revoked"
        return "replaced" if self.replaced_by_id else "issued"


class PrintedName(db.Model):
    """How a name is printed whose characters our letters lack: other characters, or a picture."""

    __tablename__ = "printed_name"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    text: Mapped[str] = mapped_column(default="")
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


guard_rows(GUARDS)

"""Blind codes as a table of their own, so that judging never touches names."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change
from contest.db import Moment, db
from contest.draw.sealing import Sealed


class DrawSetting(db.Model):
    """How many layers of blind codes a contest has, where it is not one."""

    __tablename__ = "draw_setting"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    layers: Mapped[int] = mapped_column(default=1)  # 0 to 3


class LayerKeeper(db.Model):
    """The coding judge who alone draws one layer and sees its map."""

    __tablename__ = "layer_keeper"
    __table_args__ = (UniqueConstraint("contest_id", "user_id"),)

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    layer: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class DrawSeed(db.Model):
    """A secret seed whose SHA-256 was shown before the draw; used once."""

    __tablename__ = "draw_seed"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    stage: Mapped[str]
    kind: Mapped[str]  # as Draw.kind
    layer: Mapped[int]
    seed: Mapped[str] = mapped_column(Sealed)
    commitment: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Draw(db.Model):
    """One draw: the seed and who held it; what was drawn can be recomputed from them."""

    __tablename__ = "draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    stage: Mapped[str]
    layer: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(default="codes")  # codes, order, paper
    # The whole seed, with the public part where there was one.
    seed: Mapped[str] = mapped_column(Sealed)
    public_part: Mapped[str] = mapped_column(default="")
    commitment: Mapped[str] = mapped_column(default="")  # SHA-256 of the secret seed
    committed_at: Mapped[datetime | None] = mapped_column(Moment)  # None: not before the draw
    # Of codes: the fingerprint of the map (rules.map_hash), which the trail has too.
    map_hash: Mapped[str] = mapped_column(default="")
    # What went in and what came out, as anybody can check it once it is published (check_rules).
    file: Mapped[str] = mapped_column(Sealed, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class DrawWitness(db.Model):
    """Somebody who watched a draw and signs for it."""

    __tablename__ = "draw_witness"
    __table_args__ = (UniqueConstraint("draw_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class Decoding(db.Model):
    """One layer of a stage's codes opened, by its keeper and a second person; never closed again."""

    __tablename__ = "decoding"
    __table_args__ = (UniqueConstraint("contest_id", "stage", "layer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    layer: Mapped[int]
    first_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class BlindCode(db.Model):
    """The code under which an entrant's work is judged in one stage."""

    __tablename__ = "blind_code"
    __table_args__ = (
        UniqueConstraint("contest_id", "stage", "layer", "entrant_id"),
        UniqueConstraint("contest_id", "stage", "layer", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    stage: Mapped[str]
    layer: Mapped[int] = mapped_column(default=1)
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    code: Mapped[str] = mapped_column(Sealed)
    # The place in judges' lists. A starting order that everybody may know is a draw of its own.
    start_order: Mapped[int]


forbid_change(DrawWitness.__table__)
forbid_change(Decoding.__table__)

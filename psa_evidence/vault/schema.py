"""The tables of the catalogue. A change of any of them raises SCHEMA_VERSION: the next open then makes it anew."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

SCHEMA_VERSION: Final = "5"
METADATA: Final = sa.MetaData()

about = sa.Table("about", METADATA, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text))

captures = sa.Table(
    "captures",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("document", sa.LargeBinary, nullable=False),
)

exchanges = sa.Table(
    "exchanges",
    METADATA,
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("capture", sa.Integer, nullable=False, index=True),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("offset", sa.Integer, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("finished_at", sa.BigInteger, nullable=False),
)

versions = sa.Table(
    "versions",
    METADATA,
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("capture", sa.Integer, nullable=False, index=True),
    sa.Column("connection", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("client", sa.Text),
    sa.Column("parent_kind", sa.Text),
    sa.Column("parent_id", sa.Text),
    sa.Column("at", sa.BigInteger),
    sa.Column("updated_at", sa.BigInteger),
    sa.Column("exchange", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("leaf", sa.Integer, nullable=False),
    sa.Column("older", sa.Integer),
    sa.Index("versions_by_key", "connection", "kind", "id", "n"),
    sa.Index("versions_by_client", "connection", "client", "kind", "at", "parent_kind", "parent_id", "id", "n"),
    sa.Index("versions_by_parent", "connection", "parent_kind", "parent_id", "client"),
)
"""`older` is the `n` of the version before of the same record, so that whether a version is the newest is asked of an
index over the second and later versions alone."""
sa.Index("versions_by_older", versions.c.older, sqlite_where=versions.c.older.is_not(None))

units = sa.Table(
    "units",
    METADATA,
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("capture", sa.Integer, nullable=False, index=True),
    sa.Column("connection", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Index("units_by_name", "connection", "unit", "basis"),
)

tombstones = sa.Table(
    "tombstones",
    METADATA,
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("capture", sa.Integer, nullable=False, index=True),
    sa.Column("connection", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Index("tombstones_by_key", "connection", "kind", "id", "capture"),
)

fetched_again = sa.Table(
    "fetched_again",
    METADATA,
    sa.Column("capture", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""Records that a capture fetched again with the bytes of the newest version known."""

lists = sa.Table(
    "lists",
    METADATA,
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("capture", sa.Integer, nullable=False, index=True),
    sa.Column("connection", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("clients", sa.Text, nullable=False),
    sa.Column("parent", sa.Text),
    sa.Column("complete", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
)
"""Lists of what the PSA still holds, as they ended; their ids stay in the record list."""

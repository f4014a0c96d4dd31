"""Alembic's environment: which database to migrate, and to which tables."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

from bot.conversations.tables import Base
from bot.curation import tables as curation_tables
from bot.desk import tables as desk_tables
from bot.handoff import tables as handoff_tables

TABLES = (curation_tables, desk_tables, handoff_tables)
"""Imported so that ``Base`` knows all tables."""

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=connection.dialect.name == "sqlite")
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()

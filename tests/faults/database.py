"""The rows as they lie there, read and written past the product."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

JSON = {"before", "after", "tags", "images"}


class Database:
    """A SQLite file, or the address of a PostgreSQL database."""

    def __init__(self, url: str, file: Path):
        self.url, self.file = url, file

    @contextmanager
    def _connected(self) -> Iterator:
        if self.url:
            import psycopg

            with psycopg.connect(self.url, autocommit=True) as connection:
                yield connection
        else:
            with closing(sqlite3.connect(self.file, timeout=30)) as connection, connection:
                yield connection

    def rows(self, sql: str, *values: object) -> list[dict]:
        """The rows found, ids as 32 letters, JSON read."""
        with self._connected() as connection:
            cursor = connection.execute(self._spelt(sql), self._sent(values))
            names = [column[0] for column in cursor.description]
            return [
                {name: _plain(name, value) for name, value in zip(names, row, strict=True)}
                for row in cursor.fetchall()
            ]

    def run(self, sql: str, *values: object) -> None:
        with self._connected() as connection:
            connection.execute(self._spelt(sql), self._sent(values))

    def _spelt(self, sql: str) -> str:
        return sql.replace("?", "%s") if self.url else sql

    def _sent(self, values: tuple) -> tuple:
        if self.url:
            return values
        return tuple(value.hex if isinstance(value, UUID) else value for value in values)

    @property
    def name(self) -> str:
        return urlsplit(self.url).path.lstrip("/")


def _plain(name: str, value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    if name in JSON and isinstance(value, str):
        return json.loads(value)
    return value

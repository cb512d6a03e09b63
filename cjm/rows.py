"""Rows of every table as lines of JSON: the same lines on SQLite and on PostgreSQL, in a stream.

Equal data give equal lines: the names of the columns, then the rows in the order of their key,
JSON with sorted keys.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, ForeignKey, Model, TextField
from django.db.models.functions import Cast

# What the rows of a backup leave out, and why nobody misses it.
LEFT_OUT = {
    "changes_frame": "drawn for open screens, which start over",
    "live_screen": "who is there now",
    "reports_printout": "made again when asked for",
    "teams_signinlink": "opens a door; lives 15 minutes",
    "teams_throttle": "counts of the last minutes",
    "workshops_address": "for one mail: a backup would keep what was promised to be deleted",
    "django_session": "opens a door: everybody signs in again",
    "django_migrations": "the list of migrations stands in the manifest",
    "django_content_type": "made by migrate",
    "django_admin_log": "about the operator's own clicks",
    "auth_permission": "made by migrate",
    # Rights come from memberships alone.
    "auth_group": "not used",
    "auth_group_permissions": "not used",
    "teams_user_groups": "not used",
    "teams_user_user_permissions": "not used",
}

# The kinds of columns whose values are the same in both engines or become so by `str`.
PLAIN = {
    "BigAutoField",
    "BigIntegerField",
    "BooleanField",
    "CharField",
    "DateField",
    "DateTimeField",
    "DecimalField",
    "FloatField",
    "IntegerField",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "SlugField",
    "SmallIntegerField",
    "TextField",
}
# Those that are read as text.
AS_TEXT = {"JSONField", "UUIDField"}
AT_ONCE = 1000


@dataclass(frozen=True)
class Table:
    model: type[Model]
    columns: tuple[Field, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table


def tables(apps: Apps) -> list[Table]:
    """The tables that a backup holds, with the columns they have in this state of the models."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in LEFT_OUT
    ]
    found = [
        Table(model, tuple(sorted(model._meta.local_concrete_fields, key=lambda it: it.attname)))
        for model in models
    ]
    return sorted(found, key=lambda table: table.name)


def lines_of(table: Table) -> Iterator[bytes]:
    """The names, then every row; never more than a few rows at a time."""
    yield _line([column.column for column in table.columns])
    kinds = [kind_of(column) for column in table.columns]
    names = [column.attname for column in table.columns]
    as_text = {
        f"text_of_{name}": Cast(name, TextField())
        for name, kind in zip(names, kinds, strict=True)
        if kind in AS_TEXT
    }
    asked = [
        f"text_of_{name}" if kind in AS_TEXT else name
        for name, kind in zip(names, kinds, strict=True)
    ]
    conversions = [(at, FROM_TEXT[kind]) for at, kind in enumerate(kinds) if kind in AS_TEXT]
    key = table.model._meta.pk
    assert key
    found = table.model._base_manager.annotate(**as_text).order_by(key.attname)
    for row in found.values_list(*asked).iterator(AT_ONCE):
        values = list(row)
        for at, convert in conversions:
            if values[at] is not None:
                values[at] = convert(values[at])
        yield _line(values)


def load(table: Table, lines: Iterator[bytes]) -> None:
    """Puts the rows of these lines into the empty table."""
    quote = connection.ops.quote_name
    names = json.loads(next(lines))
    into = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    by_name = {column.column: column for column in table.columns}
    into_engine = INTO[connection.vendor]
    kinds = [kind_of(by_name[name]) for name in names]
    conversions = [(at, into_engine[kind]) for at, kind in enumerate(kinds) if kind in into_engine]

    def converted(line: bytes) -> list:
        values = json.loads(line.decode(errors="surrogatepass"))
        for at, convert in conversions:
            if values[at] is not None:
                values[at] = convert(values[at])
        return values

    rows = map(converted, lines)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            statement = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608 names are our models'
            for some in batched(rows, AT_ONCE):
                cursor.executemany(statement, some)


def reset_sequences(loaded: list[Table]) -> None:
    """Numbers given by the database go on after the highest one that was loaded."""
    with connection.cursor() as cursor:
        models = [table.model for table in loaded]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _line(values: list) -> bytes:
    # Half a surrogate pair may hide in JSON that came from a file.
    return _encoder.encode(values).encode(errors="surrogatepass") + b"\n"


def _number(text: str) -> float | int:
    """PostgreSQL forgets how a number was written: 1e16 comes back as 10000000000000000."""
    number = float(text)
    return int(number) if number.is_integer() else number


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "UUIDField": lambda text: text.replace("-", ""),
    "JSONField": json.JSONDecoder(parse_float=_number).decode,
}
# What an engine does not take as it stands in a line.
INTO: dict[str, dict[str, Callable[[Any], str]]] = {
    "postgresql": {"JSONField": json.dumps},
    # Django keeps times there as text without their zone, which is UTC.
    "sqlite": {"JSONField": json.dumps, "DateTimeField": lambda text: text.removesuffix("+00:00")},
}


def kind_of(column: Field) -> str:
    """Of what its values are; of a reference, what it refers to."""
    while isinstance(column, ForeignKey):
        column = column.target_field
    kind = column.get_internal_type()
    if kind not in PLAIN | AS_TEXT:
        raise NotImplementedError(f"A backup doesn't know how to write down {column}, a {kind}")
    return kind

"""A backup: one zip with the rows of every table and the files of the images, for both engines.

`README.txt` says what it is, `manifest.json` what must be in it: a SHA-256 of every member, the
count of rows, and of each map its number, epoch and digest. `rows/<table>.jsonl` are the tables
(rows.py), `media/…` the files. The secret key and what opens a door (sessions, sign-in links)
stay out: whoever finds a backup can read it, but not come in.

A restore fills a fresh database in one transaction: the schema as it was, the rows, the schema
as it is now, new epochs; it reads everything again and compares before it commits.
"""

import json
import os
import sqlite3
import tomllib
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.apps.registry import Apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from changes.models import Document
from changes.record import TEAM
from journeys.models import Journey
from journeys.reads.digest import digest_of
from teams.personal import replay_erasures
from ui.ids import uuid7

from . import rows

FORMAT, VERSION = "cjm-backup", 1
PRODUCT = tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]["version"]
MANIFEST, README = "manifest.json", "README.txt"
CHUNK = 1 << 20

_README = """\
Резервная копия карт пути клиента, {made_at}.
Восстановить на новом месте:  python3 manage.py restore ФАЙЛ

A backup of customer journey maps, {made_at}.
To restore it in a new place:  python3 manage.py restore FILE
"""


class Unusable(Exception):
    """This can't be backed up or restored; the message is a sentence for the operator."""


@dataclass
class Manifest:
    format: str = FORMAT
    version: int = VERSION
    product: str = PRODUCT
    made_at: str = ""
    engine: str = ""
    migrations: list[str] = field(default_factory=list)  # the last of each app
    rows: dict[str, int] = field(default_factory=dict)
    maps: dict[str, dict] = field(default_factory=dict)  # id → seq, epoch, digest
    members: dict[str, str] = field(default_factory=dict)  # name → SHA-256
    missing: list[str] = field(default_factory=list)  # files that an image names and nobody has


def write(path: Path) -> Manifest:
    """Writes a backup of everything to a new file while others go on working."""
    if path.exists():
        raise Unusable(
            _("%(file)s is there already; a backup overwrites nothing.") % {"file": path}
        )
    part = path.with_name(path.name + ".part")
    try:
        part.touch(mode=0o600)  # it holds what people wrote, and their addresses
        with _snapshot(), ZipFile(part, "w", ZIP_DEFLATED, compresslevel=1) as file:
            manifest = _write(file)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        check(part)
        part.replace(path)
    except OSError as error:
        raise Unusable(
            _("%(file)s can't be written: %(why)s") % {"file": path, "why": error.strerror or error}
        ) from error
    except (DatabaseError, sqlite3.Error) as error:
        raise _unreachable(error) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _unreachable(error: Exception) -> Unusable:
    return Unusable(_("The database can't be read: %(why)s") % {"why": str(error).strip()})


@contextmanager
def _snapshot() -> Iterator[None]:
    """Within it the database stands still for us, and for nobody else."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            _without_timeouts("TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # A reader of SQLite holds writers up, so we read a copy. The online backup takes it in one
    # piece: step by step it would begin again with each edit.
    original = connection.settings_dict["NAME"]
    with TemporaryDirectory(prefix="backup-", dir=settings.VAR) as folder:
        copy = Path(folder) / "copy.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
        connection.close()
        connection.settings_dict["NAME"] = str(copy)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = original


def _without_timeouts(*settings: str) -> None:
    """For this transaction: what protects people from slow pages must not stop a long copy."""
    if connection.vendor == "postgresql":
        limits = ("LOCAL statement_timeout = 0", "LOCAL idle_in_transaction_session_timeout = 0")
        with connection.cursor() as cursor:
            for setting in (*settings, *limits):
                cursor.execute(f"SET {setting}")


def _write(file: ZipFile) -> Manifest:
    executor = MigrationExecutor(connection)
    # The database may be older than this program: its own models read it.
    leaves = _leaves(executor)
    if not leaves:
        raise Unusable(_("There is nothing to back up here yet."))
    manifest = Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        engine=f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}",
        migrations=sorted(map(".".join, leaves)),
    )
    file.writestr(README, _README.format(made_at=manifest.made_at))
    models = executor.loader.project_state(leaves).apps
    for table in rows.tables(models):
        name = _member(table)
        with file.open(name, "w", force_zip64=True) as member:
            manifest.members[name], manifest.rows[table.name] = _copy_lines(table, member.write)
    if executor.loader.graph.leaf_nodes() == leaves:
        manifest.maps = _maps()
    for name in _media(models):
        _write_media(file, name, manifest)
    file.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def _leaves(executor: MigrationExecutor) -> list[tuple[str, str]]:
    """The last migration of each app that this database has had."""
    loader = executor.loader
    applied = set(loader.applied_migrations)
    unknown = sorted(
        ".".join(one) for one in applied - set(loader.graph.nodes) if one[0] in loader.migrated_apps
    )
    if unknown:
        raise Unusable(
            _("The database is of a newer version than this program (%(what)s). Update it first.")
            % {"what": ", ".join(unknown)}
        )
    return sorted(
        key
        for key in applied & set(loader.graph.nodes)
        if not any(
            child.key in applied and child.key[0] == key[0]
            for child in loader.graph.node_map[key].children
        )
    )


def _member(table: rows.Table) -> str:
    return f"rows/{table.name}.jsonl"


def _copy_lines(table: rows.Table, write: Callable[[bytes], object]) -> tuple[str, int]:
    """Every line to `write`; the digest of all and the count of rows."""
    digest, count = sha256(), -1  # the first line holds names
    for line in rows.lines_of(table):
        write(line)
        digest.update(line)
        count += 1
    return digest.hexdigest(), count


def _maps() -> dict[str, dict]:
    found = Journey.objects.order_by("pk").values_list("pk", "seq", "epoch")
    return {
        str(pk): {"seq": seq, "epoch": str(epoch), "digest": digest_of(pk, TEAM)[1]}
        for pk, seq, epoch in found
    }


def _media(models: Apps) -> list[str]:
    """The names in the storage that rows speak of."""
    pairs = models.get_model("journeys", "Image")._base_manager.values_list("file", "thumbnail")
    return sorted({name for pair in pairs.iterator() for name in pair})


def _write_media(file: ZipFile, name: str, manifest: Manifest) -> None:
    try:
        source = default_storage.open(name)
    except FileNotFoundError:
        manifest.missing.append(name)
        return
    info = ZipInfo(f"media/{name}", timezone.now().timetuple()[:6])
    info.compress_type = ZIP_STORED  # images are compressed already
    digest = sha256()
    with source, file.open(info, "w", force_zip64=True) as member:
        for chunk in iter(partial(source.read, CHUNK), b""):
            digest.update(chunk)
            member.write(chunk)
    manifest.members[info.filename] = digest.hexdigest()


def summary(manifest: Manifest) -> str:
    """One line for the operator: how much there is."""
    images = [name for name in manifest.members if name.startswith("media/")]
    return _(
        "Workspaces: %(workspaces)s, people: %(people)s, maps: %(maps)s, cards: %(cards)s,"
        " changes: %(changes)s, files: %(files)s"
    ) % {
        "workspaces": manifest.rows["teams_workspace"],
        "people": manifest.rows["teams_user"],
        "maps": manifest.rows["journeys_journey"],
        "cards": manifest.rows["journeys_card"],
        "changes": manifest.rows["changes_change"],
        "files": len(images),
    }


def check(path: Path) -> Manifest:
    """What a file says of itself, when all of it is there and whole; raises Unusable."""
    try:
        with path.open("rb") as stream:
            if stream.read(4) != b"PK\x03\x04":
                raise _foreign(path)
            with ZipFile(stream) as file:
                return _checked(path, file)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(path, str(error)) from error
    except OSError as error:
        raise Unusable(
            _("%(file)s can't be read: %(why)s") % {"file": path, "why": error.strerror or error}
        ) from error


def _checked(path: Path, file: ZipFile) -> Manifest:
    manifest = _manifest(path, file)
    there = {name for name in file.namelist() if name not in (MANIFEST, README)}
    if there != manifest.members.keys():
        raise _damaged(path, ", ".join(sorted(there ^ manifest.members.keys())[:3]))
    for name, digest in manifest.members.items():
        if ".." in PurePosixPath(name).parts:  # it would be written outside the storage
            raise _foreign(path)
        with file.open(name) as member:
            if _digest(member) != digest:
                raise _damaged(path, name)
    return manifest


def _manifest(path: Path, file: ZipFile) -> Manifest:
    try:
        said = json.loads(file.read(MANIFEST))
        newer = said["format"] == FORMAT and said["version"] > VERSION
        manifest = None if newer else Manifest(**said)
    except (KeyError, TypeError, ValueError):
        raise _foreign(path) from None
    if manifest is None:
        raise _newer(path, said.get("product"))
    if manifest.format != FORMAT:
        raise _foreign(path)
    known = MigrationLoader(None).graph.nodes  # of this program, whatever the database has had
    if any(_key(name) not in known for name in manifest.migrations):
        raise _newer(path, manifest.product)
    return manifest


def _key(migration: str) -> tuple[str, str]:
    app, _dot, name = migration.partition(".")
    return app, name


def _foreign(path: Path) -> Unusable:
    return Unusable(_("%(file)s is not a backup made by this program.") % {"file": path})


def _damaged(path: Path, what: str) -> Unusable:
    return Unusable(
        _("%(file)s is damaged or incomplete (%(what)s). Take another backup or copy it again.")
        % {"file": path, "what": what}
    )


def _newer(path: Path, product: object) -> Unusable:
    return Unusable(
        _(
            "%(file)s was made by a newer version (%(theirs)s) than this one (%(ours)s)."
            " Update this program first."
        )
        % {"file": path, "theirs": product, "ours": PRODUCT}
    )


def restore(path: Path, erased: Iterable[str] = ()) -> Manifest:
    """Everything from the backup into a fresh database and the storage, or nothing at all; but for
    people who have been `erased` since (teams.personal)."""
    manifest = check(path)
    _refuse_unless_fresh()
    stored: list[str] = []
    try:
        with ZipFile(path) as file, _one_transaction():
            _restore_rows(file, manifest)
            call_command("migrate", interactive=False, verbosity=0)
            _without_timeouts()  # they are back after a migration
            Document.objects.update(epoch=uuid7())
            _compare_maps(manifest)
            _restore_media(file, manifest, stored)
            replay_erasures(erased)
    except BaseException as error:
        for name in stored:
            default_storage.delete(name)
        _leave_no_file()
        if isinstance(error, DatabaseError | OSError):
            raise Unusable(
                _("The data could not be restored and nothing was kept: %(why)s") % {"why": error}
            ) from error
        raise
    return manifest


def _refuse_unless_fresh() -> None:
    try:
        tables = connection.introspection.table_names()
    except DatabaseError as error:
        raise _unreachable(error) from error
    if tables:
        raise Unusable(
            _(
                "There are data here already (%(where)s). A backup is restored into a new place: an"
                " empty folder (CJM_VAR) or an empty PostgreSQL database (DATABASE_URL)."
            )
            % {"where": connection.settings_dict["NAME"]}
        )


@contextmanager
def _one_transaction() -> Iterator[None]:
    """SQLite changes its schema within one only while it doesn't watch foreign keys; they are
    checked all the same, before the commit."""
    connection.ensure_connection()
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            _without_timeouts()
            yield
            connection.check_constraints()
    finally:
        connection.enable_constraint_checking()


def _restore_rows(file: ZipFile, manifest: Manifest) -> None:
    executor = MigrationExecutor(connection)
    leaves = [_key(name) for name in manifest.migrations]
    executor.migrate(leaves)
    connection.check_constraints()  # from here on at the end: rows refer to later ones
    state = executor.loader.project_state(leaves)
    tables = [table for table in rows.tables(state.apps) if _member(table) in manifest.members]
    for table in tables:
        with file.open(_member(table)) as member:
            rows.load(table, member)
    connection.check_constraints()
    rows.reset_sequences(tables)
    for table in tables:
        digest, _count = _copy_lines(table, len)
        if digest != manifest.members[_member(table)]:
            raise _differs(table.name)


def _compare_maps(manifest: Manifest) -> None:
    found = _maps()
    for pk, was in manifest.maps.items():
        if any(found.get(pk, {}).get(name) != was[name] for name in ("seq", "digest")):
            raise _differs(pk)


def _differs(what: str) -> Unusable:
    return Unusable(
        _("What was restored differs from the backup (%(what)s); nothing was kept.")
        % {"what": what}
    )


def _restore_media(file: ZipFile, manifest: Manifest, stored: list[str]) -> None:
    for member, digest in manifest.members.items():
        folder, _slash, name = member.partition("/")
        if folder != "media":
            continue
        if not default_storage.exists(name):
            with file.open(member) as source:
                stored.append(default_storage.save(name, File(source)))
        with default_storage.open(name) as kept:
            if _digest(kept) != digest:
                raise _differs(name)


def _digest(file: IO[bytes]) -> str:
    found = sha256()
    for chunk in iter(partial(file.read, CHUNK), b""):
        found.update(chunk)
    return found.hexdigest()


def _leave_no_file() -> None:
    """A restore that failed leaves no empty database of the embedded engine behind."""
    if connection.vendor == "sqlite":
        connection.close()
        Path(connection.settings_dict["NAME"]).unlink(missing_ok=True)

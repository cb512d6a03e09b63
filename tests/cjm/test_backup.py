"""What is saved comes back, on both engines and between them; what is broken is told."""

import json
import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.apps import apps
from django.utils import translation

from cjm import backup, rows
from cjm.backup import MANIFEST, README
from cjm.server import folder_taken
from tests.conftest import installations
from tests.support.servers import ServerProcess

MAKE = "from tests.support.year import make; make()"


def filled(server: ServerProcess) -> dict:
    """One of everything in this installation; what it is called."""
    server.manage("migrate", "-v", "0")
    return json.loads(server.manage("shell", "--no-imports", "-c", MAKE).splitlines()[-1])


def manifest_of(file: Path) -> dict:
    with ZipFile(file) as opened:
        return json.loads(opened.read(MANIFEST))


def digests(manifest: dict) -> dict:
    """What two backups of equal data agree in: all but the epochs."""
    maps = {pk: (said["seq"], said["digest"]) for pk, said in manifest["maps"].items()}
    members = manifest["members"].items()
    same = {name: digest for name, digest in members if name != "rows/changes_document.jsonl"}
    return {"maps": maps, "rows": manifest["rows"], "members": same}


def epochs(manifest: dict) -> set[str]:
    return {said["epoch"] for said in manifest["maps"].values()}


def rewritten(file: Path, to: Path, change) -> Path:
    """The same backup with its members changed: `change(name, bytes)` gives bytes or None."""
    with ZipFile(file) as old, ZipFile(to, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return to


@dataclass(frozen=True)
class Shop:
    """An installation with one of everything, and its backup."""

    server: ServerProcess
    folder: Path
    made: dict
    told: str
    file: Path

    @property
    def manifest(self) -> dict:
        return manifest_of(self.file)


@pytest.fixture(scope="module")
def shop(tmp_path_factory, collected_static):
    folder = tmp_path_factory.mktemp("shop")
    with installations(folder, collected_static) as make:
        server = make()
        made = filled(server)
        told = server.manage("backup", str(folder / "all.zip"))
        yield Shop(server, folder / "var", made, told, folder / "all.zip")


# --- what comes back -----------------------------------------------------------------------------


def test_all_comes_back_into_an_empty_place(shop, new_server, tmp_path):
    new = new_server()
    told = new.manage("restore", str(shop.file))
    new.manage("backup", str(tmp_path / "again.zip"))

    again = manifest_of(tmp_path / "again.zip")
    assert digests(again) == digests(shop.manifest)
    assert len(again["maps"]) == len(digests(shop.manifest)["maps"]) > 3
    assert not epochs(again) & epochs(shop.manifest)
    assert "maps: 10" in shop.told
    assert "maps: 10" in told
    picture = Path("media", shop.made["image"])
    assert (tmp_path / "var" / picture).read_bytes() == (shop.folder / picture).read_bytes()


def test_a_restored_database_goes_on(shop, new_server):
    """Numbers given by the database come after those that were restored."""
    new = new_server()
    new.manage("restore", str(shop.file))
    new.manage(
        "shell",
        "--no-imports",
        "-c",
        "from journeys.models import *; from teams.models import *;"
        "u = User.objects.create_user('new@example.org');"
        "Membership.objects.create(workspace=Workspace.objects.first(), user=u, role='viewer');"
        "b, s = (Card.objects.filter(lane__content=c)[0] for c in ('barrier', 'solution'));"
        "Lift.objects.filter(solution=s).delete();"
        "Lift.objects.create(solution=s, barrier=b)",
    )


def test_who_was_erased_since_does_not_come_back(shop, new_server, tmp_path):
    people = "from teams.models import User; from teams.personal import digest_of;"
    ask = f"{people} print(*(digest_of(user) for user in User.objects.order_by('pk')))"
    before = shop.server.manage("shell", "--no-imports", "-c", ask).split()
    (tmp_path / "erasures.txt").write_text(f"{before[0]}\n")
    new = new_server()
    new.manage("restore", str(shop.file), f"--erasures={tmp_path / 'erasures.txt'}")
    assert new.manage("shell", "--no-imports", "-c", ask).split() == before[1:]


def test_it_moves_to_postgresql_and_back(new_server, postgres_only, tmp_path):
    embedded, again = new_server("var", embedded=True), new_server("again", embedded=True)
    big = new_server("empty")
    made = filled(embedded)
    first, second, third = (tmp_path / f"{number}.zip" for number in "123")
    embedded.manage("backup", str(first))

    told = embedded.manage("move_to_postgres", big.environment["DATABASE_URL"])
    moved = ServerProcess(tmp_path / "var", big.environment["DATABASE_URL"])
    moved.manage("backup", str(second))
    again.manage("restore", str(second))
    again.manage("backup", str(third))

    assert "DATABASE_URL=postgresql://" in told
    assert digests(manifest_of(first)) == digests(manifest_of(second))
    assert digests(manifest_of(first)) == digests(manifest_of(third))
    assert (tmp_path / "var" / "media" / made["image"]).exists()
    assert not [path for path in (tmp_path / "var").iterdir() if path.name.startswith("moving")]


def test_a_database_of_an_older_version_is_saved_and_brought_up_to_date(new_server, tmp_path):
    """After `git pull` and before `migrate` is when people remember the backup."""
    old, new = new_server("old"), new_server("new")
    old.manage("migrate", "journeys", "-v", "0")  # as if there were no reports yet

    old.manage("backup", str(tmp_path / "old.zip"))
    new.manage("restore", str(tmp_path / "old.zip"))

    assert "reports" not in str(manifest_of(tmp_path / "old.zip")["migrations"])
    assert "No planned migration operations" in new.manage("migrate", "--plan")


# --- what a backup holds -------------------------------------------------------------------------


@pytest.fixture
def saved(transactional_db, bouquet, anna, client, tmp_path) -> Path:
    """A backup of the test's own database, which holds the bouquet. (It takes a transaction, or a
    connection, of its own.)"""
    client.force_login(anna)
    file = tmp_path / "saved.zip"
    backup.write(file)
    return file


def test_it_is_an_ordinary_zip_that_says_what_it_is(saved, bouquet):
    with ZipFile(saved) as file:
        assert "restore" in file.read("README.txt").decode()
        names, *cards = file.read("rows/journeys_card.jsonl").decode().splitlines()
    assert "text" in json.loads(names)
    assert len(cards) == 88
    assert manifest_of(saved)["maps"][str(bouquet.pk)]["seq"] == bouquet.seq


def test_it_opens_no_door(saved, client, settings):
    with ZipFile(saved) as file:
        everything = b"".join(map(file.read, file.namelist()))
    assert settings.SECRET_KEY.encode() not in everything
    assert client.cookies["sessionid"].value.encode() not in everything


@pytest.mark.skipif(os.name == "nt", reason="about POSIX permissions")
def test_only_its_owner_reads_it(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_it_overwrites_nothing(saved):
    with pytest.raises(backup.Unusable), translation.override("en"):
        backup.write(saved)


def test_a_file_that_can_not_be_written_leaves_nothing(transactional_db, tmp_path):
    with pytest.raises(backup.Unusable):
        backup.write(tmp_path / "nowhere" / "saved.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_lost_image_is_told_and_does_not_stop_the_backup(bouquet, saved, tmp_path):
    bouquet.images.create(
        width=1, height=1, bytes=1, sha256="0" * 64, file="images/gone.webp", thumbnail="images/no"
    )
    manifest = backup.write(tmp_path / "second.zip")
    assert manifest.missing == ["images/gone.webp", "images/no"]


def test_every_table_is_saved_or_left_out_for_a_reason():
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    future = {"django_migrations", "django_admin_log"}
    assert set(rows.LEFT_OUT) - future <= known


def test_every_kind_of_column_can_be_written_down():
    for table in rows.tables(apps):
        for column in table.columns:
            rows.kind_of(column)


# --- what is broken ------------------------------------------------------------------------------


def half(file: Path, to: Path) -> None:
    data = file.read_bytes()
    to.write_bytes(data[: len(data) // 2])


def flipped(file: Path, to: Path) -> None:
    with ZipFile(file) as opened:
        at = opened.getinfo("rows/journeys_card.jsonl").header_offset + 200
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    to.write_bytes(data)


def without_cards(file: Path, to: Path) -> None:
    rewritten(file, to, lambda name, data: None if "journeys_card" in name else data)


def with_more(file: Path, to: Path) -> None:
    rewritten(file, to, lambda name, data: data)
    with ZipFile(to, "a") as opened:
        opened.writestr("media/more", b"")


def other_words(file: Path, to: Path) -> None:
    rewritten(file, to, lambda name, data: data.replace("букет".encode(), "венок".encode()))


def climbing(file: Path, to: Path) -> None:
    """It would be written beside the folder of the images."""
    name = "media/../../out"
    said = manifest_of(file)["members"] | {name: sha256(b"").hexdigest()}
    says(members=said)(file, to)
    with ZipFile(to, "a") as opened:
        opened.writestr(name, b"")


def says(**changed):
    def rewrite(file: Path, to: Path) -> None:
        def change(name: str, data: bytes) -> bytes:
            return json.dumps(json.loads(data) | changed).encode() if name == MANIFEST else data

        rewritten(file, to, change)

    return rewrite


def text(file: Path, to: Path) -> None:
    to.write_text("Это не копия")


def empty(file: Path, to: Path) -> None:
    to.touch()


def other_zip(file: Path, to: Path) -> None:
    with ZipFile(to, "w") as opened:
        opened.writestr("a.txt", "a")


def nothing(file: Path, to: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("spoil", "russian", "english"),
    [
        (half, "повреждён", "is damaged or incomplete"),
        (flipped, "повреждён", "is damaged or incomplete"),
        (without_cards, "повреждён", "rows/journeys_card.jsonl"),
        (with_more, "повреждён", "media/more"),
        (other_words, "повреждён", "is damaged or incomplete"),
        (says(version=2, shape="new"), "Обновите программу", "newer version"),
        (says(migrations=["teams.0099_later"]), "Обновите программу", "newer version"),
        (says(format="zip"), "не резервная копия", "is not a backup"),
        (says(unknown=1), "не резервная копия", "is not a backup"),
        (text, "не резервная копия", "is not a backup"),
        (empty, "не резервная копия", "is not a backup"),
        (other_zip, "не резервная копия", "is not a backup"),
        (climbing, "не резервная копия", "is not a backup"),
        (nothing, "не читается", "can't be read"),
    ],
)
def test_a_broken_file_is_told(saved, tmp_path, spoil, russian, english):
    spoiled = tmp_path / "spoiled.zip"
    spoil(saved, spoiled)
    for language, words in (("ru", russian), ("en", english)):
        with translation.override(language), pytest.raises(backup.Unusable, match=words):
            backup.check(spoiled)


# --- what is refused, and leaves nothing ---------------------------------------------------------


def test_a_place_with_data_is_refused_and_stays_as_it_is(shop, tmp_path):
    refused = shop.server.run("restore", str(shop.file))
    shop.server.manage("backup", str(tmp_path / "after.zip"))

    assert refused.returncode == 1
    assert "There are data here already" in refused.stdout
    assert manifest_of(tmp_path / "after.zip")["members"] == shop.manifest["members"]


def test_a_place_that_serves_is_refused(shop, new_server, tmp_path):
    new = new_server(embedded=True)
    with folder_taken(tmp_path / "var"):
        assert "Another server already works" in new.run("restore", str(shop.file)).stdout


def orphans(name: str, data: bytes) -> bytes:
    """Cards of a map that isn't there."""
    return data.splitlines(keepends=True)[0] if name == "rows/journeys_journey.jsonl" else data


def nameless(name: str, data: bytes) -> bytes:
    """Rows that don't fit their table."""
    return data.replace(b'"Anna"', b"null") if name == "rows/teams_user.jsonl" else data


def signed(change):
    """The change, with the digests of the manifest made to fit."""
    fits: dict[str, str] = {}

    def change_and_sign(name: str, data: bytes) -> bytes:
        if name == MANIFEST:
            said = json.loads(data)
            return json.dumps(said | {"members": said["members"] | fits}).encode()
        changed = change(name, data)
        if name != README:
            fits[name] = sha256(changed).hexdigest()
        return changed

    return change_and_sign


def test_a_restore_that_fails_half_way_leaves_nothing(shop, new_server, tmp_path):
    """The file is whole and its digests agree; its rows don't."""
    new = new_server("new")
    for change in (orphans, nameless):
        spoiled = rewritten(shop.file, tmp_path / f"{change.__name__}.zip", signed(change))
        refused = new.run("restore", str(spoiled))
        assert refused.returncode == 1, refused.stdout
        assert "nothing was kept" in refused.stdout
        assert "Traceback" not in refused.stdout
        assert not (tmp_path / "new" / "cjm.sqlite3").exists()
        assert not (tmp_path / "new" / "media").exists()
    new.manage("restore", str(shop.file))


SABOTAGE = """
from pathlib import Path
from cjm import backup, rows
for engine in rows.INTO.values():
    engine["DateTimeField"] = lambda text: "2020-02-02 02:02:02+00:00"
backup.restore(Path({file!r}))
"""


def test_a_restore_that_writes_something_else_is_noticed(shop, new_server, tmp_path):
    """A bug of ours, planted: all times become the same."""
    sabotaged = new_server("new").run(
        "shell", "--no-imports", "-c", SABOTAGE.format(file=str(shop.file))
    )
    assert "Восстановленное отличается от копии" in sabotaged.stdout
    assert not (tmp_path / "new" / "cjm.sqlite3").exists()

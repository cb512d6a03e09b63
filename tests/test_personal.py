"""A person leaves: told everything, gone everywhere, and the team's cards untouched."""

import io
import json
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as ours_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from changes.models import Change, Conflict, Document, Frame
from journeys.edits import cards
from journeys.edits import journeys as journey_edits
from journeys.edits.maps import plan_of
from journeys.formats.read import read
from journeys.models import Card, Journey, Owner
from live.models import Screen
from personas.edits import edit_persona
from reports.models import Printout
from teams import edits, personal, sign_in_links, throttle
from teams.actors import member
from teams.models import Erasure, Invitation, Membership, Role, SignInLink, User, Workspace
from tests.live.parts import run
from tests.support.meetings import MEETINGS
from tests.support.people import PASSWORD, signed_in
from tests.support.routes import everything, make_world
from ui.ids import uuid7

CANARY = "Канарейкина"
EMAIL = "kanareykina@canary.example"


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.VAR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def world(anna, boris, flowers) -> SimpleNamespace:
    """A map in which Boris has been everywhere under a name that stands nowhere else."""
    boris.name, boris.email = CANARY, EMAIL
    boris.save()
    world = make_world(flowers, anna)
    by, other = member(boris), member(anna)
    pk, card = world.map.pk, world.card["text"].pk
    cards.edit_card(pk, card, fields={"text": "By Boris"}, base=None, by=by)
    cards.edit_card(pk, card, fields={"text": "By Anna"}, base="A text", by=other)
    cards.edit_card(pk, card, fields={"text": "Boris again"}, base="Something", by=by)
    cards.delete_card(pk, world.card["barrier"].pk, by=by)
    journey_edits.archive_map(pk, by=by)
    journey_edits.unarchive_map(pk, by=by)
    edit_persona(world.persona.pk, fields={"name": "Vasily B."}, by=by)
    Journey.objects.filter(pk=world.deleted_map.pk).update(
        deleted_by=by.key, archived_by=by.key, archived_at=timezone.now()
    )
    Conflict.objects.filter(document=world.map).update(theirs_name=CANARY, solved_by="")
    Conflict.objects.create(
        document=world.map,
        target=f"card:{card.hex}",
        field="text",
        by=by.key,
        by_name=CANARY,
        theirs_name="Anna",
        solved_at=timezone.now(),
        solved_by=by.key,
    )
    Frame.objects.create(
        document=world.map, seq=10**6, audience=by.key, html=f"<p>{CANARY}</p>", build="b"
    )
    Owner.objects.filter(journey=world.map).update(name=CANARY, user=boris)
    Screen.objects.create(
        channel=pk, process=uuid7(), actor=by.key, name=CANARY, seen_at=timezone.now()
    )
    file = default_storage.save("printouts/canary.pdf", ContentFile(CANARY.encode()))
    Printout.objects.create(journey=world.map, key="k", by=by.key, state="done", file=file)
    Invitation.objects.create(workspace=flowers, role=Role.VIEWER, created_by=boris)
    sign_in_links.make_link(boris)
    throttle.count("account", EMAIL, limit=9, minutes=9)
    throttle.count("password", str(boris.pk), limit=9, minutes=9)
    world.client = signed_in(boris)
    world.boris, world.pk = boris, boris.pk
    world.hashes = [throttle._key("account", EMAIL), throttle._key("password", str(boris.pk))]
    return world


def found(world: SimpleNamespace) -> list[str]:
    """Where in the database and the media anything still says who it was."""
    wanted = [CANARY, EMAIL, str(world.pk), world.pk.hex, *world.hashes]
    rows = [f"{model}: {row}" for model, rows in everything().items() for row in rows]
    files = [
        f"{path}: {path.read_bytes().decode(errors='replace')}"
        for path in Path(ours_settings.MEDIA_ROOT).rglob("*")
        if path.is_file()
    ]
    sessions = [str(personal.sessions_of(User(pk=world.pk)))]
    return [text[:200] for text in rows + files for one in wanted if one in text] + [
        text for text in sessions if text != "[]"
    ]


@pytest.mark.django_db(transaction=True)
def test_nothing_names_a_person_who_was_erased(world):
    before = found(world)
    assert len(before) > 40, before
    act = personal.erase(world.boris)
    assert found(world) == []
    assert all(count > 0 for _name, count in act.counts)
    assert CANARY not in act.text() and EMAIL not in act.text()
    if connection.vendor == "sqlite":  # not in the free pages of the file either
        path = connection.settings_dict["NAME"]
        with sqlite3.connect(path) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.close()
        for beside in Path(path).parent.glob(f"{Path(path).name}*"):
            assert CANARY.encode() not in beside.read_bytes(), beside
            assert EMAIL.encode() not in beside.read_bytes(), beside


@pytest.mark.django_db(transaction=True)
def test_a_place_that_is_forgotten_is_found(world, monkeypatch):
    monkeypatch.setattr(personal, "keepers", personal.keepers[1:])
    personal.erase(world.boris)
    assert any(text.startswith("changes.Change") for text in found(world))


@pytest.mark.django_db
def test_the_teams_cards_stay_and_the_history_too(world, anna):
    parts = {model: rows for model, rows in everything().items() if model == "journeys.Card"}
    texts = list(Card.objects.order_by("pk").values_list("text", flat=True))
    lines = Change.objects.count()
    personal.erase(world.boris)
    assert list(Card.objects.order_by("pk").values_list("text", flat=True)) == texts
    assert Change.objects.count() == lines and parts
    assert Document.objects.filter(pk=world.map.pk).exists()
    client = signed_in(anna)
    for language, name in (("ru", "Удалённый участник"), ("en", "Former member")):
        client.cookies["language"] = language
        page = client.get(f"/maps/{world.map.pk}/history/").text
        assert name in page and CANARY not in page
    assert client.get(f"/maps/{world.map.pk}/").status_code == 200
    # One former member is still told from another.
    assert Change.objects.filter(by__startswith="former:").values("by").distinct().count() == 1


@pytest.mark.django_db
def test_a_person_is_told_everything(world):
    answer = world.client.get("/account/data/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    told = json.loads(answer.content)
    text = answer.content.decode()
    assert CANARY in text and EMAIL in text and "Boris again" in text and "Цветы" in text
    assert PASSWORD not in text and "md5$" not in text
    assert len(told) >= 4


@pytest.mark.django_db
def test_a_person_leaves_by_the_account_page(world):
    client = world.client
    client.cookies["language"] = "en"
    assert "Delete my account" in client.get("/account/").text
    wrong = client.post("/account/delete/", {"password": "a guess"})
    assert wrong.status_code == 422 and User.objects.filter(email=EMAIL).exists()
    done = client.post("/account/delete/", {"password": PASSWORD})
    assert done.status_code == 200 and "Your account is deleted" in done.text
    assert not User.objects.filter(email=EMAIL).exists()
    assert client.get("/account/").status_code == 302
    assert Client().post("/sign-in/", {"email": EMAIL, "password": PASSWORD}).status_code == 422


@pytest.mark.django_db
def test_the_last_owner_finds_out_what_to_do_first(world, anna, vera, flowers):
    client = signed_in(anna)
    client.cookies["language"] = "en"
    page = client.get("/account/delete/").text
    assert "These teams have no other owner" in page and flowers.name in page
    assert client.post("/account/delete/", {"password": PASSWORD}).status_code == 422
    assert User.objects.filter(pk=anna.pk).exists()
    Membership.objects.filter(user=vera).update(role=Role.OWNER)
    assert client.post("/account/delete/", {"password": PASSWORD}).status_code == 200


@pytest.mark.django_db
def test_who_has_no_password_types_the_address(flowers, anna):
    dina = User.objects.create_user("dina@example.org", name="Dina")
    assert signed_in(dina).post("/account/delete/", {"email": "x@example.org"}).status_code == 422
    assert signed_in(dina).post("/account/delete/", {"email": dina.email}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_commands_do_the_same(world, anna, tmp_path, capsys):
    call_command("export_person", EMAIL, str(tmp_path / "person.json"))
    assert CANARY in (tmp_path / "person.json").read_text()
    act = tmp_path / "act.txt"
    call_command("erase_person", EMAIL.upper(), "--no-input", f"--act={act}")
    assert found(world) == []
    assert act.read_text() in capsys.readouterr().out
    call_command("erase_person", "--list")
    assert Erasure.objects.get().digest in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("erase_person", EMAIL, "--no-input")
    with pytest.raises(CommandError, match="--hand-over"):
        call_command("erase_person", anna.email, "--no-input")


@pytest.mark.django_db
def test_a_team_is_handed_over(anna, vera, flowers):
    call_command("erase_person", anna.email, "--no-input", f"--hand-over={vera.email}")
    assert flowers.memberships.get(user=vera).role == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_an_old_backup_that_is_restored_forgets_again(world):
    """The database of before is simulated by the same account made anew."""
    kept = User.objects.filter(pk=world.boris.pk).values().get()
    personal.erase(world.boris)
    listed = personal.list_of_erasures().read_text()
    assert Erasure.objects.get().digest in listed and EMAIL not in listed
    User(**kept).save(force_insert=True)
    Erasure.objects.all().delete()  # the old backup knows of no erasure
    (act,) = personal.replay_erasures()
    assert not User.objects.filter(email=EMAIL).exists()
    assert personal.replay_erasures() == []
    personal.list_of_erasures().unlink()
    Erasure.objects.all().delete()
    User(**kept).save(force_insert=True)
    assert personal.replay_erasures() == []
    assert len(personal.replay_erasures([act.digest])) == 1


@pytest.mark.django_db
def test_after_a_restore_the_longest_member_owns_what_nobody_would(anna, vera, flowers):
    personal.erase(anna, replayed=True)
    assert flowers.memberships.get(user=vera).role == Role.OWNER


# --- a team -------------------------------------------------------------------------------------


def taken(client: Client) -> zipfile.ZipFile:
    """The export, read to its end."""
    answer = client.get("/w/flowers/export.zip")
    assert answer.status_code == 200
    file = io.BytesIO()

    async def read_all() -> None:
        async for piece in answer.streaming_content:
            file.write(piece)

    run(read_all())
    return zipfile.ZipFile(file)


@pytest.mark.django_db
def test_a_team_is_taken_away_whole(anna, flowers, bouquet):
    world = make_world(flowers, anna)
    archive = taken(signed_in(anna))
    maps = [name for name in archive.namelist() if name.endswith("/map.json")]
    assert len(maps) == 2 + len(MEETINGS) + 1  # one is collecting; a rehearsal is no map of theirs
    again = [read("map.json", archive.read(name))[0] for name in maps]
    meetings = {f"Meeting: {kind}" for kind in MEETINGS}
    assert {plan.title for plan in again} == {bouquet.title, world.map.title} | meetings
    assert len(again[0].cards) == len(plan_of(bouquet).cards)
    images = [name for name in archive.namelist() if name.endswith(".webp")]
    assert len(images) == 2 and archive.read(images[0]).startswith(b"RIFF")
    assert "Vasily" in archive.read("personas.json").decode()


@pytest.mark.django_db
def test_a_team_is_deleted_only_after_it_was_taken_away(anna, boris, flowers, bouquet):
    client, name = signed_in(anna), {"name": flowers.name}
    client.cookies["language"] = "en"
    assert "First download everything" in client.post("/w/flowers/delete/", name).text
    taken(client)
    assert client.post("/w/flowers/delete/", {"name": "Another"}).status_code == 422
    assert Workspace.objects.get(pk=flowers.pk).deleted_at is None
    assert client.post("/w/flowers/delete/", name).url == "/account/"
    for reader in (client, signed_in(boris)):
        assert reader.get("/w/flowers/").status_code == 404
        assert reader.get(f"/maps/{bouquet.pk}/").status_code == 404
    assert signed_in(boris).post("/w/flowers/restore/").status_code == 403
    assert "Deleted teams" in client.get("/account/").text
    assert client.post("/w/flowers/restore/").url == "/w/flowers/"
    assert client.get(f"/maps/{bouquet.pk}/").status_code == 200


@pytest.mark.django_db
def test_an_invitation_to_a_deleted_team_is_over(anna, flowers):
    invitation = edits.invite(flowers, Role.VIEWER, by=member(anna))
    edits.delete_workspace(flowers, by=member(anna))
    assert Client().get(f"/join/{invitation.token}/").status_code == 410


@pytest.mark.django_db(transaction=True)
def test_after_thirty_days_a_deleted_team_goes_with_its_files(anna, flowers):
    world = make_world(flowers, anna)
    file = default_storage.save("printouts/old.pdf", ContentFile(b"x"))
    Printout.objects.filter(pk=world.job.pk).update(state="done", file=file)
    edits.delete_workspace(flowers, by=member(anna))
    edits.purge()
    assert Workspace.objects.filter(pk=flowers.pk).exists()
    Workspace.objects.filter(pk=flowers.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    Client().post("/sign-in/", {"email": anna.email, "password": PASSWORD})
    assert not Workspace.objects.filter(pk=flowers.pk).exists()
    left = [path for path in Path(ours_settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert left == []
    assert SignInLink.objects.count() == 0

"""Images of cards: what is taken, what is kept of it, who sees it, and how a map carries it."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow

from changes.record import Refused, Unchanged
from journeys import images
from journeys.edits import cards, undo
from journeys.edits import images as edits
from journeys.edits.maps import create_map, duplicate_map, plan_of
from journeys.formats import map_json
from journeys.models import Card, Image
from tests.support import pictures
from ui.ids import uuid7

pytestmark = pytest.mark.one_engine


@pytest.fixture
def keep(bouquet):
    """`keep()`: an image of the map that no card has yet."""
    return lambda data=None: images.keep(bouquet, uuid7(), data or pictures.file())


@pytest.fixture
def goal(part):
    return part("goa-01")


def opens(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, journey, data: bytes, *, pk=None, name="photo.png"):
    return client.post(
        f"/maps/{journey.pk}/images/",
        {"id": pk or uuid7(), "file": SimpleUploadedFile(name, data)},
    )


# --- what is taken -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_usual_format_becomes_webp(kind):
    found = images.encode(pictures.file(60, 40, kind))
    assert pictures.opened(found.image).format == "WEBP"
    assert (found.width, found.height) == (60, 40)


def test_a_photo_stands_upright_and_says_nothing_of_where_it_was_taken():
    data = pictures.photo(400, 300)
    assert pictures.opened(data).getexif().get_ifd(34853)  # it does at first
    found = images.encode(data)
    for file in (found.image, found.thumbnail):
        image = pictures.opened(file)
        assert (image.width, image.height) == (300, 400)
        assert not image.getexif()
        assert image.info.keys().isdisjoint({"exif", "xmp", "icc_profile", "comment"})
        assert b"Moscow" not in file
        red, green, _blue = image.convert("RGB").getpixel((image.width - 20, 200))
        assert red > 200
        assert green < 60


def test_a_large_image_is_made_smaller():
    found = images.encode(pictures.file(5000, 2500, "JPEG"))
    assert (found.width, found.height) == (2560, 1280)
    assert pictures.opened(found.thumbnail).size == (640, 320)


def test_a_tiny_image_is_not_blown_up():
    found = images.encode(pictures.file(4, 2))
    assert pictures.opened(found.image).size == (4, 2)
    small = pictures.opened(found.thumbnail).convert("RGBA")
    assert small.size == (240, 96)
    assert [small.getpixel(at)[3] for at in ((120, 47), (100, 47))] == [255, 0]


def test_what_is_transparent_stays_so():
    found = images.encode(pictures.file(colour=(0, 0, 0, 0)))
    assert pictures.opened(found.image).convert("RGBA").getpixel((0, 0))[3] == 0


def test_of_an_animation_the_first_frame_is_kept():
    out = io.BytesIO()
    frames = [Pillow.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    image = pictures.opened(images.encode(out.getvalue()).image)
    assert not getattr(image, "is_animated", False)
    assert image.convert("RGB").getpixel((5, 5))[0] > 200


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WRONG = {
    "svg": (SVG, "не картинка"),
    "svg in xml": (b'<?xml version="1.0"?>' + SVG, "не картинка"),
    "empty": (b"", "не картинка"),
    "text": ("Просто текст".encode(), "не картинка"),
    "pdf": (b"%PDF-1.7\n%", "не картинка"),
    "html": (b"<!doctype html><img src=x onerror=alert(1)>", "не картинка"),
    "truncated": (pictures.photo()[:-300], "повреждена"),
    "truncated png": (pictures.file(400, 400)[:-40], "повреждена"),
    "bomb": (pictures.bomb(60_000, 60_000), "слишком много"),
    "just too many": (pictures.bomb(10_000, 5_001), "слишком много"),
    "a lie": (pictures.bomb(5_000, 5_000), "повреждена"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_image_gets_one_sentence(what):
    data, words = WRONG[what]
    with pytest.raises(Refused, match=words):
        images.encode(data)


def test_what_hides_behind_the_pixels_is_not_kept():
    assert b"<script>" not in images.encode(pictures.file() + SVG).image


# --- sending and showing -------------------------------------------------------------------------


def test_an_editor_sends_an_image_and_a_viewer_sees_it(bouquet, boris, vera):
    pk = uuid7()
    assert send(opens(boris), bouquet, pictures.photo(), pk=pk).status_code == 200
    got = opens(vera).get(f"/maps/{bouquet.pk}/images/{pk}/")
    assert pictures.opened(got.content).size == (60, 80)
    assert got.headers["Content-Type"] == "image/webp"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"] == "inline"
    assert "immutable" in got.headers["Cache-Control"]
    assert "private" in got.headers["Cache-Control"]
    small = opens(vera).get(f"/maps/{bouquet.pk}/images/{pk}/small/")
    assert pictures.opened(small.content).size == (240, 96)


def test_an_image_whose_file_is_lost_is_not_found(bouquet, keep, vera):
    image = keep()
    default_storage.delete(image.file)
    assert opens(vera).get(f"/maps/{bouquet.pk}/images/{image.pk}/").status_code == 404


def test_sent_twice_it_is_there_once(bouquet, boris):
    pk = uuid7()
    for _time in range(2):
        assert send(opens(boris), bouquet, pictures.file(), pk=pk).status_code == 200
    assert bouquet.images.count() == 1


def test_a_viewer_may_not_send(bouquet, vera):
    assert send(opens(vera), bouquet, pictures.file()).status_code == 403
    assert not Image.objects.exists()


def test_a_stranger_may_not_send(bouquet, gleb):
    assert send(opens(gleb), bouquet, pictures.file()).status_code == 404


def test_an_image_of_another_team_is_not_found(bouquet, keep, gleb):
    client = opens(gleb)
    bare = {"HX-Request": "true"}  # the page around it has a token of its own each time
    foreign = client.get(f"/maps/{bouquet.pk}/images/{keep().pk}/", headers=bare)
    missing = client.get(f"/maps/{uuid7()}/images/{uuid7()}/", headers=bare)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_an_image_of_another_map_is_not_found(bouquet, keep, flowers, anna, by_anna):
    other = duplicate_map(bouquet, by=by_anna)
    assert opens(anna).get(f"/maps/{other.pk}/images/{keep().pk}/").status_code == 404


@pytest.mark.parametrize(("data", "status"), [(SVG, 422), (b"", 422), (b"x" * 10_485_761, 413)])
def test_a_refusal_is_a_sentence(bouquet, boris, data, status):
    got = send(opens(boris), bouquet, data)
    assert got.status_code == status
    assert 'class="refusal"' in got.text
    assert not Image.objects.exists()


def test_a_post_without_a_file_is_refused(bouquet, boris):
    got = opens(boris).post(f"/maps/{bouquet.pk}/images/", {"id": uuid7()})
    assert got.status_code == 422


def test_a_post_without_an_id_is_refused(bouquet, boris):
    file = SimpleUploadedFile("a.png", pictures.file())
    assert opens(boris).post(f"/maps/{bouquet.pk}/images/", {"file": file}).status_code == 422


# --- on a card -----------------------------------------------------------------------------------


def test_a_card_gets_an_image_and_loses_it(bouquet, goal, keep, by_anna):
    image = keep()
    edits.add_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    goal.refresh_from_db()
    assert goal.images == [{"id": str(image.pk), "alt": ""}]
    edits.remove_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    goal.refresh_from_db()
    assert goal.images == []


def test_two_people_add_to_one_card_and_both_images_stay(bouquet, goal, keep, by_anna, by_boris):
    first, second = keep(), keep()
    edits.add_image(bouquet.pk, goal.pk, image=first.pk, by=by_anna)
    edits.describe_image(bouquet.pk, goal.pk, image=first.pk, alt="Витрина", by=by_anna)
    edits.add_image(bouquet.pk, goal.pk, image=second.pk, by=by_boris)
    goal.refresh_from_db()
    assert goal.images == [
        {"id": str(first.pk), "alt": "Витрина"},
        {"id": str(second.pk), "alt": ""},
    ]


def test_an_image_is_on_a_card_once(bouquet, goal, keep, by_anna):
    image = keep()
    edits.add_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    with pytest.raises(Unchanged):
        edits.add_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)


def test_a_fifth_image_is_refused(bouquet, goal, keep, by_anna):
    for _number in range(4):
        edits.add_image(bouquet.pk, goal.pk, image=keep().pk, by=by_anna)
    with pytest.raises(Refused, match="4"):
        edits.add_image(bouquet.pk, goal.pk, image=keep().pk, by=by_anna)


def test_an_image_of_another_map_is_refused(bouquet, goal, keep, by_anna):
    other = duplicate_map(bouquet, by=by_anna)
    card = Card.objects.get(journey=other, key="goa-01")
    with pytest.raises(Refused):
        edits.add_image(other.pk, card.pk, image=keep().pk, by=by_anna)


def test_a_new_card_may_be_an_image(bouquet, part, keep, by_anna):
    image, pk = keep(), uuid7()
    place = {"stage": part("awareness").pk, "lane": part("goals").pk}
    cards.add_card(bouquet.pk, id=pk, **place, fields={"images": str(image.pk)}, by=by_anna)
    assert Card.objects.get(pk=pk).images == [{"id": str(image.pk), "alt": ""}]


def test_undo_and_redo(bouquet, goal, keep, by_anna):
    edits.add_image(bouquet.pk, goal.pk, image=keep().pk, by=by_anna)
    undo.undo(bouquet.pk, by=by_anna)
    goal.refresh_from_db()
    assert goal.images == []
    undo.redo(bouquet.pk, by=by_anna)
    goal.refresh_from_db()
    assert len(goal.images) == 1


def test_the_face_shows_thumbnails_with_their_words(bouquet, goal, keep, by_anna, anna):
    image = keep()
    edits.add_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    edits.describe_image(bouquet.pk, goal.pk, image=image.pk, alt='Витрина "Ромашки"', by=by_anna)
    page = opens(anna).get(f"/maps/{bouquet.pk}/").text
    assert f'src="/maps/{bouquet.pk}/images/{image.pk}/small/"' in page
    assert 'alt="Витрина &quot;Ромашки&quot;"' in page


def test_the_edits_come_by_post(bouquet, goal, keep, boris):
    image, client = keep(), opens(boris)
    path = f"/maps/{bouquet.pk}/cards/{goal.pk}/images/"
    assert client.post(path, {"image": image.pk}).status_code == 200
    one = f"{path}{image.pk}/"
    assert client.post(f"{one}describe/", {"alt": " Витрина\n утром "}).status_code == 200
    goal.refresh_from_db()
    assert goal.images[0]["alt"] == "Витрина утром"
    assert client.post(f"{one}remove/").status_code == 200
    assert client.post(f"{one}remove/").status_code == 410


# --- how long it is kept -------------------------------------------------------------------------


def passes(days: int) -> None:
    """As if everything had been done so many days before."""
    for row in Image.objects.exclude(kept_until=None):
        Image.objects.filter(pk=row.pk).update(kept_until=row.kept_until - timedelta(days=days))
    for card in Card.objects.exclude(deleted_at=None):
        Card.objects.filter(pk=card.pk).update(deleted_at=card.deleted_at - timedelta(days=days))


@pytest.fixture
def prune(bouquet, django_capture_on_commit_callbacks):
    def run():
        with django_capture_on_commit_callbacks(execute=True):
            images.prune(bouquet)

    return run


def test_what_no_card_took_goes_after_a_day_with_its_files(keep, prune):
    image = keep()
    prune()
    assert default_storage.exists(image.file)
    passes(days=2)
    prune()
    assert not Image.objects.exists()
    assert not default_storage.exists(image.file)
    assert not default_storage.exists(image.thumbnail)


def test_what_a_card_has_stays(bouquet, goal, keep, prune, by_anna):
    edits.add_image(bouquet.pk, goal.pk, image=keep().pk, by=by_anna)
    passes(days=400)
    prune()
    assert Image.objects.exists()


def test_what_a_card_lost_stays_as_long_as_the_bin(bouquet, goal, keep, prune, by_anna):
    image = keep()
    edits.add_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    edits.remove_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    prune()
    passes(days=29)
    prune()
    undo.undo(bouquet.pk, by=by_anna)
    prune()
    passes(days=40)
    prune()
    edits.remove_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    prune()
    assert Image.objects.exists()


def test_the_image_of_a_deleted_card_stays_as_long_as_the_bin(bouquet, goal, keep, prune, by_anna):
    edits.add_image(bouquet.pk, goal.pk, image=keep().pk, by=by_anna)
    cards.delete_card(bouquet.pk, goal.pk, by=by_anna)
    passes(days=29)
    prune()
    assert Image.objects.get().kept_until is None
    passes(days=31)
    prune()
    assert Image.objects.get().kept_until


def test_a_file_goes_with_the_last_map_that_shows_it(
    bouquet, goal, keep, by_anna, django_capture_on_commit_callbacks
):
    image = keep()
    edits.add_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    twin = duplicate_map(bouquet, by=by_anna)
    with django_capture_on_commit_callbacks(execute=True):
        bouquet.delete()
    assert default_storage.exists(image.file)
    with django_capture_on_commit_callbacks(execute=True):
        twin.delete()
    assert not default_storage.exists(image.file)


# --- copies and files ----------------------------------------------------------------------------


@pytest.fixture
def described(bouquet, goal, keep, by_anna):
    """The map with one image in words."""
    image = keep()
    edits.add_image(bouquet.pk, goal.pk, image=image.pk, by=by_anna)
    edits.describe_image(bouquet.pk, goal.pk, image=image.pk, alt="Витрина", by=by_anna)
    return bouquet


def test_a_copied_card_shows_the_same_image(described, goal, by_anna):
    pk = uuid7()
    cards.duplicate_card(described.pk, goal.pk, id=pk, by=by_anna)
    goal.refresh_from_db()
    assert Card.objects.get(pk=pk).images == goal.images


def test_a_copied_map_has_images_of_its_own(described, by_anna, anna):
    twin = duplicate_map(described, by=by_anna)
    (one,) = Card.objects.get(journey=twin, key="goa-01").images
    assert one["alt"] == "Витрина"
    assert opens(anna).get(f"/maps/{twin.pk}/images/{one['id']}/").status_code == 200


def test_a_file_carries_images_to_another_map(described, anna, by_anna):
    text = opens(anna).get(f"/maps/{described.pk}/export.json").content
    plan, remarks = map_json.parse(text)
    assert not remarks
    twin = create_map(plan, workspace=described.workspace, by=by_anna)
    (one,) = Card.objects.get(journey=twin, key="goa-01").images
    assert one["alt"] == "Витрина"
    got = opens(anna).get(f"/maps/{twin.pk}/images/{one['id']}/")
    assert pictures.opened(got.content).size == (60, 40)


def test_what_a_file_has_no_room_for_is_said(described, monkeypatch):
    monkeypatch.setattr(images, "MOST_IN_A_FILE", 10)
    plan = plan_of(described)
    images.fill(plan)
    document = map_json.dump(plan)
    assert document["images_left_out"] == 1
    _plan, remarks = map_json.parse(json.dumps(document).encode())
    assert [str(remark) for remark in remarks] == ["1\u00a0картинка не поместилась в файл"]


def test_a_file_with_something_else_in_place_of_an_image_is_refused(described, flowers, by_anna):
    plan = plan_of(described)
    images.fill(plan)
    card = next(card for card in plan.cards if card.images)
    card.images[0].data = SVG
    count = type(described).objects.count()
    with pytest.raises(Refused, match="не картинка"):
        create_map(plan, workspace=flowers, by=by_anna)
    assert type(described).objects.count() == count


def test_nothing_waits_longer_than_a_day_when_sent(keep):
    assert keep().kept_until < timezone.now() + timedelta(days=1, minutes=1)

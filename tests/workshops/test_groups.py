"""Groups: who is in which, what is theirs to give, and whose answers theirs are."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from changes.record import Refused
from journeys.edits.journeys import set_personas
from journeys.models import Card, JourneyPersona
from personas.edits import add_persona
from tests.support.people import signed_in
from workshops.edits import deciding, groups, guests, rehearsal
from workshops.models import Group, Guest, Rating, Step
from workshops.reads.ballot import stages_of, subjects

from .test_abuse import card_fields, post

pytestmark = pytest.mark.one_engine


@pytest.fixture
def grouped(writing_room) -> SimpleNamespace:
    """Marina is in a group of the first stage, Igor in one of all stages."""
    found = writing_room
    room = found.room
    for _time in range(2):
        groups.add_group(room.workshop, by=room.by)
    found.first, found.second = room.workshop.groups.all()
    edit(found, found.first, stages=[found.stages[0]])
    for guest, group in ((found.marina, found.first), (found.igor, found.second)):
        groups.move_guest(room.workshop, guest.pk, group.pk, by=room.by)
    return found


def edit(found, group: Group, *, stages=(), persona=None, name: str = "") -> None:
    groups.edit_group(
        found.room.workshop,
        group.pk,
        name=name or group.name,
        stages=[one.pk.hex for one in stages],
        persona=persona and persona.pk,
        by=found.room.by,
    )


def group_of(guest: Guest) -> Group | None:
    return Guest.objects.select_related("group").get(pk=guest.pk).group


def phone(room, guest: Guest) -> str:
    return room.client(guest).get(reverse("room", args=[room.pk])).content.decode()


# --- who is in which -----------------------------------------------------------------------------


def test_who_comes_in_goes_into_the_smallest_group(grouped):
    found = grouped
    guests.remove(found.room.workshop, found.igor.pk, by=found.room.by)
    assert group_of(found.room.join("Anya")) == found.second
    assert group_of(found.room.join("Pyotr")) == found.first
    assert group_of(found.room.join("Lena")) == found.second


def test_those_without_a_group_are_shared_out_evenly(grouped):
    found = grouped
    Guest.objects.update(group=None)
    for name in ("Anya", "Pyotr", "Lena"):
        guest = found.room.join(name)
        groups.move_guest(found.room.workshop, guest.pk, None, by=found.room.by)
    groups.share_out(found.room.workshop, by=found.room.by)
    assert sorted(group.members.count() for group in (found.first, found.second)) == [2, 3]


def test_a_group_that_is_taken_away_leaves_its_people_in_none(grouped):
    found = grouped
    groups.delete_group(found.room.workshop, found.first.pk, by=found.room.by)
    assert group_of(found.marina) is None
    assert post(found.room.client(found.marina), "room_screen", found.room, {}).status_code == 405


def test_without_groups_nobody_is_in_one(writing_room):
    assert group_of(writing_room.room.join("Anya")) is None


def test_there_is_an_end_of_groups(room):
    for _time in range(12):
        groups.add_group(room.workshop, by=room.by)
    with pytest.raises(Refused):
        groups.add_group(room.workshop, by=room.by)


# --- what is theirs to give ----------------------------------------------------------------------


def test_a_group_writes_at_its_own_stages_alone(grouped):
    found = grouped
    client = found.room.client(found.marina)
    for stage, status in ((found.stages[0], 200), (found.stages[1], 409)):
        fields = card_fields(found, stage=stage.pk)
        assert post(client, "add_guest_card", found.room, fields).status_code == status
    fields = card_fields(found, stage=found.stages[1].pk)
    answer = post(found.room.client(found.igor), "add_guest_card", found.room, fields)
    assert answer.status_code == 200


def test_nobody_puts_themselves_into_another_group(grouped):
    found = grouped
    client = found.room.client(found.marina)
    fields = card_fields(found, stage=found.stages[1].pk, group=found.second.pk)
    assert post(client, "add_guest_card", found.room, fields).status_code == 422
    answer = post(
        client, "move_guest", found.room, {"group": found.second.pk}, guest=found.marina.pk
    )
    assert answer["Location"].startswith("/sign-in/")
    assert group_of(found.marina) == found.first
    assert not Card.objects.filter(contribution__isnull=False).exists()


def test_a_group_of_another_workshop_is_none_of_this_one(grouped, anna, bouquet, by_anna):
    found = grouped
    other = rehearsal.rehearse(found.room.workshop, by=by_anna).groups.first()
    answer = signed_in(anna).post(
        reverse("move_guest", args=[found.room.pk, found.marina.pk]), {"group": other.pk}
    )
    assert answer.status_code == 410
    assert group_of(found.marina) == found.first


def test_a_phone_shows_the_name_and_the_stages_of_its_group(grouped):
    found = grouped
    edit(found, found.first, stages=[found.stages[0]], name="Newcomers")
    page = phone(found.room, found.marina)
    assert "Newcomers" in page
    assert page.count('role="tab"') == 1
    assert phone(found.room, found.igor).count('role="tab"') == len(found.stages)


def test_who_has_nothing_in_a_step_is_told_so_and_nobody_waits_for_them(grouped, anna):
    found = grouped
    Step.objects.filter(pk=found.step.pk).update(stages=[found.stages[1].pk.hex])
    found.room.go(found.step)
    page = phone(found.room, found.marina)
    assert "phone-sign" in page
    assert 'role="tab"' not in page and "data-takes" not in page
    panel = signed_in(anna).get(reverse("lead", args=[found.room.pk]))
    assert [guest.name for guest in panel.context["scene"].takers] == ["Igor"]
    answer = post(
        found.room.client(found.marina),
        "add_guest_card",
        found.room,
        card_fields(found, stage=found.stages[1].pk),
    )
    assert answer.status_code == 409


def test_stages_that_the_map_has_no_more_close_nothing(grouped):
    found = grouped
    Group.objects.filter(pk=found.first.pk).update(stages=["0" * 32])
    assert phone(found.room, found.marina).count('role="tab"') == len(found.stages)


# --- ratings -------------------------------------------------------------------------------------


@pytest.fixture
def rating(grouped, by_anna) -> SimpleNamespace:
    """The same room rates feelings; the map is made for two personas, the first group speaks for
    one of them."""
    found = grouped
    journey = found.room.workshop.journey
    made_for = [one.persona for one in JourneyPersona.objects.filter(journey=journey)]
    found.vera = add_persona(journey.workspace, name="Vera", language="en", data={}, by=by_anna)
    set_personas(journey.pk, [*(one.pk for one in made_for), found.vera.pk], by=by_anna)
    edit(found, found.first, stages=[found.stages[0]], persona=found.vera)
    lane = journey.lanes.get(content="emotion")
    step = found.room.step("group")
    Step.objects.filter(pk=step.pk).update(kind="rate", aspect="emotion", lane=lane)
    found.step = found.room.go(Step.objects.get(pk=step.pk))
    return found


def rate(found, guest: Guest, subject: str, value: int):
    fields = {"step": found.step.pk, "subject": subject, "aspect": "emotion", "value": value}
    return post(found.room.client(guest), "rate", found.room, fields)


def test_a_group_rates_its_own_stages_in_the_place_of_its_persona(rating):
    found = rating
    first, second = (f"stage:{one.pk.hex}" for one in found.stages[:2])
    hers = f"{first}:{found.vera.pk.hex}"
    assert rate(found, found.marina, hers, 2).status_code == 200
    for wrong in (first, second, f"{second}:{found.vera.pk.hex}"):
        assert rate(found, found.marina, wrong, 2).status_code == 409, wrong
    assert rate(found, found.igor, hers, 2).status_code == 409
    assert rate(found, found.igor, second, -3).status_code == 200
    assert set(Rating.objects.values_list("subject", "value")) == {(hers, 2), (second, -3)}


def test_each_persona_has_its_own_answers_and_its_own_curve(rating, by_anna):
    found = rating
    stage = found.stages[0]
    ref = f"stage:{stage.pk.hex}"
    hers = f"{ref}:{found.vera.pk.hex}"
    rate(found, found.marina, hers, 4)
    rate(found, found.igor, ref, -3)
    found.room.reveal()
    ws = found.room.workshop
    panel = phone(found.room, found.igor)
    assert "Vera" in panel
    before = Card.living.filter(stage=stage, lane=found.step.lane_id).count()
    deciding.take_value(ws, ws.step, subject=hers, aspect="emotion", value=4, by=by_anna)
    card = Card.living.get(stage=stage, lane=found.step.lane_id, persona=found.vera)
    assert (card.emotion, card.rated[0]["answers"]) == (4, 1)
    assert Card.living.filter(stage=stage, lane=found.step.lane_id).count() == before + 1
    deciding.take_value(ws, ws.step, subject=hers, aspect="emotion", value=2, by=by_anna)
    card.refresh_from_db()
    assert card.emotion == 2
    assert Card.living.filter(stage=stage, lane=found.step.lane_id).count() == before + 1


def test_answers_stay_with_their_persona_when_the_groups_are_gone(rating):
    found = rating
    rate(found, found.marina, f"stage:{found.stages[0].pk.hex}:{found.vera.pk.hex}", 4)
    groups.delete_group(found.room.workshop, found.first.pk, by=found.room.by)
    found.room.reveal()
    assert "Vera" in phone(found.room, found.igor)


def test_cards_of_a_group_are_about_its_persona(rating):
    found = rating
    found.room.go(found.room.step("write", "barrier"))
    pk = found.room.write(found.marina, "No answer", found.stages[0])
    assert Card.objects.get(pk=pk).persona == found.vera


def test_a_persona_that_the_map_is_not_made_for_any_more_is_spoken_for_by_nobody(rating, by_anna):
    found = rating
    kept = JourneyPersona.objects.filter(journey=found.room.workshop.journey)
    set_personas(
        found.room.workshop.journey_id,
        [one.persona_id for one in kept if one.persona_id != found.vera.pk],
        by=by_anna,
    )
    guest = found.room.workshop.guests.select_related("group__workshop").get(pk=found.marina.pk)
    asked = subjects(found.room.workshop.step, guest.group)
    assert [one.ref for one in asked] == [f"stage:{found.stages[0].pk.hex}"]


# --- setting up ----------------------------------------------------------------------------------


def test_groups_are_made_before_anybody_is_in(anna, bouquet, by_anna):
    from workshops.agendas import BY_KEY
    from workshops.edits import meeting

    made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    browser = signed_in(anna)
    answer = browser.post(reverse("add_group", args=[made.pk]))
    assert 'id="groups"' in answer.text and 'class="group"' in answer.text
    group = made.groups.get()
    stage = stages_of(made.steps.first())[0]
    fields = {"name": " Staff  of the shop ", "stages": [stage.pk.hex], "persona": ""}
    path = reverse("edit_group", args=[made.pk, group.pk])
    assert browser.post(path, fields).status_code == 200
    group.refresh_from_db()
    assert (group.name, group.stages) == ("Staff of the shop", [stage.pk.hex])
    assert browser.post(path, fields | {"stages": ["0" * 32]}).status_code == 422
    assert browser.post(path, fields | {"persona": str(group.pk)}).status_code == 422


def test_a_rehearsal_has_the_groups_and_its_six_are_in_them(grouped, by_anna):
    copy = rehearsal.rehearse(grouped.room.workshop, by=by_anna)
    assert [group.members.count() for group in copy.groups.all()] == [3, 3]
    assert len(copy.groups.first().stages) == 1


def test_the_panel_lists_people_by_group(grouped, anna, django_assert_max_num_queries):
    path = reverse("panel_screen", args=[grouped.room.pk])
    browser = signed_in(anna)
    page = browser.get(path).content.decode()
    assert page.count("panel-group ") == 2
    for number in range(6):
        grouped.room.join(f"Guest {number}")
    with django_assert_max_num_queries(24):
        browser.get(path)
